using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Aval.Tests.House;

/// <summary>The repository as text and as syntax: what the tests of the house look at.</summary>
internal static class Sources
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Here();

    /// <summary>The C# files below a folder, with paths relative to the root; nothing that a build made.</summary>
    public static IEnumerable<string> Files(string folder, string pattern = "*.cs") => Directory
        .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);

    /// <summary>A file's syntax.</summary>
    public static SyntaxTree Parse(string file) => CSharpSyntaxTree.ParseText(
        File.ReadAllText(Path.Combine(Root, file)), new CSharpParseOptions(LanguageVersion.CSharp14), file);

    /// <summary>All of <c>src/Aval</c>, with what each name in it means.</summary>
    public static CSharpCompilation Core()
    {
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "Aval.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        string[] implicitUsings =
        [
            "System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
            "System.Collections.Generic", "Aval.Proofs",
        ];
        var usings = CSharpSyntaxTree.ParseText(
            string.Concat(implicitUsings.Select(name => $"global using {name};\n")),
            new CSharpParseOptions(LanguageVersion.CSharp14));
        return CSharpCompilation.Create(
            "core",
            Files("src/Aval").Select(Parse).Append(usings),
            assemblies,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static string Here([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(here, "../../../.."));
}
