using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Aval.Storage;

namespace Aval.Policies;

/// <summary>
/// SQL over facts, written as an interpolated text: <c>$"{Fact.CreatedAt} IS NULL"</c>. What stands in braces is a
/// fact, a value, which becomes a literal, or a part that is such SQL itself; anything else does not compile. The facts
/// that it reads are known from how it is written, so nobody has to list them; a column that is spelled out beside the
/// braces is found by a test, which lets the engine bind each rule's SQL to its facts alone.
/// <c>as_of()</c> is the instant of the build, at which ages and waiting periods are reckoned; <c>known_at()</c>, which
/// only what is decided once an account may ask, the instant until which what was said counts.
/// </summary>
[InterpolatedStringHandler]
internal sealed class FactSql
{
    private readonly StringBuilder _sql;
    private readonly List<Fact> _facts = [];

    /// <param name="literalLength">How long the text around the braces is.</param>
    /// <param name="formattedCount">How many braces there are.</param>
    public FactSql(int literalLength, int formattedCount) =>
        _sql = new StringBuilder(literalLength + (16 * formattedCount));

    /// <summary>The facts that are read, each once.</summary>
    public IReadOnlyList<Fact> Facts => _facts;

    /// <summary>The widest reach among them.</summary>
    public Reach Reach => _facts.Select(fact => fact.Reach).DefaultIfEmpty(Reach.Author).Max();

    /// <summary>Text between the braces.</summary>
    public void AppendLiteral(string sql) => _sql.Append(sql);

    /// <summary>A fact.</summary>
    public void AppendFormatted(Fact fact)
    {
        _sql.Append(fact.Name);
        Read(fact);
    }

    /// <summary>A part.</summary>
    public void AppendFormatted(FactSql part)
    {
        _sql.Append('(').Append(part._sql).Append(')');
        foreach (var fact in part._facts)
            Read(fact);
    }

    /// <summary>A text.</summary>
    public void AppendFormatted(string text) => _sql.Append(Engine.Literal(text));

    /// <summary>An instant.</summary>
    public void AppendFormatted(DateTimeOffset instant) => _sql.Append(Engine.Literal(instant));

    /// <summary>A number.</summary>
    public void AppendFormatted(int number) => _sql.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    public void AppendFormatted(long number) => _sql.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The right side of IN. Of nothing, nothing is in: x NOT IN (NULL) is NULL, which excludes.</summary>
    public void AppendFormatted(IReadOnlyList<string> texts) =>
        _sql.Append('(').AppendJoin(", ", texts.Select(Engine.Literal).DefaultIfEmpty("NULL")).Append(')');

    /// <inheritdoc/>
    public override string ToString() => _sql.ToString();

    private void Read(Fact fact)
    {
        if (!_facts.Contains(fact))
            _facts.Add(fact);
    }
}
