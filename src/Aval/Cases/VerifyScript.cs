using System.Security.Cryptography;
using System.Text;

namespace Aval.Cases;

/// <summary>
/// The script of a bundle: it checks the bytes of every file and then each piece of evidence with the offline verifier,
/// and prints one line each. It needs a POSIX shell, sha256sum and the verifier, and no network.
/// </summary>
internal static class VerifyScript
{
    private const string Head = """
        #!/bin/sh
        # Checks all of this bundle, one line each. AVAL names the verifier (default: the one in this bundle, where
        # there is one, else aval on the PATH). Whoever does not trust one that came with evidence takes another.
        cd "$(dirname "$0")" || exit 3
        if [ -z "$AVAL" ] && [ -f verifier/aval ]
        then AVAL=./verifier/aval; chmod u+x verifier/aval
        fi
        AVAL=${AVAL:-aval}
        failed=0
        same() {
            if [ "$(sha256sum "$2" 2>/dev/null | cut -c 1-64)" = "$1" ]
            then echo "ok      bytes  $2"
            else echo "FAILED  bytes  $2"; failed=1
            fi
        }
        verified() {
            name=$1; shift
            if said=$("$AVAL" verify "$@" 2>&1)
            then echo "ok      $name  $(printf '%s' "$said" | head -n 1)"
            else echo "FAILED  $name  $(printf '%s' "$said" | head -n 1)"; failed=1
            fi
        }

        """;

    /// <summary>The script.</summary>
    /// <param name="whole">The case.</param>
    /// <param name="files">The files of its bundle, without the script.</param>
    /// <param name="keyFile">Where a key lies.</param>
    public static string Of(Case whole, SortedDictionary<string, byte[]> files, Func<string, string> keyFile)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(files);
        var script = new StringBuilder(Head);
        foreach (var (name, bytes) in files)
            script.Append("same ").Append(Convert.ToHexStringLower(SHA256.HashData(bytes))).Append(' ')
                .Append(Quoted(name)).Append('\n');
        foreach (var one in whole.Evidence)
        {
            if (Verifying.Command(one, keyFile) is { } command)
                script.Append("verified ").Append(one.Id).Append(command["aval verify".Length..]).Append('\n');
        }

        script.Append("""
            if [ "$failed" = 0 ]
            then echo "All was verified."
            else echo "NOT all was verified."
            fi
            exit "$failed"

            """);
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Quoted(string name) => $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
