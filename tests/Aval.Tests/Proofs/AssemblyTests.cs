using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PublicApiGenerator;

namespace Aval.Tests.Proofs;

/// <summary>What an auditor is promised about the verifier: little to read, and nothing hidden behind it.</summary>
public sealed class AssemblyTests
{
    [Fact]
    public void The_public_api_is_the_one_that_was_reviewed()
    {
        var api = typeof(Checkpoint).Assembly
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n") + "\n";
        var snapshot = Path.Combine(Here(), "Snapshots", "Aval.Proofs.api.txt");
        if (Environment.GetEnvironmentVariable("AVAL_ACCEPT") == "1")
            Aval.Storage.Durable.Replace(snapshot, api);
        Assert.Equal(File.Exists(snapshot) ? File.ReadAllText(snapshot).ReplaceLineEndings("\n") : "", api);
    }

    [Fact]
    public void It_depends_on_the_base_library_and_one_cryptography_package()
    {
        var references = typeof(Checkpoint).Assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(
            name => !name.StartsWith("System.", StringComparison.Ordinal));
        Assert.Equal(["BouncyCastle.Cryptography"], references);
    }

    [Fact]
    public void It_can_be_read_in_one_sitting()
    {
        var source = Path.GetFullPath(Path.Combine(Here(), "../../../src/Aval.Proofs"));
        var lines = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Select(line => line.Trim())
            .Count(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));
        // What an auditor is told, and what the verifier has.
        var told = Regex.Match(
            File.ReadAllText(Path.GetFullPath(Path.Combine(Here(), "../../../docs/threat-model.md"))),
            "`Aval.Proofs`, under ([0-9],[0-9]{3}) lines of code");
        Assert.True(told.Success, "docs/threat-model.md does not say how long the verifier is.");
        var most = int.Parse(told.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        Assert.InRange(lines, most - 200, most);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
