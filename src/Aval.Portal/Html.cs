using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Aval.Portal;

/// <summary>
/// Markup. What stands in the literal of an interpolated string is markup; what is put into its holes is text, and is
/// encoded, unless it is markup itself. Attributes are written in double quotes: an encoded text cannot end one.
/// </summary>
internal sealed class Html
{
    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Nothing.</summary>
    public static Html None { get; } = new("");

    /// <summary>Markup from an interpolated string.</summary>
    public static Html Of(Writer markup) => new(markup.Written);

    /// <summary>Markup that another library made and that holds nothing from outside.</summary>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>One after the other.</summary>
    public static Html All(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._markup)));

    /// <inheritdoc/>
    public override string ToString() => _markup;

    /// <summary>What the compiler turns an interpolated string into.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Writer(int literalLength, int formattedCount)
    {
        // Letters of every script stand as they are: the page says that it is UTF-8.
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

        /// <summary>What was written.</summary>
        public string Written => _text.ToString();

        /// <summary>Markup.</summary>
        public void AppendLiteral(string markup) => _text.Append(markup);

        /// <summary>Text.</summary>
        public void AppendFormatted(string? text) => _text.Append(text is null ? "" : Encoder.Encode(text));

        /// <summary>A number.</summary>
        public void AppendFormatted(long number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        /// <summary>Markup.</summary>
        public void AppendFormatted(Html? markup) => _text.Append(markup?._markup);

        /// <summary>Markup, one after the other.</summary>
        public void AppendFormatted(IEnumerable<Html> markup)
        {
            foreach (var part in markup)
                _text.Append(part._markup);
        }
    }
}
