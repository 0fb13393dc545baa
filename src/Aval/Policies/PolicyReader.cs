using System.Security.Cryptography;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aval.Policies;

/// <summary>
/// Reads a policy file (docs/formats/policy.md). Strict: what it does not know it refuses, and a policy that is silent
/// about what every policy must speak about is refused too. All problems of a file are told at once, each with its
/// line and column.
/// </summary>
public static class PolicyReader
{
    /// <summary>The largest policy file, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly string[] Keys = ["policy", "title", "purpose", "basis", "applies-from", "replay-only", "sources", "rules"];

    /// <summary>The path of a policy: a file, or one of the shipped policies by its name.</summary>
    /// <exception cref="AvalException">Usage: there is neither.</exception>
    public static string Find(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (File.Exists(nameOrPath))
            return Path.GetFullPath(nameOrPath);
        var shipped = Path.Combine(AppContext.BaseDirectory, "policies");
        var named = Path.Combine(shipped, nameOrPath + ".yaml");
        if (!nameOrPath.Contains('/', StringComparison.Ordinal) && File.Exists(named))
            return named;
        string?[] names = Directory.Exists(shipped) ? Directory.EnumerateFiles(shipped, "*.yaml").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToArray() : [];
        throw AvalException.Usage($"\"{nameOrPath}\" is no file and no shipped policy. Nothing was done. Shipped are: {string.Join(", ", names)}.");
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="AvalException">Bad input, with every problem's line and column.</exception>
    public static Policy Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw AvalException.Usage($"{path}: no such file. Nothing was done.");
        if (file.Length > MaxBytes)
            throw AvalException.BadInput($"{path}: {file.Length} bytes, and a policy has at most {MaxBytes}. Nothing was done.");
        var bytes = File.ReadAllBytes(path);
        try
        {
            return Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), path);
        }
        catch (DecoderFallbackException broken)
        {
            throw AvalException.BadInput($"{path}: not UTF-8 at byte {broken.Index}. Nothing was done. Save the file as UTF-8.", broken);
        }
    }

    /// <summary>Reads a policy's text.</summary>
    /// <param name="text">The file, verbatim.</param>
    /// <param name="where">The file's name, for messages.</param>
    /// <exception cref="AvalException">Bad input, with every problem's line and column.</exception>
    public static Policy Parse(string text, string where)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new PolicyProblems(where);
        var root = new YamlFields(Root(text, where, problems), "the policy", problems);
        root.RefuseOthers(Keys);
        var basis = root.Choice("basis", required: true, ("legitimate-interest", LegalBasis.LegitimateInterest), ("consent", LegalBasis.Consent)) ?? LegalBasis.LegitimateInterest;
        var rules = RuleReader.ReadAll(root.List("rules", required: true), problems);
        RefuseSilence(rules, basis, root.Node, problems);
        var policy = new Policy(
            root.Name("policy") ?? "",
            root.Text("title", required: true) ?? "",
            root.Purpose("purpose") ?? Purpose.TrainGenerativeAi,
            basis,
            root.Date("applies-from", required: true) ?? DateTimeOffset.UnixEpoch,
            root.Flag("replay-only") ?? false,
            root.Texts("sources"),
            rules,
            text,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        problems.ThrowIfAny();
        return policy;
    }

    private static YamlMappingNode Root(string text, string where, PolicyProblems problems)
    {
        if (IndexOfControl(text) is { } at)
            throw AvalException.BadInput($"{where}, line {1 + text.AsSpan(0, at).Count('\n')}: a control character (U+{(int)text[at]:X4}). Nothing was done. Remove it.");
        try
        {
            RefuseAliases(text, problems);
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            problems.ThrowIfAny();
            return yaml.Documents switch
            {
                [{ RootNode: YamlMappingNode map }] => map,
                [] => throw AvalException.BadInput($"{where}: the file is empty. Nothing was done. See policies/opt-out.yaml for what a policy looks like."),
                [var other] => throw AvalException.BadInput($"{where}, line {other.RootNode.Start.Line}, column {other.RootNode.Start.Column}: expected keys and values, as in \"policy: my-policy\". Nothing was done."),
                [_, var second, ..] => throw AvalException.BadInput($"{where}, line {second.RootNode.Start.Line}, column {second.RootNode.Start.Column}: a second document begins here, and a policy is one. Nothing was done."),
                _ => throw new InvalidOperationException("A list of documents is empty, has one or has more."),
            };
        }
        catch (YamlException broken)
        {
            throw AvalException.BadInput($"{where}, line {broken.Start.Line}, column {broken.Start.Column}: not YAML: {broken.Message.ReplaceLineEndings(" ")} Nothing was done.", broken);
        }
    }

    private static int? IndexOfControl(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsControl(text[at]) && text[at] is not ('\n' or '\r' or '\t'))
                return at;
        }

        return null;
    }

    // Ten lines of aliases can stand for gigabytes of text, and no policy needs them.
    private static void RefuseAliases(string text, PolicyProblems problems)
    {
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is YamlDotNet.Core.Events.AnchorAlias or YamlDotNet.Core.Events.NodeEvent { Anchor.IsEmpty: false })
                problems.Add(parser.Current.Start, "anchors and aliases (& and *) are not allowed in a policy");
        }

        problems.ThrowIfAny();
    }

    private static void RefuseSilence(IReadOnlyList<Rule> rules, LegalBasis basis, YamlNode at, PolicyProblems problems)
    {
        void Require(string what, params string[] ids)
        {
            if (!rules.Any(rule => ids.Contains(rule.Id)))
                problems.Add(at.Start, $"the policy is silent about {what}; add the rule, or {{id: {ids[0]}, off: \"because …\"}}");
        }

        Require("objection or consent", "objection", "consent");
        if (basis is not LegalBasis.Consent)
            Require("informed", "informed");
        Require("special-categories", "special-categories");
        Require("about-me", "about-me");
        Require("combine-services", "combine-services");
    }
}
