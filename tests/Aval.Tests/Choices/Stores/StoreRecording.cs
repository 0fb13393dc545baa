using Aval.Choices;

namespace Aval.Testing;

/// <summary>Records choices as a command does, without waiting for the ledger.</summary>
internal static class StoreRecording
{
    public static IReadOnlyList<Recorded> Record(
        this IChoiceStore store, IEnumerable<Choice> choices, DateTimeOffset now)
    {
        var all = choices.ToArray();
        var range = store.RecordAll(all, now);
        return [.. all.Select((choice, at) => new Recorded(new EntryIndex(range.First.Value + at), choice))];
    }

    public static EntryRange RecordAll(this IChoiceStore store, IEnumerable<Choice> choices, DateTimeOffset now)
    {
        var rules = new ChoiceRules(Settings.Default);
        return store.Append(choices.Select(choice =>
        {
            rules.Require(choice, now);
            return Sealing.Seal(choice);
        }));
    }
}
