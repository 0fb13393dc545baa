using System.Globalization;
using Aval.Choices.Stores;
using Aval.Founding;
using Aval.Ledger;
using Aval.Recording;

namespace Aval.Faults;

/// <summary>
/// kill -9 and failing disks while choices are recorded under load: whatever was acknowledged is provable afterwards.
/// </summary>
public sealed class LedgerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly Workspace _workspace;

    public LedgerTests() => _workspace = NewWorkspace.Create(Path.Combine(_folder, "workspace"), Settings.Default);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int KillCount => Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 200 : 15;

    private VerifierKey Key => SigningKey.Read(_workspace.SigningKeyFile).Verifier;

    [Fact]
    public void Whatever_was_acknowledged_before_a_kill_is_in_the_tree_with_a_valid_receipt()
    {
        var random = new Random(Kills.Seed);
        var total = 0;
        byte[]? older = null;
        for (var kill = 0; kill < KillCount; kill++)
        {
            var acknowledged = RecordUntilKilled($"k{kill}-", TimeSpan.FromMilliseconds(random.Next(0, 250)));
            total += acknowledged.Count;
            // The kill's own remains first: a published checkpoint is sound at any moment.
            if (PublishedCheckpoint.Read(_workspace, Key) is { } left)
                Require(left, older);
            // Then what the next command does.
            using var receipts = Receipts.Open(_workspace);
            Require(receipts.Published, older);
            older = receipts.Published.Note;
            foreach (var (index, account, size) in acknowledged.Where((_, at) => at % 17 == 0)
                .Append(acknowledged.LastOrDefault((-1, "", 0)))
                .Where(line => line.Index >= 0))
            {
                Assert.True(index < size, "A choice was acknowledged under a checkpoint that does not cover it.");
                var receipt = Receipt.Parse(receipts.Of(new EntryIndex(index)).ToFile());
                receipt.Verify(Key);
                Assert.Equal(account, receipt.Statement.Account);
            }

            RequireAll(acknowledged);
        }

        Assert.True(
            total > KillCount,
            $"Only {total} choices were acknowledged before {KillCount} kills: hardly anything was tried.");
        LedgerCheck.Require(_workspace, Key);
    }

    // Every call of these kinds fails once, at the n-th time, for the command and its database alike. SQLite lets the
    // flush of its directory fail, and the runtime's own memory files are nobody's data; any other failure must show.
    [Theory]
    [InlineData("fsync", "EIO")]
    [InlineData("pwrite64", "EIO")]
    [InlineData("pwrite64", "ENOSPC")]
    [InlineData("rename", "EIO")]
    [InlineData("ftruncate", "EIO")]
    public void A_disk_that_fails_costs_an_acknowledgement_and_nothing_else(string call, string error)
    {
        FailingDisk.RequireStrace();
        var (first, _, said) = Command.Run(_workspace.Root, "choose", "objection", "--account", "facebook:first");
        Assert.True(first == 0, said);
        var failed = 0;
        for (var n = 1; n <= 60; n++)
        {
            var older = PublishedCheckpoint.Read(_workspace, Key)!.Note;
            var account = $"facebook:{call}-{n}";
            var (exit, injected) = UnderStrace(call, error, n, "choose", "objection", "--account", account);
            if (injected is null)
                break;
            failed += exit == 0 ? 0 : 1;
            Assert.True(
                exit == (int)ExitCode.BadInput || (exit == 0 && IsHarmless(injected)),
                $"The command ended with {exit} although this failed: {injected}");
            if (exit == 0)
                Assert.Contains(account, Stored());
            Require(PublishedCheckpoint.Read(_workspace, Key)!, older);
            // What the next command does, whichever it is.
            using (var receipts = Receipts.Open(_workspace))
                Require(receipts.Published, older);
            Require(PublishedCheckpoint.Read(_workspace, Key)!, older);
        }

        Assert.True(failed > 0, "No failure was injected: nothing was tried.");
        LedgerCheck.Require(_workspace, Key);
    }

    // Folders are made by the first choice alone.
    [Fact]
    public void A_folder_that_cannot_be_made_costs_the_first_acknowledgement_and_nothing_else()
    {
        FailingDisk.RequireStrace();
        var failed = 0;
        for (var n = 1; n <= 20; n++)
        {
            foreach (var made in new[] { _workspace.Ledger, _workspace.Temporary }.Where(Directory.Exists))
                Directory.Delete(made, recursive: true);
            foreach (var file in Directory.GetFiles(_workspace.Root, "choices.db*"))
                File.Delete(file);
            var (exit, injected) = UnderStrace(
                "mkdir", "EIO", n, "choose", "objection", "--account", $"facebook:first{n}");
            if (injected is null)
                break;
            failed += exit == 0 ? 0 : 1;
            Assert.True(
                exit is 0 or (int)ExitCode.BadInput, $"The command ended with {exit} although this failed: {injected}");
            var (again, _, said) = Command.Run(
                _workspace.Root, "choose", "objection", "--account", $"facebook:second{n}");
            Assert.True(again == 0, said);
            LedgerCheck.Require(_workspace, Key);
            if (exit == 0)
                Assert.Contains($"facebook:first{n}", Stored());
        }

        Assert.True(failed > 0, "No failure was injected: nothing was tried.");
    }

    // What is folded into the database when it is closed, after the acknowledgement, is in its flushed log as well.
    private bool IsHarmless(string call) =>
        call.Contains("memfd:", StringComparison.Ordinal)
        || call.Contains($"<{_workspace.Root}>", StringComparison.Ordinal)
        || call.Contains("choices.db>", StringComparison.Ordinal)
        || call.Contains("choices.db-", StringComparison.Ordinal);

    private List<(long Index, string Account, long Size)> RecordUntilKilled(string prefix, TimeSpan delay)
    {
        using var load = Command.StartLoad(_workspace.Root, prefix);
        var lines = new List<string>();
        var reading = new Thread(() =>
        {
            while (load.StandardOutput.ReadLine() is { } line)
            {
                lock (lines)
                    lines.Add(line);
            }
        });
        var first = load.StandardOutput.ReadLine();
        if (first is null)
            Assert.Fail(load.StandardError.ReadToEnd());
        lines.Add(first);
        reading.Start();
        load.WaitForExit(delay);
        load.Kill();
        load.WaitForExit();
        reading.Join();
        // A line that was cut by the kill was not said.
        return [.. lines.Select(line => line.Split(' ')).Where(parts => parts.Length == 3 && parts[2].Length > 0)
            .SkipLast(1).Select(parts => (Whole(parts[0]), parts[1], Whole(parts[2])))];
    }

    private void RequireAll(List<(long Index, string Account, long Size)> acknowledged)
    {
        using var store = ChoiceStores.Open(_workspace);
        foreach (var (index, account, _) in acknowledged)
            Assert.Equal(account, store.Opened(new EntryIndex(index))!.Choice.Account.ToString());
    }

    private void Require(PublishedCheckpoint published, byte[]? older)
    {
        if (older is not null)
            Fork.RequireConsistent(_workspace, published, older, LedgerKeys.Of(_workspace));
        if (published.Size.Value < 30_000)
            LedgerCheck.Require(_workspace, Key);
    }

    private HashSet<string> Stored()
    {
        using var store = ChoiceStores.Open(_workspace);
        return [.. store.Read(store.Size).Select(recorded => recorded.Choice.Account.ToString())];
    }

    private (int Exit, string? Injected) UnderStrace(string call, string error, int n, params string[] arguments)
    {
        var trace = Path.Combine(_folder, "trace");
        var (exit, injected) = FailingDisk.Run(_workspace.Root, trace, call, error, n, arguments);
        return (exit, injected.FirstOrDefault());
    }

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
