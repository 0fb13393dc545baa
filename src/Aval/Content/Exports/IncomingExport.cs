namespace Aval.Content;

/// <summary>One platform's export, ready to be taken.</summary>
/// <param name="Format">facebook or instagram.</param>
/// <param name="Source">The name of the source: as stated, else the account, else the format.</param>
/// <param name="Account">What the profile says of whose export it is; null = there is no profile.</param>
/// <param name="Items">What the owner wrote. Streams; may be enumerated again; throws <see cref="AvalException"/> in
/// its midst when a file turns out to be broken, and then nothing may be kept.</param>
/// <param name="Files">What is read: each zip, or each file of a folder that has entries.</param>
/// <param name="Rejects">What could not be taken: of the last enumeration, once it is through.</param>
/// <param name="LeftOut">What is never taken: of the last enumeration, once it is through.</param>
/// <param name="RequireUnchanged">Asked when it is through: throws when one of these files was written since.</param>
internal sealed record IncomingExport(
    string Format,
    string Source,
    AccountRow? Account,
    IEnumerable<ItemRow> Items,
    IReadOnlyList<SourceFile> Files,
    Func<IReadOnlyList<Reject>> Rejects,
    Func<IReadOnlyList<LeftOut>> LeftOut,
    Action RequireUnchanged)
{
    /// <summary>Whose export it is, as stated, else as its profile says; null = nobody knows.</summary>
    public Account? Owner { get; init; }
}
