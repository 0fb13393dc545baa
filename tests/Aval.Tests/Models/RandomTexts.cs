using System.Text;
using Aval.Models;

namespace Aval.Tests.Models;

/// <summary>Texts that nobody wrote: a few words and characters of several scripts, again and again.</summary>
internal static class RandomTexts
{
    private static readonly string[] Words =
        ["on", "objecte", "à", "tout", "Ähre", "ħobż", "ελιά", "мир", "👍🏽", "...", "e\u0301", "\t", "a", "\0", ""];

    public static byte[][] Of(Random random, int count, int longest = 30) =>
    [
        .. Enumerable.Range(0, count).Select(_ => Encoding.UTF8.GetBytes(string.Join(
            random.Next(4) == 0 ? "" : " ",
            Enumerable.Range(0, random.Next(longest)).Select(_ => Words[random.Next(Words.Length)])))),
    ];

    public static TextCounts Count(ModelForm form, IEnumerable<byte[]> texts) =>
        TextCounts.Of(form, texts.Select(text => (ReadOnlyMemory<byte>)text));

    public static byte[] RowsOf(TextCounts counts)
    {
        using var rows = counts.Open();
        using var bytes = new MemoryStream();
        rows.CopyTo(bytes);
        return bytes.ToArray();
    }
}
