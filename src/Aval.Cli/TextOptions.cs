using System.CommandLine;
using Aval.Text;

namespace Aval.Cli;

/// <summary>Where a <c>text</c> command finds its texts.</summary>
internal sealed class TextOptions
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Plain text (one text a line), .jsonl or .parquet, also .gz and .zst; - or none = standard input",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _field = new("--field")
    {
        Description = $"The member of JSON Lines that holds the text (default: {TextFiles.DefaultName}); standard "
            + "input is read as JSON Lines then",
        HelpName = "NAME",
    };

    private readonly Option<string?> _column = new("--column")
    {
        Description = $"The column of Parquet that holds the text (default: {TextFiles.DefaultName})",
        HelpName = "NAME",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_files);
        command.Options.Add(_field);
        command.Options.Add(_column);
    }

    public IEnumerable<PlacedText> Of(ParseResult parsed)
    {
        var files = parsed.GetValue(_files) is { Length: > 0 } named ? named : [TextFiles.Input];
        return files.SelectMany(file => TextFiles.Read(
            file, Console.OpenStandardInput, parsed.GetValue(_field), parsed.GetValue(_column)));
    }
}
