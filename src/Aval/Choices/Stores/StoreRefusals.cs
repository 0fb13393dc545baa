namespace Aval.Choices.Stores;

/// <summary>What every store of choices refuses, in the same words.</summary>
internal static class StoreRefusals
{
    public static AvalException Overtaken(string where) =>
        AvalException.Busy($"{where}: somebody else forgot choices since it was decided what takes their place. "
            + "Nothing was forgotten. Run the command again.");

    public static AvalException Missing(EntryIndex choice) =>
        AvalException.Usage($"Entry {choice} is not a choice, or it was forgotten before. Nothing was forgotten. "
            + "See what there is with: aval query \"SELECT index, kind, account FROM choices\"");
}
