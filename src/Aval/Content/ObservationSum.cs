using System.Globalization;
using System.Numerics;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// A sum of keyed hashes, one an observation (key, fingerprint, instant), modulo 2⁶⁴ in each of two lanes. It does not
/// depend on the order or the batches in which observations came, and is brought up to date by adding. It identifies
/// content within a workspace, under its key; it commits to nothing towards strangers.
/// </summary>
internal readonly record struct ObservationSum(ulong Low, ulong High)
{
    public static ObservationSum Zero => default;

    /// <summary>SQL of the two lanes over rows with <c>key, fp, observed_at</c>.</summary>
    public const string Lanes = """
        (coalesce(sum(observation_low(fp::VARCHAR || epoch_us(observed_at) || ' ' || key)), 0::HUGEINT)
            % 18446744073709551616::HUGEINT)::VARCHAR,
        (coalesce(sum(observation_high(fp::VARCHAR || epoch_us(observed_at) || ' ' || key)), 0::HUGEINT)
            % 18446744073709551616::HUGEINT)::VARCHAR
        """;

    public static ObservationSum Of(Engine engine, string rows) => engine.Query(
        $"SELECT {Lanes} FROM {rows}",
        row => new ObservationSum(Lane(row.GetString(0)), Lane(row.GetString(1))))[0];

    /// <summary>
    /// What an import had observed by an instant and an erasure took: it stays in the sum, which names nobody, so that
    /// a release is told from what it was made of after an erasure too.
    /// </summary>
    public static ObservationSum OfErased(
        Engine engine, IReadOnlyCollection<string> tokens, string importId, DateTimeOffset until) => tokens.Count == 0
            ? Zero
            : engine.Query(
                $"""
                SELECT (coalesce(sum(low), 0::HUGEINT) % 18446744073709551616::HUGEINT)::VARCHAR,
                    (coalesce(sum(high), 0::HUGEINT) % 18446744073709551616::HUGEINT)::VARCHAR
                FROM {ParquetFiles.Rows(tokens)}
                WHERE kind = 'observed' AND person = {Engine.Literal(importId)}
                    AND make_timestamp(epoch_us(until)) <= {Engine.Literal(until)}
                """,
                row => new ObservationSum(Lane(row.GetString(0)), Lane(row.GetString(1))))[0];

    /// <summary>What snapshots had deleted by an instant of what erasures took since (<see
    /// cref="Resolution.GoneSums"/>): of each erasure the last that it says until then.</summary>
    public static ObservationSum OfGone(Engine engine, IReadOnlyCollection<string> tokens, DateTimeOffset until)
    {
        var total = Zero;
        foreach (var file in tokens)
        {
            total += engine.Query(
                $"""
                SELECT low::VARCHAR, high::VARCHAR FROM {ParquetFiles.Rows([file])}
                WHERE kind = 'gone' AND make_timestamp(epoch_us(until)) <= {Engine.Literal(until)}
                ORDER BY until DESC LIMIT 1
                """,
                row => new ObservationSum(Lane(row.GetString(0)), Lane(row.GetString(1)))).FirstOrDefault();
        }

        return total;
    }

    public static ObservationSum Parse(string hex) => new(
        ulong.Parse(hex.AsSpan(16, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        ulong.Parse(hex.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    public static ObservationSum operator +(ObservationSum left, ObservationSum right) =>
        new(unchecked(left.Low + right.Low), unchecked(left.High + right.High));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    private static ulong Lane(string text) => (ulong)BigInteger.Parse(text, CultureInfo.InvariantCulture);
}
