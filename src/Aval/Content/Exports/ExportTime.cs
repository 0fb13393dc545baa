namespace Aval.Content.Exports;

/// <summary>
/// Times in exports: whole seconds since 1970, UTC; in Instagram's of 2020, text. Zero is how the platforms write "not
/// known", and cameras give years before our era: neither is a time. Which of the two it is decides whether an entry is
/// rejected, so both have a name here.
/// </summary>
internal static class ExportTime
{
    /// <summary>The end of 2099: a later one is a slip, not a plan.</summary>
    private const long Latest = 4_102_444_800;

    /// <summary>What a reject expects instead of an impossible one.</summary>
    public const string Possible = "a time between 1970 and 2100, in seconds";

    /// <summary>Whether it is stated at all: neither absent nor zero.</summary>
    public static bool IsStated(ExportValue value) =>
        value is not (ExportValue.Nothing or ExportValue.Whole { Value: 0 } or ExportValue.Text { Value: "" });

    /// <summary>The instant, or null = unknown when it is not stated or impossible.</summary>
    public static DateTimeOffset? Read(ExportValue value) => value switch
    {
        ExportValue.Whole { Value: > 0 and < Latest and var seconds } => DateTimeOffset.FromUnixTimeSeconds(seconds),
        // Without a zone a text names no instant, and guessing one would move it.
        ExportValue.Text { Value: var text } when Instant.TryParse(text, out var instant) => instant,
        _ => null,
    };
}
