using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>
/// What docs/install.md gives: a folder that needs no .NET. Published for the machine that the tests run on; at the
/// long sizes for the other one too, which is looked at and not run.
/// </summary>
public sealed class PublishTests : IDisposable
{
    private const string AsOf = "2026-01-15T00:00:00Z";

    private static readonly (string File, string Kind)[] Sample =
        [("accounts.csv", "accounts"), ("notices.csv", "notices"), ("items.jsonl.zst", "items")];

    private readonly TemporaryFolder _folder = new();
    private bool _isOther;

    [Fact]
    public void The_published_program_is_compiled_ahead_and_does_the_main_steps_without_dotnet()
    {
        // ./test has published it already.
        if (ProgramUnderTest.Published is null)
            Publish(RuntimeInformation.ProcessArchitecture);
        AssertIsOf(RuntimeInformation.ProcessArchitecture);
        Assert.StartsWith("0.1.0", Aval("--version"), StringComparison.Ordinal);
        Aval("init", "work");
        foreach (var (file, kind) in Sample)
            Aval("import", "table", Shipped(file), "--as", kind, "--workspace", "work");
        Aval("choose", "--from", Shipped("choices.csv"), "--workspace", "work");
        var built = Aval("build", "--policy", "opt-out", "--as-of", AsOf, "--json", "--workspace", "work");
        var release = JsonDocument.Parse(built).RootElement;
        Assert.Equal(4_232, release.GetProperty("accounting").GetProperty("admitted").GetInt64());
        var key = Aval("ledger", "key", "--workspace", "work").Trim();
        AssertVerified(Aval("verify", "release", release.GetProperty("path").GetString()!, "--key", key));
        Aval("receipt", "0", "--out", _folder.Path, "--workspace", "work");
        AssertVerified(Aval("verify", "receipt", _folder.File("0.receipt"), "--key", key));

        if (Environment.GetEnvironmentVariable("AVAL_LONG") == "1")
        {
            _isOther = true;
            var own = RuntimeInformation.ProcessArchitecture;
            var other = own == Architecture.X64 ? Architecture.Arm64 : Architecture.X64;
            Publish(other);
            AssertIsOf(other);
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Published => _isOther || ProgramUnderTest.Published is not { } published
        ? _folder.File(_isOther ? "other" : "published")
        : published;

    private string Shipped(string file) => Path.Combine(Published, "samples", "platform", file);

    private static void AssertVerified(string answer) =>
        Assert.StartsWith("Verified", answer, StringComparison.Ordinal);

    private void Publish(Architecture machine)
    {
        var identifier = $"linux-{machine.ToString().ToLowerInvariant()}";
        string[] publish = ["publish", "src/Aval.Cli", "-r", identifier, "-o", Published, "--disable-build-servers"];
        Dotnet.Run(Dotnet.Checkout, publish);
    }

    private void AssertIsOf(Architecture machine)
    {
        foreach (var program in new[] { "aval", "libduckdb.so", "libe_sqlite3.so", "libcoreclr.so" })
            Assert.Equal(machine, MachineOf(Path.Combine(Published, program)));
        foreach (var assembly in new[] { "Aval.Cli.dll", "Aval.dll", "Aval.Proofs.dll", "DuckDB.NET.Data.dll" })
            Assert.True(IsCompiled(Path.Combine(Published, assembly)), $"{assembly} is compiled when it runs.");
    }

    // An empty environment: nothing that a .NET on this machine would be found by.
    private string Aval(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Published, "aval"), arguments);
        start.WorkingDirectory = _folder.Path;
        start.Environment.Clear();
        return Dotnet.Finish(start).Done().Output;
    }

    // e_machine of an ELF file.
    private static Architecture MachineOf(string path)
    {
        using var file = File.OpenRead(path);
        var header = new byte[20];
        file.ReadExactly(header);
        return BitConverter.ToUInt16(header, 18) switch
        {
            62 => Architecture.X64,
            183 => Architecture.Arm64,
            var other => throw new InvalidOperationException($"{path} is for machine {other}."),
        };
    }

    private static bool IsCompiled(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
