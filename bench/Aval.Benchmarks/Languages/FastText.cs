using System.Text;

namespace Aval.Benchmarks.Languages;

/// <summary>
/// Reads a compressed fastText classifier with hierarchical softmax (<c>lid.176.ftz</c>) and asks it, as fastText does
/// itself: words and their runs of letters become rows, their mean a vector, and a Huffman tree of labels is walked.
/// </summary>
internal sealed class FastText
{
    private const int Magic = 793_712_314;
    private const string End = "</s>";
    private static readonly char[] Spaces = [' ', '\n', '\r', '\t', '\v', '\f', '\0'];

    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly List<string> _labels = [];
    private readonly Dictionary<int, int> _kept = [];
    private readonly int _dimensions, _least, _most, _buckets;
    private readonly byte[] _codes, _normCodes;
    private readonly Quantiser _rows, _norms;
    private readonly float[] _output;
    private readonly Node[] _tree;

    public FastText(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        if (reader.ReadInt32() != Magic)
            throw new InvalidDataException($"{path}: expected a fastText model.");
        reader.ReadInt32();
        var settings = Enumerable.Range(0, 12).Select(_ => reader.ReadInt32()).ToArray();
        reader.ReadDouble();
        (_dimensions, _buckets, _least, _most) = (settings[0], settings[8], settings[9], settings[10]);
        var counts = ReadDictionary(reader);
        if (!reader.ReadBoolean())
            throw new InvalidDataException($"{path}: expected a compressed model (.ftz).");
        var hasNorms = reader.ReadBoolean();
        var rows = reader.ReadInt64();
        reader.ReadInt64();
        _codes = reader.ReadBytes(reader.ReadInt32());
        _rows = new Quantiser(reader);
        if (!hasNorms)
            throw new InvalidDataException($"{path}: expected a model with compressed norms.");
        _normCodes = reader.ReadBytes((int)rows);
        _norms = new Quantiser(reader);
        if (reader.ReadBoolean())
            throw new InvalidDataException($"{path}: expected an output that is not compressed.");
        var size = reader.ReadInt64() * reader.ReadInt64();
        _output = new float[size];
        for (var at = 0; at < size; at++)
            _output[at] = reader.ReadSingle();
        _tree = Tree(counts);
    }

    /// <summary>The likeliest label, without its prefix.</summary>
    public string Label(string text)
    {
        var hidden = new float[_dimensions];
        var rows = 0;
        foreach (var word in text.Split(Spaces, StringSplitOptions.RemoveEmptyEntries).Append(End))
        {
            if (_words.TryGetValue(word, out var known))
                Add(known, hidden, ref rows);
            if (word != End)
                AddRuns($"<{word}>", hidden, ref rows);
        }

        for (var at = 0; at < hidden.Length && rows > 0; at++)
            hidden[at] /= rows;
        var (best, label) = (float.NegativeInfinity, 0);
        Walk(_tree.Length - 1, 0, hidden, ref best, ref label);
        return _labels[label]["__label__".Length..];
    }

    private long[] ReadDictionary(BinaryReader reader)
    {
        var entries = reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt64();
        var kept = reader.ReadInt64();
        var counts = new List<long>();
        for (var entry = 0; entry < entries; entry++)
        {
            var word = new List<byte>();
            while (reader.ReadByte() is > 0 and var unit)
                word.Add(unit);
            var (text, count) = (Encoding.UTF8.GetString([.. word]), reader.ReadInt64());
            if (reader.ReadByte() == 0)
            {
                _words.Add(text, entry);
                continue;
            }

            _labels.Add(text);
            counts.Add(count);
        }

        for (var entry = 0; entry < kept; entry++)
            _kept.Add(reader.ReadInt32(), reader.ReadInt32());
        return [.. counts];
    }

    private void AddRuns(string word, float[] hidden, ref int rows)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        for (var from = 0; from < bytes.Length; from++)
        {
            if ((bytes[from] & 0xC0) == 0x80)
                continue;
            var hash = 2_166_136_261u;
            var at = from;
            for (var letters = 1; at < bytes.Length && letters <= _most; letters++)
            {
                do
                    hash = (hash ^ (uint)(sbyte)bytes[at++]) * 16_777_619;
                while (at < bytes.Length && (bytes[at] & 0xC0) == 0x80);
                if (letters >= _least && !(letters == 1 && (from == 0 || at == bytes.Length))
                    && _kept.TryGetValue((int)(hash % (uint)_buckets), out var row))
                {
                    Add(_words.Count + row, hidden, ref rows);
                }
            }
        }
    }

    private void Add(int row, float[] hidden, ref int rows)
    {
        var norm = _norms.Value(_normCodes[row], 0, 0);
        for (var part = 0; part < _rows.Parts; part++)
        {
            var code = _codes[row * _rows.Parts + part];
            for (var at = 0; at < _rows.Width(part); at++)
                hidden[part * _rows.Size + at] += norm * _rows.Value(code, part, at);
        }

        rows++;
    }

    private void Walk(int at, float score, float[] hidden, ref float best, ref int label)
    {
        if (score < best)
            return;
        var node = _tree[at];
        if (node.Left < 0)
        {
            (best, label) = (score, at);
            return;
        }

        var row = (at - _labels.Count) * _dimensions;
        var sum = 0f;
        for (var one = 0; one < _dimensions; one++)
            sum += _output[row + one] * hidden[one];
        var right = 1 / (1 + MathF.Exp(-sum));
        Walk(node.Left, score + MathF.Log(1 - right + 1e-5f), hidden, ref best, ref label);
        Walk(node.Right, score + MathF.Log(right + 1e-5f), hidden, ref best, ref label);
    }

    private static Node[] Tree(long[] counts)
    {
        var tree = new Node[2 * counts.Length - 1];
        for (var at = 0; at < tree.Length; at++)
            tree[at] = new(-1, -1, at < counts.Length ? counts[at] : (long)1e15);
        var (leaf, inner) = (counts.Length - 1, counts.Length);
        for (var at = counts.Length; at < tree.Length; at++)
        {
            var left = leaf >= 0 && tree[leaf].Count < tree[inner].Count ? leaf-- : inner++;
            var right = leaf >= 0 && tree[leaf].Count < tree[inner].Count ? leaf-- : inner++;
            tree[at] = new(left, right, tree[left].Count + tree[right].Count);
        }

        return tree;
    }

    private readonly record struct Node(int Left, int Right, long Count);

    private sealed class Quantiser
    {
        private const int Centroids = 256;

        private readonly float[] _values;
        private readonly int _last;

        public Quantiser(BinaryReader reader)
        {
            var dimensions = reader.ReadInt32();
            (Parts, Size, _last) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            _values = new float[dimensions * Centroids];
            for (var at = 0; at < _values.Length; at++)
                _values[at] = reader.ReadSingle();
        }

        public int Parts { get; }

        public int Size { get; }

        public int Width(int part) => part == Parts - 1 ? _last : Size;

        public float Value(int code, int part, int at) => _values[part == Parts - 1
            ? part * Centroids * Size + code * _last + at
            : (part * Centroids + code) * Size + at];
    }
}
