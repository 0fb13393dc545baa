using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Models;

/// <summary>What is to be said.</summary>
/// <param name="Prompt">How it begins.</param>
/// <param name="Seed">What decides between what is likely: the same seed says the same.</param>
/// <param name="Temperature">Above 1 what is unlikely becomes likelier, below 1 less so; 0 = always what is
/// likeliest.</param>
/// <param name="Longest">Units after which it stops where the text has not ended.</param>
internal sealed record GenerationRequest(
    string Prompt = "", string Seed = "0", double Temperature = 1, int Longest = 400);

/// <summary>Says what a model makes likely, one unit after the other.</summary>
internal static class Generation
{
    /// <summary>Goes on from a prompt until the text ends.</summary>
    /// <returns>What comes after the prompt.</returns>
    public static string Continue(KneserNey model, GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var reading = new Symbols(model.Form.Unit, word => model.Lexicon!.Find(word));
        var said = new List<uint>(reading.Read(Encoding.UTF8.GetBytes(request.Prompt)).ToArray());
        var (begins, random) = (said.Count, new Draws(request.Seed));
        var each = new double[model.SymbolLimit];
        var utf8 = new Utf8State();
        while (said.Count - begins < request.Longest || !utf8.IsWhole)
        {
            model.Distribution(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(said), each);
            if (model.Form.Unit == TextUnit.Byte)
                utf8.Keep(each, model.Form.End);
            if (model.Form.Unit == TextUnit.Word)
                each[Lexicon.Unknown] = 0;
            var next = (uint)(request.Temperature == 0 ? Likeliest(each) : random.From(each, request.Temperature));
            if (next == model.Form.End)
                break;
            utf8.Take(next);
            said.Add(next);
        }

        return TextOf(model, said, begins);
    }

    private static int Likeliest(double[] each)
    {
        var best = 0;
        for (var symbol = 1; symbol < each.Length; symbol++)
            best = each[symbol] > each[best] ? symbol : best;
        return best;
    }

    private static string TextOf(KneserNey model, List<uint> said, int from)
    {
        if (model.Form.Unit == TextUnit.Byte)
            return Encoding.UTF8.GetString([.. said.Skip(from).Select(symbol => (byte)symbol)]);
        var text = new StringBuilder();
        foreach (var symbol in said.Skip(from))
        {
            if (model.Lexicon?.WordOf(symbol) is not { } word)
                text.Append(new Rune(symbol).ToString());
            else
                text.Append(Rune.IsLetterOrDigit(Rune.GetRuneAt(word, 0)) ? " " : "").Append(word);
        }

        return text.ToString();
    }

    /// <summary>Which bytes may come next in UTF-8 (RFC 3629, section 4).</summary>
    private sealed class Utf8State
    {
        private int _left;
        private (uint From, uint To) _next;

        /// <summary>No character is half said.</summary>
        public bool IsWhole => _left == 0;

        /// <summary>Makes what may not come impossible.</summary>
        public void Keep(double[] each, uint end)
        {
            for (var symbol = 0u; symbol < each.Length; symbol++)
            {
                var fits = _left > 0
                    ? symbol >= _next.From && symbol <= _next.To
                    : symbol < 0x80 || symbol is >= 0xC2 and < 0xF5 || symbol == end;
                if (!fits)
                    each[symbol] = 0;
            }
        }

        /// <summary>Takes a byte that came.</summary>
        public void Take(uint symbol)
        {
            _left = _left > 0 ? _left - 1 : symbol switch { < 0xC2 or > 0xF4 => 0, < 0xE0 => 1, < 0xF0 => 2, _ => 3 };
            _next = symbol switch
            {
                0xE0 => (0xA0, 0xBF),
                0xED => (0x80, 0x9F),
                0xF0 => (0x90, 0xBF),
                0xF4 => (0x80, 0x8F),
                _ => (0x80, 0xBF),
            };
        }
    }

    /// <summary>Numbers that a seed decides, on every machine the same: SHA-256 of the seed and how many there were
    /// before.</summary>
    private sealed class Draws(string seed)
    {
        private readonly byte[] _block = [.. SHA256.HashData(Encoding.UTF8.GetBytes(seed)), 0, 0, 0, 0, 0, 0, 0, 0];
        private long _drawn;

        public int From(double[] each, double temperature)
        {
            if (temperature != 1)
            {
                for (var symbol = 0; symbol < each.Length; symbol++)
                    each[symbol] = each[symbol] == 0 ? 0 : Math.Pow(each[symbol], 1 / temperature);
            }

            var (at, last) = (Next() * each.Sum(), 0);
            for (var symbol = 0; symbol < each.Length; symbol++)
            {
                if (each[symbol] == 0)
                    continue;
                last = symbol;
                at -= each[symbol];
                if (at < 0)
                    break;
            }

            return last;
        }

        // 53 bits, from 0 to below 1.
        private double Next()
        {
            BinaryPrimitives.WriteInt64LittleEndian(_block.AsSpan(SHA256.HashSizeInBytes), _drawn++);
            return (BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(_block)) >> 11) * Math.ScaleB(1, -53);
        }
    }
}
