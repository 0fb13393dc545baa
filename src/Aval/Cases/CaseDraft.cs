using Aval.Documents;
using Aval.Requests;
using Aval.Terms;

namespace Aval.Cases;

/// <summary>What is drafted of a case.</summary>
internal enum DraftKind
{
    /// <summary>Mise en demeure.</summary>
    Notice,

    /// <summary>With an undertaking to be signed.</summary>
    CeaseAndDesist,

    /// <summary>To an authority.</summary>
    Complaint,

    /// <summary>To a court.</summary>
    Injunction,

    /// <summary>Of the other side.</summary>
    Answer,
}

/// <summary>
/// A draft of a case: numbered allegations, each with its evidence and the one command that verifies it; what is asked
/// for; the deadline. Where a lawyer must write there is a blank, and nothing is written in their place.
/// </summary>
internal sealed class CaseDraft
{
    private readonly Case _case;
    private readonly DraftKind _kind;
    private readonly WorkingDays _working;
    private readonly CaseText _text;
    private readonly DocumentText _words;

    private CaseDraft(Case whole, DraftKind kind, string language, WorkingDays working) =>
        (_case, _kind, _working, _text, _words) =
            (whole, kind, working, CaseText.Of(language), DocumentText.Of(language));

    /// <summary>The draft as a document.</summary>
    /// <param name="whole">The case.</param>
    /// <param name="kind">What is drafted.</param>
    /// <param name="language">In which language.</param>
    /// <param name="working">The workspace's working days.</param>
    public static Document Of(Case whole, DraftKind kind, string language, WorkingDays working)
    {
        ArgumentNullException.ThrowIfNull(whole);
        return new CaseDraft(whole, kind, language, working).Write();
    }

    private Document Write()
    {
        var kind = RequestWords.Kebab(_kind);
        List<Block> blocks =
        [
            new Paragraph([Piece.Strong(_case.Title)]),
            new Paragraph(_text.Advice),
            new Heading(1, _text.Parties), .. Parties(),
            new Paragraph(_text.Opening[kind]),
            new Heading(1, _text.Standing), .. Standing(),
        ];
        if (_kind is not DraftKind.Answer)
            blocks.AddRange([new Heading(1, _text.Facts), Blank(_text.Story)]);
        blocks.AddRange([new Heading(1, _text.Allegations), new NumberedList([.. _case.Allegations.Select(Allegation)]),
            Blank(_text.Reasons)]);
        if (_kind is not DraftKind.Answer)
            blocks.AddRange([new Heading(1, _text.Remedies), .. Remedies()]);
        if (Undertakings() is { Length: > 0 } undertakings)
            blocks.AddRange([new Heading(1, _text.Undertakings), .. undertakings]);
        if (_kind is DraftKind.Notice or DraftKind.CeaseAndDesist)
            blocks.AddRange([new Heading(1, _text.Deadline), .. Deadline()]);
        if (_kind is DraftKind.Injunction)
            blocks.AddRange([new Heading(1, _text.Urgency), .. Urgency(), Blank(_text.Value)]);
        blocks.AddRange([new Heading(1, _text.Signature), Blank(_text.Signed)]);
        // As of the case's last step, and not of now: the same case has the same draft.
        return new Document(_text.Language, _text.Title[kind], _case.History[^1].At, blocks);
    }

    private IEnumerable<Block> Parties()
    {
        foreach (var party in _case.Parties)
            yield return new Paragraph([
                Piece.Strong(_text.Role[RequestWords.Kebab(party.Role)] + _text.Colon), Piece.Plain(party.Name),
                Piece.Plain(", "),
                party.Address is { } address
                    ? Piece.Plain(address)
                    : Piece.Blank(DocumentText.Fill(_text.AddressOf, ("name", party.Name))),
            ]);
        if (_kind is DraftKind.Complaint or DraftKind.Injunction
            && !_case.Parties.Any(party => party.Role is PartyRole.Court or PartyRole.Authority))
            yield return Blank(_text.Court);
    }

    private IEnumerable<Block> Standing()
    {
        yield return new Paragraph(_text.Footing[RequestWords.Kebab(_case.Footing)]);
        if (_case.Footing != Footing.OwnRight)
            yield return _case.National is { } national ? new Paragraph(national) : Blank(_text.National);
        if (_kind is DraftKind.Complaint or DraftKind.Injunction)
            yield return Blank(_text.Jurisdiction);
    }

    private ListItem Allegation(Allegation one)
    {
        var below = new List<IReadOnlyList<Piece>>
        {
            new[] { Piece.Plain(DocumentText.Fill(_text.Infringes, ("law", string.Join("; ", one.Law)))) },
        };
        var answer = _case.Standing.GetValueOrDefault(one.Number);
        if (_kind is DraftKind.Answer)
        {
            below.Add([answer is null ? Piece.Blank(_text.NoAnswer) : Piece.Strong(DocumentText.Fill(
                _text.Answer[RequestWords.Kebab(answer.Kind)], ("text", answer.Text)))]);
            below.AddRange((answer?.Evidence ?? []).SelectMany(id => Shown(_case.Require(id))));
        }
        else
        {
            if (one.Evidence.Count == 0)
                below.Add([Piece.Blank(_text.NoEvidence)]);
            below.AddRange(one.Evidence.SelectMany(id => Shown(_case.Require(id))));
        }

        return new ListItem([Piece.Plain(one.Text)], below);
    }

    private IEnumerable<IReadOnlyList<Piece>> Shown(Evidence evidence)
    {
        // What a machine found is in its own language; in the paper's stands what somebody called it.
        var called = evidence.Title == evidence.Shows ? "" : _text.Colon + evidence.Title;
        yield return [Piece.Plain(DocumentText.Fill(
            _text.Evidence, ("id", evidence.Id), ("kind", _text.Kind[RequestWords.Kebab(evidence.Kind)]),
            ("shows", called)))];
        if (Verifying.Command(evidence, key => CaseBundle.KeyFile(_case, key)) is { } command)
            yield return [Piece.Plain(_text.Verify), Piece.Code(command)];
        else
            yield return [Piece.Plain(_text.Bytes), Piece.Code(evidence.Files[0].Sha256)];
    }

    private IEnumerable<Block> Remedies() => _case.Remedies.Count == 0
        ? [Blank(_text.Nothing)]
        : [new NumberedList([.. _case.Remedies.Select(one => new ListItem([Piece.Plain(one.Text)], []))])];

    // What was promised, in an answer; what is to be, in a letter that asks for it, with what a breach costs.
    private Block[] Undertakings() => _kind switch
    {
        DraftKind.Answer =>
        [
            .. _case.Standing.Values.OrderBy(answer => answer.Allegation).Select(answer => answer.Undertaking)
                .OfType<Undertaking>().Select(one => new Paragraph([
                    Piece.Plain(DocumentText.Fill(
                        _text.Promise, ("date", _words.Day(one.By)), ("text", one.Text)) + "\n"),
                    Penalty(one.Penalty),
                ])),
        ],
        DraftKind.Notice or DraftKind.CeaseAndDesist =>
        [
            .. _case.Remedies.Select(one => new Paragraph([
                Piece.Plain(DocumentText.Fill(_text.Asked, ("text", one.Text)) + "\n"), Penalty(one.Penalty),
            ])),
        ],
        DraftKind.Complaint or DraftKind.Injunction => [],
    };

    private Piece Penalty(string? penalty) => penalty is null
        ? Piece.Blank(_text.NoPenalty)
        : Piece.Plain(DocumentText.Fill(_text.Penalty, ("penalty", penalty)));

    private IEnumerable<Block> Deadline()
    {
        if (_case.Deadline is not { } deadline)
        {
            yield return Blank(_text.NoDeadline);
            yield break;
        }

        yield return new Paragraph([Piece.Strong(DocumentText.Fill(
            _text.Until, ("date", _words.Day(deadline.LastDay(_working)))))]);
        if (deadline.From is { } from && TermLaws.TryParse(deadline.Law, out var law))
            yield return new Paragraph(DocumentText.Fill(
                _text.Term, ("term", Counted(deadline.Term!)), ("from", _words.Day(from)),
                ("law", _text.Law[law.ToText()])));
    }

    private IEnumerable<Block> Urgency() => _case.UrgentFrom is { } from
        ? [
            new Paragraph(DocumentText.Fill(
                _text.UrgentFrom, ("from", _words.Day(from)),
                ("date", _words.Day(new UrgencyClock(from).LastDay)))), Blank(_text.UrgentNote),
        ]
        : [Blank(_text.UrgentNote)];

    private string Counted(string term) => term.Split(' ') is [var count, var unit]
        ? $"{count}\u00a0{_text.Unit[unit]}"
        : term;

    private static Paragraph Blank(string what) => new([Piece.Blank(what)]);
}
