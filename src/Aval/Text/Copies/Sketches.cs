using System.Globalization;
using Aval.Policies;

namespace Aval.Text.Copies;

/// <summary>
/// One sketch an item that may be a copy, a duplicate or what casts a shadow: numbers, and whose it is; never text.
/// </summary>
internal static class Sketches
{
    /// <summary>Columns that it needs of an item beside those of a decision.</summary>
    public static IReadOnlyList<string> Also { get; } = ["audience", "in_reply_to", "persons"];

    /// <summary>
    /// SQL of <c>service, item_id, row_key, account, created_at, casts, is_reply, named, low, high, characters,
    /// letters, band0 …, prints</c>. Needs <see cref="CopyFunctions"/> and <c>row_key</c>.
    /// </summary>
    /// <param name="shaded">Decided items, with <see cref="Also"/> and <see cref="Shaded"/>.</param>
    /// <param name="rules">What is asked of them.</param>
    public static string Of(string shaded, MatchRules rules)
    {
        var bands = rules.Bands;
        return $"""
            SELECT service, item_id, row_key(service, item_id) AS row_key, account, created_at, casts, is_reply, named,
                {Columns(bands)}
            FROM (
                SELECT service, item_id, author AS account, created_at, casts,
                    in_reply_to IS NOT NULL OR kind = 'reply' AS is_reply,
                    list_transform(persons, lambda one: one.account) AS named,
                    {Call(bands)} AS sketch
                FROM ({shaded})
                WHERE (mask = 0 OR casts > 0) AND text <> ''
            )
            """;
    }

    /// <summary>SQL of decided items with <c>casts</c>: on whose items their shadows fall.</summary>
    /// <param name="decided">Decided items, with <see cref="Also"/>.</param>
    /// <param name="grounds">What the bits of their masks mean.</param>
    /// <param name="rules">What is asked of them.</param>
    public static string Shaded(string decided, IReadOnlyList<Ground> grounds, MatchRules rules)
    {
        var casts = rules.Copies is null ? "0" : Shadows.Sql(grounds);
        return $"SELECT *, ({casts})::TINYINT AS casts FROM ({decided})";
    }

    /// <summary>SQL over <c>text</c>: its sketch, a list of numbers.</summary>
    public static string Call(Bands bands) => $"text_sketch(text, {Number(bands.Count)}, {Number(bands.Rows)})";

    /// <summary>
    /// SQL over <c>sketch</c>, such a list: <c>low, high, characters, letters, band0 …, prints</c>.
    /// </summary>
    public static string Columns(Bands bands) => $"""
        sketch[1] AS low, sketch[2] AS high, sketch[3]::BIGINT AS characters, sketch[4]::BIGINT AS letters,
        {string.Concat(Enumerable.Range(0, bands.Count)
            .Select(band => $"sketch[{Number(Sketch.Header + 1 + band)}] AS {Band(band)}, "))}
        sketch[{Number(Sketch.Header + 1 + bands.Count)}:] AS prints
        """;

    /// <summary>A band's column.</summary>
    public static string Band(int band) => $"band{Number(band)}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
