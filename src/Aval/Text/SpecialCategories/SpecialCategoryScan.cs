using System.Buffers;

namespace Aval.Text.SpecialCategories;

/// <summary>
/// One pass over a text with all lexicons side by side. At each word the longest term of a language counts and hides
/// the terms that it is made of; a sentence's points are those of its terms, more where somebody speaks of himself,
/// less where it is news; a text has the points of the sentence that has most. Which languages count is told by their
/// frequent words. Used again for text after text, by one thread.
/// </summary>
internal sealed class SpecialCategoryScan
{
    // What follows a "not" or a "Mr" within so many words is meant by it.
    private const int Denied = 4, Named = 2;
    // Who writes without stops still changes his subject.
    private const int LongestSentence = 40;
    private const int MostLessening = 12;
    private static readonly int Categories = Aval.SpecialCategories.All.Count;
    private static readonly string[] Languages = [.. Aval.SpecialCategories.Languages];
    private readonly Lexicon _lexicon = Lexicon.Shipped;
    private readonly LanguageScan[] _scans = [.. Languages.Select(_ => new LanguageScan())];
    private readonly Term?[] _longest = new Term?[Languages.Length];
    private readonly int[] _ends = new int[Languages.Length];
    private bool _quoted;
    private int _word, _sentenceFrom, _titleEnd;

    /// <summary>The points of one category.</summary>
    public int Points(SpecialCategory category)
    {
        var most = 0;
        foreach (var scan in _scans)
        {
            if (scan.Counts)
                most = Math.Max(most, scan.Best[(int)category]);
        }

        return Math.Min(most, SpecialCategoryFinder.Certain);
    }

    /// <summary>The most points that any of some categories has.</summary>
    /// <param name="categories">A bit each.</param>
    public int MostPoints(int categories)
    {
        var most = 0;
        for (var category = 0; category < Categories; category++)
        {
            if ((categories & (1 << category)) != 0)
                most = Math.Max(most, Points((SpecialCategory)category));
        }

        return most;
    }

    /// <summary>Whether a language's terms count in this text.</summary>
    public bool Counts(string language) => _scans[Array.IndexOf(Languages, language)].Counts;

    /// <summary>Goes over a text.</summary>
    /// <param name="text">UTF-16, however broken.</param>
    /// <param name="hint">What is known of its language; empty = nothing.</param>
    /// <param name="found">Receives each term that reveals; null = nobody asks.</param>
    public void Run(ReadOnlySpan<char> text, ReadOnlySpan<char> hint, List<FoundTerm>? found)
    {
        foreach (var scan in _scans)
            scan.Begin();
        (_quoted, _word, _sentenceFrom, _titleEnd) = (false, 0, 0, -1);
        var most = FoldedText.MostBytes(text.Length);
        var folded = ArrayPool<byte>.Shared.Rent(most);
        var places = found is null ? [] : new int[most];
        try
        {
            Run(folded.AsSpan(0, FoldedText.Fold(text, folded, places)), places, found);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(folded);
        }

        EndSentence();
        Choose(hint);
    }

    private void Run(ReadOnlySpan<byte> folded, ReadOnlySpan<int> places, List<FoundTerm>? found)
    {
        var at = 0;
        while (at < folded.Length)
        {
            switch (folded[at])
            {
                case FoldedText.Space:
                    at++;
                    continue;
                case FoldedText.Quote:
                    _quoted = !_quoted;
                    at++;
                    continue;
                // "Mr." ends no sentence.
                case FoldedText.Stop when at == _titleEnd:
                    at++;
                    continue;
                case FoldedText.Stop:
                    EndSentence();
                    at++;
                    continue;
                case FoldedText.Line:
                    EndSentence();
                    _quoted = false;
                    at++;
                    continue;
            }

            if (++_word - _sentenceFrom > LongestSentence)
                EndSentence();
            var any = Walk(folded, at);
            for (var language = 0; any && language < Languages.Length; language++)
            {
                if (_longest[language] is not { } term)
                    continue;
                _longest[language] = null;
                if (term.Role is TermRole.Title)
                    _titleEnd = _ends[language];
                var points = _scans[language].Meet(term, _word, _ends[language], _quoted);
                if (points > 0 && found is not null)
                    found.Add(new FoundTerm(term.Category, term.Text, Languages[language], places[at], points));
            }

            at = EndOfWord(folded, at);
        }
    }

    // The longest term of each language that begins here, unless one that began before goes on over it; whether there
    // is any.
    private bool Walk(ReadOnlySpan<byte> folded, int from)
    {
        var trie = _lexicon.Trie;
        var (node, any) = (0, false);
        for (var at = from; at < folded.Length && (node = trie.Next(node, folded[at])) >= 0; at++)
        {
            if (!trie.HasTerms(node))
                continue;
            var endsWord = at + 1 == folded.Length || folded[at + 1] >= FoldedText.Space;
            foreach (var term in trie.TermsAt(node))
            {
                if ((!endsWord && !term.IsPrefix) || from < _scans[term.Language].HiddenTo)
                    continue;
                (_longest[term.Language], _ends[term.Language], any) =
                    (term, endsWord ? at + 1 : EndOfWord(folded, at), true);
            }
        }

        return any;
    }

    private static int EndOfWord(ReadOnlySpan<byte> folded, int at)
    {
        while (at < folded.Length && folded[at] < FoldedText.Space)
            at++;
        return at;
    }

    private void EndSentence()
    {
        foreach (var scan in _scans)
            scan.EndSentence(MostLessening);
        _sentenceFrom = _word;
    }

    // A text's own words say in which languages it is written; a hint is worth three of them. What a hint says is in a
    // language that no lexicon knows needs two to be doubted.
    private void Choose(ReadOnlySpan<char> hint)
    {
        var known = Known(hint);
        var (most, isElsewhere) = (0, !known.IsEmpty);
        for (var language = 0; language < Languages.Length; language++)
        {
            if (known.Equals(Languages[language], StringComparison.OrdinalIgnoreCase))
            {
                _scans[language].Evidence += 3;
                isElsewhere = false;
            }

            most = Math.Max(most, _scans[language].Evidence);
        }

        foreach (var scan in _scans)
        {
            scan.Counts = most == 0
                ? !isElsewhere
                : scan.Evidence * 2 >= most && (!isElsewhere || scan.Evidence >= 2);
        }
    }

    // The primary language of a tag; empty where nothing is said.
    private static ReadOnlySpan<char> Known(ReadOnlySpan<char> hint)
    {
        var end = hint.IndexOfAny('-', '_');
        var primary = end < 0 ? hint : hint[..end];
        return primary is "und" ? [] : primary;
    }

    /// <summary>What one language's lexicon makes of a text.</summary>
    private sealed class LanguageScan
    {
        private readonly int[] _points = new int[Categories];
        private readonly Term?[] _last = new Term?[Categories];
        private bool _any;
        private int _self, _carried, _lessening, _deniedTo, _namedTo;

        public int[] Best { get; } = new int[Categories];

        public int Evidence { get; set; }

        public bool Counts { get; set; }

        public int HiddenTo { get; private set; }

        public void Begin()
        {
            Array.Clear(Best);
            Array.Clear(_points);
            Array.Clear(_last);
            (_any, Counts) = (false, false);
            (_self, _carried, _lessening, _deniedTo, _namedTo, Evidence, HiddenTo) = (0, 0, 0, 0, 0, 0, 0);
        }

        /// <summary>Counts a term, and answers with the points it gave.</summary>
        public int Meet(Term term, int word, int end, bool quoted)
        {
            HiddenTo = end;
            switch (term.Role)
            {
                case TermRole.Reveals:
                    return Reveal(term, word, quoted);
                case TermRole.Self:
                    Evidence++;
                    if (!quoted)
                        _self = Math.Max(_self, term.Weight);
                    break;
                case TermRole.Negation:
                    Evidence++;
                    _deniedTo = word + Denied;
                    break;
                case TermRole.Lessens:
                    _lessening += term.Weight;
                    break;
                case TermRole.Title:
                    _namedTo = word + Named;
                    break;
                case TermRole.Common:
                    Evidence++;
                    break;
                case TermRole.Idiom:
                    break;
            }

            return 0;
        }

        public void EndSentence(int mostLessening)
        {
            if (_any)
            {
                var around = Math.Max(_self, _carried / 2) - Math.Min(_lessening, mostLessening);
                for (var category = 0; category < Categories; category++)
                {
                    if (_points[category] > 0)
                        Best[category] = Math.Max(Best[category], _points[category] + around);
                }

                Array.Clear(_points);
                Array.Clear(_last);
                _any = false;
            }

            (_carried, _self, _lessening, _deniedTo, _namedTo) = (_self, 0, 0, 0, 0);
        }

        // A term that is said twice in a row says no more than once.
        private int Reveal(Term term, int word, bool quoted)
        {
            var category = (int)term.Category;
            if (word <= _namedTo || term == _last[category])
                return 0;
            var points = word <= _deniedTo ? term.Weight / 3 : term.Weight;
            points = quoted ? points / 2 : points;
            _last[category] = term;
            _points[category] += points;
            _any = true;
            return points;
        }
    }
}
