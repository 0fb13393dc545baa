using System.Globalization;
using Aval.Choices;
using Aval.Recording;

namespace Aval.Benchmarks;

/// <summary>
/// Records without end, as many callers at once do, and says on the output what was acknowledged, a line each:
/// <c>INDEX ACCOUNT CHECKPOINT-SIZE</c>. Somebody else ends it.
/// </summary>
internal static class Load
{
    public static int Run(string directory, string prefix)
    {
        var workspace = Workspace.Open(directory, directory);
        using var recorder = Recorder.Open(workspace, TimeProvider.System);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var now = TimeProvider.System.UtcNow();
        using var room = new SemaphoreSlim(200);
        for (var number = 0L; ; number++)
        {
            room.Wait();
            var choice = new Choice(
                ChoiceKind.Objection, new Account("facebook", prefix + number.ToString(CultureInfo.InvariantCulture)),
                Purpose.TrainGenerativeAi, Scope.Everything, now, now);
            _ = Acknowledge(recorder.Record(choice), choice.Account);
        }

        async Task Acknowledge(Task<Acknowledgement> recording, Account account)
        {
            var acknowledged = await recording;
            lock (output)
                output.WriteLine($"{acknowledged.Entries.First} {account} {acknowledged.Published.Size}");
            room.Release();
        }
    }
}
