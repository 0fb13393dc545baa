using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Aval.Tests.House;

/// <summary>What a reader should find in every file. Each count is of today and only goes down.</summary>
public sealed class TidyTests
{
    private const int Columns = 120;
    private const int Screen = 70;

    [Fact]
    public void Lines_of_the_program_fit_a_page() =>
        Ratchet.Hold($"lines of src/ are wider than {Columns} columns", 11, Wide("src"));

    [Fact]
    public void Lines_of_tests_and_benches_fit_a_page() =>
        Ratchet.Hold(
            $"lines of tests/ and bench/ are wider than {Columns} columns", 46, [.. Wide("tests"), .. Wide("bench")]);

    [Fact]
    public void A_method_fits_a_screen()
    {
        var tall = new List<string>();
        foreach (var file in Sources.Files("src"))
        {
            foreach (var method in Sources.Parse(file)
                .GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
            {
                var lines = method.GetLocation().GetLineSpan();
                var length = lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1;
                if (length > Screen)
                    tall.Add($"{file}:{lines.StartLinePosition.Line + 1} has {length} lines");
            }
        }

        Ratchet.Hold($"methods are longer than {Screen} lines", 0, tall);
    }

    private static List<string> Wide(string folder)
    {
        var wide = new List<string>();
        foreach (var file in Sources.Files(folder))
        {
            var number = 0;
            foreach (var line in File.ReadLines(Path.Combine(Sources.Root, file)))
            {
                number++;
                if (line.Length > Columns)
                    wide.Add($"{file}:{number} has {line.Length} columns");
            }
        }

        return wide;
    }
}
