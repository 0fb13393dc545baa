using System.Globalization;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// One sketch an item that may be a copy, a duplicate or what casts a shadow: a row that says whose it is, and numbers
/// in a file beside it (<see cref="SketchWriter"/>); never text.
/// </summary>
internal static class Sketches
{
    /// <summary>Columns that it needs of an item beside those of a decision.</summary>
    public static IReadOnlyList<string> Also { get; } = ["audience", "in_reply_to", "persons"];

    /// <summary>
    /// SQL that sketches items, each once, into a file: <c>sketch</c> says where, and stands in the place of their
    /// words; null = none is made of it.
    /// </summary>
    /// <param name="shaded">Decided items, with <see cref="Also"/> and <see cref="Shaded"/>.</param>
    /// <param name="writer">The number of the file, or of the first (<see cref="CopyFunctions.Keep"/>).</param>
    /// <param name="part">SQL that says of a row how many after the first its file comes.</param>
    public static string Of(string shaded, int writer, string part = "0") => $"""
        SELECT * EXCLUDE (text), CASE WHEN (mask = 0 OR casts > 0) AND text <> ''
            THEN keep_sketch({Number(writer)} + {part}, casts, text) END AS sketch
        FROM ({shaded})
        """;

    /// <summary>
    /// SQL of <c>part, place, characters, service, item_id, row_key, account, created_at, casts, counts, is_reply,
    /// named</c>. Needs <c>row_key</c>.
    /// </summary>
    /// <param name="sketched">Items with <c>sketch</c>.</param>
    /// <param name="part">The number of the part of which they are.</param>
    public static string Rows(string sketched, int part) => $"""
        SELECT {Number(part)} AS part, {PlaceAndCharacters}, service, item_id, row_key(service, item_id) AS row_key,
            author AS account, created_at, casts, counts, in_reply_to IS NOT NULL OR kind = 'reply' AS is_reply,
            list_transform(persons, lambda one: one.account) AS named
        FROM {sketched} WHERE sketch IS NOT NULL
        """;

    /// <summary>SQL over <c>sketch</c>: <c>place, characters</c>.</summary>
    public const string PlaceAndCharacters = $"{Place} AS place, (sketch >> 32) AS characters";

    /// <summary>SQL over <c>sketch</c>: where in its file it lies.</summary>
    public const string Place = "(sketch & 4294967295)";

    /// <summary>
    /// SQL of decided items with <c>casts</c>, on whose items their shadows fall, and <c>counts</c>, whether their
    /// authors are among those who say what they say.
    /// </summary>
    /// <param name="decided">Decided items, with <see cref="Also"/>.</param>
    /// <param name="grounds">What the bits of their masks mean.</param>
    /// <param name="rules">What is asked of them.</param>
    public static string Shaded(string decided, IReadOnlyList<Ground> grounds, MatchRules rules)
    {
        var casts = rules.Copies is null ? "0" : Shadows.Sql(grounds);
        return $"SELECT *, ({casts})::TINYINT AS casts, ({Shadows.Counts(grounds)}) AS counts FROM ({decided})";
    }

    /// <summary>
    /// SQL of what casts a shadow of the items that are gone at their source by a row without text, as
    /// <see cref="Shaded"/>: by what they last said. The row says nothing of whose the words are.
    /// </summary>
    /// <param name="decisions">As of which.</param>
    /// <param name="rules">What is asked of them.</param>
    public static string ShadedOfGone(ItemDecisions decisions, MatchRules rules)
    {
        const string gone = """
            (SELECT item.* REPLACE (words.text AS text, words.audience AS audience, words.created_at AS created_at,
                 words.kind AS kind)
             FROM resolved_items AS item JOIN last_words AS words USING (service, item_id))
            """;
        return $"FROM ({Shaded(decisions.Over(decisions.From(gone), Also), decisions.Grounds, rules)}) WHERE casts > 0";
    }

    /// <summary>SQL of <c>service, item_id, text</c> of items as <see cref="ShadedOfGone"/> reads them too.</summary>
    /// <param name="engine">With the views of the content.</param>
    /// <param name="items">Items as <c>items_now</c> has them.</param>
    public static string Said(Engine engine, string items) => !AnyGone(engine) ? items : $"""
        (SELECT service, item_id, coalesce(nullif(item.text, ''), words.text) AS text
         FROM {items} AS item LEFT JOIN last_words AS words USING (service, item_id))
        """;

    /// <summary>Whether there are such.</summary>
    public static bool AnyGone(Engine engine) => engine.Scalar<bool>("SELECT EXISTS (FROM last_words)");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
