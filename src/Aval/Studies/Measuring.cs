using System.Security.Cryptography;
using System.Text;
using Aval.Authors;
using Aval.Content;
using Aval.Models;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Studies;

/// <summary>What some people's texts brought: how well models that read them foretell the texts held out.</summary>
/// <param name="Name">Which people.</param>
/// <param name="People">How many of them wrote in this language.</param>
/// <param name="Bytes">How much they wrote: the mean over all draws.</param>
/// <param name="Bits">By draw of people, and by person held out: what their texts take.</param>
internal sealed record MeasuredArm(string Name, int People, long Bytes, double[][] Bits);

/// <summary>A language, measured.</summary>
/// <param name="Language">Which.</param>
/// <param name="People">How many are trained on when everybody is.</param>
/// <param name="HeldOutBytes">By person held out, or piece of text that is nobody's: how much was foretold.</param>
/// <param name="Arms">Everybody, each share, those who consented, and the controls; none where people are too few.
/// </param>
internal sealed record MeasuredLanguage(
    string Language, int People, long[] HeldOutBytes, IReadOnlyList<MeasuredArm> Arms)
{
    /// <summary>The names of what is no share.</summary>
    public const string Everybody = "everybody", Consenting = "consenting", AsMany = "as-many", Alike = "alike",
        Half = "half", OtherHalf = "other-half", PublicDomain = "public-domain";

    /// <summary>The name of another release: its corpus, and which of those that are compared it is.</summary>
    public static string OfRelease(string corpus, int at) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"release {at + 1}: {corpus}");

    /// <summary>Those of a name; null = they were not measured.</summary>
    public MeasuredArm? Find(string name) => Arms.FirstOrDefault(arm => arm.Name == name);

    /// <summary>Those of a share.</summary>
    public static string NameOf(Ratio share) => share.ToString();
}

/// <summary>
/// Trains and scores the models of one language. People are drawn, with all that they wrote; a smaller share of a draw
/// is within a larger one, so each person's texts are counted once a draw and the counts are added up.
/// </summary>
internal sealed class Measuring
{
    /// <summary>With fewer people to train on, or held out, nothing is measured.</summary>
    public const int LeastTrained = 10, LeastHeldOut = 5;

    private readonly StudyPlan _plan;
    private readonly IReadOnlyList<StudyPerson> _all;
    private readonly ulong[][] _places;
    private readonly bool[] _isHeldOut;

    /// <param name="plan">The plan.</param>
    /// <param name="all">All people, by number.</param>
    /// <param name="key">The workspace's key: nobody outside can tell who is drawn.</param>
    public Measuring(StudyPlan plan, IReadOnlyList<StudyPerson> all, WorkspaceKey key)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_plan, _all) = (plan, all);
        var draws = key.Draws;
        ulong[] Places(string seed) => [.. all.Select(person => PlaceOf(draws, seed, person))];
        _places =
        [
            .. Enumerable.Range(0, plan.Repeats).Select(repeat =>
                Places(plan.SeedOf(repeat).ToString(System.Globalization.CultureInfo.InvariantCulture))),
        ];
        _isHeldOut = new bool[all.Count];
        if (plan.HeldOut is HeldOut.PublicDomain)
            return;
        var apart = Places($"held out {plan.Seed}");
        int[] pool = [.. Enumerable.Range(0, all.Count)
            .Where(person => plan.HeldOut is HeldOut.Everybody || all[person].Consents)
            .OrderBy(person => apart[person]).ThenBy(person => person)];
        foreach (var person in pool.Take(PartOf(pool.Length, plan.HeldOutShare)))
            _isHeldOut[person] = true;
    }

    /// <summary>Where a draw puts a person: where the rule <c>share</c> puts them with that seed.</summary>
    internal static ulong PlaceOf(SipHash draws, string seed, StudyPerson person) =>
        draws.Hash(Encoding.UTF8.GetBytes($"{seed}\0{person.Key}")).Low >> (64 - Rule.Share.Bits);

    /// <summary>How many people are held out.</summary>
    public int HeldOutPeople => _isHeldOut.Count(held => held);

    /// <summary>Whether a person is held out: from training in every language.</summary>
    public bool IsHeldOut(int person) => _isHeldOut[person];

    /// <summary>Measures one language.</summary>
    /// <param name="language">Which.</param>
    /// <param name="people">Who wrote what in it.</param>
    /// <param name="others">The same of the releases that it is compared with, without those who are held out.</param>
    /// <param name="threads">How many draws at a time.</param>
    /// <param name="watch">Told how much is done, 0–1.</param>
    public MeasuredLanguage Measure(
        string language, IReadOnlyList<PersonTexts> people, IReadOnlyList<OtherTexts> others, int threads,
        Action<double> watch)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(watch);
        PersonTexts[] trained = [.. people.Where(person => !_isHeldOut[person.Person])
            .OrderBy(person => _places[0][person.Person]).ThenBy(person => person.Person)
            .Take(_plan.AtMostPeople ?? int.MaxValue)];
        var heldOut = _plan.HeldOut is HeldOut.PublicDomain
            ? FreeText.Pieces(_plan, _plan.HeldOutFolder!, language)
            : [.. people.Where(person => _isHeldOut[person.Person]).Select(person => person.Texts)];
        var bytes = heldOut.Select(texts => texts.Sum(text => (long)text.Length)).ToArray();
        if (trained.Length < LeastTrained || heldOut.Count < LeastHeldOut)
            return new MeasuredLanguage(language, trained.Length, bytes, []);
        var everybody = new Model(_plan.Form, trained.SelectMany(person => person.Texts));
        var arms = new List<MeasuredArm>
        {
            everybody.Scored(MeasuredLanguage.Everybody, trained.Length, heldOut),
        };
        PersonTexts[] consenting = [.. trained.Where(person => person.Consented.Count > 0)];
        if (consenting.Length > 0)
            arms.Add(new Model(_plan.Form, consenting.SelectMany(person => person.Consented))
                .Scored(MeasuredLanguage.Consenting, consenting.Length, heldOut));
        if (_plan.PublicDomain is { } folder
            && FreeText.Texts(_plan, folder, language, everybody.Bytes) is { Count: > 0 } free)
            arms.Add(new Model(_plan.Form, free).Scored(MeasuredLanguage.PublicDomain, 0, heldOut));
        arms.AddRange(others.Where(other => other.Texts.Count > 0)
            .Select(other => new Model(_plan.Form, other.Texts).Scored(other.Name, other.People, heldOut)));
        var draws = new MeasuredArm[_plan.Repeats][];
        var done = 0;
        SideBySide.Each(_plan.Repeats, threads, repeat =>
        {
            draws[repeat] = [.. Draw(repeat, trained, consenting, heldOut)];
            watch((double)Interlocked.Increment(ref done) / _plan.Repeats);
        });
        arms.AddRange(draws[0].Select((arm, at) => arm with
        {
            Bytes = (long)draws.Average(draw => draw[at].Bytes),
            Bits = [.. draws.Select(draw => draw[at].Bits[0])],
        }));
        return new MeasuredLanguage(language, trained.Length, bytes, arms);
    }

    /// <summary>How many of so many a share is: to the nearest, and never nobody.</summary>
    internal static int PartOf(int people, Ratio share) =>
        Math.Max(1, (int)((((long)people * share.Part) + (share.Whole / 2)) / share.Whole));

    private IEnumerable<MeasuredArm> Draw(
        int repeat, PersonTexts[] trained, PersonTexts[] consenting,
        IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> heldOut)
    {
        var places = _places[repeat];
        PersonTexts[] drawn = [.. trained.OrderBy(person => places[person.Person]).ThenBy(person => person.Person)];
        var (counts, from) = ((TextCounts?)null, 0);
        foreach (var share in _plan.Shares)
        {
            var to = PartOf(drawn.Length, share);
            if (to > from || counts is null)
            {
                var more = TextCounts.Of(_plan.Form, drawn[from..to].SelectMany(person => person.Texts));
                counts = counts is null ? more : TextCounts.Sum([counts, more]);
                from = to;
            }

            yield return new Model(counts).Scored(MeasuredLanguage.NameOf(share), to, heldOut);
        }

        var half = drawn.Length / 2;
        yield return Of(MeasuredLanguage.Half, drawn[..half]);
        yield return Of(MeasuredLanguage.OtherHalf, drawn[half..(2 * half)]);
        if (consenting.Length == 0)
            yield break;
        yield return Of(MeasuredLanguage.AsMany, drawn[..consenting.Length]);
        // As many of each kind as consented, whoever they are.
        var wanted = consenting.CountBy(person => _all[person.Person].Cell).ToDictionary();
        yield return Of(MeasuredLanguage.Alike,
        [
            .. drawn.GroupBy(person => _all[person.Person].Cell)
                .SelectMany(cell => cell.Take(wanted.GetValueOrDefault(cell.Key))),
        ]);

        MeasuredArm Of(string name, PersonTexts[] people) =>
            new Model(_plan.Form, people.SelectMany(person => person.Texts)).Scored(name, people.Length, heldOut);
    }

    private sealed class Model
    {
        private readonly KneserNey _model;

        public Model(ModelForm form, IEnumerable<ReadOnlyMemory<byte>> texts)
            : this(TextCounts.Of(form, texts))
        {
        }

        public Model(TextCounts counts) => (_model, Bytes) = (KneserNey.Estimate(counts), counts.Sums.Bytes);

        public long Bytes { get; }

        public MeasuredArm Scored(
            string name, int people, IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> heldOut) =>
            new(name, people, Bytes, [[.. heldOut.Select(texts => texts.Sum(text => _model.Bits(text.Span)))]]);
    }
}

/// <summary>Text that is nobody's any longer: a folder with a file a language, <c>de.txt</c>, a text a line.</summary>
internal static class FreeText
{
    // As long as what a person writes: a piece stands for one when it is held out.
    private const int PieceBytes = 2_000;

    /// <summary>Lines of a language, up to so many bytes; none where there is no file.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Texts(
        StudyPlan plan, string folder, string language, long bytes)
    {
        var texts = new List<ReadOnlyMemory<byte>>();
        foreach (var line in Lines(plan, folder, language))
        {
            if ((bytes -= line.Length) < 0)
                break;
            texts.Add(line);
        }

        return texts;
    }

    /// <summary>All lines of a language in pieces.</summary>
    public static IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> Pieces(
        StudyPlan plan, string folder, string language)
    {
        var pieces = new List<List<ReadOnlyMemory<byte>>>();
        var left = 0;
        foreach (var line in Lines(plan, folder, language))
        {
            if (left <= 0)
            {
                pieces.Add([]);
                left = PieceBytes;
            }

            pieces[^1].Add(line);
            left -= line.Length;
        }

        return pieces;
    }

    /// <summary>The folder, from where the plan lies.</summary>
    /// <exception cref="AvalException">Bad input: there is none.</exception>
    public static string FolderOf(StudyPlan plan, string folder)
    {
        var path = Path.GetFullPath(Path.Combine(plan.Folder, folder));
        return Directory.Exists(path) ? path : throw AvalException.BadInput($"{path}: expected the folder that the "
            + "plan names, with a file of text a language (de.txt), but there is none. Nothing was measured. Make it, "
            + "or leave it out of the plan.");
    }

    /// <summary>SHA-256 over the names and contents of all files that a plan's folders hold; null = it names none.
    /// </summary>
    public static string? Sha256(StudyPlan plan)
    {
        string[] folders = [.. new[] { plan.PublicDomain, plan.HeldOutFolder }.OfType<string>()];
        if (folders.Length == 0)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in folders.SelectMany(folder =>
            Directory.EnumerateFiles(FolderOf(plan, folder), "*.txt").Order(StringComparer.Ordinal)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(file)}\n{new FileInfo(file).Length}\n"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(StudyPlan plan, string folder, string language)
    {
        var path = Path.Combine(FolderOf(plan, folder), $"{language}.txt");
        return File.Exists(path)
            ? File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line))
                .Select(line => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(line.Trim()))
            : [];
    }
}
