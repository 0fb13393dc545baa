using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Text.Copies;

/// <summary>
/// The prints that a text which casts a shadow and an admitted one have in common. What no admitted text has is told of
/// nobody: it leads nowhere, however rare it is.
/// </summary>
internal sealed class SharedPrints
{
    /// <summary><c>low, high, print</c> of shadows: prints that something admitted has.</summary>
    public const string OfShadows = "match_own";

    /// <summary>The same of what is admitted: prints that some shadow has.</summary>
    public const string OfAdmitted = "match_met";

    private readonly SketchedItems _sketched;
    private readonly ItemMarks _skipped;
    private readonly ulong _least;
    private readonly SeenNumbers _seen;
    private readonly ulong[] _characters = new ulong[SketchWriter.BlockItems];
    private readonly ulong[] _casts = new ulong[SketchWriter.BlockItems];
    private readonly ulong[] _ends = new ulong[SketchWriter.BlockItems];
    private readonly List<(ulong Print, uint Item, bool IsShadow)> _found = [];
    private ulong[] _prints = [];

    private SharedPrints(SketchedItems sketched, ItemMarks skipped, int minCharacters) =>
        (_sketched, _skipped, _least, _seen) =
            (sketched, skipped, (ulong)minCharacters, new SeenNumbers(sketched.Prints));

    /// <summary>Makes both tables.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="sketched">All items.</param>
    /// <param name="minCharacters">Of both sides.</param>
    /// <param name="skipped">What is not looked at.</param>
    /// <param name="met">Marks the items of these texts.</param>
    public static void Find(
        Engine engine, SketchedItems sketched, int minCharacters, ItemMarks skipped, ItemMarks met)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {OfShadows} (low UBIGINT, high UBIGINT, print UBIGINT);
            CREATE OR REPLACE TEMP TABLE {OfAdmitted} (low UBIGINT, high UBIGINT, print UBIGINT)
            """);
        var prints = new SharedPrints(sketched, skipped, minCharacters);
        var passes = SeenNumbers.Passes(sketched.Prints);
        for (var pass = 0; pass < passes; pass++)
            prints.Meet(engine, pass, passes, met);
    }

    private void Meet(Engine engine, int pass, int passes, ItemMarks met)
    {
        _seen.Clear();
        foreach (var piece in _sketched.Pieces)
            See(Read(piece), pass, passes);
        _found.Clear();
        foreach (var piece in _sketched.Pieces)
            Collect(Read(piece), pass, passes);
        _found.Sort();
        var found = CollectionsMarshal.AsSpan(_found);
        var (shadows, admitted) = (new List<(ulong Print, uint Item)>(), new List<(ulong Print, uint Item)>());
        for (int from = 0, to; from < found.Length; from = to)
        {
            var (any, all) = (false, true);
            for (to = from; to < found.Length && found[to].Print == found[from].Print; to++)
                (any, all) = (any | found[to].IsShadow, all & found[to].IsShadow);
            if (!any || all)
                continue;
            foreach (var one in found[from..to])
            {
                met.Set(one.Item);
                (one.IsShadow ? shadows : admitted).Add((one.Print, one.Item));
            }
        }

        Keep(engine, OfShadows, shadows);
        Keep(engine, OfAdmitted, admitted);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void See(SketchPiece piece, int pass, int passes)
    {
        for (var at = 0; at < piece.Block.Items; at++)
        {
            if (!IsAsked(piece, at))
                continue;
            foreach (var print in PrintsOf(at))
            {
                if (SeenNumbers.IsOf(pass, passes, print))
                    _seen.Add(print, _casts[at] > 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(SketchPiece piece, int pass, int passes)
    {
        for (var at = 0; at < piece.Block.Items; at++)
        {
            if (!IsAsked(piece, at))
                continue;
            foreach (var print in PrintsOf(at))
            {
                if (SeenNumbers.IsOf(pass, passes, print) && _seen.IsBoth(print))
                    _found.Add((print, piece.First + (uint)at, _casts[at] > 0));
            }
        }
    }

    private SketchPiece Read(SketchPiece piece)
    {
        if (_prints.Length < piece.Block.Prints)
            _prints = new ulong[piece.Block.Prints];
        piece.File.Read(piece.Block, SketchFile.Characters, _characters);
        piece.File.Read(piece.Block, SketchFile.Casts, _casts);
        piece.File.Read(piece.Block, SketchFile.Ends, _ends);
        piece.File.ReadPrints(piece.Block, _prints);
        return piece;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsAsked(SketchPiece piece, int at) => _characters[at] >= _least && !_skipped[piece.First + (uint)at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<ulong> PrintsOf(int at)
    {
        var from = at == 0 ? 0 : (int)_ends[at - 1];
        return _prints.AsSpan(from, (int)_ends[at] - from);
    }

    private void Keep(Engine engine, string table, List<(ulong Print, uint Item)> found)
    {
        var heads = _sketched.Heads([.. found.Select(one => one.Item)]);
        using var transaction = engine.Connection.BeginTransaction();
        using (var appender = engine.Connection.CreateAppender<TextPrint, TextPrintMap>(table))
            appender.AppendRecords(found.Select((one, at) => new TextPrint(heads[at].Low, heads[at].High, one.Print)));
        transaction.Commit();
    }

    private sealed record TextPrint(ulong Low, ulong High, ulong Print);

    private sealed class TextPrintMap : DuckDBAppenderMap<TextPrint>
    {
        public TextPrintMap()
        {
            Map(row => row.Low);
            Map(row => row.High);
            Map(row => row.Print);
        }
    }
}
