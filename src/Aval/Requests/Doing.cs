using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Choices;
using Aval.Storage;

namespace Aval.Requests;

/// <summary>
/// What an act says: a step of a request, or what an officer did. Its JSON is what an entry of kind 0x06 commits to
/// under an opening; nothing of it is in the ledger itself.
/// </summary>
/// <param name="At">When, UTC, microseconds.</param>
/// <param name="By">Who: <c>person</c>, <c>officer NAME</c>, <c>agent NAME</c>, <c>auditor NAME</c>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(Asked), "asked")]
[JsonDerivedType(typeof(Acknowledged), "acknowledged")]
[JsonDerivedType(typeof(ActionRequired), "requires-action")]
[JsonDerivedType(typeof(ActionPerformed), "action-performed")]
[JsonDerivedType(typeof(Accepted), "accepted")]
[JsonDerivedType(typeof(Delayed), "delayed")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Fulfilled), "fulfilled")]
[JsonDerivedType(typeof(Erased), "erased")]
[JsonDerivedType(typeof(SignedIn), "signed-in")]
[JsonDerivedType(typeof(SignedOut), "signed-out")]
[JsonDerivedType(typeof(ChoiceTyped), "choice-typed")]
[JsonDerivedType(typeof(CountsReconciled), "counts-reconciled")]
[JsonDerivedType(typeof(LedgerVerified), "ledger-verified")]
[JsonDerivedType(typeof(ListTaken), "list-taken")]
[JsonDerivedType(typeof(PaperSigned), "paper-signed")]
internal abstract record Doing(DateTimeOffset At, string By)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters =
        {
            new InstantText(), new AccountText(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower),
        },
    };

    /// <summary>Whom it names; null = no account.</summary>
    [JsonIgnore]
    public virtual Account? Names => null;

    /// <summary>The entry of the request that it is a step of; null = of none, or the first.</summary>
    [JsonIgnore]
    public virtual EntryIndex? StepOf => null;

    /// <summary>The word for it in the trail.</summary>
    [JsonIgnore]
    public string Word => (string)typeof(Doing).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .Single(known => known.DerivedType == GetType()).TypeDiscriminator!;

    /// <summary>The entry that commits to it, with what opens it.</summary>
    public NewEntry Seal() => Sealing.Seal(new Act(Names, StepOf, JsonSerializer.Serialize(this, Options)));

    /// <summary>Reads what <see cref="Seal"/> wrote.</summary>
    /// <exception cref="AvalException">Bad input: what is kept is not what was entered.</exception>
    public static Doing? Of(KeptAct kept, string where)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Act is not { } act)
            return null;
        try
        {
            if (kept.Opens)
                return JsonSerializer.Deserialize<Doing>(act.Act.Said, Options)!;
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException)
        {
            throw AvalException.BadInput($"{where}: act {kept.Index} cannot be read: {broken.Message} Nothing was "
                + "done. Use the Aval that wrote it.", broken);
        }

        throw AvalException.BadInput($"{where}: act {kept.Index} does not open its entry: it was changed after it was "
            + "entered. Nothing was done. Keep the store as evidence, and restore it from your backup: see \"When the "
            + "ledger does not check\" in docs/operations.md.");
    }

    private sealed class AccountText : JsonConverter<Account>
    {
        public override Account Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Account.TryParse(reader.GetString(), out var account)
                ? account
                : throw new JsonException("an account should stand here");

        public override void Write(Utf8JsonWriter writer, Account value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A request begins. Erasures, restrictions and removals begin with the choice itself.</summary>
/// <param name="At">When it was entered.</param>
/// <param name="By">Who entered it.</param>
/// <param name="Right">What is asked for.</param>
/// <param name="Account">By whom; null = by somebody without an account.</param>
/// <param name="ReceivedAt">When it reached the controller: from then on its clock runs.</param>
/// <param name="Channel">By what way.</param>
/// <param name="IsAcknowledged">The person was told at once that it came in.</param>
internal sealed record Asked(
    DateTimeOffset At, string By, Right Right, Account? Account, DateTimeOffset ReceivedAt, string Channel,
    bool IsAcknowledged) : Doing(At, By)
{
    /// <summary>SHA-256 of what proves it.</summary>
    public string? Evidence { get; init; }

    /// <summary>In the person's own words.</summary>
    public string? Text { get; init; }

    /// <summary>Where an answer reaches somebody without an account.</summary>
    public string? Reach { get; init; }

    /// <inheritdoc/>
    public override Account? Names => Account;
}

/// <summary>A step of a request.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Request">The entry with which it began.</param>
internal abstract record Step(DateTimeOffset At, string By, long Request) : Doing(At, By)
{
    /// <summary>Whose request it is; null = of somebody without an account.</summary>
    public Account? Account { get; init; }

    /// <summary>What the person is told, or tells.</summary>
    public string? Text { get; init; }

    /// <inheritdoc/>
    public override Account? Names => Account;

    /// <inheritdoc/>
    public override EntryIndex? StepOf => new EntryIndex(Request);
}

/// <summary>The person was told that it came in.</summary>
internal sealed record Acknowledged(DateTimeOffset At, string By, long Request) : Step(At, By, Request);

/// <summary>The person is asked for something. The clock goes on: who asks late gains nothing by it.</summary>
internal sealed record ActionRequired(DateTimeOffset At, string By, long Request) : Step(At, By, Request);

/// <summary>The person did it.</summary>
internal sealed record ActionPerformed(DateTimeOffset At, string By, long Request) : Step(At, By, Request);

/// <summary>It will be done.</summary>
internal sealed record Accepted(DateTimeOffset At, string By, long Request) : Step(At, By, Request);

/// <summary>It takes up to two months more (Art. 12(3)).</summary>
internal sealed record Delayed(DateTimeOffset At, string By, long Request, DelayReason Reason)
    : Step(At, By, Request);

/// <summary>It is refused (Art. 12(4)).</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Request">The entry with which it began.</param>
/// <param name="Reason">Why.</param>
/// <param name="Authority">To which authority the person was told that they may complain (Art. 77); and that they may
/// go to court (Art. 79).</param>
internal sealed record Rejected(
    DateTimeOffset At, string By, long Request, RefusalReason Reason, string Authority) : Step(At, By, Request);

/// <summary>It was done, and the person is told.</summary>
internal sealed record Fulfilled(DateTimeOffset At, string By, long Request) : Step(At, By, Request);

/// <summary>
/// Who asked for it is erased, and what was asked and answered is forgotten: what is left of a request, which names
/// nobody. The request for the erasure itself goes on, since it is fulfilled only when nothing is left anywhere; every
/// other one ends with whom it was for.
/// </summary>
/// <param name="At">When.</param>
/// <param name="By">Who carried it out.</param>
/// <param name="Request">The entry with which it began.</param>
/// <param name="Right">What was asked for.</param>
/// <param name="ReceivedAt">When it reached the controller.</param>
/// <param name="IsExtended">It had been extended in time.</param>
/// <param name="State">How far it was.</param>
/// <param name="ClosedAt">When it was closed; null = it is open still.</param>
internal sealed record Erased(
    DateTimeOffset At, string By, long Request, Right Right, DateTimeOffset ReceivedAt, bool IsExtended,
    RequestState State, DateTimeOffset? ClosedAt) : Step(At, By, Request);

/// <summary>Somebody entered the officer's side.</summary>
internal sealed record SignedIn(DateTimeOffset At, string By) : Doing(At, By);

/// <summary>Somebody left it.</summary>
internal sealed record SignedOut(DateTimeOffset At, string By) : Doing(At, By);

/// <summary>A choice was typed for somebody; it is an entry of its own.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Choice">Its entry.</param>
internal sealed record ChoiceTyped(DateTimeOffset At, string By, long Choice) : Doing(At, By);

/// <summary>The platform's own counts were held against the ledger's.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Sha256">Of the file of counts.</param>
/// <param name="Rows">How many counts it has.</param>
/// <param name="Differing">How many of them are not the ledger's.</param>
/// <param name="LedgerSize">Up to which size of the ledger was counted.</param>
internal sealed record CountsReconciled(
    DateTimeOffset At, string By, string Sha256, long Rows, long Differing, long LedgerSize) : Doing(At, By);

/// <summary>The whole ledger was verified against the store.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Size">The checkpoint's.</param>
/// <param name="IsWhole">Nothing was wrong.</param>
internal sealed record LedgerVerified(DateTimeOffset At, string By, long Size, bool IsWhole) : Doing(At, By);

/// <summary>A list that names people was taken out.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="List">Which.</param>
internal sealed record ListTaken(DateTimeOffset At, string By, string List) : Doing(At, By);
