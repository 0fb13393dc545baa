using System.Text.Json;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Decisions;

/// <summary>What one rule did.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Law">Its article.</param>
/// <param name="Off">Why it is switched off; null when it is on.</param>
/// <param name="Excluded">Items to which it gave the reason (the first exclusion).</param>
/// <param name="Matches">Items it would exclude were it the only rule.</param>
/// <param name="Only">Items that no other rule excludes.</param>
internal sealed record RuleAccount(string Rule, string? Law, string? Off, long Excluded, long Matches, long Only)
{
    /// <summary>Items that it let in because many people say what they say; null = it has no such exception.</summary>
    public long? LetIn { get; init; }
}

/// <summary>Items read, admitted, and excluded by reason, of one slice.</summary>
internal sealed record Tally(long Read, long Admitted, IReadOnlyDictionary<Reason, long> Excluded)
{
    /// <summary>Whether read = admitted + Σ excluded.</summary>
    public bool Closes => Read == Admitted + Excluded.Values.Sum();
}

/// <summary>Every item, accounted for (contract: docs/design.md, "Accounting").</summary>
/// <param name="Total">All items.</param>
/// <param name="Rules">In policy order, with the two that hold under every policy first and last.</param>
/// <param name="Services">By service, ordinal order.</param>
/// <param name="Kinds">By kind.</param>
/// <param name="Languages">By language.</param>
/// <param name="RejectedLines">Lines that no import could take; they are listed with file and line beside the
/// imports.</param>
internal sealed record Accounting(
    Tally Total,
    IReadOnlyList<RuleAccount> Rules,
    IReadOnlyDictionary<string, Tally> Services,
    IReadOnlyDictionary<string, Tally> Kinds,
    IReadOnlyDictionary<string, Tally> Languages,
    long RejectedLines)
{
    /// <summary>Choices that are honoured and name an account, or a service or an item of theirs, that the content does
    /// not know.</summary>
    public long UnmatchedChoices { get; init; }

    /// <summary>What was replaced in the texts of admitted items, by kind and language.</summary>
    public IReadOnlyList<Masked> Masked { get; init; } = [];

    /// <summary>Accounts for what was counted.</summary>
    /// <param name="policy">Its rules, also those that are off.</param>
    /// <param name="decisions">What each bit of a mask means.</param>
    /// <param name="counts">All items, once each.</param>
    /// <param name="rejectedLines">Lines that no import could take.</param>
    public static Accounting Of(Policy policy, ItemDecisions decisions, DecisionCounts counts, long rejectedLines)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(counts);
        Tally Sum(IEnumerable<(Ground? First, long Items)> slice)
        {
            long read = 0, admitted = 0;
            var excluded = new SortedDictionary<Reason, long>();
            foreach (var (first, items) in slice)
            {
                read += items;
                if (first is not null)
                    excluded[first.Reason] = excluded.GetValueOrDefault(first.Reason) + items;
                else
                    admitted += items;
            }

            return new Tally(read, admitted, excluded);
        }

        Ground? At(int bit) => bit < 0 ? null : decisions.Grounds[bit];

        IReadOnlyDictionary<string, Tally> By(IReadOnlyList<SliceCount> slices) =>
            new SortedDictionary<string, Tally>(
                slices.GroupBy(count => count.Slice).ToDictionary(
                    slice => slice.Key, slice => Sum(slice.Select(count => (At(count.First), count.Items)))),
                StringComparer.Ordinal);

        return new Accounting(
            Sum(counts.Masks.Select(count => (decisions.First(count.Mask), count.Items))),
            [.. RulesOf(policy, decisions, counts.Masks)], By(counts.Services), By(counts.Kinds),
            By(counts.Languages), rejectedLines);
    }

    private static IEnumerable<RuleAccount> RulesOf(
        Policy policy, ItemDecisions decisions, IReadOnlyList<MaskCount> masks)
    {
        RuleAccount Account(string id, string? law, string? off)
        {
            var bits = decisions.Grounds.Where(ground => ground.RuleId == id)
                .Aggregate(0L, (all, ground) => all | (1L << ground.Bit));
            long excluded = 0, matches = 0, only = 0;
            foreach (var (mask, items) in masks)
            {
                if ((mask & bits) == 0)
                    continue;
                matches += items;
                if ((mask & ~bits) == 0)
                    only += items;
                if (decisions.First(mask)!.RuleId == id)
                    excluded += items;
            }

            return new RuleAccount(id, law, off, excluded, matches, only)
            {
                LetIn = id == Rule.Copies.Form.Id ? decisions.LetIn : null,
            };
        }

        foreach (var standing in StandingRule.Before(policy))
            yield return Account(standing.Id, null, null);
        foreach (var rule in policy.Rules)
            yield return Account(rule.Id, rule.Law, (rule as Rule.Off)?.Because);
        foreach (var standing in StandingRule.Last)
            yield return Account(standing.Id, null, null);
    }

    /// <summary>Whether every sum closes: in all, per slice, and over the rules.</summary>
    public bool Closes =>
        Total.Closes
        && Total.Read - Total.Admitted == Rules.Sum(rule => rule.Excluded)
        && new[] { Services, Kinds, Languages }.All(slices =>
            slices.Values.All(slice => slice.Closes) && slices.Values.Sum(slice => slice.Read) == Total.Read
            && slices.Values.Sum(slice => slice.Admitted) == Total.Admitted);

    /// <summary>accounting.json: the same bytes for the same counts.</summary>
    public byte[] ToJson() => JsonText.Write(WriteTo);

    /// <summary>Writes the members of accounting.json.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        WriteMembers(json, Total);
        json.WriteNumber("rejected_lines", RejectedLines);
        json.WriteNumber("unmatched_choices", UnmatchedChoices);
        json.WriteStartArray("rules");
        foreach (var rule in Rules)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Rule);
            if (rule.Law is not null)
                json.WriteString("law", rule.Law);
            if (rule.Off is not null)
                json.WriteString("off", rule.Off);
            json.WriteNumber("excluded", rule.Excluded);
            json.WriteNumber("matches", rule.Matches);
            json.WriteNumber("only", rule.Only);
            if (rule.LetIn is { } letIn)
                json.WriteNumber("let_in", letIn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "by_service", Services);
        Write(json, "by_kind", Kinds);
        Write(json, "by_language", Languages);
        WriteMasked(json);
        json.WriteEndObject();
    }

    // Nothing where no rule masks, so that its absence says so.
    private void WriteMasked(Utf8JsonWriter json)
    {
        if (Masked.Count == 0)
            return;
        json.WriteStartObject("masked");
        foreach (var kind in Masked.GroupBy(one => one.Kind))
        {
            json.WriteStartObject(kind.Key);
            foreach (var one in kind)
                json.WriteNumber(one.Language, one.Count);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, Tally> slices)
    {
        json.WriteStartObject(name);
        foreach (var (slice, tally) in slices)
        {
            json.WriteStartObject(slice);
            WriteMembers(json, tally);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, Tally tally)
    {
        json.WriteNumber("read", tally.Read);
        json.WriteNumber("admitted", tally.Admitted);
        json.WriteStartObject("excluded");
        foreach (var (reason, items) in tally.Excluded)
            json.WriteNumber(reason.ToText(), items);
        json.WriteEndObject();
    }
}
