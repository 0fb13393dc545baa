namespace Aval.Documents;

/// <summary>
/// A paper for people: a record, a notice, a draft. The file to open first in this room. One model becomes a page
/// (<see cref="DocumentHtml"/>) or a file for a word processor (<see cref="DocumentDocx"/>), and
/// <see cref="DocumentFile"/> takes which from the file's ending. A text may come from anywhere: whatever it holds, it
/// is shown as text, and what hides itself or turns what is read is spelled out.
/// </summary>
/// <param name="Language">Which it is written in: <c>en</c>, <c>fr</c> or <c>de</c>.</param>
/// <param name="Title">Its title; it stands above all, and no heading repeats it.</param>
/// <param name="At">As of when it speaks; an input, so that the same document has the same bytes.</param>
/// <param name="Blocks">What it says, from the top.</param>
internal sealed record Document(string Language, string Title, DateTimeOffset At, IReadOnlyList<Block> Blocks)
{
    /// <summary>What a human has still to fill, in reading order.</summary>
    public IEnumerable<string> Blanks =>
        Pieces.Where(piece => piece.Kind == PieceKind.Blank).Select(piece => piece.Text);

    /// <summary>Where its figures come from, each once, in reading order: the first is note 1.</summary>
    public IReadOnlyList<string> Sources =>
        [.. Pieces.Select(piece => piece.Source).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Its figures in reading order: the first is figure 1 wherever a file of it marks them
    /// (<see cref="DocumentFigures"/>).</summary>
    public IEnumerable<Piece> Figures => Pieces.Where(piece => piece.Source is not null);

    /// <summary>All pieces of text that a writer of the paper put there, in reading order; titles and headings hold
    /// none.</summary>
    public IEnumerable<Piece> Pieces => Blocks.SelectMany(block => block switch
    {
        Paragraph paragraph => paragraph.Pieces,
        NumberedList list => list.Items.SelectMany(item => item.Pieces.Concat(item.Below.SelectMany(one => one))),
        BulletList list => list.Items.SelectMany(item => item),
        Table table => table.Rows.SelectMany(row => row.SelectMany(cell => cell)),
        _ => [],
    });
}

/// <summary>A part of a document that begins on a line of its own.</summary>
internal abstract record Block;

/// <summary>A heading.</summary>
/// <param name="Level">1 to 3; a level is not skipped on the way down.</param>
/// <param name="Text">Its words, without a number.</param>
/// <param name="Number">The number that a template gives it; null = it is numbered by its place (1, 1.1).</param>
internal sealed record Heading(int Level, string Text, string? Number = null) : Block;

/// <summary>A paragraph. A line break in a text (<c>\n</c>) is one in the paragraph: an address is one
/// paragraph.</summary>
internal sealed record Paragraph(IReadOnlyList<Piece> Pieces) : Block
{
    /// <summary>Of words alone.</summary>
    public Paragraph(string text)
        : this([Piece.Plain(text)])
    {
    }
}

/// <summary>A list numbered from 1, each list anew: allegations, steps.</summary>
internal sealed record NumberedList(IReadOnlyList<ListItem> Items) : Block;

/// <summary>An item of a numbered list.</summary>
/// <param name="Pieces">What it says, after its number.</param>
/// <param name="Below">Paragraphs under it, set in: its evidence, how to verify it.</param>
internal sealed record ListItem(IReadOnlyList<Piece> Pieces, IReadOnlyList<IReadOnlyList<Piece>> Below);

/// <summary>A list whose items have no order.</summary>
internal sealed record BulletList(IReadOnlyList<IReadOnlyList<Piece>> Items) : Block;

/// <summary>A table; its first column says what a row is about.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Head">The columns' names; the row is repeated on every page.</param>
/// <param name="Rows">Rows of as many cells as there are columns, each cell some pieces.</param>
/// <param name="Widths">The columns' shares of the width; null = all the same.</param>
internal sealed record Table(
    string Caption, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<IReadOnlyList<Piece>>> Rows,
    IReadOnlyList<int>? Widths = null)
    : Block;

/// <summary>How a piece of text is meant.</summary>
internal enum PieceKind
{
    /// <summary>As it stands.</summary>
    Plain,

    /// <summary>Of weight.</summary>
    Strong,

    /// <summary>Letter by letter: a command, a hash, a file.</summary>
    Code,

    /// <summary>Nothing yet: what a human must write here.</summary>
    Blank,
}

/// <summary>A piece of text.</summary>
/// <param name="Kind">How it is meant.</param>
/// <param name="Text">The text; of a blank, what is to be written there.</param>
/// <param name="Source">Where it comes from (file and JSON pointer, or entry of the ledger): a note; null = it is no
/// figure.</param>
internal sealed record Piece(PieceKind Kind, string Text, string? Source = null)
{
    /// <summary>Words.</summary>
    public static Piece Plain(string text) => new(PieceKind.Plain, text);

    /// <summary>Words of weight.</summary>
    public static Piece Strong(string text) => new(PieceKind.Strong, text);

    /// <summary>A command, a hash, a file.</summary>
    public static Piece Code(string text) => new(PieceKind.Code, text);

    /// <summary>What only a human can write: it is marked in the paper, in words and in colour.</summary>
    /// <param name="what">What is to be written, in the paper's language: "name of counsel".</param>
    public static Piece Blank(string what) => new(PieceKind.Blank, what);

    /// <summary>A figure, with a note that says where it comes from.</summary>
    public static Piece Figure(string text, string source) => new(PieceKind.Plain, text, source);
}
