using System.Globalization;
using Aval.Ledger;
using Aval.Requests;

namespace Aval.Cases;

/// <summary>What can be done to a case that is open, each one step of its history.</summary>
internal static class CaseSteps
{
    /// <summary>Adds a piece of evidence, once it was checked, and ties it to allegations.</summary>
    /// <param name="workspace">Where the case is.</param>
    /// <param name="name">Which.</param>
    /// <param name="offered">The evidence.</param>
    /// <param name="title">In a few words; null = what it shows.</param>
    /// <param name="allegations">The numbers of the allegations that it shows.</param>
    /// <param name="at">When.</param>
    /// <param name="by">By whom.</param>
    public static Case AddEvidence(
        Workspace workspace, string name, OfferedEvidence offered, string? title, IReadOnlyList<int> allegations,
        DateTimeOffset at, string by)
    {
        ArgumentNullException.ThrowIfNull(offered);
        ArgumentNullException.ThrowIfNull(allegations);
        // What does not verify is refused before anything is kept, and so is what shows an allegation that is none.
        return AddChecked(
            workspace, name, offered.Kind, EvidenceCheck.Of(offered), title, allegations, at, by);
    }

    /// <summary>Lists the members of a case, and adds the list as evidence.</summary>
    /// <param name="workspace">Where the case is.</param>
    /// <param name="asked">Whose members.</param>
    /// <param name="title">In a few words; null = what it shows.</param>
    /// <param name="by">By whom.</param>
    public static Case AddMembers(Workspace workspace, MembersAsked asked, string? title, string by)
    {
        ArgumentNullException.ThrowIfNull(asked);
        _ = CaseFolder.Require(workspace, asked.Case);
        var list = CaseMembers.List(workspace, asked);
        return AddChecked(
            workspace, asked.Case, EvidenceKind.MemberList, EvidenceCheck.OfMembers(list, LedgerKeys.Of(workspace)),
            title, [], asked.At, by);
    }

    /// <summary>Opens a member of a list, and takes down that it was done: without the account, by the entry.</summary>
    /// <param name="workspace">Where the case is.</param>
    /// <param name="name">Which.</param>
    /// <param name="id">The list; null = the last one.</param>
    /// <param name="account">Whose mandate.</param>
    /// <param name="agreement">SHA-256 of what the member agreed by.</param>
    /// <param name="at">When.</param>
    /// <param name="by">By whom.</param>
    public static (MemberOpening Opening, Evidence List) OpenMember(
        Workspace workspace, string name, string? id, Account account, Hash agreement, DateTimeOffset at, string by)
    {
        var before = CaseFolder.Require(workspace, name);
        var list = id is null
            ? before.Evidence.LastOrDefault(one => one.Kind == EvidenceKind.MemberList)
            : before.Require(id);
        if (list is not { Kind: EvidenceKind.MemberList })
            throw AvalException.Usage($"{id ?? $"The case {name}"} is no list of members, or has none. Nothing was "
                + $"done. Make one with: aval case members {name} --association ID");
        var opening = CaseMembers.Open(
            workspace, CaseFolder.Bytes(workspace, name, list.Files[0]), account, agreement);
        CaseFolder.Step(workspace, name, at, by, now =>
            (now, $"opened the member of entry {opening.Receipt.Inclusion.Index} of {list.Id}, who agreed by SHA-256 "
                + agreement.ToHex()));
        return (opening, list);
    }

    private static Case AddChecked(
        Workspace workspace, string name, EvidenceKind kind, CheckedEvidence found, string? title,
        IReadOnlyList<int> allegations, DateTimeOffset at, string by)
    {
        var before = CaseFolder.Require(workspace, name);
        foreach (var number in allegations)
            _ = before.Require(number);
        EvidenceFile[] files =
        [
            .. found.Files.Select(file => CaseFolder.Keep(workspace, name, file.Role, file.Name, file.Bytes)),
        ];
        return CaseFolder.Step(workspace, name, at, by, now =>
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"e{now.Evidence.Count + 1}");
            var added = new Evidence(
                id, kind, title ?? found.Shows, files, [.. found.Keys.Select(key => key.ToString())],
                found.Accounts, found.Shows);
            return (now with
            {
                Evidence = [.. now.Evidence, added],
                Allegations =
                [
                    .. now.Allegations.Select(one => allegations.Contains(one.Number)
                        ? one with { Evidence = [.. one.Evidence, id] }
                        : one),
                ],
            }, $"added {id}, {RequestWords.Kebab(kind)}, SHA-256 {files[0].Sha256}");
        });
    }

    /// <summary>Adds an allegation.</summary>
    /// <param name="now">The case.</param>
    /// <param name="text">The sentence.</param>
    /// <param name="law">What it breaks; at least one.</param>
    /// <param name="evidence">The ids of what shows it.</param>
    public static (Case Now, string What) AddAllegation(
        Case now, string text, IReadOnlyList<string> law, IReadOnlyList<string> evidence)
    {
        ArgumentNullException.ThrowIfNull(now);
        Written(text, "An allegation");
        if (law.Count == 0)
            throw AvalException.Usage("An allegation says what it breaks, article by article: --law \"GDPR 21(3)\". "
                + "Nothing was done.");
        foreach (var id in evidence)
            _ = now.Require(id);
        var number = now.Allegations.Count + 1;
        return (now with { Allegations = [.. now.Allegations, new Allegation(number, text, law, evidence)] },
            string.Create(CultureInfo.InvariantCulture, $"added allegation {number}"));
    }

    /// <summary>Adds a remedy.</summary>
    public static (Case Now, string What) AddRemedy(Case now, string text, string? penalty)
    {
        ArgumentNullException.ThrowIfNull(now);
        Written(text, "A remedy");
        return (now with { Remedies = [.. now.Remedies, new Remedy(text, penalty)] },
            string.Create(CultureInfo.InvariantCulture, $"added remedy {now.Remedies.Count + 1}"));
    }

    /// <summary>Answers an allegation.</summary>
    /// <exception cref="AvalException">Usage: it contests with nothing that shows it, or undertakes
    /// nothing.</exception>
    public static (Case Now, string What) Answer(Case now, AllegationAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(answer);
        _ = now.Require(answer.Allegation);
        Written(answer.Text, "An answer");
        foreach (var id in answer.Evidence)
            _ = now.Require(id);
        if (answer.Kind == AnswerKind.Contest && answer.Evidence.Count == 0)
            throw AvalException.Usage($"Allegation {answer.Allegation} is contested with evidence: name it with "
                + "--with e1, once it was added (aval case add). Nothing was done.");
        if (answer.Kind == AnswerKind.Undertake != answer.Undertaking is not null)
            throw AvalException.Usage("An undertaking has a day and effects, and no other answer has: --by-date "
                + $"2025-05-27 --effect stop (of {CaseWords.List<UndertakingEffect>()}). Nothing was done.");
        return (now with { Answers = [.. now.Answers, answer] },
            string.Create(
                CultureInfo.InvariantCulture,
                $"answered allegation {answer.Allegation}: {RequestWords.Kebab(answer.Kind)}"));
    }

    /// <summary>Closes it.</summary>
    public static (Case Now, string What) Close(Case now, string outcome, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(now);
        Written(outcome, "An outcome");
        return (now with { ClosedAt = at, Outcome = outcome }, $"closed: {outcome}");
    }

    private static void Written(string text, string what)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw AvalException.Usage($"{what} is a sentence, and this one is empty. Nothing was done.");
    }
}
