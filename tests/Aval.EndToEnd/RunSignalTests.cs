using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>A run that is stopped from outside: the trainer is told, and what became of it is on record.</summary>
public sealed class RunSignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Workspace => _folder.File("work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_signal_reaches_the_trainer_and_a_run_whose_watcher_is_killed_is_on_record()
    {
        Fill();
        const string trainer = "trap 'echo told; exit 5' TERM; echo ready $$; while :; do sleep 0.1; done";
        using (var run = Run(trainer))
        {
            Assert.StartsWith("ready ", run.StandardOutput.ReadLine(), StringComparison.Ordinal);
            Kill("-TERM", run.Id);
            var rest = run.StandardOutput.ReadToEnd();
            run.WaitForExit();
            Assert.StartsWith("told\n", rest, StringComparison.Ordinal);
            Assert.Contains("ended with 5", rest, StringComparison.Ordinal);
            Assert.Equal(1, run.ExitCode);
        }

        using (var run = Run(trainer))
        {
            var process = int.Parse(run.StandardOutput.ReadLine()!.Split(' ')[1], CultureInfo.InvariantCulture);
            Kill("-KILL", run.Id);
            run.WaitForExit();
            // Who outlives the watcher is stopped by nobody else here.
            Kill("-KILL", process);
        }

        var runs = AvalProcess.RunIn(Workspace, "runs").Done();
        Assert.Contains("what watched over it was killed", runs.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["ended with 5", "killed"],
            runs.Output.TrimEnd('\n').Split('\n').Select(line => line.Split("  ")[3]));
    }

    private void Fill()
    {
        Write("items.jsonl", "{\"item_id\": \"1\", \"service\": \"facebook\", \"kind\": \"post\", "
            + "\"author\": \"facebook:1\", \"audience\": \"public\", \"created_at\": \"2024-03-01T00:00:00Z\", "
            + "\"text\": \"words\", \"observed_at\": \"2026-01-01T00:00:00Z\"}");
        Write("all.yaml", PolicyFiles.AdmitsAll);
        AvalProcess.RunIn(_folder.Path, "init", "work", "--buckets", "1").Done();
        AvalProcess.RunIn(Workspace, "import", "table", "../items.jsonl", "--as", "items").Done();
        AvalProcess.RunIn(Workspace, "build", "--policy", "../all.yaml", "--as-of", "2026-01-15T00:00:00Z").Done();
    }

    private void Write(string name, string text) =>
        Durable.Replace(_folder.File(name), Encoding.UTF8.GetBytes(text + "\n"));

    private Process Run(string trainer)
    {
        var start = ProgramUnderTest.Start(
            "run", "--release", "all", "--name", "stopped", "--", "sh", "-c", trainer);
        (start.RedirectStandardOutput, start.RedirectStandardInput) = (true, true);
        start.WorkingDirectory = Workspace;
        return Process.Start(start)!;
    }

    private static void Kill(string signal, int process)
    {
        using var kill = Process.Start(
            "kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
