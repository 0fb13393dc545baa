using System.Diagnostics.CodeAnalysis;

namespace Aval;

/// <summary>
/// What personal data is used for (GDPR Art. 5(1)(b)). A closed vocabulary: a purpose that is not listed cannot be
/// chosen for or against.
/// </summary>
public sealed record Purpose
{
    private Purpose(string name) => Name = name;

    /// <summary>Training generative AI.</summary>
    public static Purpose TrainGenerativeAi { get; } = new("train-generative-ai");

    /// <summary>Combining personal data of several core platform services (DMA Art. 5(2)(b)).</summary>
    public static Purpose CombineServices { get; } = new("combine-services");

    /// <summary>
    /// Using what reveals special categories of personal data, in whatever one's other choices allow: explicit consent
    /// (GDPR Art. 9(2)(a)).
    /// </summary>
    public static Purpose SpecialCategories { get; } = new("special-categories");

    /// <summary>Every purpose there is.</summary>
    public static IReadOnlyList<Purpose> All { get; } = [TrainGenerativeAi, CombineServices, SpecialCategories];

    /// <summary>Its stable, kebab-case name.</summary>
    public string Name { get; }

    /// <summary>Reads a purpose's name; <see langword="false"/> when it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Purpose? purpose)
    {
        purpose = All.FirstOrDefault(known => known.Name == text);
        return purpose is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
