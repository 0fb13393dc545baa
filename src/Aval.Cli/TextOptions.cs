using System.CommandLine;
using System.Text;
using Aval.Text;

namespace Aval.Cli;

/// <summary>Where a <c>text</c> command finds its texts.</summary>
internal sealed class TextOptions
{
    // Answers are handed over in blocks: a terminal's writer takes each call by itself.
    private const int Block = 1 << 16;

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

    /// <summary>
    /// Prints what is answered of each text, a line each, also of those before one that cannot be read.
    /// </summary>
    public void Answer(ParseResult parsed, Terminal terminal, Func<PlacedText, string> answer)
    {
        var answers = new StringBuilder();
        try
        {
            foreach (var text in Of(parsed))
            {
                answers.Append(answer(text)).Append('\n');
                if (answers.Length > Block)
                    Write();
            }
        }
        finally
        {
            Write();
        }

        void Write()
        {
            terminal.Out.Write(answers.ToString());
            answers.Clear();
        }
    }

    /// <summary>The texts, as they are read.</summary>
    public IEnumerable<PlacedText> Of(ParseResult parsed)
    {
        var files = parsed.GetValue(_files) is { Length: > 0 } named ? named : [TextFiles.Input];
        return files.SelectMany(file => TextFiles.Read(
            file, Console.OpenStandardInput, parsed.GetValue(_field), parsed.GetValue(_column)));
    }
}
