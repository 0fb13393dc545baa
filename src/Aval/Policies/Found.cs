using System.Globalization;
using System.Text;

namespace Aval.Policies;

/// <summary>
/// How what was found is told in a message: short, in quotes, and without what would take over a terminal.
/// </summary>
internal static class Found
{
    private const int Longest = 80;

    public static string Describe(YamlValue value) => value switch
    {
        YamlValue.Map => "a map of keys and values",
        YamlValue.List => "a list",
        YamlValue.Scalar { Type: ScalarType.Nothing } => "nothing",
        YamlValue.Scalar { Type: ScalarType.Number } number => $"the number {Shorten(number.Text)}",
        YamlValue.Scalar { Type: ScalarType.Flag } flag => $"the flag {flag.Text}",
        YamlValue.Scalar text => Quote(text.Text),
        _ => throw new InvalidOperationException($"{value.GetType().Name} has no description."),
    };

    public static string Quote(string text) => Shown.IsPrivateKey(text) ? "a private key" : $"\"{Shorten(text)}\"";

    public static string Shorten(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= Longest)
                return shown.Append('…').ToString();
            shown.Append(IsHidden(rune.Value) || rune.Value is '\n' or '\r' or '\t'
                ? string.Create(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>")
                : rune.ToString());
        }

        return shown.ToString();
    }

    /// <summary>
    /// Whether a character shows nothing, breaks lines where an editor shows none, or turns the order of what is shown:
    /// whoever reads the policy would read something else than Aval does. Line feeds, carriage returns and tabs are not
    /// meant.
    /// </summary>
    public static bool IsHidden(int character) => character switch
    {
        '\n' or '\r' or '\t' => false,
        < 0x20 or (>= 0x7f and <= 0x9f) => true,
        0x200b or 0x200e or 0x200f or 0x2028 or 0x2029 or 0xfeff or 0xfffe or 0xffff => true,
        (>= 0x202a and <= 0x202e) or (>= 0x2060 and <= 0x2069) => true,
        (>= 0xd800 and <= 0xdfff) or (>= 0xe0000 and <= 0xe007f) => true,
        _ => false,
    };
}
