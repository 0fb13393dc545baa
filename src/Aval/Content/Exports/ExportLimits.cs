namespace Aval.Content.Exports;

/// <summary>
/// What an export may at most ask of this machine. An honest export stays far below each; whatever passes one is
/// refused as a whole, with the limit's name and value, before anything is imported.
/// </summary>
/// <param name="Members">Files in one archive or folder.</param>
/// <param name="MemberBytes">Expanded bytes of one file.</param>
/// <param name="Ratio">Expanded bytes for each compressed one, beyond <paramref name="RatioFree"/>. Deflate reaches
/// 1,032; JSON text about 30.</param>
/// <param name="RatioFree">Expanded bytes below which the ratio is not asked.</param>
/// <param name="TotalBytes">Expanded bytes of all files of one archive.</param>
/// <param name="DirectoryBytes">Bytes of a zip's list of members.</param>
/// <param name="TextBytes">Bytes of one string in JSON.</param>
/// <param name="ObjectBytes">Bytes of one object in JSON: the most that is held in memory at once.</param>
/// <param name="ObjectValues">Values in one object in JSON: a list of ones takes two bytes each in a file and forty in
/// memory.</param>
/// <param name="Depth">How deep JSON may nest.</param>
internal sealed record ExportLimits(
    int Members, long MemberBytes, int Ratio, long RatioFree, long TotalBytes, long DirectoryBytes, int TextBytes,
    int ObjectBytes, int ObjectValues, int Depth)
{
    /// <summary>The limits that every import has.</summary>
    public static ExportLimits Default { get; } = new(
        Members: 1_000_000,
        MemberBytes: 2L << 30,
        Ratio: 200,
        RatioFree: 64L << 20,
        TotalBytes: 16L << 30,
        DirectoryBytes: 512L << 20,
        TextBytes: 16 << 20,
        ObjectBytes: 64 << 20,
        ObjectValues: 1_000_000,
        Depth: 64);

    /// <summary>The refusal of what passes a limit.</summary>
    internal static AvalException Passed(string where, string found, string limit) =>
        AvalException.BadInput($"{where}: {found}; the limit is {limit}. Nothing was imported. "
            + "If this export is genuine, ask the platform for it in smaller parts.");
}

/// <summary>What the person who imports states about an export.</summary>
/// <param name="Account">Whose export it is; null = what its profile says.</param>
/// <param name="Source">The name of the source; null = the account.</param>
internal sealed record ExportOptions(Account? Account = null, string? Source = null)
{
    /// <summary>Nothing stated.</summary>
    public static ExportOptions None { get; } = new();

    /// <summary>The forms of ids: an item's id is made of its author's, so the same account must be spelled the same
    /// in every export.</summary>
    public ServiceForms Services { get; init; } = ServiceForms.Shipped;

    internal ExportLimits Limits { get; init; } = ExportLimits.Default;
}
