using Aval.Corpus;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>
/// The demo's third part: somebody objects when a release was made and a model was trained on it. What is touched is
/// shown, the gate refuses, a recall takes the person's rows out of what exists, and the next run passes.
/// </summary>
internal static class DemoRecall
{
    // Any program is a trainer to Aval: this one's model is each word and how often it stands there.
    private const string Trainer = """
        tr ' ' '\n' < "$AVAL_DATA/train.txt" | LC_ALL=C sort | uniq -c > "$AVAL_MODEL/words.txt"

        """;

    public static void Show(Terminal terminal, Workspace workspace, string release)
    {
        // One stream for what is printed; what a command says while it works is no part of it.
        var script = Path.Combine(workspace.Root, "train.sh");
        Durable.Replace(script, Trainer);
        var person = Author(workspace, release);

        terminal.Out.WriteLine();
        terminal.Out.WriteLine("A trainer outside Aval, a script of one line, makes a model of the release's text:");
        Train(terminal, workspace, script, 1);

        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"Now {person} objects. What exists already is touched, and the gate is shut for it:");
        Step(terminal, workspace, ExitCode.Done, "choose", "objection", "--account", person);
        Step(terminal, workspace, ExitCode.Done, "impact", "--account", person);
        Step(terminal, workspace, ExitCode.Refused, Run(workspace, script, 1, "words-again"));

        terminal.Out.WriteLine();
        terminal.Out.WriteLine("A recall makes the release that should be there now. It writes what is touched alone:");
        Step(terminal, workspace, ExitCode.Done, "recall", "--corpus", "opt-out");
        Rebuild(terminal, workspace);

        terminal.Out.WriteLine();
        terminal.Out.WriteLine("The next run passes, and its model takes the place of the first:");
        Train(terminal, workspace, script, 2, "--replaces", "words-1");
        Step(terminal, workspace, ExitCode.Done, "impact", "--account", person);
    }

    // The same inputs in a corpus of its own, where there is nothing that could be shared.
    private static void Rebuild(Terminal terminal, Workspace workspace)
    {
        var recalled = Manifest.Read(ReleaseName.Find(workspace, "opt-out"));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("A full build with the same instants gives the same bytes, and so the same name, which "
            + "is a hash of them:");
        // Its accounting was shown before, but for the rows that left.
        using var accounting = new StringWriter();
        string[] build =
        [
            "build", "--policy", "opt-out", "--corpus", "rebuilt", "--as-of", recalled.AsOf.ToText(),
            "--protect-until", recalled.ProtectUntil.ToText(), "--at-checkpoint", recalled.LedgerSize.ToString(),
        ];
        DemoProofs.Type(terminal, workspace, build);
        Step(terminal with { Out = accounting }, workspace, ExitCode.Done, build);
        var rebuilt = Manifest.Read(ReleaseName.Find(workspace, "rebuilt"));
        if (rebuilt.Release != recalled.Release)
            throw new InvalidOperationException($"The recall made {recalled.Release}, and a full build of the same "
                + $"inputs {rebuilt.Release}.");
        terminal.Out.WriteLine($"recalled: opt-out/{recalled.Release}");
        terminal.Out.WriteLine($"rebuilt:  rebuilt/{rebuilt.Release}");
    }

    private static void Train(
        Terminal terminal, Workspace workspace, string script, int number, params string[] options)
    {
        Step(
            terminal, workspace, ExitCode.Done, "export", "opt-out", "--to", Corpus(workspace, number), "--format",
            "text", "--shuffle", "7", "--recipient", "Invented Lab");
        Step(terminal, workspace, ExitCode.Done, Run(workspace, script, number, $"words-{number}", options));
    }

    private static string[] Run(
        Workspace workspace, string script, int number, string name, params string[] options) =>
    [
        "run", "--release", "opt-out", "--export", Corpus(workspace, number), "--name", name, "--model",
        Path.Combine(workspace.Root, name), .. options, "--workspace", workspace.Root, "--", "sh", script,
    ];

    private static string Corpus(Workspace workspace, int number) => Path.Combine(workspace.Root, $"corpus-{number}");

    private static void Step(Terminal terminal, Workspace workspace, ExitCode wanted, params string[] arguments)
    {
        using var meanwhile = new StringWriter();
        var exit = DemoProofs.Run(
            terminal with { Error = wanted is ExitCode.Done ? meanwhile : terminal.Out }, workspace, arguments);
        if (exit != (int)wanted)
            throw new AvalException((ExitCode)exit, $"{meanwhile}The demo ended there.");
    }

    // Whoever has some rows in it, the first by name: the same in every demo.
    private static string Author(Workspace workspace, string release)
    {
        var manifest = Manifest.Read(release);
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default);
        return engine.Scalar<string>(
            $"""
            SELECT min(account) FROM (
                SELECT account FROM {Runs.Lineage.Of(workspace, manifest)} WHERE account LIKE 'facebook:%'
                GROUP BY account HAVING count(*) BETWEEN 4 AND 6)
            """);
    }
}
