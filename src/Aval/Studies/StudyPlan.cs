using System.Security.Cryptography;
using System.Text;
using Aval.Models;
using Aval.Policies;

namespace Aval.Studies;

/// <summary>On whose texts it is measured how well texts are foretold.</summary>
internal enum HeldOut
{
    /// <summary>A share of all people in the release.</summary>
    Everybody,

    /// <summary>A share of those whose consent stands.</summary>
    Consenting,

    /// <summary>Text that is nobody's any longer, in a folder.</summary>
    PublicDomain,
}

/// <summary>
/// What a study asks and how it will be answered, written down before anything is measured (docs/formats/study.md).
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Question">What is asked, for people.</param>
/// <param name="Release">The release whose people are everybody, as on the command line.</param>
/// <param name="Text">The file, verbatim.</param>
/// <param name="Folder">Where the file lies: folders are named from there.</param>
internal sealed record StudyPlan(string Name, string Question, string Release, string Text, string Folder)
{
    /// <summary>The languages; none = all in which there are enough people.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>How texts are read, and how far the models look back.</summary>
    public required ModelForm Form { get; init; }

    /// <summary>The shares that are measured, ascending, each below 1; everybody is measured beside them.</summary>
    public required IReadOnlyList<Ratio> Shares { get; init; }

    /// <summary>Those of them on which a verdict is given.</summary>
    public required IReadOnlyList<Ratio> Judged { get; init; }

    /// <summary>The share that is known to be too small: the positive control.</summary>
    public required Ratio TooSmall { get; init; }

    /// <summary>Folder of text that is nobody's any longer, trained on in the place of people's; null = none.</summary>
    public string? PublicDomain { get; init; }

    /// <summary>Releases made under other policies, as on the command line, that are measured beside it.</summary>
    public required IReadOnlyList<string> ComparedWith { get; init; }

    /// <summary>On whose texts it is measured.</summary>
    public required HeldOut HeldOut { get; init; }

    /// <summary>Which part of these people.</summary>
    public required Ratio HeldOutShare { get; init; }

    /// <summary>The folder of <see cref="HeldOut.PublicDomain"/>.</summary>
    public string? HeldOutFolder { get; init; }

    /// <summary>The gap that counts as none, as a part of the bits that everybody's model needs.</summary>
    public required Ratio Margin { get; init; }

    /// <summary>The smallest gap that must have been findable, at most <see cref="Margin"/>.</summary>
    public required Ratio SmallestGap { get; init; }

    /// <summary>Of the intervals.</summary>
    public required Ratio Confidence { get; init; }

    /// <summary>With which probability the smallest gap is found.</summary>
    public required Ratio Power { get; init; }

    /// <summary>How often people are drawn.</summary>
    public required int Repeats { get; init; }

    /// <summary>How often people are resampled.</summary>
    public required int Resamples { get; init; }

    /// <summary>What the draws depend on.</summary>
    public required int Seed { get; init; }

    /// <summary>At most so many people are trained on in a language; null = all.</summary>
    public int? AtMostPeople { get; init; }

    /// <summary>How many people the platform has; null = nothing is extrapolated.</summary>
    public int? PlatformPeople { get; init; }

    /// <summary>SHA-256 of the file: what the ledger's entry is about.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The seed of a draw: a policy's rule <c>share</c> with it draws alike.</summary>
    public int SeedOf(int repeat) => Seed + repeat;

    /// <summary>A share for people.</summary>
    public static string Percent(Ratio share) => share.ToPercent();

    /// <summary>A part as a number.</summary>
    public static double Number(Ratio part) => (double)part.Part / part.Whole;
}

/// <summary>Reads plans. All that is wrong is told at once, with its line and column.</summary>
internal static class StudyPlanReader
{
    private const int MaxBytes = 1 << 20;

    private static readonly Ratio Whole = new(1, 1);
    private static readonly Ratio Least = new(1, 10_000);

    private static readonly string[] Keys =
    [
        "study", "question", "release", "languages", "unit", "order", "shares", "judged", "too-small", "compared-with",
        "public-domain",
        "held-out", "held-out-share", "held-out-folder", "margin", "smallest-gap", "confidence", "power", "repeats",
        "resamples", "seed", "at-most-people", "platform-people",
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="AvalException">Usage: there is no such file. Bad input, with every problem's line and
    /// column.</exception>
    public static StudyPlan Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: no such file. Nothing was done. A plan is a YAML file; see aval study "
                + "--help, and docs/formats/study.md for what it says.");
        if (new FileInfo(path).Length > MaxBytes)
            throw AvalException.BadInput($"{path}: expected a plan of at most {MaxBytes} bytes, but there are more. "
                + "Nothing was done. Give the plan's file.");
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return Parse(text, path);
        }
        catch (DecoderFallbackException)
        {
            throw AvalException.BadInput($"{path}: expected UTF-8, but bytes that are not were found. Nothing was "
                + "done. Save the file as UTF-8.");
        }
    }

    /// <summary>Reads a plan's text.</summary>
    /// <param name="text">The file, verbatim.</param>
    /// <param name="path">Where it lies.</param>
    public static StudyPlan Parse(string text, string path)
    {
        var problems = new PolicyProblems();
        var root = YamlValue.Load(text, problems);
        if (root is YamlValue.Map map && Plan(new YamlFields(map, "the plan", problems), text, path) is { } plan
            && !problems.Any)
            return plan;
        if (!problems.Any)
            problems.Add(new Place(1, 1), "a plan is keys and values, as in \"study: a-tenth\"");
        throw problems.ToReading(path).ToException();
    }

    private static StudyPlan? Plan(YamlFields fields, string text, string path)
    {
        fields.RefuseOthers(Keys);
        var (name, question, release) =
            (fields.Name("study"), fields.Text("question", required: true), fields.Text("release", required: true));
        var form = Form(fields);
        var shares = Shares(fields, "shares");
        var judged = Shares(fields, "judged");
        var heldOut = fields.Choice(
            "held-out", ("everybody", HeldOut.Everybody), ("consenting", HeldOut.Consenting),
            ("public-domain", HeldOut.PublicDomain));
        var (tooSmall, margin) = (Part(fields, "too-small"), Part(fields, "margin"));
        var smallest = Part(fields, "smallest-gap");
        var confidence = fields.Part("confidence", new Ratio(5, 10), new Ratio(9999, 10_000), required: true);
        var power = fields.Part("power", new Ratio(6, 10), new Ratio(9999, 10_000), required: true);
        var heldOutShare = heldOut is HeldOut.PublicDomain ? Whole
            : fields.Part("held-out-share", new Ratio(1, 100), new Ratio(5, 10), required: true);
        var (repeats, resamples, seed) = (fields.Whole("repeats", 2, 1_000), fields.Whole("resamples", 199, 99_999),
            fields.Whole("seed", 1, int.MaxValue - 1_000));
        if (margin is { } most && smallest is { } least && !most.IsAtLeast(least))
            fields.Add("smallest-gap", "\"smallest-gap\" is at most the margin: what could not find a gap as large as "
                + "the margin could call nothing sufficient");
        foreach (var one in judged.Concat(tooSmall is { } control ? [control] : []).Except(shares))
            fields.Add("shares", $"\"shares\" lacks {one}, which is judged or is the control: what is not measured "
                + "cannot be judged");
        if (name is null || question is null || release is null || form is null || heldOut is null || tooSmall is null
            || margin is null || smallest is null || confidence is null || power is null || heldOutShare is null
            || repeats is null || resamples is null || seed is null)
            return null;
        return new StudyPlan(name, question, release, text, Path.GetDirectoryName(Path.GetFullPath(path))!)
        {
            Languages = fields.Words("languages", Language, required: false),
            Form = form,
            Shares = shares,
            Judged = judged,
            TooSmall = tooSmall.Value,
            ComparedWith = fields.Words("compared-with", _ => null, required: false),
            PublicDomain = fields.Text("public-domain"),
            HeldOut = heldOut.Value,
            HeldOutShare = heldOutShare.Value,
            HeldOutFolder = fields.Text("held-out-folder", required: heldOut is HeldOut.PublicDomain),
            Margin = margin.Value,
            SmallestGap = smallest.Value,
            Confidence = confidence.Value,
            Power = power.Value,
            Repeats = repeats.Value,
            Resamples = resamples.Value,
            Seed = seed.Value,
            AtMostPeople = fields.Has("at-most-people") ? fields.Whole("at-most-people", 20, int.MaxValue) : null,
            PlatformPeople =
                fields.Has("platform-people") ? fields.Whole("platform-people", 1_000, int.MaxValue) : null,
        };
    }

    private static ModelForm? Form(YamlFields fields)
    {
        var unit = fields.Text("unit", required: true);
        // A model that knows fewer words finds more of them unknown, and those cost it nothing: it would win by it.
        if (unit is not (null or "byte" or "char"))
            fields.Add("unit", $"\"unit\" is byte or char, but {Found.Quote(unit)} was found; words cannot be compared "
                + "between models that know different ones");
        var order = fields.Whole("order", 2, unit == "char" ? 6 : 8);
        return unit is "byte" or "char" && order is { } known ? ModelForm.Of(ModelForm.UnitOf(unit), known) : null;
    }

    private static Ratio? Part(YamlFields fields, string key) => fields.Part(key, Least, Whole, required: true);

    private static string? Language(string word) => KnownLanguages.Known.Contains(word)
        ? null
        : $"a language is one of {string.Join(", ", KnownLanguages.Known)}, but {Found.Quote(word)} was found";

    private static Ratio[] Shares(YamlFields fields, string key)
    {
        var shares = new List<Ratio>();
        foreach (var value in fields.List(key, required: true))
        {
            if (value is YamlValue.Scalar { Type: ScalarType.Number } scalar && Ratio.TryParse(scalar.Text, out var one)
                && one.IsAtLeast(Least) && !one.IsAtLeast(Whole) && !shares.Any(other => other.IsAtLeast(one)))
                shares.Add(one);
            else
                fields.Add(key, $"\"{key}\" lists decimal fractions from 0.0001 to below 1, each larger than the one "
                    + $"before it, but {Found.Describe(value)} was found; everybody is measured beside them");
        }

        if (fields.HasList(key) && shares.Count == 0)
            fields.Add(key, $"\"{key}\" lists at least one share");
        return [.. shares];
    }
}
