using Aval.People;

namespace Aval.Choices;

/// <summary>
/// A choice as it was written, column by column (docs/formats/choices.md): the command line and the rows of CSV, JSON
/// Lines and Parquet all become this, so that they are read by the same rules. Null or empty = not there.
/// </summary>
internal sealed class ChoiceText
{
    /// <summary>The columns, in the order in which the documentation lists them.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        [
            "kind", "account", "purpose", "scope", "made_at", "received_at", "until", "actor", "channel", "evidence",
            "notice", "handle", "association",
        ];

    /// <summary>The columns that every choice needs; <c>handle</c> may stand in the place of <c>account</c>.</summary>
    public static IReadOnlyList<string> Required { get; } = ["kind", "account"];

    /// <summary>The handle that was written in the place of the account; null = none was.</summary>
    internal string? Handle => _values[11];

    /// <summary>Whether it says when it was said, or at least when it was received.</summary>
    internal bool SaysWhen => _values[4] is not null || _values[5] is not null;

    private readonly string?[] _values = new string?[Columns.Count];

    /// <summary>From columns and what they hold.</summary>
    public static ChoiceText Of(params IEnumerable<(string Column, string? Text)> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var text = new ChoiceText();
        foreach (var (column, value) in columns)
            text.Set(ChoiceLines.IndexOf(column) is >= 0 and var at
                ? at
                : throw new ArgumentException($"There is no column \"{column}\".", nameof(columns)), value);
        return text;
    }

    /// <summary>Fills a column while a row is read.</summary>
    /// <param name="column">Its place in <see cref="Columns"/>.</param>
    /// <param name="text">What it holds.</param>
    internal void Set(int column, string? text) => _values[column] = string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Reads the choice.</summary>
    /// <param name="rules">What must hold of it.</param>
    /// <param name="now">The clock's instant: what <c>received_at</c> is when it is not there. <c>made_at</c> then is
    /// <c>received_at</c>.</param>
    /// <param name="faults">Receives everything that is wrong with it.</param>
    /// <returns>The choice; null when something was wrong.</returns>
    public Choice? Read(ChoiceRules rules, DateTimeOffset now, ICollection<ChoiceFault> faults) =>
        Read(rules, now, faults, handles: null);

    /// <summary>Reads a choice that may name its account by a handle.</summary>
    internal Choice? Read(
        ChoiceRules rules, DateTimeOffset now, ICollection<ChoiceFault> faults, Func<Handles>? handles)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(faults);
        var before = faults.Count;
        var kind = ReadKind(faults);
        var account = ReadAccount(kind, rules, faults);
        var purpose = ReadPurpose(faults);
        var scope = ReadScope(faults);
        var receivedAt = ReadInstant(5, faults) ?? now;
        var madeAt = ReadInstant(4, faults) ?? receivedAt;
        var until = ReadInstant(6, faults);
        var actor = ReadActor(kind, faults);
        if (Handle is not null)
            account = ReadHandle(handles, madeAt, faults);
        if (faults.Count > before)
            return null;
        var choice = new Choice(
            kind, account, purpose!, scope!, madeAt, receivedAt, until, actor, _values[8], LowerHex(_values[9]),
            _values[10], _values[12]);
        foreach (var fault in rules.Faults(choice, now))
            faults.Add(fault);
        return faults.Count > before ? null : choice;
    }

    private ChoiceKind ReadKind(ICollection<ChoiceFault> faults) =>
        ChoiceKinds.TryParse(_values[0], out ChoiceKind kind)
            ? kind
            : Wrong<ChoiceKind>(
                faults, 0,
                $"hold one of {string.Join(", ", Enum.GetValues<ChoiceKind>().Select(known => known.ToText()))}");

    // What anyone may ask for needs nobody's name: the item is named.
    private Account ReadAccount(ChoiceKind kind, ChoiceRules rules, ICollection<ChoiceFault> faults)
    {
        if (Handle is not null)
            return default;
        var isRemoval = kind == ChoiceKind.Removal && _values[0] is not null;
        if (isRemoval && _values[1] is null && _values[7] == Actor.Anyone.ToText())
            return Account.Anyone;
        return Account.TryParse(_values[1], rules.Services, out var account, out var expected)
            ? account
            : Wrong<Account>(
                faults, 1,
                $"hold {expected}"
                + (isRemoval && _values[1] is null ? ", or be empty where the actor is anyone" : ""));
    }

    private Account ReadHandle(Func<Handles>? handles, DateTimeOffset madeAt, ICollection<ChoiceFault> faults)
    {
        if (_values[1] is not null || handles is null)
            return Wrong<Account>(faults, 11, "be empty where an account is stated");
        var (account, should) = handles().At(Handle!, madeAt);
        return account ?? Wrong<Account>(faults, 11, should!);
    }

    private Purpose? ReadPurpose(ICollection<ChoiceFault> faults) => _values[2] is null
        ? Purpose.TrainGenerativeAi
        : Purpose.TryParse(_values[2], out var purpose)
            ? purpose
            : Wrong<Purpose>(faults, 2, $"hold one of {string.Join(", ", Purpose.All)}");

    private Scope? ReadScope(ICollection<ChoiceFault> faults) => _values[3] is null
        ? Scope.Everything
        : Scope.TryParse(_values[3], out var scope) ? scope : Wrong<Scope>(
            faults, 3,
            "hold " + (IdSpelling.Hidden(_values[3])
                ?? "everything, about-me, service:NAME or item:SERVICE:ID, several joined by ;"));

    private DateTimeOffset? ReadInstant(int column, ICollection<ChoiceFault> faults)
    {
        if (_values[column] is null)
            return null;
        return Instant.TryParse(_values[column], out var instant)
            ? instant
            : Wrong<DateTimeOffset>(
                faults, column,
                $"hold an instant with its zone and at most six digits of a second ({Instant.Example})");
    }

    private Actor ReadActor(ChoiceKind kind, ICollection<ChoiceFault> faults) => _values[7] is null
        // Whoever lifts a restriction is the controller (GDPR Art. 18(3)), so nobody has to say so.
        ? kind == ChoiceKind.RestrictionLifted ? Actor.Controller : Actor.Person
        : ChoiceKinds.TryParse(_values[7], out Actor actor) ? actor : Wrong<Actor>(
            faults, 7, $"hold one of {string.Join(", ", Enum.GetValues<Actor>().Select(known => known.ToText()))}");

    private T? Wrong<T>(ICollection<ChoiceFault> faults, int column, string should)
    {
        faults.Add(new ChoiceFault(Columns[column], should, _values[column]));
        return default;
    }

    // One spelling of the same bytes: what is stored is what comes back.
    private static string? LowerHex(string? evidence) =>
        evidence is not null && evidence.All(char.IsAsciiHexDigit) ? evidence.ToLowerInvariant() : evidence;
}
