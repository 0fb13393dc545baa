using System.Text.Json.Serialization;
using Aval.Terms;

namespace Aval.Cases;

/// <summary>Somebody in a case.</summary>
/// <param name="Role">As what.</param>
/// <param name="Name">Their name.</param>
/// <param name="Address">Where they are reached.</param>
/// <param name="Accounts">The accounts that are theirs: a bundle holds nothing about any other.</param>
internal sealed record Party(PartyRole Role, string Name, string? Address, IReadOnlyList<string> Accounts);

/// <summary>One sentence of what is alleged.</summary>
/// <param name="Number">From 1, in order; never given to another.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Law">What it breaks, article by article.</param>
/// <param name="Evidence">The ids of what shows it.</param>
internal sealed record Allegation(int Number, string Text, IReadOnlyList<string> Law, IReadOnlyList<string> Evidence);

/// <summary>A file of a piece of evidence, kept under its SHA-256.</summary>
/// <param name="Role">What it is there for: the word of a kind of evidence, or that of what lies beside it.</param>
/// <param name="Name">Its name in a bundle.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Bytes">How many.</param>
internal sealed record EvidenceFile(string Role, string Name, string Sha256, long Bytes);

/// <summary>A piece of evidence.</summary>
/// <param name="Id"><c>e1</c> and so on; never given to another.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Files">At least one; the first is it.</param>
/// <param name="Keys">The public keys under which it was verified.</param>
/// <param name="Accounts">Whom it is about.</param>
/// <param name="Shows">What was found when it was checked, in a sentence.</param>
internal sealed record Evidence(
    string Id, EvidenceKind Kind, string Title, IReadOnlyList<EvidenceFile> Files, IReadOnlyList<string> Keys,
    IReadOnlyList<string> Accounts, string Shows);

/// <summary>Something that is asked for.</summary>
/// <param name="Text">What.</param>
/// <param name="Penalty">What each breach costs; null = none is asked for.</param>
internal sealed record Remedy(string Text, string? Penalty);

/// <summary>What somebody binds themselves to do. An order by <c>self</c> is made of it, and its breach is found by the
/// gate that finds any order's.</summary>
/// <param name="Text">The operative sentence.</param>
/// <param name="By">From when it holds, or by when it is done.</param>
/// <param name="Effects">What it does; at least one.</param>
/// <param name="Penalty">What each breach costs; null = none was promised.</param>
internal sealed record Undertaking(
    string Text, DateOnly By, IReadOnlyList<UndertakingEffect> Effects, string? Penalty);

/// <summary>What was answered to an allegation. The last one counts; those before it stay.</summary>
/// <param name="Allegation">Its number.</param>
/// <param name="Kind">What is said.</param>
/// <param name="Text">In words.</param>
/// <param name="Evidence">The ids of what shows it; at least one where it contests.</param>
/// <param name="Undertaking">Where it undertakes.</param>
/// <param name="At">When.</param>
internal sealed record AllegationAnswer(
    int Allegation, AnswerKind Kind, string Text, IReadOnlyList<string> Evidence, Undertaking? Undertaking,
    DateTimeOffset At);

/// <summary>Until when something has to be done: a date that a letter sets, or a term.</summary>
/// <param name="Set">The date; null = it is a term.</param>
/// <param name="From">The day of the event from which the term runs.</param>
/// <param name="Term">How long, as <see cref="Terms.Term"/> is written.</param>
/// <param name="Law">By whose rule, a word of <see cref="TermLaws"/>.</param>
/// <param name="Place">Whose holidays, a code of <see cref="Jurisdictions"/>; null = Saturdays and Sundays
/// alone.</param>
internal sealed record CaseDeadline(DateOnly? Set, DateOnly? From, string? Term, string? Law, string? Place)
{
    /// <summary>The last day.</summary>
    /// <param name="working">The workspace's working days, which stand for those of its own jurisdiction.</param>
    public DateOnly LastDay(WorkingDays working)
    {
        ArgumentNullException.ThrowIfNull(working);
        if (Set is { } day)
            return day;
        if (From is not { } from || !Terms.Term.TryParse(Term, out var term) || !TermLaws.TryParse(Law, out var law))
            throw AvalException.BadInput("A deadline should be a date, or a term with the day from which it runs and "
                + $"its rule ({string.Join(", ", TermLaws.All)}), and this one is neither. Nothing was done.");
        return term.LastDay(from, law, DaysOf(working));
    }

    private WorkingDays DaysOf(WorkingDays working) => Jurisdictions.TryParse(Place, out var place)
        ? working.Jurisdiction == place ? working : WorkingDays.Weekdays.Of(place)
        : WorkingDays.Weekdays;
}

/// <summary>A step of a case's history.</summary>
/// <param name="At">When.</param>
/// <param name="By">By whom.</param>
/// <param name="What">What was done, in a sentence.</param>
/// <param name="Content">SHA-256 of all of the case but its history, as it was after the step.</param>
/// <param name="Chain">SHA-256 over the step before and this one: no step is taken out or changed unseen.</param>
internal sealed record CaseStep(DateTimeOffset At, string By, string What, string Content, string Chain);

/// <summary>
/// A case: the file to open first in this room. It is kept as canonical JSON in <c>cases/NAME/case.json</c>
/// (docs/formats/case.md), beside its evidence, each file under its hash. It names people, and is its owner's alone.
/// </summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Jurisdiction">The member state whose law applies, by ISO 3166.</param>
/// <param name="Footing">On what whoever acts stands.</param>
internal sealed record Case(string Name, CaseKind Kind, string Title, string Jurisdiction, Footing Footing)
{
    /// <summary>What the file is, and which version of its shape.</summary>
    public const string FormatName = "aval-case/1";

    /// <summary>What the file is, and which version of its shape.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>What the member state has made of the footing: the lawyer's to say.</summary>
    public string? National { get; init; }

    /// <summary>The court's or authority's file number.</summary>
    public string? FileNumber { get; init; }

    /// <summary>A claimant and a respondent at least.</summary>
    public IReadOnlyList<Party> Parties { get; init; } = [];

    /// <summary>What is alleged, in order.</summary>
    public IReadOnlyList<Allegation> Allegations { get; init; } = [];

    /// <summary>What shows it.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>What is asked for.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>What was answered, in the order in which it was.</summary>
    public IReadOnlyList<AllegationAnswer> Answers { get; init; } = [];

    /// <summary>Until when; null = nothing is set.</summary>
    public CaseDeadline? Deadline { get; init; }

    /// <summary>The day of the announcement or of the first knowledge of it; null = nobody asks for haste.</summary>
    public DateOnly? UrgentFrom { get; init; }

    /// <summary>When it was closed.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How it ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>What was done, oldest first.</summary>
    public IReadOnlyList<CaseStep> History { get; init; } = [];

    /// <summary>The accounts that are a party's.</summary>
    [JsonIgnore]
    public IReadOnlySet<string> PartyAccounts =>
        Parties.SelectMany(party => party.Accounts).ToHashSet(StringComparer.Ordinal);

    /// <summary>What counts of what was answered, by the allegation's number.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<int, AllegationAnswer> Standing =>
        Answers.GroupBy(answer => answer.Allegation).ToDictionary(said => said.Key, said => said.Last());

    /// <summary>Whether its deadline is over and it is open.</summary>
    public bool IsOverdue(WorkingDays working, DateTimeOffset now) =>
        ClosedAt is null && Deadline is { } deadline && Requests.Deadline.End(deadline.LastDay(working)) <= now;

    /// <summary>Its piece of evidence of an id.</summary>
    /// <exception cref="AvalException">Usage: there is none.</exception>
    public Evidence Require(string id) => Evidence.FirstOrDefault(one => one.Id == id)
        ?? throw AvalException.Usage($"The case {Name} has no evidence \"{id}\"; it has "
            + $"{(Evidence.Count == 0 ? "none" : string.Join(", ", Evidence.Select(one => one.Id)))}. Nothing was "
            + $"done. See: aval case show {Name}");

    /// <summary>Its allegation of a number.</summary>
    /// <exception cref="AvalException">Usage: there is none.</exception>
    public Allegation Require(int number) => Allegations.FirstOrDefault(one => one.Number == number)
        ?? throw AvalException.Usage($"The case {Name} has no allegation {number}; it has {Allegations.Count}. "
            + $"Nothing was done. See: aval case show {Name}");
}
