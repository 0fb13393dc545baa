using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Studies;

/// <summary>A study that was made.</summary>
/// <param name="Result">What it found.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Entry">Its entry of the ledger.</param>
internal sealed record StudyOutcome(StudyResult Result, string Folder, long Entry);

/// <summary>
/// How much is enough: whether models that read some of the people foretell others' texts as well as one that read
/// everybody. The plan is entered into the ledger, then people are read and models measured, then it is said what
/// follows. The file to open first in this room.
/// </summary>
internal static class Study
{
    /// <summary>Its results in numbers.</summary>
    public const string JsonFile = "study.json";

    /// <summary>Its results as a page.</summary>
    public const string PageFile = "study.html";

    /// <summary>The gap over all languages as a picture, for other pages.</summary>
    public const string ChartFile = "study.svg";

    // A change of what is measured makes what is kept of a study that was killed another one's.
    private const string Version = "study/1";

    /// <summary>Enters a plan into the ledger, unless it is there already.</summary>
    public static Registered Plan(Workspace workspace, StudyPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Planned(Register.Read(workspace), plan) ?? Register.Enter(
            workspace, new StudyPlanned(now, plan.Name, plan.Question, plan.Text)
            {
                Subjects = [new StatedFile("plan.yaml", plan.Sha256)],
            });
    }

    /// <summary>Makes a study.</summary>
    /// <param name="workspace">Where the release lies.</param>
    /// <param name="plan">What is asked.</param>
    /// <param name="folder">Where to: nothing may be there yet.</param>
    /// <param name="now">What is said in the ledger is said then.</param>
    /// <param name="limits">How much of the machine it may use; never shows in a result.</param>
    /// <param name="watch">Told how far it is.</param>
    /// <exception cref="AvalException">Usage: the folder is there. Refused by the gate. Bad input: nothing can be
    /// measured.</exception>
    public static StudyOutcome Make(
        Workspace workspace, StudyPlan plan, string folder, DateTimeOffset now, EngineLimits limits,
        Action<BuildProgress> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(watch);
        var full = Path.GetFullPath(folder);
        if (Path.Exists(full))
            throw AvalException.Usage($"{full}: something is here already, and a study is never written over it. "
                + "Nothing was measured. Name another folder with --to, or move this one away.");
        foreach (var needed in new[] { plan.PublicDomain, plan.HeldOutFolder }.OfType<string>())
            _ = FreeText.FolderOf(plan, needed);
        watch(new BuildProgress("plan", 0));
        var planned = Plan(workspace, plan, now);
        watch(new BuildProgress("people", 0));
        using var people = StudyPeople.Read(workspace, plan.Release, plan.ComparedWith, now, limits);
        var earlier = Register.Read(workspace).FirstOrDefault(one => one.Index.Value < planned.Index.Value
            && one.Stated is StudyMade made && made.Manifest == people.Release.ManifestSha256);
        var result = Measured(
            workspace, plan, people, new Standing(planned.Index.Value, earlier?.Index.Value), limits, watch);
        var files = Write(result, full);
        var made = Register.Enter(workspace, new StudyMade(
            now, plan.Name, plan.Sha256, planned.Index.Value, result.Release, result.Manifest,
            result.Standing.IsExploratory, result.Shows)
        {
            Subjects = files,
        });
        Durable.MoveDirectory(Unfinished(full), full);
        return new StudyOutcome(result, full, made.Index.Value);
    }

    private static StudyResult Measured(
        Workspace workspace, StudyPlan plan, StudyPeople people, Standing standing, EngineLimits limits,
        Action<BuildProgress> watch)
    {
        var measuring = new Measuring(plan, people.All, workspace.ReadKey());
        var there = people.Languages();
        string[] languages = plan.Languages.Count > 0
            ? [.. plan.Languages.Order(StringComparer.Ordinal)]
            : [.. there.Where(one => one.Language != KnownLanguages.Undetermined
                && one.People >= Measuring.LeastTrained + Measuring.LeastHeldOut).Select(one => one.Language)];
        if (languages.Length == 0)
            throw AvalException.BadInput($"{people.Release.Name}: in no language did "
                + $"{Measuring.LeastTrained + Measuring.LeastHeldOut} people write, so nothing can be measured. The "
                + "plan is entered; nothing was measured. Take a release of more people.");
        RequireResamples(plan, languages.Length);
        var kept = Kept.Of(
            workspace, plan, string.Join(' ', people.Others.Prepend(people.Release).Select(one => one.ManifestSha256)));
        var measured = new List<MeasuredLanguage>();
        foreach (var (language, at) in languages.Select((language, at) => (language, at)))
        {
            void Told(double done) => watch(new BuildProgress("measure", (at + done) / languages.Length));
            Told(0);
            measured.Add(kept.Of(language, () => measuring.Measure(
                language, people.Texts(language),
                [.. Enumerable.Range(0, people.Others.Count)
                    .Select(other => people.TextsOf(other, language, measuring.IsHeldOut))],
                limits.Threads, Told)));
        }

        watch(new BuildProgress("reckon", 0));
        var counts = there.ToDictionary(one => one.Language, one => one.People, StringComparer.Ordinal);
        double? Platform(MeasuredLanguage language) => plan.PlatformPeople is { } all
            ? (double)all * counts.GetValueOrDefault(language.Language) / people.All.Count
            : null;
        var found = new Reckoning(plan).Of(measured, Platform);
        kept.Forget();
        return new StudyResult
        {
            Plan = plan,
            Standing = standing,
            Release = people.Release.Name,
            Manifest = people.Release.ManifestSha256,
            ComparedWith = [.. people.Others.Select(other => (other.Name, other.ManifestSha256))],
            People = people.All.Count,
            HeldOutPeople = measuring.HeldOutPeople,
            ConsentingPeople = people.All.Count(person => person.Consents),
            Languages = found.Languages,
            Together = found.Together,
            Joint = found.Joint,
            TooSmall = found.TooSmall,
            Halves = found.Halves,
            Composition = CompositionOf(people.All),
        };
    }

    // The smallest chance that so many resamples can tell, corrected for all statements, must be one that counts.
    private static void RequireResamples(StudyPlan plan, int languages)
    {
        var claims = 2L * languages * plan.Judged.Count;
        var needed = (long)Math.Ceiling(claims / (1 - StudyPlan.Number(plan.Confidence)));
        if (plan.Resamples + 1 < needed)
            throw AvalException.BadInput($"The plan's \"resamples\" are {plan.Resamples}, and for {languages} "
                + $"languages and {plan.Judged.Count} judged shares at least {needed} are needed: with fewer no "
                + "language could come out sufficient or insufficient after Holm's correction. The plan is entered; "
                + "nothing was measured. Write a plan with more.");
    }

    private static Composition CompositionOf(IReadOnlyList<StudyPerson> all)
    {
        IEnumerable<Kind> By(string by, Func<StudyPerson, string> of) => all.GroupBy(of)
            .Select(kind => new Kind(by, kind.Key, kind.LongCount(), kind.LongCount(person => person.Consents)))
            .OrderBy(kind => kind.Value, StringComparer.Ordinal);
        var cells = all.GroupBy(person => person.Cell).ToArray();
        return new Composition(
            [.. By("country", person => person.Country), .. By("age", person => person.Age),
                .. By("activity", person => person.Activity)],
            cells.Where(cell => !cell.Any(person => person.Consents)).Sum(cell => cell.LongCount()),
            cells.Where(cell => cell.All(person => person.Consents)).Sum(cell => cell.LongCount()),
            all.LongCount(person => person.Country.Length == 0 || person.Age.Length == 0));
    }

    private static Registered? Planned(IReadOnlyList<Registered> register, StudyPlan plan) => register.FirstOrDefault(
        one => one.Stated is StudyPlanned && one.Stated.Subjects.Any(subject => subject.Sha256 == plan.Sha256));

    private static string Unfinished(string folder) => folder + ".unfinished";

    private static StatedFile[] Write(StudyResult result, string folder)
    {
        var unfinished = Unfinished(folder);
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        FileModes.MakePrivateFolder(unfinished);
        (string Name, byte[] Content)[] files =
        [
            (JsonFile, StudyJson.Of(result)), (PageFile, Encoding.UTF8.GetBytes(StudyPage.Of(result))),
            .. result.Together.Count == 0 ? Array.Empty<(string, byte[])>()
                : [(ChartFile, Encoding.UTF8.GetBytes(StudyCharts.Together(result, isFile: true) + "\n"))],
            .. StudyText.Languages.Select(language =>
                ($"study.{language}.md", Encoding.UTF8.GetBytes(StudyText.Of(result, language)))),
            ("plan.yaml", Encoding.UTF8.GetBytes(result.Plan.Text)),
        ];
        foreach (var (name, content) in files)
            Durable.Replace(Path.Combine(unfinished, name), content, Durable.Private);
        return [.. files.Select(file =>
            new StatedFile(file.Name, Convert.ToHexStringLower(SHA256.HashData(file.Content))))];
    }

    /// <summary>Languages that were measured before a study was killed: it goes on with the next one.</summary>
    private sealed class Kept(string folder, byte[] key)
    {
        public static Kept Of(Workspace workspace, StudyPlan plan, string manifest)
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
                $"{Version}\n{EngineVersion.Text}\n{plan.Sha256}\n{manifest}\n"
                    + FreeText.Sha256(plan))));
            return new Kept(
                Path.Combine(workspace.Temporary, $"study-{name[..16]}"), workspace.ReadKey().MacKey("aval/study/v1"));
        }

        public MeasuredLanguage Of(string language, Func<MeasuredLanguage> measure)
        {
            FileModes.MakePrivateFolder(folder);
            var path = Path.Combine(folder, $"{language}.json");
            if (SealedFile.Read(path, key) is { } kept)
                return JsonSerializer.Deserialize<MeasuredLanguage>(kept)!;
            var measured = measure();
            SealedFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(measured), key);
            return measured;
        }

        public void Forget() => Directory.Delete(folder, recursive: true);
    }
}
