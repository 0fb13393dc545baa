using Aval.Building;
using Aval.Choices;
using Aval.People;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Portal.Person;

/// <summary>A choice of less than a whole account.</summary>
/// <param name="Kind">What was said.</param>
/// <param name="MadeAt">When.</param>
/// <param name="MadeOn">On which account.</param>
/// <param name="Forgotten">The choice was forgotten, and what it protects is known by a token.</param>
/// <param name="Scope">Of what, as a scope is written.</param>
internal sealed record NarrowerChoice(
    ChoiceKind Kind, DateTimeOffset MadeAt, Account MadeOn, bool Forgotten, string Scope);

/// <summary>What the choices of a person add up to, on all accounts that are known to be theirs.</summary>
/// <param name="Linked">The other accounts.</param>
/// <param name="Stance">What the choices add up to.</param>
/// <param name="Covering">Those choices, latest first.</param>
/// <param name="BirthYear">As the account has it; null = it is unknown.</param>
internal sealed record PersonView(
    IReadOnlyList<LinkedAccount> Linked, Stance Stance, IReadOnlyList<Citation> Covering, int? BirthYear)
{
    /// <summary>What was said of less than the account: of certain posts, or of what others write. Latest
    /// first.</summary>
    public IReadOnlyList<NarrowerChoice> Narrower { get; private init; } = [];

    /// <summary>The mandates of this account that are in force.</summary>
    public IReadOnlyList<Choice> Mandates { get; private init; } = [];

    /// <summary>Looks.</summary>
    /// <param name="desk">Where.</param>
    /// <param name="account">Whose.</param>
    /// <param name="stopping">The visitor is gone.</param>
    public static Task<PersonView> Of(Desk desk, Account account, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return desk.Look(() => Of(desk, account), stopping);
    }

    /// <summary>Whether the account may be a minor's under a policy: a birth year is taken as its 31
    /// December.</summary>
    public int? UnderAge(Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Rules.OfType<Rule.Age>().FirstOrDefault() is { AtLeast: var years }
            && BirthYear is { } born && now < new DateTimeOffset(born + years, 12, 31, 0, 0, 0, TimeSpan.Zero)
                ? years
                : null;
    }

    /// <summary>Whether an objection to a purpose stands, by the latest word on it.</summary>
    public bool ObjectsTo(Purpose purpose) =>
        Covering.FirstOrDefault(one => one.Purpose == purpose
            && one.Kind is ChoiceKind.Objection or ChoiceKind.ObjectionLifted) is { Kind: ChoiceKind.Objection };

    /// <summary>Whether a yes to a purpose stands, by the latest word on it.</summary>
    public bool AgreesTo(Purpose purpose, DateTimeOffset now) =>
        Covering.FirstOrDefault(one => one.Purpose == purpose
            && one.Kind is ChoiceKind.Consent or ChoiceKind.Withdrawal or ChoiceKind.Refusal)
            is { Kind: ChoiceKind.Consent } given && (given.Until is not { } until || until > now);

    private static List<NarrowerChoice> NarrowerOf(Engine engine, string account) => engine.Query(
        """
        SELECT kind, made_at, account, forgotten, string_agg(
                scope || coalesce(':' || nullif(scope_service, ''), '') || coalesce(':' || nullif(scope_item, ''), ''),
                '; ' ORDER BY scope_service, scope_item)
        FROM holding
        WHERE holder = $account AND idx NOT IN (SELECT idx FROM account_covering WHERE subject = $account)
        GROUP BY idx, kind, made_at, account, forgotten ORDER BY made_at DESC, idx
        """,
        row => new NarrowerChoice(
            ChoiceKinds.TryParse(row.GetString(0), out ChoiceKind kind)
                ? kind
                : throw new InvalidOperationException($"\"{row.GetString(0)}\" is no kind of choice."),
            new DateTimeOffset(row.GetDateTime(1), TimeSpan.Zero), Account.Parse(row.GetString(2)), row.GetBoolean(3),
            row.GetString(4)),
        ("account", account));

    private static PersonView Of(Desk desk, Account account)
    {
        using var engine = Engine.Open(desk.Workspace.Temporary, EngineLimits.Default, desk.Workspace.ReadKey());
        // What was just received counts, whatever the clocks of two machines say.
        var now = CommittedChoices.NotBefore(desk.Workspace, desk.Clock.UtcNow());
        _ = Inputs.Load(engine, desk.Workspace, now, atCheckpoint: null, about: account);
        Stances.Resolve(engine, desk.Settings.Policy.Purpose);
        var name = account.ToString();
        return new PersonView(
            Links.Of(engine, name), Stances.Of(engine, name) ?? Stance.Nothing, Stances.Covering(engine, name),
            engine.Query(
                "SELECT birth_year FROM accounts_now WHERE account = $account AND birth_year IS NOT NULL",
                row => (int?)row.GetInt32(0), ("account", name)).SingleOrDefault())
        {
            Narrower = NarrowerOf(engine, name),
            Mandates =
            [
                .. MandateBook.Of(desk.Workspace, now, account).Where(one => one.IsInForce)
                    .Select(one => one.Recorded.Choice),
            ],
        };
    }
}
