using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// The bands that different texts have in common, with these texts. Of a band most values are one text's alone: they
/// are told apart by one count, and nothing else is asked of all texts.
/// </summary>
internal static class SharedBands
{
    /// <summary>
    /// A row a value and text: <c>band, low, high</c>, and the most characters of an item that says so and is admitted
    /// (<c>admitted</c>) or casts a shadow (<c>shadow</c>); null = none does.
    /// </summary>
    public const string Table = "match_bands";

    // Values that one statement counts: few items are done in one, and many never need much memory at a time.
    private const long AtATime = 500_000;

    /// <summary>Makes the table.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="bands">How the sketches were made.</param>
    /// <param name="sketches">Where they lie.</param>
    public static void Find(Engine engine, Bands bands, string sketches)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Table}
                (band UBIGINT, low UBIGINT, high UBIGINT, admitted BIGINT, shadow BIGINT)
            """);
        var items = engine.Scalar<long>($"SELECT count(*) FROM {sketches}");
        var some = (int)Math.Clamp(AtATime / Math.Max(1, items), 1, bands.Count);
        foreach (var few in Enumerable.Range(0, bands.Count).Select(Sketches.Band).Chunk(some))
            engine.Execute(Of(few, sketches));
    }

    // A value says which band it is of, so all can lie together.
    private static string Of(string[] bands, string sketches)
    {
        var values = $"""
            (SELECT {(bands.Length == 1 ? bands[0] : $"unnest([{string.Join(", ", bands)}])")} AS band,
                 low, high, casts, characters
             FROM {sketches} WHERE letters > 0)
            """;
        return $"""
            INSERT INTO {Table}
            SELECT band, low, high, max(characters) FILTER (casts = 0), max(characters) FILTER (casts > 0)
            FROM {values}
            SEMI JOIN (
                SELECT band FROM {values}
                GROUP BY band HAVING min(low) <> max(low) OR min(high) <> max(high)
            ) AS shared USING (band)
            GROUP BY band, low, high
            """;
    }
}
