using System.CommandLine;
using Aval.Answers;
using Aval.Choices;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Cli;

internal static class StanceCommand
{
    public static Command Create(Terminal terminal)
    {
        var account = new Argument<string?>("ACCOUNT") { Description = "service:id", Arity = ArgumentArity.ZeroOrOne };
        var handle = CommonOptions.Handle();
        var item = new Option<string?>("--item")
        {
            Description = "The stance for one of its items",
            HelpName = "item:service:id",
        };
        var at = new Option<string?>("--at") { Description = "The instant (default: now)", HelpName = "T" };
        var purpose = new Option<string>("--purpose")
        {
            Description = "The purpose",
            DefaultValueFactory = _ => Purpose.TrainGenerativeAi.Name,
            HelpName = "P",
        };
        var json = CommonOptions.Json();
        var command = new Command("stance", "Show what an account's choices, and those of accounts linked to it, "
            + "add up to, and which of them decides.\n\nExample: aval stance facebook:100044 --at "
            + "2026-01-15T00:00:00Z") { account, handle, item, at, purpose, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var about = parsed.GetValue(item) is { } named ? Item.Parse(named) : (Item?)null;
            var instant = parsed.GetValue(at) is { } text ? Instant.Parse(text, "--at")
                : CommittedChoices.NotBefore(workspace, terminal.Clock.UtcNow());
            var subject = CommonOptions.Named(
                workspace, parsed.GetValue(account), parsed.GetValue(handle), terminal.Clock.UtcNow(), instant);
            var use = Purpose.TryParse(parsed.GetValue(purpose), out var known)
                ? known
                : throw AvalException.Usage($"--purpose is one of {string.Join(", ", Purpose.All)}, "
                    + $"but \"{parsed.GetValue(purpose)}\" was found. Nothing was done.");
            using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
            var stance = StatedStance.Of(engine, workspace, subject, about, instant, use);
            if (parsed.GetValue(json))
                terminal.WriteJson(stance.Write);
            else
                Print(terminal.Out, subject, about, instant, use, stance.Stance, stance.Covering);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(
        TextWriter output, Account account, Item? item, DateTimeOffset at, Purpose purpose, Stance stance,
        IReadOnlyList<Citation> covering)
    {
        output.WriteLine($"{item?.ToString() ?? account.ToString()}, {purpose}, as of {at.ToText()}:");
        foreach (var (what, cites) in Parts(stance, at))
        {
            var decides = Citation.Behind(cites, covering, purpose);
            output.WriteLine(
                $"- {what}"
                + (decides is null
                    ? ""
                    : $": decided by the {Name(decides)} of {decides.MadeAt.ToText()} (entry "
                        + $"{decides.Index}{MadeOn(decides, account)})"));
        }

        output.WriteLine(
            covering.Count == 0 ? "Nothing that was said covers it." : "Every statement that covers it, latest first:");
        foreach (var choice in covering)
            output.WriteLine($"  {choice.Index,6}  {choice.MadeAt.ToText()}  {choice.Kind.ToText()}  "
                + $"{(choice.Forgotten ? "a forgotten choice" : $"on {choice.MadeOn}{Over(choice.Chain)}")}  "
                + $"{choice.Purpose}{(choice.Until is { } until ? $"  until {until.ToText()}" : "")}");
    }

    /// <summary>What was said, in a sentence; of what was forgotten no more is known.</summary>
    internal static string Name(Citation choice) =>
        choice.Forgotten ? $"{choice.Kind.ToText()}, a forgotten choice," : choice.Kind.ToText();

    /// <summary>
    /// On which account, where it is another one than the subject's, and over which links it reaches that. A forgotten
    /// choice is not traced back.
    /// </summary>
    internal static string MadeOn(Citation choice, Account subject) =>
        choice.Forgotten || choice.MadeOn == subject || choice.MadeOn == Account.Anyone
            ? ""
            : $", made on {choice.MadeOn}{Over(choice.Chain)}";

    /// <summary>The links of a chain, in brackets; nothing where there is none.</summary>
    internal static string Over(IReadOnlyList<string> chain) =>
        chain.Count == 0 ? "" : $" ({string.Join(" – ", chain)})";

    private static IEnumerable<(string What, Cites Cites)> Parts(Stance stance, DateTimeOffset at)
    {
        yield return stance.ErasedTo is { } to
            ? ($"erased: what was created at or before {to.ToText()}", Cites.Erasure)
            : ("no erasure", Cites.Nothing);
        yield return stance.RestrictedAt is not null
            ? ("restricted", Cites.Restriction)
            : ("no restriction", Cites.Nothing);
        yield return stance.ObjectedSince is not null ? ("objected", Cites.Objection) : ("no objection", Cites.Nothing);
        yield return stance switch
        {
            { Consent: ChoiceKind.Withdrawal } => ("consent withdrawn", Cites.Consent),
            { Consent: ChoiceKind.Refusal } => ("consent refused", Cites.Consent),
            { Consent: ChoiceKind.Consent, ConsentUntil: { } until } when until <= at =>
                ("consent ended", Cites.Consent),
            { Consent: ChoiceKind.Consent } => ("consented", Cites.Consent),
            _ => ("no consent", Cites.Nothing),
        };
        yield return stance.MayCombine
            ? ("consented to combining services", Cites.Combining)
            : ("no consent to combining services", Cites.Combining);
        yield return stance.MayReveal
            ? ("explicit consent to special categories", Cites.Revealing)
            : ("no explicit consent to special categories", Cites.Revealing);
        if (stance.Removed)
            yield return ("removal requested", Cites.Removal);
    }
}
