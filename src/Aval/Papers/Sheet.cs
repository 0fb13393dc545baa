using Aval.Documents;

namespace Aval.Papers;

/// <summary>
/// A paper while it is written: sentences by their names, and figures that are taken from their sources and from
/// nowhere else, so that a figure without a source cannot be written.
/// </summary>
internal sealed class Sheet(PaperSources sources, PaperText text)
{
    private readonly List<Block> _blocks = [];
    private readonly Dictionary<Piece, PaperFigure> _figures = [];

    /// <summary>Where figures come from.</summary>
    public PaperSources Sources => sources;

    /// <summary>Begins a part.</summary>
    public void Head(int level, string sentence, string? number = null) =>
        _blocks.Add(new Heading(level, text[sentence], number));

    /// <summary>A paragraph of one sentence.</summary>
    public void Say(string sentence, params ReadOnlySpan<(string Name, Piece Piece)> with) =>
        _blocks.Add(new Paragraph(Filled(sentence, with)));

    /// <summary>A table; its columns by the names of their sentences.</summary>
    public void Table(
        string caption, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<IReadOnlyList<Piece>>> rows,
        IReadOnlyList<int>? widths = null) =>
        _blocks.Add(new Table(text[caption], [.. head.Select(name => text[name])], rows, widths));

    /// <summary>A sentence's words.</summary>
    public Piece Words(string sentence) => Piece.Plain(text[sentence]);

    /// <summary>A stable word of Aval's, in the paper's language where it has one.</summary>
    public Piece Name(string word) => Piece.Plain(PaperFigure.Written(word, FigureForm.Name, text)!);

    /// <summary>What only a human knows, by the name of what it is.</summary>
    public Piece Blank(string sentence) => Piece.Blank(text[sentence]);

    /// <summary>A sentence, with what its braces name.</summary>
    public IReadOnlyList<Piece> Filled(string sentence, params ReadOnlySpan<(string Name, Piece Piece)> with)
    {
        var pieces = new List<Piece>();
        // Braces do not nest: what stands between them is a name.
        foreach (var (part, at) in text[sentence].Split('{', '}').Select((part, at) => (part, at)))
        {
            if (at % 2 == 0)
            {
                if (part.Length > 0)
                    pieces.Add(Piece.Plain(part));
                continue;
            }

            var found = false;
            foreach (var (name, piece) in with)
            {
                if (name == part)
                    pieces.Add(piece);
                found |= name == part;
            }

            if (!found)
                throw new InvalidOperationException($"Nothing was given for {{{part}}} in \"{sentence}\".");
        }

        return pieces;
    }

    /// <summary>A figure of the facts.</summary>
    public Piece Fact(FigureForm form, params ReadOnlySpan<string> names) =>
        Figure(PaperSources.Facts, PaperSources.Pointer(names), form);

    /// <summary>A figure; it must be there.</summary>
    public Piece Figure(string document, string pointer, FigureForm form)
    {
        if (PaperFigure.ValueOf(sources.Find(document, pointer)) is not { } value
            || PaperFigure.Written(value, form, text) is not { } written)
            throw AvalException.BadInput($"{Shown.Of(document)}: a paper cites {pointer}, but nothing that fits is "
                + "there. Nothing was written. Run: aval check");
        var figure = new PaperFigure(document, pointer, form, value);
        var piece = Piece.Figure(written, figure.Source);
        _figures[piece] = figure;
        return piece;
    }

    /// <summary>The paper, with its figures in reading order.</summary>
    public Paper ToPaper(PaperKind kind, DateTimeOffset at, TreeSize size, string? model)
    {
        var document = new Document(text.Language, text[$"title-{kind.ToText()}"], at, _blocks);
        return new Paper(kind, model, document, size, [.. document.Figures.Select(piece => _figures[piece])]);
    }
}
