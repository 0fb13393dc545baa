using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>
/// A trainer of its own that reads slices and keeps what it has after each: when somebody leaves, it begins at the
/// slice that <c>aval impact</c> names, and ends with what training from the beginning gives. With AVAL_LONG it is
/// <c>samples/train/train.py</c>, a transformer in PyTorch (Debian: python3-torch); else a shell script whose weights
/// are a hash of all that it read.
/// </summary>
public sealed class SlicedTrainingTests : IDisposable
{
    private const string Script = """
        set -eu
        resume= first=1
        while [ $# -gt 0 ]; do
          case $1 in --resume) resume=$2 ;; --from-slice) first=$2 ;; esac
          shift 2
        done
        number=0 weights=none
        for slice in "$AVAL_DATA"/slice-*.txt; do
          number=$((number + 1)) kept="$AVAL_MODEL/after-$(basename "$slice" .txt).pt"
          if [ $number -lt $first ]; then
            cp "$resume/$(basename "$kept")" "$kept"
          else
            { echo "$weights"; cat "$slice"; } | sha256sum > "$kept"
          fi
          weights=$(cat "$kept")
        done
        echo "weights $weights"
        """;

    private const string Torch = "/usr/lib/python3/dist-packages/torch";

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("AVAL_LONG") == "1";

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-slices-").FullName;

    private string Work => Path.Combine(_folder, "work");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Training_that_begins_at_the_slice_that_impact_names_ends_as_training_from_the_beginning()
    {
        if (IsLong && !Directory.Exists(Torch))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "python3-torch is not installed.");
            Assert.Fail("python3-torch (Debian) is not installed.");
        }

        Platform.Write(Path.Combine(_folder, "files"), 4_000);
        Platform.Import(Work, Path.Combine(_folder, "files"));
        AvalProcess.Run(Work, "build", "--policy", "opt-out", "--as-of", Platform.AsOf).Done();
        Export("sliced");
        Train("net-1", "sliced");

        // The last bucket's first author: all slices before theirs are as they were.
        var author = Platform.Ask($"SELECT min(account) FROM '{Work}/lineage/opt-out/*/b003.parquet'");
        var entry = Json("choose", "objection", "--account", author, "--json").GetProperty("index").GetInt64();
        var impact = Json("impact", "--since", entry.ToString(CultureInfo.InvariantCulture), "--json");
        var first = Assert.Single(impact.GetProperty("models").EnumerateArray()).GetProperty("first_slice").GetInt32();
        AvalProcess.Run(Work, "recall", "--corpus", "opt-out").Done();
        Export("sliced-2");
        var resumed = Train("net-2", "sliced-2", "--resume", Path.Combine(_folder, "net-1"), "--from-slice",
            first.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(Train("net-3", "sliced-2"), resumed);
        Assert.True(first > 1, "Everything had to be trained again: nothing was tried.");
    }

    private void Export(string to) => AvalProcess.Run(
        Work, "export", "opt-out", "--to", Path.Combine(_folder, to), "--format", "text", "--slices", "4").Done();

    private string Train(string name, string export, params string[] words)
    {
        string[] trainer = IsLong
            ? ["/usr/bin/python3", Path.GetFullPath("../../samples/train/train.py", Here())]
            : ["sh", Written()];
        return AvalProcess.RunIn(Work, [
            "run", "--release", "opt-out", "--export", Path.Combine(_folder, export), "--name", name,
            "--model", Path.Combine(_folder, name), "--seed", "7", "--", .. trainer, .. words]).Done().Output
            .Split('\n').Single(line => line.StartsWith("weights ", StringComparison.Ordinal));
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private string Written()
    {
        var path = Path.Combine(_folder, "train.sh");
        File.WriteAllLines(path, Script.Split('\n'));
        return path;
    }

    private JsonElement Json(params string[] words) =>
        JsonDocument.Parse(AvalProcess.Run(Work, words).Done().Output).RootElement;
}
