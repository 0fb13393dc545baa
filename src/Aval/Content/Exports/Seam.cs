namespace Aval.Content;

/// <summary>A file that an import read: where it lay, its SHA-256 (64 hex digits) and its size in bytes.</summary>
public sealed record SourceFile(string Path, string Sha256, long Bytes);

/// <summary>A row or object that was not taken: file, line (1-based), column or path within the object, why, and what was found there (cut to 80 characters).</summary>
public sealed record Reject(string File, long Line, string Column, string Reason, string Found);

/// <summary>What an importer knows and leaves out on purpose, or does not know: its name, the file, how many.</summary>
public sealed record LeftOut(string What, string File, long Count);

/// <summary>
/// One platform export, ready to be taken: <paramref name="Items"/> streams and may be enumerated again;
/// <paramref name="Rejects"/> and <paramref name="LeftOut"/> answer for the last whole enumeration.
/// </summary>
public sealed record IncomingExport(
    string Format,
    string Source,
    AccountRow? Account,
    IEnumerable<ItemRow> Items,
    IReadOnlyList<SourceFile> Files,
    Func<IReadOnlyList<Reject>> Rejects,
    Func<IReadOnlyList<LeftOut>> LeftOut);
