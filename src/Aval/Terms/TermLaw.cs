namespace Aval.Terms;

/// <summary>
/// By whose rule a term is counted. The rules stand here as they are known, by their names; of none was the text read
/// for it, and what a court says of a term is for the court to say.
/// </summary>
internal enum TermLaw
{
    /// <summary>Regulation (EEC, Euratom) No 1182/71, Art. 3: terms that acts of the Union set.</summary>
    Regulation1182,

    /// <summary>DE: BGB, §§ 187(1), 188, 193; by ZPO, § 222, also where a court sets the term.</summary>
    Bgb,

    /// <summary>FR: Code de procédure civile, Art. 640 to 642.</summary>
    Cpc,

    /// <summary>AT: ABGB, §§ 902, 903, and ZPO, §§ 125, 126, by which Good Friday is as a holiday.</summary>
    Abgb,

    /// <summary>IE: Interpretation Act 2005, s. 18(h): the day from which a term runs is part of it, and no day moves
    /// its end. What rules of court add is not known here.</summary>
    InterpretationAct,
}

/// <summary>How these are written.</summary>
internal static class TermLaws
{
    /// <summary>The words, in the order above.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<TermLaw>().Select(ToText)];

    /// <summary>The word.</summary>
    public static string ToText(this TermLaw law) => law switch
    {
        TermLaw.Regulation1182 => "regulation-1182-71",
        TermLaw.Bgb => "bgb",
        TermLaw.Cpc => "cpc",
        TermLaw.Abgb => "abgb-zpo",
        TermLaw.InterpretationAct => "interpretation-act",
    };

    /// <summary>The provisions, as a paper cites them.</summary>
    public static string Cited(this TermLaw law) => law switch
    {
        TermLaw.Regulation1182 => "Regulation (EEC, Euratom) No 1182/71, Art. 3",
        TermLaw.Bgb => "BGB §§ 187, 188, 193",
        TermLaw.Cpc => "CPC art. 640-642",
        TermLaw.Abgb => "ABGB §§ 902, 903; ZPO §§ 125, 126",
        TermLaw.InterpretationAct => "Interpretation Act 2005, s. 18(h)",
    };

    /// <summary>Reads a word.</summary>
    public static bool TryParse(string? text, out TermLaw law)
    {
        law = Enum.GetValues<TermLaw>().FirstOrDefault(known => known.ToText() == text);
        return law.ToText() == text;
    }
}
