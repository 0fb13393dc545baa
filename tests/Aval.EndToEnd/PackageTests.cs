using System.Diagnostics;
using System.IO.Compression;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>The verifier as others get it: a package, and a program that knows nothing of this repository.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_program_that_references_the_package_verifies_a_receipt_as_its_readme_shows()
    {
        var package = Pack("packages");
        using (var content = ZipFile.OpenRead(package))
        {
            string[] expected = ["README.md", "lib/net10.0/Aval.Proofs.dll", "lib/net10.0/Aval.Proofs.xml"];
            Assert.Empty(expected.Except(content.Entries.Select(entry => entry.FullName)));
        }

        WriteProgram(package);
        Dotnet.Run(_folder.File("program"), "build", "-o", _folder.File("built"), "--disable-build-servers");

        var (receipt, key) = MakeReceipt();
        var yes = Verify(receipt, key);
        Assert.Equal("Objection of facebook:100002: entry 0 of 1.\n", yes.Done().Output);
        var text = File.ReadAllText(receipt);
        Durable.Replace(receipt, text.Replace("facebook:100002", "facebook:100003", StringComparison.Ordinal));
        Assert.Equal(1, Verify(receipt, key).Exit);
    }

    [Fact]
    public void Packing_twice_gives_the_same_bytes() =>
        Assert.Equal(File.ReadAllBytes(Pack("once")), File.ReadAllBytes(Pack("again")));

    public void Dispose() => _folder.Dispose();

    private string Pack(string folder)
    {
        string[] pack = ["pack", "src/Aval.Proofs", "-o", _folder.File(folder), "--disable-build-servers"];
        Dotnet.Run(Dotnet.Checkout, pack);
        return Assert.Single(Directory.GetFiles(_folder.File(folder), "*.nupkg"));
    }

    // Nothing is fetched: the package comes from the folder, what it depends on from where this build keeps packages.
    // The program's own lie apart, so that no other run's Aval.Proofs is taken for this one.
    private void WriteProgram(string package)
    {
        var readme = File.ReadAllText(Path.Combine(Dotnet.Checkout, "src", "Aval.Proofs", "README.md"));
        Directory.CreateDirectory(_folder.File("program"));
        Durable.Replace(_folder.File("program/Program.cs"), readme.Split("```csharp\n")[1].Split("```")[0]);
        var version = Path.GetFileNameWithoutExtension(package)["Aval.Proofs.".Length..];
        var kept = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Durable.Replace(_folder.File("program/program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit>
                <RestoreSources>{Path.GetDirectoryName(package)}</RestoreSources>
                <RestorePackagesPath>{_folder.File("kept")}</RestorePackagesPath>
                <RestoreFallbackFolders>{kept}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Aval.Proofs" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
    }

    private (string Receipt, string Key) MakeReceipt()
    {
        var work = _folder.File("work");
        AvalProcess.Run(work, "init").Done();
        AvalProcess.Run(work, "choose", "objection", "--account", "facebook:100002").Done();
        AvalProcess.Run(work, "receipt", "0", "--out", _folder.Path).Done();
        return (_folder.File("0.receipt"), AvalProcess.Run(work, "ledger", "key").Done().Output.Trim());
    }

    private Answer Verify(string receipt, string key) =>
        Dotnet.Finish(new ProcessStartInfo("dotnet", [_folder.File("built/program.dll"), receipt, key]));
}
