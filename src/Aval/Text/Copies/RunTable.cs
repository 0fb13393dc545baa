using System.Numerics;
using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// Compares a text's runs with those of others without sorting either: a table in which each run has a place. What an
/// earlier text left in it is told by the number of its turn, so nothing is cleared. Used by one thread.
/// </summary>
internal sealed class RunTable
{
    private const int Least = 1024;
    private const int MostKept = 1 << 18;
    private ulong[] _runs = new ulong[Least];
    private int[] _own = new int[Least];
    private int[] _seen = new int[Least];
    private readonly Utf16Scratch _text = new();
    private char[] _letters = [];
    private ulong[] _written = [];
    private byte[] _first = new byte[Least];
    private int _length = -1;
    private int _mask, _generation, _turn, _count;

    /// <summary>Whether it is worth keeping: one of a text of millions of letters is not.</summary>
    public bool IsSmall => _runs.Length <= MostKept;

    /// <summary>What two texts share, both in UTF-8. The first is remembered, for whoever holds it against several: for
    /// those that come next it is not looked through again.</summary>
    public Overlap Compare(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        // At most half of the places are taken, so that each search ends soon; and no more are used than that takes, so
        // that a long text before leaves the short ones after it in the nearest cache.
        var needed = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * (first.Length + second.Length)) | (Least - 1));
        var isNew = _length < 0 || needed > _mask + 1 || !first.SequenceEqual(_first.AsSpan(0, _length));
        if (needed > _runs.Length || _turn > int.MaxValue - 2)
        {
            var places = Math.Max(needed, _runs.Length);
            (_runs, _own, _seen) = (new ulong[places], new int[places], new int[places]);
            (_generation, _turn, isNew) = (0, 0, true);
        }

        if (isNew)
        {
            _mask = needed - 1;
            Begin(first);
        }

        _turn++;
        var (shared, count) = (0, 0);
        foreach (var run in RunsOf(second))
        {
            ref var seen = ref _seen[Place(run, out var isOwn)];
            if (seen == _turn)
                continue;
            seen = _turn;
            count++;
            shared += isOwn ? 1 : 0;
        }

        return new Overlap(shared, _count, count);
    }

    private void Begin(ReadOnlySpan<byte> first)
    {
        if (_first.Length < first.Length)
            _first = new byte[2 * first.Length];
        first.CopyTo(_first);
        (_length, _count) = (first.Length, 0);
        _generation++;
        _turn++;
        foreach (var run in RunsOf(first))
        {
            var place = Place(run, out var isOwn);
            if (isOwn)
                continue;
            _own[place] = _generation;
            _count++;
        }
    }

    // Where a run is, or the first place on its way that nobody has now; it is written there. The runs of the first
    // text came into a table without others, so no place that another left lies before one of them.
    private int Place(ulong run, out bool isOwn)
    {
        for (var place = (int)(run >> 32) & _mask; ; place = (place + 1) & _mask)
        {
            isOwn = _own[place] == _generation;
            if (!isOwn && _seen[place] != _turn)
            {
                _runs[place] = run;
                return place;
            }

            if (_runs[place] == run)
                return place;
        }
    }

    private ReadOnlySpan<ulong> RunsOf(ReadOnlySpan<byte> utf8)
    {
        var text = _text.Of(utf8);
        if (_letters.Length < text.Length)
            (_letters, _written) = (new char[2 * text.Length], new ulong[2 * text.Length]);
        var count = PlainLetters.Write(text, _letters);
        return _written.AsSpan(0, Shingles.Write(_letters.AsSpan(0, count), _written));
    }
}
