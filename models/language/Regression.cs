using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Aval.Text.Languages;

namespace Aval.LanguageTraining;

/// <summary>
/// Multinomial logistic regression over rows, one passage after the other, with AdaGrad. Additions, multiplications,
/// divisions and roots of single precision alone, each of which every processor rounds alike, in an order that nothing
/// changes: the same texts and seed give the same numbers.
/// </summary>
internal sealed class Regression
{
    private const int Width = LanguageModel.Width;

    private readonly float[] _weights;
    private readonly float[] _squares;
    private readonly float[] _scores = new float[Width];
    private readonly float[] _slopes = new float[Width];
    private readonly Script[] _scripts;
    private readonly float _rate;

    public Regression(int rows, IReadOnlyList<Variety> varieties, float rate)
    {
        _weights = new float[(rows + 1) * Width];
        _squares = new float[(rows + 1) * Width];
        _squares.AsSpan().Fill(1e-3f);
        _scripts = [.. varieties.Select(variety => variety.Script)];
        _rate = rate;
    }

    /// <summary>Learns that a passage with these rows is of a variety.</summary>
    public void Learn(ReadOnlySpan<int> rows, int variety)
    {
        _scores.AsSpan().Clear();
        foreach (var row in rows)
        {
            for (var at = 0; at < Width; at += 8)
                (Vec(_scores, at) + Vec(_weights, row * Width + at)).CopyTo(_scores, at);
        }

        if (Slopes(variety) < 0.002f)
            return;
        foreach (var row in rows)
        {
            for (var at = 0; at < Width; at += 8)
            {
                var slope = Vec(_slopes, at);
                var place = row * Width + at;
                var squares = Vec(_squares, place) + slope * slope;
                squares.CopyTo(_squares, place);
                (Vec(_weights, place) - slope * _rate / Vector256.Sqrt(squares)).CopyTo(_weights, place);
            }
        }
    }

    /// <summary>The weights as whole numbers, each row's middle taken out.</summary>
    public sbyte[] Quantised()
    {
        var numbers = new sbyte[_weights.Length];
        for (var row = 1; row < _weights.Length / Width; row++)
        {
            for (var script = Script.Latin; script <= Script.Other; script++)
            {
                var own = Enumerable.Range(0, _scripts.Length).Where(at => _scripts[at] == script).ToArray();
                if (own.Length == 0)
                    continue;
                var sum = 0f;
                foreach (var at in own)
                    sum += _weights[row * Width + at];
                var middle = own.Length == 1 ? 0 : sum / own.Length;
                foreach (var at in own)
                {
                    var number = MathF.Round((_weights[row * Width + at] - middle) * LanguageModel.Unit);
                    numbers[row * Width + at] = (sbyte)Math.Clamp(number, -127, 127);
                }
            }
        }

        return numbers;
    }

    // The slope of the loss by each score; returns how far the passage is from being known.
    private float Slopes(int variety)
    {
        _slopes.AsSpan().Clear();
        var script = _scripts[variety];
        var most = float.MinValue;
        for (var at = 0; at < _scripts.Length; at++)
        {
            if (_scripts[at] == script)
                most = MathF.Max(most, _scores[at]);
        }

        var sum = 0f;
        for (var at = 0; at < _scripts.Length; at++)
        {
            if (_scripts[at] == script)
                sum += _slopes[at] = Exp(_scores[at] - most);
        }

        for (var at = 0; at < _scripts.Length; at++)
            _slopes[at] /= sum;
        _slopes[variety] -= 1;
        return -_slopes[variety];
    }

    // e^x for x ≤ 0, by (1 + x/1024)^1024: the library's differs between processors, and this is near enough to learn.
    private static float Exp(float x)
    {
        if (x < -20)
            return 0;
        var power = 1 + x / 1024;
        for (var doubling = 0; doubling < 10; doubling++)
            power *= power;
        return power;
    }

    private static Vector256<float> Vec(float[] values, int at) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)at);
}
