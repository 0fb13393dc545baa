using System.Buffers;
using System.Text;
using Aval.Storage;
using DuckDB.NET.Native;
using Microsoft.ML.Tokenizers;

namespace Aval.Runs;

/// <summary>
/// <c>count_tokens(text)</c>: how many tokens a text has under a vocabulary that everybody can get, so that an export's
/// size means something to whoever trains on it.
/// </summary>
internal static class Tokens
{
    /// <summary>The vocabulary.</summary>
    public const string Vocabulary = "o200k_base";

    // One run of letters without a break takes time that grows with its square: 200,000 took 15 seconds. Longer ones
    // are counted in pieces, which nobody's language has and whose count may differ by one each.
    private const int Piece = 2_048;

    private static readonly Lazy<TiktokenTokenizer> Shipped = new(() =>
        TiktokenTokenizer.CreateForEncoding(Vocabulary));

    /// <summary>Registers the function; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("tokens", connection =>
    {
        var tokenizer = Shipped.Value;
        TextFunctions.Register(connection, "count_tokens", [DuckDBType.Varchar], DuckDBType.BigInt, batch =>
        {
            var texts = batch.Texts(0);
            var answers = batch.Answers<long>();
            for (var row = 0; row < batch.Count; row++)
                answers[row] = Count(tokenizer, texts[row]);
        });
    });

    /// <summary>How many tokens a text has.</summary>
    public static long Count(string text) => Count(Shipped.Value, Encoding.UTF8.GetBytes(text));

    private static long Count(TiktokenTokenizer tokenizer, ReadOnlySpan<byte> text)
    {
        if (text.Length == 0)
            return 0;
        var letters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var rest = letters.AsSpan(0, Encoding.UTF8.GetChars(text, letters));
            var count = 0L;
            while (rest.Length > 0)
            {
                var length = PieceOf(rest);
                count += tokenizer.CountTokens(rest[..length]);
                rest = rest[length..];
            }

            return count;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(letters);
        }
    }

    // Before a space between two letters, where no token ever crosses; else, but never inside a pair, wherever it is.
    private static int PieceOf(ReadOnlySpan<char> rest)
    {
        if (rest.Length <= Piece)
            return rest.Length;
        for (var at = Piece; at > Piece / 2; at--)
        {
            if (rest[at] == ' ' && char.IsLetter(rest[at - 1]) && at + 1 < rest.Length && char.IsLetter(rest[at + 1]))
                return at;
        }

        return char.IsLowSurrogate(rest[Piece]) && char.IsHighSurrogate(rest[Piece - 1]) ? Piece - 1 : Piece;
    }
}
