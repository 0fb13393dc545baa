namespace Aval.Benchmarks.Identifiers;

/// <summary>
/// What people write around identifiers, in the EU's 24 official languages. <c>#</c> is where the value goes,
/// <c>*</c> a house's number.
/// </summary>
internal sealed record Carriers(
    string Language, string Country, string Phone, string Email, string Iban, string Card, string Identity, string Tax,
    string Plate, string Here, string Order, string Amount, string Address)
{
    /// <summary>Every language.</summary>
    public static IReadOnlyList<Carriers> All { get; } = [.. Rows().Skip(1).Select(row =>
    {
        var cells = row.Split('|');
        return new Carriers(
            cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8], cells[9],
            cells[10], cells[11], cells[12]);
    })];

    private static string[] Rows()
    {
        using var reader = new StreamReader(typeof(Carriers).Assembly.GetManifestResourceStream("carriers.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
