using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>A file that a statement is about.</summary>
/// <param name="Name">Its path, relative to where it lies.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
internal sealed record StatedFile(string Name, string Sha256);

/// <summary>
/// What happened to a release, or to a model that was made of one: each is an in-toto statement (v1), signed, an entry
/// of the ledger, and never changed again. None names a person: authors are numbers, and recipients are organisations.
/// </summary>
/// <param name="At">When, UTC, microseconds.</param>
internal abstract record Stated(DateTimeOffset At)
{
    private const string InToto = "https://in-toto.io/Statement/v1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantText(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    private static readonly Dictionary<string, Type> Known = new(StringComparer.Ordinal)
    {
        ["urn:aval:export:1"] = typeof(ExportMade),
        ["urn:aval:export-destroyed:1"] = typeof(ExportDestroyed),
        ["urn:aval:run-begun:1"] = typeof(RunBegun),
        ["urn:aval:run-ended:1"] = typeof(RunEnded),
        ["urn:aval:model-registered:1"] = typeof(ModelRegistered),
        ["urn:aval:model-distributed:1"] = typeof(ModelDistributed),
        ["urn:aval:notice-written:1"] = typeof(NoticeWritten),
        ["urn:aval:notice-acknowledged:1"] = typeof(NoticeAcknowledged),
        ["urn:aval:study-planned:1"] = typeof(StudyPlanned),
        ["urn:aval:study-made:1"] = typeof(StudyMade),
    };

    /// <summary>What it is about: at least one file.</summary>
    [JsonIgnore]
    public IReadOnlyList<StatedFile> Subjects { get; init; } = [];

    /// <summary>The bytes that are signed, and whose SHA-256 is the ledger's entry.</summary>
    public byte[] ToPayload() => JsonText.WriteCompact(json =>
    {
        json.WriteStartObject();
        json.WriteString("_type", InToto);
        json.WriteStartArray("subject");
        foreach (var subject in Subjects)
        {
            json.WriteStartObject();
            json.WriteString("name", subject.Name);
            json.WriteStartObject("digest");
            json.WriteString("sha256", subject.Sha256);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("predicateType", Known.Single(known => known.Value == GetType()).Key);
        json.WritePropertyName("predicate");
        JsonSerializer.Serialize(json, this, GetType(), Options);
        json.WriteEndObject();
    });

    /// <summary>Reads what <see cref="ToPayload"/> wrote.</summary>
    /// <exception cref="FormatException">It is no such statement.</exception>
    public static Stated Read(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            var type = root.GetProperty("predicateType").GetString()!;
            if (!Known.TryGetValue(type, out var known))
                throw new FormatException($"nobody here knows statements of the type {Shown.Of(type)}");
            var stated = (Stated)root.GetProperty("predicate").Deserialize(known, Options)!;
            return stated with
            {
                Subjects =
                [
                    .. root.GetProperty("subject").EnumerateArray().Select(subject => new StatedFile(
                        subject.GetProperty("name").GetString()!,
                        subject.GetProperty("digest").GetProperty("sha256").GetString()!)),
                ],
            };
        }
        catch (Exception broken) when (MalformedJson.Threw(broken))
        {
            throw new FormatException(broken.Message, broken);
        }
    }
}

/// <summary>How many rows and tokens a split of an export has.</summary>
internal sealed record SplitCount(string Name, long Rows, long Tokens);

/// <summary>The rows that an export left out, because their author has their use restricted (Art. 18).</summary>
/// <param name="Rows">How many.</param>
/// <param name="Sha256">Of the list of their keys, which stays in <c>runs/left-out/</c>.</param>
internal sealed record LeftOut(long Rows, string Sha256);

/// <summary>An export was made.</summary>
/// <param name="At">When.</param>
/// <param name="Export">Its id.</param>
/// <param name="Release">NAME/ID of the release.</param>
/// <param name="Manifest">SHA-256 of the release's manifest.</param>
/// <param name="Folder">Where it was put.</param>
/// <param name="Recipient">To whom it goes; null = it stays with the controller.</param>
/// <param name="Format">parquet, jsonl or text.</param>
/// <param name="Languages">Which it was narrowed to; none = all.</param>
/// <param name="Seed">What decides its order; null = none was given.</param>
/// <param name="Splits">What it holds.</param>
/// <param name="Tokenizer">By which vocabulary the tokens are counted.</param>
/// <param name="LeftOut">What it does not hold of the release; null = nothing was left out.</param>
/// <param name="Unhonoured">How many authors had said by then what the release does not honour.</param>
internal sealed record ExportMade(
    DateTimeOffset At, string Export, string Release, string Manifest, string Folder, string? Recipient, string Format,
    IReadOnlyList<string> Languages, string? Seed, IReadOnlyList<SplitCount> Splits, string Tokenizer,
    LeftOut? LeftOut, long Unhonoured)
    : Stated(At)
{
    /// <summary>In how many slices its parts are, each of buckets that follow one another; null = its parts are no
    /// slices.</summary>
    public int? Slices { get; init; }
}

/// <summary>An export is destroyed, because its release held what was erased (Art. 17).</summary>
/// <param name="At">When.</param>
/// <param name="Export">The export's id.</param>
/// <param name="Release">NAME/ID of its release.</param>
internal sealed record ExportDestroyed(DateTimeOffset At, string Export, string Release) : Stated(At);

/// <summary>A run was let through the gate and begun.</summary>
/// <param name="At">When.</param>
/// <param name="Run">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Release">NAME/ID of the release.</param>
/// <param name="Manifest">SHA-256 of the release's manifest.</param>
/// <param name="Export">The export that it reads; null = it reads the shards.</param>
/// <param name="Command">What was started, word by word.</param>
/// <param name="Commit">The commit of the code, with <c>-dirty</c> where it was changed; null = it is under no
/// git.</param>
/// <param name="Machine">On which.</param>
/// <param name="Seed">The seed that it was given.</param>
/// <param name="From">The models that it begins with.</param>
/// <param name="Unhonoured">How many authors had said by then what the release does not honour, within the policy's
/// lag.</param>
internal sealed record RunBegun(
    DateTimeOffset At, string Run, string Name, string Release, string Manifest, string? Export,
    IReadOnlyList<string> Command, string? Commit, string Machine, string? Seed, IReadOnlyList<string> From,
    long Unhonoured)
    : Stated(At);

/// <summary>How a run came to its end.</summary>
internal enum RunEnding
{
    /// <summary>Its command ended by itself, with whatever code.</summary>
    Ended,

    /// <summary>Its command was killed, or the process that watched over it was: then nobody knows how far it
    /// came.</summary>
    Killed,

    /// <summary>Its command could not be started.</summary>
    NotStarted,
}

/// <summary>A run came to its end; its files are those of the model.</summary>
/// <param name="At">When, or when it was found out.</param>
/// <param name="Run">Its id.</param>
/// <param name="Ending">How.</param>
/// <param name="Exit">The command's code, as a shell tells it (128 + the signal); null = nobody knows.</param>
internal sealed record RunEnded(DateTimeOffset At, string Run, RunEnding Ending, int? Exit) : Stated(At);

/// <summary>Who can use a model.</summary>
internal enum Distribution
{
    /// <summary>The controller alone.</summary>
    Internal,

    /// <summary>Others, through the controller's machines: it can be taken back.</summary>
    Api,

    /// <summary>Whoever has a copy of its weights: it cannot.</summary>
    OpenWeights,
}

/// <summary>How a model was made of others.</summary>
internal enum Derivation
{
    /// <summary>Trained further.</summary>
    FineTune,

    /// <summary>The same with smaller numbers.</summary>
    Quantisation,

    /// <summary>Trained on what another one says.</summary>
    Distillation,

    /// <summary>Several made into one.</summary>
    Merge,

    /// <summary>Made to answer as if it had not seen some rows; whether it has forgotten them nobody can
    /// prove.</summary>
    Unlearning,
}

/// <summary>A model exists; its files are the statement's.</summary>
/// <param name="At">When it was registered.</param>
/// <param name="Model">Its name.</param>
/// <param name="Run">The run that made it; null = it was made elsewhere.</param>
/// <param name="Releases">NAME/ID of the releases that it was trained on, where no run says so.</param>
/// <param name="From">The models that it was made of.</param>
/// <param name="How">How it was made of them; null = it was made of none.</param>
/// <param name="Replaces">The model in whose place it stands from now on.</param>
internal sealed record ModelRegistered(
    DateTimeOffset At, string Model, string? Run, IReadOnlyList<string> Releases, IReadOnlyList<string> From,
    Derivation? How, string? Replaces)
    : Stated(At);

/// <summary>A model was given to others.</summary>
/// <param name="At">When.</param>
/// <param name="Model">Its name.</param>
/// <param name="As">How.</param>
/// <param name="Recipients">To which organisations.</param>
internal sealed record ModelDistributed(
    DateTimeOffset At, string Model, Distribution As, IReadOnlyList<string> Recipients)
    : Stated(At);

/// <summary>A notice to a recipient was written (Art. 17(2), 19).</summary>
/// <param name="At">When.</param>
/// <param name="Notice">Its id.</param>
/// <param name="Recipient">To whom.</param>
/// <param name="About">The export or the model.</param>
/// <param name="Rows">How many rows it is about.</param>
internal sealed record NoticeWritten(DateTimeOffset At, string Notice, string Recipient, string About, long Rows)
    : Stated(At);

/// <summary>A recipient has said that it did what a notice asks.</summary>
/// <param name="At">When.</param>
/// <param name="Notice">Its id.</param>
internal sealed record NoticeAcknowledged(DateTimeOffset At, string Notice) : Stated(At);
