using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// The bands that different texts have in common, with these texts. Of a band most values are one text's alone: they
/// are told apart by one count a band, and nothing else is asked of all texts.
/// </summary>
internal static class SharedBands
{
    /// <summary>
    /// A row a value and text: <c>band, low, high</c>, and the most characters of an item that says so and is admitted
    /// (<c>admitted</c>) or casts a shadow (<c>shadow</c>); null = none does.
    /// </summary>
    public const string Table = "match_bands";

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
        for (var band = 0; band < bands.Count; band++)
            engine.Execute(OfBand(Sketches.Band(band), sketches));
    }

    // A value says which band it is of, so all can lie together.
    private static string OfBand(string band, string sketches) => $"""
        INSERT INTO {Table}
        SELECT {band}, low, high, max(characters) FILTER (casts = 0), max(characters) FILTER (casts > 0)
        FROM {sketches}
        SEMI JOIN (
            SELECT {band} FROM {sketches} WHERE letters > 0
            GROUP BY {band} HAVING min(low) <> max(low) OR min(high) <> max(high)
        ) AS shared USING ({band})
        WHERE letters > 0 GROUP BY {band}, low, high
        """;
}
