using System.Globalization;

namespace Aval;

/// <summary>
/// What aval.yaml says of erasures: how often they are carried out, and which backups hold what they take.
/// </summary>
/// <param name="Every">Within which time of a recorded erasure <c>aval erase</c> is to have run.</param>
/// <param name="Backups">By name, for how long a backup keeps what it holds.</param>
internal sealed record ErasureSettings(Retention Every, IReadOnlyDictionary<string, Retention> Backups)
{
    private const string Example = "as in backups: {\"nightly\": 90 days}";

    /// <summary>Nothing stated: each day, and no backups.</summary>
    public static ErasureSettings Default { get; } =
        new(new Retention(1, InYears: false), new Dictionary<string, Retention>());

    /// <summary>The lines of aval.yaml; empty when nothing is stated.</summary>
    public string ToYaml()
    {
        var every = Every == Default.Every ? "" : $"\nerase-every: {Every}";
        return Backups.Count == 0 ? every : every + "\nbackups: {" + string.Join(", ", Backups.Select(
            backup => string.Create(CultureInfo.InvariantCulture, $"{Settings.Quote(backup.Key)}: {backup.Value}")))
            + "}";
    }

    /// <summary>Reads <c>erase-every</c>.</summary>
    internal ErasureSettings WithEvery(SettingsNode value) => this with { Every = Period(value, "erase-every is") };

    /// <summary>Reads <c>backups</c>.</summary>
    internal ErasureSettings WithBackups(SettingsNode value)
    {
        var backups = new SortedDictionary<string, Retention>(StringComparer.Ordinal);
        foreach (var (name, at, period) in value.Members($"backups states for how long each is kept, {Example}"))
        {
            if (name.Length == 0)
                throw at.Wrong($"a backup has a name, {Example}");
            backups[name] = Period(period, $"{Shown.Of(name)} is kept for");
        }

        return this with { Backups = backups };
    }

    private static Retention Period(SettingsNode value, string what) =>
        Retention.TryParse(value.Scalar, out var period) ? period : throw value.Wrong($"{what} {Retention.Example}");
}
