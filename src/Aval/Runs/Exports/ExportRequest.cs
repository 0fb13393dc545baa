using System.Globalization;
using System.Text.RegularExpressions;

namespace Aval.Runs;

/// <summary>How an export's files are written.</summary>
internal enum ExportFormat
{
    /// <summary>All columns, Zstandard.</summary>
    Parquet,

    /// <summary>All columns, one JSON object a line.</summary>
    Jsonl,

    /// <summary>The text alone, one item a line.</summary>
    Text,
}

/// <summary>A part of an export, for training, testing and the like.</summary>
/// <param name="Name">Its name, which is its file's.</param>
/// <param name="Share">Of all persons, in billionths.</param>
internal sealed record Split(string Name, long Share)
{
    /// <summary>The whole.</summary>
    public const long Whole = 1_000_000_000;

    /// <summary>Everything, for training.</summary>
    public static IReadOnlyList<Split> One { get; } = [new("train", Whole)];
}

/// <summary>What to export.</summary>
/// <param name="Release">As on the command line.</param>
/// <param name="Folder">Where to: nothing may be there yet.</param>
/// <param name="Format">As what.</param>
internal sealed partial record ExportRequest(string? Release, string Folder, ExportFormat Format)
{
    /// <summary>The languages that are wanted; none = all.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>The rows are brought into an order that this word decides; null = the release's order.</summary>
    public string? Seed { get; init; }

    /// <summary>The parts, which together are the whole.</summary>
    public IReadOnlyList<Split> Splits { get; init; } = Split.One;

    /// <summary>How many slices, each of buckets that follow one another, in the place of parts; null = none. A trainer
    /// reads them in order and keeps what it has after each, so that what leaves a slice costs what comes after it (as
    /// in sharded, isolated, sliced, aggregated training: Bourtoule et al. 2021, "Machine Unlearning").</summary>
    public int? Slices { get; init; }

    /// <summary>To whom it goes: an organisation, no person; null = it stays with the controller.</summary>
    public string? Recipient { get; init; }

    /// <summary>Reads <c>parquet</c>, <c>jsonl</c> or <c>text</c>.</summary>
    /// <exception cref="AvalException">Usage: it is none of these.</exception>
    public static ExportFormat ParseFormat(string text) => text switch
    {
        "parquet" => ExportFormat.Parquet,
        "jsonl" => ExportFormat.Jsonl,
        "text" => ExportFormat.Text,
        _ => throw AvalException.Usage($"--format is parquet, jsonl or text, but \"{text}\" was found. Nothing was "
            + "exported."),
    };

    /// <summary>Reads <c>train=0.98,test=0.02</c>.</summary>
    /// <exception cref="AvalException">Usage: it is no such list, or its parts are not the whole.</exception>
    public static IReadOnlyList<Split> ParseSplits(string text)
    {
        var splits = new List<Split>();
        foreach (var part in text.Split(','))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || !Name().IsMatch(part[..at])
                || !decimal.TryParse(
                    part[(at + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
                || share <= 0 || share > 1 || splits.Any(split => split.Name == part[..at]))
                throw AvalException.Usage("--split names parts, each once, with its share of all persons, as in "
                    + $"train=0.98,test=0.02, but \"{part}\" was found. Nothing was exported.");
            splits.Add(new Split(part[..at], (long)(share * Split.Whole)));
        }

        return splits.Sum(split => split.Share) == Split.Whole
            ? splits
            : throw AvalException.Usage($"--split: the shares add up to 1, but \"{text}\" does not. Nothing was "
                + "exported.");
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,31}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
