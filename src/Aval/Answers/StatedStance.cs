using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Storage;

namespace Aval.Answers;

/// <summary>What an account's choices, and those of accounts linked to it, add up to, and what they are.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Item">For one of its items; null = for the account.</param>
/// <param name="At">As of when.</param>
/// <param name="Purpose">For which purpose.</param>
/// <param name="Stance">What they add up to.</param>
/// <param name="Covering">Every statement that covers it, latest first.</param>
internal sealed record StatedStance(
    Account Account, Item? Item, DateTimeOffset At, Purpose Purpose, Stance Stance, IReadOnlyList<Citation> Covering)
{
    /// <summary>What was said, as of an instant.</summary>
    /// <exception cref="AvalException">Bad input: the item is not by the account.</exception>
    public static StatedStance Of(
        Engine engine, Workspace workspace, Account account, Item? item, DateTimeOffset at, Purpose purpose)
    {
        var (stance, covering) = Resolve(engine, workspace, account, item, at, purpose);
        return new StatedStance(account, item, at, purpose, stance, covering);
    }

    private static (Stance, IReadOnlyList<Citation>) Resolve(
        Engine engine, Workspace workspace, Account account, Item? item, DateTimeOffset at, Purpose purpose)
    {
        var inputs = Inputs.Load(engine, workspace, at, atCheckpoint: null, about: account);
        Stances.Resolve(engine, purpose);
        if (item is not { } one)
            return (Stances.Of(engine, account.ToString()) ?? Stance.Nothing,
                Stances.Covering(engine, account.ToString()));
        var author = engine.Query(
            $"SELECT author FROM {ItemFinding.Now(engine, one)} AS now WHERE service = $service AND item_id = $id",
            row => row.GetString(0), ("service", one.Service), ("id", one.Id))
                .SingleOrDefault();
        if (author != account.ToString())
            throw AvalException.BadInput(
                $"{one}: {(author is null ? "the content knows no such item" : $"it is by {author}, not by {account}")}"
                + $" as of {inputs.AsOf.ToText()}. Nothing was done.");
        var own = Stances.Covering(engine, one.ToString());
        return own.Count > 0
            ? (Stances.Of(engine, one.ToString()) ?? Stance.Nothing, own)
            : (Stances.Of(engine, account.ToString()) ?? Stance.Nothing, Stances.Covering(engine, account.ToString()));
    }

    /// <summary>As JSON.</summary>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("account", Account.ToString());
        if (Item is { } one)
            json.WriteString("item", one.ToString());
        json.WriteString("purpose", Purpose.Name);
        json.WriteString("at", At.ToText());
        Time(json, "objected_since", Stance.ObjectedSince);
        Time(json, "restricted_at", Stance.RestrictedAt);
        Time(json, "erased_to", Stance.ErasedTo);
        if (Stance.Consent is { } consent)
            json.WriteString("consent", consent.ToText());
        Time(json, "consent_until", Stance.ConsentUntil);
        json.WriteBoolean("may_combine", Stance.MayCombine);
        json.WriteBoolean("may_reveal", Stance.MayReveal);
        json.WriteBoolean("removed", Stance.Removed);
        json.WriteStartArray("choices");
        foreach (var choice in Covering)
            Write(json, choice);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A cited choice as JSON, the same wherever one is cited.</summary>
    public static void Write(Utf8JsonWriter json, Citation choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice.Index.Value);
        json.WriteString("kind", choice.Kind.ToText());
        if (choice.Forgotten)
            json.WriteBoolean("forgotten", true);
        else
            json.WriteString("account", choice.MadeOn.ToString());
        if (choice.Chain.Count > 0)
        {
            json.WritePropertyName("chain");
            Write(json, choice.Chain);
        }

        json.WriteString("purpose", choice.Purpose.Name);
        Time(json, "made_at", choice.MadeAt);
        Time(json, "until", choice.Until);
        json.WriteEndObject();
    }

    /// <summary>A chain of links as JSON.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<string> chain)
    {
        json.WriteStartArray();
        foreach (var node in chain)
            json.WriteStringValue(node);
        json.WriteEndArray();
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } at)
            json.WriteString(name, at.ToText());
    }
}
