using System.CommandLine;
using System.Text;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Cli;

internal static class PolicyCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("policy", "Check a policy file, or show it in words.\n\nExample: aval policy show opt-out");
        command.Subcommands.Add(Check(terminal));
        command.Subcommands.Add(Show(terminal));
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A file, or a shipped policy by name" };
        var json = CommonOptions.Json();
        var command = new Command("check", "Read a policy file and tell every problem with its line and column. Exit code 0: fine, 3: not.\n\nExample: aval policy check my-policy.yaml") { file, json };
        command.SetAction(parsed =>
        {
            var path = PolicyReader.Find(parsed.GetValue(file)!);
            var policy = PolicyReader.Read(path);
            if (parsed.GetValue(json))
                terminal.Out.Write(ToJson(policy));
            else
                terminal.Out.WriteLine($"{path}: the policy \"{policy.Name}\" is well-formed: {policy.Rules.Count} rules, {policy.Rules.Count(rule => rule is Rule.Off)} of them off, SHA-256 {policy.Sha256}.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A file, or a shipped policy by name" };
        var json = CommonOptions.Json();
        var command = new Command("show", "Show a policy in words that a lawyer can read, with its articles.\n\nExample: aval policy show opt-out") { file, json };
        command.SetAction(parsed =>
        {
            var policy = PolicyReader.Read(PolicyReader.Find(parsed.GetValue(file)!));
            terminal.Out.Write(parsed.GetValue(json) ? ToJson(policy) : Words(policy));
            return (int)ExitCode.Done;
        });
        return command;
    }

    internal static string Words(Policy policy)
    {
        var words = new StringBuilder();
        words.Append($"{policy.Title}\n({policy.Name}, SHA-256 {policy.Sha256})\n\n");
        words.Append($"Purpose: {policy.Purpose}. Basis: {(policy.Basis is LegalBasis.Consent ? "consent, GDPR Art. 6(1)(a)" : "legitimate interest, GDPR Art. 6(1)(f)")}. Applies from {policy.AppliesFrom.ToText()}.\n");
        if (policy.ReplayOnly)
            words.Append("Replay only: releases of it may be compared, and never trained on.\n");
        words.Append("\nAn item enters only when no rule excludes it; the first that does gives the reason. Unknown never means allowed.\n");
        words.Append("What was deleted where it was published is out under every policy, and so is what holds nothing.\n\n");
        foreach (var (rule, number) in policy.Rules.Where(rule => rule is not Rule.Off).Select((rule, at) => (rule, at + 1)))
            words.Append($"{number,3}. {rule.ToSentence()}\n     [{rule.Id}{(rule.Law is null ? "" : $"; {rule.Law}")}]\n");
        var off = policy.Rules.OfType<Rule.Off>().ToArray();
        if (off.Length > 0)
            words.Append("\nSwitched off, with the reason that every card prints:\n");
        foreach (var rule in off)
            words.Append($"   - {rule.Id}: {rule.Because}\n");
        if (policy.Sources.Count > 0)
            words.Append("\nSources:\n");
        foreach (var source in policy.Sources)
            words.Append($"   - {source}\n");
        return words.ToString();
    }

    private static string ToJson(Policy policy) => Encoding.UTF8.GetString(JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("policy", policy.Name);
        json.WriteString("title", policy.Title);
        json.WriteString("purpose", policy.Purpose.Name);
        json.WriteString("basis", policy.Basis is LegalBasis.Consent ? "consent" : "legitimate-interest");
        json.WriteString("applies_from", policy.AppliesFrom.ToText());
        json.WriteBoolean("replay_only", policy.ReplayOnly);
        json.WriteString("sha256", policy.Sha256);
        json.WriteStartArray("rules");
        foreach (var rule in policy.Rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            if (rule.Law is not null)
                json.WriteString("law", rule.Law);
            if (rule is Rule.Off off)
                json.WriteString("off", off.Because);
            else
                json.WriteString("sentence", rule.ToSentence());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));
}
