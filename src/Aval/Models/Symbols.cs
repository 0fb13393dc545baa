using System.Globalization;
using System.Text;

namespace Aval.Models;

/// <summary>A text as symbols: memory that is used again for the next one.</summary>
/// <param name="unit">What a text is a sequence of.</param>
/// <param name="ofWord">The symbol of a word; called for words alone.</param>
internal sealed class Symbols(TextUnit unit, Symbols.OfWord ofWord)
{
    private uint[] _symbols = new uint[1024];
    private char[] _chars = [];
    private int _count;

    /// <summary>The symbol of a word.</summary>
    internal delegate uint OfWord(ReadOnlySpan<char> word);

    /// <summary>
    /// Reads one text of UTF-8. What is no UTF-8 is read as U+FFFD, which is what a browser shows for it.
    /// </summary>
    /// <returns>Its symbols without start and end, until the next text is read.</returns>
    public ReadOnlySpan<uint> Read(ReadOnlySpan<byte> text)
    {
        _count = 0;
        if (_symbols.Length < text.Length + 1)
            _symbols = new uint[text.Length + (text.Length / 2) + 1];
        switch (unit)
        {
            case TextUnit.Byte:
                ReadBytes(text);
                break;
            case TextUnit.Char:
                ReadRunes(text);
                break;
            default:
                ReadWords(text);
                break;
        }

        return _symbols.AsSpan(0, _count);
    }

    private void ReadBytes(ReadOnlySpan<byte> text)
    {
        if (!System.Text.Unicode.Utf8.IsValid(text))
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        if (_symbols.Length < text.Length)
            _symbols = new uint[text.Length];
        for (var at = 0; at < text.Length; at++)
            _symbols[at] = text[at];
        _count = text.Length;
    }

    private void ReadRunes(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var read);
            _symbols[_count++] = (uint)rune.Value;
            text = text[read..];
        }
    }

    private void ReadWords(ReadOnlySpan<byte> text)
    {
        if (_chars.Length < text.Length)
            _chars = new char[text.Length];
        ReadOnlySpan<char> chars = _chars.AsSpan(0, Encoding.UTF8.GetChars(text, _chars));
        for (var at = 0; at < chars.Length;)
        {
            var length = WordAt(chars[at..], out var isWord);
            if (isWord)
                _symbols[_count++] = ofWord(chars.Slice(at, length));
            at += length;
        }
    }

    // How long what begins here is, and whether it is a word and no white space.
    private static int WordAt(ReadOnlySpan<char> text, out bool isWord)
    {
        var length = 0;
        while (length < text.Length)
        {
            Rune.DecodeFromUtf16(text[length..], out var rune, out var read);
            if (!IsOfWord(rune))
            {
                isWord = length > 0 || !Rune.IsWhiteSpace(rune);
                return length > 0 ? length : read;
            }

            length += read;
        }

        isWord = true;
        return length;
    }

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
