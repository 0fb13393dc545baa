using System.Globalization;
using Aval.Corpus;

namespace Aval.Runs;

/// <summary>The slices of an export: which buckets of its release are in which, in a fixed order.</summary>
internal static class Slices
{
    /// <summary>The parts of an export of so many slices; their shares are those of their buckets.</summary>
    /// <exception cref="AvalException">Usage: there are more slices than buckets, or none.</exception>
    public static IReadOnlyList<Split> Parts(int slices, Manifest manifest)
    {
        if (slices < 1 || slices > manifest.Buckets)
            throw AvalException.Usage(string.Create(CultureInfo.InvariantCulture,
                $"--slices is a whole number from 1 to {manifest.Buckets}, the buckets of the release, but {slices} ")
                + "was found. Nothing was exported.");
        return [.. Enumerable.Range(1, slices).Select(slice => new Split(NameOf(slice), Split.Whole / slices))];
    }

    /// <summary>The files of a release by slice, from 1.</summary>
    public static ILookup<int, string> Files(int slices, Manifest manifest, string folder)
    {
        var shards = manifest.Files.Where(file => file.Rows is not null).ToArray();
        return shards.Index().ToLookup(
            shard => 1 + (int)((long)shard.Index * slices / shards.Length),
            shard => Path.Combine(folder, shard.Item.Path));
    }

    /// <summary>A slice's name, and its file's.</summary>
    public static string NameOf(int slice) => string.Create(CultureInfo.InvariantCulture, $"slice-{slice:D4}");
}
