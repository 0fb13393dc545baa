using System.CommandLine;
using Aval.Papers;
using Aval.Policies;
using Aval.Requests;

namespace Aval.Cli;

internal static partial class PapersCommand
{
    private static Command Sign(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "An assessment, with its FILE.figures.json beside it",
        };
        var policy = new Option<string>("--policy")
        {
            Description = "What it is about: a policy's file, or a shipped one by name",
            Required = true,
            HelpName = "P",
        };
        var by = new Option<string?>("--by")
        {
            Description = "Who signs (default: whoever is logged in on this machine)",
            HelpName = "NAME",
        };
        var (json, limits) = (CommonOptions.Json(), new LimitOptions());
        var command = new Command("sign", """
            Sign an assessment (of the legitimate interest, or of impact) for a policy: an entry of the ledger commits
            to its bytes, to the policy's, to who signed and when. A policy with the rule "assessment" builds nothing
            without it. A paper with a blank left or without any figure (code 4), or with a contradicted one (code 1),
            is not signed.

            Example: aval papers sign lia.docx --policy my-policy.yaml --by "The data-protection officer"
            """) { file, policy, by, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var (index, signed, check) = PaperSigning.Sign(
                parsed.OpenWorkspace(), parsed.GetValue(file)!,
                PolicyReader.Read(PolicyReader.Find(parsed.GetValue(policy)!)),
                parsed.GetValue(by) ?? Environment.UserName, terminal.Clock.UtcNow(), limits.Of(parsed));
            if (parsed.GetValue(json))
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    Members(document, index, signed);
                    document.WriteNumber("figures", check.Figures);
                    document.WriteNumber("held", check.Figures - check.Removed.Count);
                    document.WriteEndObject();
                });
            else
                terminal.Out.WriteLine($"Signed: {Sentence(index, signed)} {check.Figures - check.Removed.Count} of "
                    + $"its {check.Figures} figures are in it and hold; the others were taken out.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string Sentence(EntryIndex index, PaperSigned signed) =>
        $"{signed.Paper} for the policy \"{signed.Policy}\" (SHA-256 {signed.PolicySha256}), by "
            + $"{Shown.Of(signed.By)}, {signed.At.ToText()}; ledger entry {index}.";

    private static void Members(System.Text.Json.Utf8JsonWriter json, EntryIndex index, PaperSigned signed)
    {
        json.WriteString("paper", signed.Paper);
        json.WriteString("sha256", signed.Sha256);
        json.WriteString("policy", signed.Policy);
        json.WriteString("policy_sha256", signed.PolicySha256);
        json.WriteString("by", signed.By);
        json.WriteString("at", signed.At.ToText());
        json.WriteNumber("entry", index.Value);
    }
}
