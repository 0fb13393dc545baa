using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Policies;

/// <summary>
/// Reads a policy file (docs/formats/policy.md). Strict: what it does not know it refuses, and a policy that is silent
/// about what every policy must speak about is refused too. All problems of a file are told at once, each with its
/// line and column.
/// </summary>
internal static class PolicyReader
{
    /// <summary>The largest policy file, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly string[] Keys =
        ["policy", "title", "purpose", "basis", "applies-from", "replay-only", "max-lag", "sources", "rules"];

    /// <summary>The names of the shipped policies.</summary>
    public static IReadOnlyList<string> Shipped => Directory.Exists(ShippedFolder)
        ? [.. Directory.EnumerateFiles(ShippedFolder, "*.yaml")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)]
        : [];

    private static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "policies");

    /// <summary>The path of a policy: a file, or one of the shipped policies by its name. A file wins.</summary>
    /// <exception cref="AvalException">Usage: there is neither.</exception>
    public static string Find(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (File.Exists(nameOrPath))
            return Path.GetFullPath(nameOrPath);
        if (Shipped.Contains(nameOrPath))
            return Path.Combine(ShippedFolder, nameOrPath + ".yaml");
        var meant = NearestWord.Suggest(Path.GetFileNameWithoutExtension(nameOrPath), Shipped);
        throw AvalException.Usage($"\"{nameOrPath}\" is no file and no shipped policy{meant}. Nothing was done. "
            + $"Shipped are: {string.Join(", ", Shipped)}.");
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="AvalException">Usage: there is no such file. Bad input: it cannot be read, or is no policy;
    /// then with every problem's line and column.</exception>
    public static Policy Read(string path) => Check(path) switch
    {
        PolicyReading.Sound sound => sound.Policy,
        PolicyReading.Faulty faulty => throw faulty.ToException(),
        var other => throw new InvalidOperationException($"A reading is sound or faulty, not {other}."),
    };

    /// <summary>Reads a policy's text.</summary>
    /// <param name="text">The file, verbatim.</param>
    /// <param name="where">The file's name, for messages.</param>
    /// <exception cref="AvalException">Bad input, with every problem's line and column.</exception>
    public static Policy Parse(string text, string where) => Check(text, where) switch
    {
        PolicyReading.Sound sound => sound.Policy,
        PolicyReading.Faulty faulty => throw faulty.ToException(),
        var other => throw new InvalidOperationException($"A reading is sound or faulty, not {other}."),
    };

    /// <summary>Reads a file, and answers with the policy or with all that is wrong.</summary>
    /// <exception cref="AvalException">Usage: there is no such file. Bad input: it cannot be read, or is too
    /// large.</exception>
    public static PolicyReading Check(string path)
    {
        var bytes = Bytes(path);
        try
        {
            return Check(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), path);
        }
        catch (DecoderFallbackException broken)
        {
            var before = bytes.AsSpan(0, Math.Max(0, broken.Index));
            var at = new Place(1 + before.Count((byte)'\n'), before.Length - before.LastIndexOf((byte)'\n'));
            var problems = new PolicyProblems();
            problems.Add(at, "a policy is UTF-8, but bytes that are not were found; save the file as UTF-8");
            return problems.ToReading(path);
        }
    }

    /// <summary>Reads a policy's text, and answers with the policy or with all that is wrong.</summary>
    public static PolicyReading Check(string text, string where)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new PolicyProblems();
        if (YamlValue.Load(RefuseHidden(text, problems), problems) is not { } root)
            return problems.ToReading(where);
        if (root is not YamlValue.Map map)
        {
            problems.Add(
                root.At,
                $"a policy is keys and values, as in \"policy: my-policy\", but {Found.Describe(root)} was found");
            return problems.ToReading(where);
        }

        var policy = Policy(new YamlFields(map, "the policy", problems), text, problems);
        if (!problems.Any && policy is not null)
            RequirePlain(policy, problems);
        return problems.Any || policy is null ? problems.ToReading(where) : new PolicyReading.Sound(policy);
    }

    private static Policy? Policy(YamlFields fields, string text, PolicyProblems problems)
    {
        fields.RefuseOthers(Keys);
        var name = fields.Name("policy");
        var title = fields.Text("title", required: true);
        var purpose = fields.Purpose("purpose");
        var basis = fields.Choice(
            "basis", ("legitimate-interest", LegalBasis.LegitimateInterest), ("consent", LegalBasis.Consent));
        var appliesFrom = fields.Date("applies-from", required: true);
        var replayOnly = fields.Flag("replay-only") ?? false;
        var maxLag = MaxLag(fields);
        var sources = fields.Texts("sources");
        var (rules, spokenAbout) = RuleReader.ReadAll(fields.List("rules", required: true), problems);
        // Where there is no list at all, that is the problem.
        if (fields.HasList("rules"))
            RefuseSilence(spokenAbout, basis, fields, problems);
        return name is null || title is null || purpose is null || basis is null || appliesFrom is null
            ? null
            : new Policy(
                name, title, purpose, basis.Value, appliesFrom.Value, replayOnly, sources, rules, text,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))))
            {
                MaxLag = maxLag,
            };
    }

    private static TimeSpan MaxLag(YamlFields fields)
    {
        if (fields.Text("max-lag") is not { } text)
            return TimeSpan.Zero;
        if (Retention.TryParse(text, out var lag) && !lag.InYears && lag.Count <= Aval.Policies.Policy.LongestLag)
            return TimeSpan.FromDays(lag.Count);
        fields.Add("max-lag", $"\"max-lag\" is from 1 day to {Aval.Policies.Policy.LongestLag} days (GDPR Art. 12(3): "
            + $"one month), but {Found.Quote(text)} was found; leave it out for none");
        return TimeSpan.Zero;
    }

    // A verifier reads no YAML: what it could not read, or would read otherwise, makes no release that anybody could
    // judge.
    private static void RequirePlain(Policy policy, PolicyProblems problems)
    {
        var top = new Place(1, 1);
        try
        {
            var meant = new PlainPolicy(policy.Name, policy.Purpose.Name, policy.Basis.ToText(), policy.ReplayOnly);
            if (PlainPolicy.Read(policy.Text) != meant)
                problems.Add(top, "a verifier, who reads no YAML, would read another purpose, basis or name here; "
                    + "write each on a line of its own, with one word behind it");
        }
        catch (ProofException clever)
        {
            problems.Add(top, $"{clever.Message.TrimEnd('.')}; write policy, purpose, basis and replay-only each on a "
                + $"line of its own, above the rules, with one word behind it");
        }
    }

    private static void RefuseSilence(
        IReadOnlySet<string> spokenAbout, LegalBasis? basis, YamlFields fields, PolicyProblems problems)
    {
        foreach (var (under, rules) in MustSpeak.All)
        {
            if ((under is not null && under != basis) || rules.Any(rule => spokenAbout.Contains(rule.Id)))
                continue;
            var first = rules[0].Id;
            problems.Add(
                fields.At,
                $"the policy is silent about {string.Join(" and ", rules.Select(rule => rule.Id))}; "
                + $"say {{id: {first}, …}}, or {{id: {first}, off: \"because …\"}}");
        }
    }

    // What does not show is refused and replaced, so that the rest of the file can still be read for its other
    // problems.
    private static string RefuseHidden(string text, PolicyProblems problems)
    {
        // A byte order mark before the first character says UTF-8 and no more; no editor counts it as a column.
        var shown = (text.StartsWith('\uFEFF') ? text[1..] : text).ToCharArray();
        var (line, column) = (1L, 0L);
        for (var at = 0; at < shown.Length; at++)
        {
            (line, column) = at > 0 && shown[at - 1] == '\n' ? (line + 1, 1) : (line, column + 1);
            var isPair = char.IsHighSurrogate(shown[at]) && at + 1 < shown.Length && char.IsLowSurrogate(shown[at + 1]);
            var character = isPair ? char.ConvertToUtf32(shown[at], shown[at + 1]) : shown[at];
            if (character == '\t')
                problems.Add(
                    new Place(line, column),
                    "a tab, and a policy has none: YAML is indented by spaces, and nobody sees the difference");
            else if (Found.IsHidden(character))
                problems.Add(new Place(line, column), string.Create(
                    CultureInfo.InvariantCulture,
                    $"the character <U+{character:X4}> does not show, and a policy has none; remove it"));
            if (character == '\t' || Found.IsHidden(character))
                shown.AsSpan(at, isPair ? 2 : 1).Fill(' ');
            if (isPair)
                at++;
        }

        return new string(shown);
    }

    // Bounded, whatever the path names: a pipe has no length, and /dev/zero no end.
    private static byte[] Bytes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: no such file. Nothing was done.");
        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[MaxBytes + 1];
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return read <= MaxBytes
                ? buffer[..read]
                : throw AvalException.BadInput($"{path}: expected a policy of at most {MaxBytes} bytes, but there are "
                    + "more. Nothing was done. Give the policy's file.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw AvalException.BadInput($"{path}: cannot be read: {unreadable.Message} Nothing was done.", unreadable);
        }
    }
}
