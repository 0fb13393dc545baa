using System.Globalization;
using System.Text;
using Aval.Policies;

namespace Aval.Cases;

/// <summary>What an amount is multiplied by.</summary>
internal enum ExposureUnit
{
    /// <summary>People.</summary>
    Person,

    /// <summary>Items.</summary>
    Item,

    /// <summary>Releases.</summary>
    Release,

    /// <summary>Models.</summary>
    Model,
}

/// <summary>An amount that somebody claims or a court awarded. Aval has none of its own.</summary>
/// <param name="Of">For what.</param>
/// <param name="Amount">How much, in the currency's units.</param>
/// <param name="Currency">Three letters (ISO 4217).</param>
/// <param name="Per">For each of what.</param>
/// <param name="Source">Where it comes from: a judgment, a statute, a letter.</param>
/// <param name="Countries">Of the people and items of these countries alone; empty = of all.</param>
/// <param name="Policies">Of releases under these policies alone; empty = of all.</param>
internal sealed record ExposureFigure(
    string Of, decimal Amount, string Currency, ExposureUnit Per, string Source, IReadOnlyList<string> Countries,
    IReadOnlyList<string> Policies)
{
    /// <summary>Reads the figures of a file (docs/formats/case.md).</summary>
    /// <exception cref="AvalException">Usage: there is no such file. Bad input, with each problem: above all a figure
    /// without a source.</exception>
    public static IReadOnlyList<ExposureFigure> Read(string path) => File.Exists(path)
        ? Parse(File.ReadAllText(path, Encoding.UTF8), path)
        : throw AvalException.Usage($"{path}: no such file. Nothing was counted.");

    /// <summary>Reads a text.</summary>
    public static IReadOnlyList<ExposureFigure> Parse(string text, string where)
    {
        var problems = new PolicyProblems();
        var figures = new List<ExposureFigure>();
        var value = YamlValue.Load(text, problems);
        if (value is YamlValue.Map map)
        {
            var root = new YamlFields(map, "the file", problems);
            root.RefuseOthers("figures");
            foreach (var one in root.List("figures", required: true))
            {
                if (one is YamlValue.Map figure)
                    figures.AddRange(Figure(new YamlFields(figure, "the figure", problems)) is { } read ? [read] : []);
                else
                    problems.Add(one.At, $"a figure is a map of keys, but {Found.Describe(one)} was found");
            }
        }
        else if (value is not null)
        {
            problems.Add(value.At, "a file of figures is a map with \"figures\"");
        }

        return problems.Any ? throw problems.ToReading(where).ToException() : figures;
    }

    private static ExposureFigure? Figure(YamlFields fields)
    {
        fields.RefuseOthers("of", "amount", "currency", "per", "source", "countries", "policies");
        var (of, source) = (fields.Text("of", required: true), fields.Text("source", required: true));
        var currency = fields.Text("currency", required: true);
        if (currency is not null && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
            fields.Add("currency", "\"currency\" is three capitals, such as EUR");
        var per = fields.Choice(
            "per", [.. Enum.GetValues<ExposureUnit>().Select(unit => (unit.ToText(), unit))]);
        var countries = fields.Words(
            "countries", Residences.CountryRefusal, required: false);
        var policies = fields.Words("policies", _ => null, required: false);
        if (countries.Count > 0 && per is ExposureUnit.Release or ExposureUnit.Model)
            fields.Add("countries", "\"countries\" goes with people and items: a release is of no country");
        return AmountOf(fields) is { } amount && of is not null && source is not null && currency is not null
            && per is { } unit
            ? new ExposureFigure(of, amount, currency, unit, source, countries, policies)
            : null;
    }

    private static decimal? AmountOf(YamlFields fields)
    {
        if (fields.Value("amount") is YamlValue.Scalar { Type: ScalarType.Number, Text: var text }
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount is > 0 and <= 1_000_000_000)
            return amount;
        fields.Add("amount", "\"amount\" is a number above 0 and up to a thousand million, such as 500 or 0.25");
        return null;
    }
}

/// <summary>How units are written.</summary>
internal static class ExposureUnits
{
    /// <summary>The stable name.</summary>
    public static string ToText(this ExposureUnit unit) => unit switch
    {
        ExposureUnit.Person => "person",
        ExposureUnit.Item => "item",
        ExposureUnit.Release => "release",
        ExposureUnit.Model => "model",
    };
}
