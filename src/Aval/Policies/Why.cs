using Aval.Choices;

namespace Aval.Policies;

/// <summary>A reason with its sentence. A rule can give no reason for which it has no words, nor forget to say which of
/// the choices it rests on.</summary>
/// <param name="Reason">The stable reason.</param>
/// <param name="Sentence">The end of "It is out because …", for people who know no code.</param>
/// <param name="Cites">The choice that explanations cite for it.</param>
internal sealed record Why(Reason Reason, string Sentence, Cites Cites)
{
    /// <summary>What it rests on, where that is not the law of its rule: an order's name, file and dates.</summary>
    public string? Law { get; init; }
}
