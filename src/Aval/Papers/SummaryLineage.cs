using System.Text.Json;
using Aval.Documents;

namespace Aval.Papers;

/// <summary>
/// What the lineage of a model answers to the fields of the summary: which releases went into it over any number of
/// steps, and what they hold. The register knows what was registered: that nothing else went in is for the provider to
/// confirm, and each such answer says so.
/// </summary>
internal sealed class SummaryLineage
{
    private const string AiInteraction = "ai-interaction";
    private const long Billion = 1_000_000_000;

    private readonly Sheet _sheet;
    private readonly string _model;
    private readonly string[] _releases;
    private readonly string[] _from;

    // An erasure took a release, and what it said of itself.
    private readonly bool _isIncomplete;

    /// <summary>Of a model.</summary>
    public SummaryLineage(Sheet sheet, string model)
    {
        (_sheet, _model) = (sheet, model);
        var named = Texts("releases");
        _releases =
        [
            .. named.Where(release =>
                sheet.Sources.Find(PaperSources.Facts, PaperSources.Pointer("releases", release)) is not null),
        ];
        _isIncomplete = _releases.Length < named.Length;
        _from = Texts("from");
    }

    /// <summary>The answer to a field.</summary>
    public IReadOnlyList<Piece> Answer(string field) => field switch
    {
        "0.a" => _sheet.Filled("answer-0.a", ("blank", _sheet.Blank("blank-versions"))),
        "0.b" => [_sheet.Fact(FigureForm.Day, "at")],
        "1.1.a" =>
        [
            _sheet.Fact(FigureForm.Name, "controller"), Piece.Plain(". "), _sheet.Blank("blank-contact"),
        ],
        "1.1.b" => [_sheet.Blank("blank-authorised")],
        "1.2.a" => [Piece.Plain(_model)],
        "1.2.b" => _from.Length == 0
            ? Confirmed("answer-no-base")
            : [Piece.Plain(string.Join(", ", _from) + ". "), _sheet.Blank("blank-base-summaries")],
        "1.2.c" => _sheet.Sources.Find(PaperSources.Facts, Of("first_given")) is null
            ? [_sheet.Words("answer-not-given"), Piece.Plain(" "), _sheet.Blank("blank-placed")]
            : _sheet.Filled("answer-given", ("day", Model(FigureForm.Day, "first_given")),
                ("blank", _sheet.Blank("blank-placed"))),
        "1.3.b" => Size(),
        "1.3.c" => Slices("by_kind", "answer-kinds"),
        "1.3.d" => Latest(),
        "1.3.e" => Slices("by_language", "answer-languages"),
        "1.3.g" => Tokenizer(),
        "2.4.a" => YesOrNo(Has("by_kind", AiInteraction), "answer-interactions"),
        "2.4.b" => YesOrNo(_releases.Length > 0, "answer-services-used"),
        "2.4.c" => Slices("by_service", "answer-services"),
        "2.4.e" => Rights(),
        "2.5.a" => IsDistilled ? [_sheet.Words("yes")] : Confirmed("answer-no-synthetic"),
        "2.5.c" or "2.5.d" when IsDistilled => [Piece.Plain(string.Join(", ", _from))],
        "1.3.a" or "2.4.d" or "2.5.b" => [_sheet.Words("answer-text-only")],
        "2.1.a" or "2.2.1.a" or "2.2.2.a" or "2.3.a" or "2.6.a" => Confirmed("answer-no-source"),
        "3.1.a" => [_sheet.Blank("blank-signatory")],
        "3.1.b" => [_sheet.Words("answer-3.1.b"), Piece.Plain(" "), _sheet.Blank("blank-reservations")],
        "3.1.c" => [_sheet.Blank("blank-copyright")],
        "3.2.a" => [_sheet.Blank("blank-illegal")],
        "3.3.a" => Processing(),
        "1.3.f" => [_sheet.Blank("blank-demography")],
        _ => [_sheet.Words("not-applicable")],
    };

    private bool IsDistilled =>
        _sheet.Sources.Find(PaperSources.Facts, Of("distilled")) is { ValueKind: JsonValueKind.True };

    private IReadOnlyList<Piece> Confirmed(string sentence) =>
        _sheet.Filled(sentence, ("blank", _sheet.Blank("blank-confirm")));

    // What is known of some of the releases says nothing about what was in the others.
    private List<Piece> YesOrNo(bool isYes, string sentence) => !isYes && _isIncomplete
        ? [_sheet.Blank("blank-gone")]
        :
        [
            _sheet.Words(isYes ? "yes" : "no"), Piece.Plain(" "), _sheet.Words($"{sentence}-{(isYes ? "yes" : "no")}"),
        ];

    private IReadOnlyList<Piece> Gone() => _isIncomplete ? [Piece.Plain(" "), _sheet.Blank("blank-gone")] : [];

    private IReadOnlyList<Piece> Size()
    {
        if (_sheet.Sources.Find(PaperSources.Facts, Of("tokens")) is { } tokens)
            return _sheet.Filled("answer-size", ("tokens", Model(FigureForm.Count, "tokens")), ("range", _sheet.Words(
                tokens.GetInt64() switch
                {
                    < Billion => "range-small",
                    <= 10_000 * Billion => "range-middle",
                    _ => "range-large",
                })));
        var all = new List<Piece>();
        foreach (var release in _releases)
            all.AddRange(_sheet.Filled("answer-rows", ("release", Piece.Plain(release)),
                ("rows", Release(FigureForm.Count, release, "rows")),
                ("bytes", Release(FigureForm.Count, release, "shard_bytes"))));
        if (_isIncomplete)
            all.AddRange([_sheet.Blank("blank-gone"), Piece.Plain(" ")]);
        return [.. all, _sheet.Blank("blank-tokens")];
    }

    private IReadOnlyList<Piece> Latest() => _releases.Length == 0
        ? [_sheet.Blank("blank-sources")]
        :
        [
            .. _releases.SelectMany(release => _sheet.Filled("answer-latest", ("release", Piece.Plain(release)),
                ("day", Release(FigureForm.Day, release, "as_of")))),
            _sheet.Blank("blank-continuous"), .. Gone(),
        ];

    private IReadOnlyList<Piece> Tokenizer() =>
        _sheet.Sources.Find(PaperSources.Facts, Of("tokenizer")) is null
            ? [_sheet.Words("not-applicable")]
            : _sheet.Filled("answer-tokenizer", ("tokenizer", Model(FigureForm.Name, "tokenizer")));

    private List<Piece> Slices(string slice, string sentence)
    {
        var all = new List<Piece>();
        foreach (var release in _releases)
        {
            all.AddRange(_sheet.Filled(sentence, ("release", Piece.Plain(release))));
            var of = Admitted(release, slice).ToArray();
            for (var at = 0; at < of.Length; at++)
            {
                all.AddRange([Piece.Plain(at > 0 ? ", " : " "), _sheet.Name(of[at]), Piece.Plain(" (")]);
                all.Add(_sheet.Figure(RecordPaper.Accounting(release), PaperSources.Pointer(slice, of[at], "admitted"),
                    FigureForm.Count));
                all.Add(Piece.Plain(")"));
            }

            all.Add(Piece.Plain(". "));
        }

        return all.Count == 0 ? [_sheet.Blank("blank-sources")] : [.. all, .. Gone()];
    }

    private List<Piece> Rights()
    {
        var all = new List<Piece>();
        foreach (var release in _releases)
            all.AddRange(_sheet.Filled("answer-rights", ("release", Piece.Plain(release)),
                ("basis", Release(FigureForm.Name, release, "basis")),
                ("policy", Release(FigureForm.Name, release, "policy")),
                ("honoured", Release(FigureForm.Count, release, "choices_honoured"))));
        return [.. all, _sheet.Blank("blank-notice"), .. Gone()];
    }

    private List<Piece> Processing()
    {
        var all = new List<Piece>();
        foreach (var release in _releases)
            all.AddRange(_sheet.Filled("answer-processing", ("release", Piece.Plain(release)),
                ("read", Release(FigureForm.Count, release, "read")),
                ("rows", Release(FigureForm.Count, release, "rows"))));
        return all.Count == 0 && !_isIncomplete ? [_sheet.Words("not-applicable")] : [.. all, .. Gone()];
    }

    private bool Has(string slice, string name) =>
        _releases.Any(release => Admitted(release, slice).Contains(name, StringComparer.Ordinal));

    private IEnumerable<string> Admitted(string release, string slice) =>
        _sheet.Sources.Members(RecordPaper.Accounting(release), $"/{slice}")
            .Where(one => one.Value.GetProperty("admitted").GetInt64() > 0).Select(one => one.Name);

    private Piece Model(FigureForm form, string what) => _sheet.Fact(form, "models", _model, what);

    private Piece Release(FigureForm form, string release, string what) =>
        _sheet.Fact(form, "releases", release, what);

    private string Of(string what) => PaperSources.Pointer("models", _model, what);

    private string[] Texts(string what) =>
        _sheet.Sources.Find(PaperSources.Facts, Of(what)) is { } all
            ? [.. all.EnumerateArray().Select(one => one.GetString()!)]
            : [];
}
