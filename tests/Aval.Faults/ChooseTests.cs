using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Founding;
using Microsoft.Data.Sqlite;

namespace Aval.Faults;

/// <summary>kill -9 while choices are recorded, and many processes that record at once.</summary>
public sealed partial class ChooseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly Workspace _workspace;

    public ChooseTests() => _workspace = NewWorkspace.Create(Path.Combine(_folder, "workspace"), Settings.Default);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_acknowledged_choice_survives_a_kill()
    {
        // The first one makes the store, and takes longer for it.
        var acknowledged = new List<(long Index, string Account)> { (Choose("facebook:first"), "facebook:first") };
        var whole = Time(() => acknowledged.Add((Choose("facebook:warm-up"), "facebook:warm-up")));
        var killed = 0;
        foreach (var (number, delay) in Kills.Over(whole, 0.2, 1.1).Index())
        {
            var account = $"facebook:{number}";
            using var command = Command.Start(_workspace.Root, "choose", "objection", "--account", account);
            if (Entry().Match(command.KillAfter(delay)) is { Success: true } entry)
                acknowledged.Add((long.Parse(entry.Groups[1].ValueSpan, CultureInfo.InvariantCulture), account));
            else
                killed++;
            RequireWhole();
        }

        Assert.True(killed > 0, "No kill came early enough: nothing was tried.");
        acknowledged.Add((Choose("facebook:last"), "facebook:last"));
        using var store = ChoiceStores.Open(_workspace);
        var accounts = store.Read(store.Size).Select(recorded => recorded.Choice.Account.ToString()).ToList();
        Assert.All(acknowledged, choice => Assert.Equal(choice.Account, accounts[(int)choice.Index]));
        // What was not acknowledged may be there or not, but never twice.
        Assert.Equal(accounts.Count, accounts.Distinct().Count());
    }

    [Fact]
    public void A_killed_file_of_choices_is_in_whole_or_not_at_all()
    {
        var rows = Kills.IsLong ? 100_000 : 30_000;
        TimeSpan whole;
        var file = Path.Combine(_folder, "choices.csv");
        using (var csv = new StreamWriter(file))
        {
            csv.WriteLine("kind,account");
            for (var row = 0; row < rows; row++)
                csv.WriteLine(string.Create(CultureInfo.InvariantCulture, $"objection,facebook:{row * 7919 % rows}"));
        }

        // From when it begins to record: kills before that find nothing to break.
        using (var first = Command.StartAwaiting("recording", _workspace.Root, "choose", "--from", file))
        {
            first.Await();
            whole = Time(() => Assert.Equal(0, first.Wait().Exit));
        }

        Assert.Equal(rows, RequireWhole());
        var killed = 0;
        foreach (var delay in Kills.Over(whole, 0, 1.3))
        {
            var before = RequireWhole();
            using var command = Command.StartAwaiting("recording", _workspace.Root, "choose", "--from", file);
            var acknowledged = command.KillAfter(delay).Contains("recorded, entries", StringComparison.Ordinal);
            killed += acknowledged ? 0 : 1;
            var after = RequireWhole();
            Assert.Contains(after, acknowledged ? [before + rows] : new[] { before, before + rows });
        }

        Assert.True(killed > 0, "No kill came early enough: nothing was tried.");
        var last = RequireWhole();
        Assert.Equal(last, Choose("facebook:last"));
    }

    [Fact]
    public void A_kill_while_the_store_is_made_does_no_harm()
    {
        var whole = Time(() => Choose("facebook:warm-up"));
        foreach (var (number, delay) in Kills.Over(whole, 0.3, 1.2).Index())
        {
            var workspace = NewWorkspace.Create(Path.Combine(_folder, $"new-{number}"), Settings.Default);
            using (var command = Command.Start(workspace.Root, "choose", "objection", "--account", "facebook:1"))
                command.KillAfter(delay);
            using var store = ChoiceStores.Open(workspace);
            Assert.InRange(store.Size.Value, 0, 1);
            Assert.Equal(store.Size.Value, store.Read(store.Size).Count());
            var now = DateTimeOffset.UnixEpoch.AddYears(50);
            store.Record([new Choice(
                ChoiceKind.Objection, Account.Parse("facebook:2"), Purpose.TrainGenerativeAi, Scope.Everything, now,
                now)], now);
        }
    }

    [Fact]
    public void Processes_that_record_at_once_leave_no_gap_and_share_no_index()
    {
        const int processes = 6;
        var file = Path.Combine(_folder, "choices.csv");
        File.WriteAllLines(
            file, ["kind,account", .. Enumerable.Range(0, 1000).Select(row => $"objection,facebook:file-{row}")]);
        // None of them finds a store: making it is part of the race.
        var commands = Enumerable.Range(0, processes).Select(number => number % 3 == 0
            ? Command.Start(_workspace.Root, "choose", "--from", file)
            : Command.Start(_workspace.Root, "choose", "objection", "--account", $"facebook:{number}")).ToList();
        foreach (var command in commands)
        {
            var (exit, _, error) = command.Wait();
            Assert.True(exit == 0, error);
            command.Dispose();
        }

        Assert.Equal(2 * 1000 + 4, RequireWhole());
        using var store = ChoiceStores.Open(_workspace);
        // A file stands together, in its own order, whatever else was recorded meanwhile.
        var accounts = store.Read(store.Size).Select(recorded => recorded.Choice.Account.Id).ToList();
        var first = accounts.IndexOf("file-0");
        Assert.Equal(Enumerable.Range(0, 1000).Select(row => $"file-{row}"), accounts.Skip(first).Take(1000));
    }

    [Fact]
    public void A_process_that_waits_too_long_ends_as_busy_and_records_nothing()
    {
        Choose("facebook:1");
        using (var other = new SqliteConnection($"Data Source={_workspace.Choices};Pooling=False"))
        {
            other.Open();
            using var writing = other.BeginTransaction(deferred: false);
            var (exit, output, error) = Command.Run(_workspace.Root, "choose", "objection", "--account", "facebook:2");
            Assert.Equal(((int)ExitCode.Busy, ""), (exit, output));
            Assert.Contains("another process is recording choices", error, StringComparison.Ordinal);
        }

        Assert.Equal(1, RequireWhole());
    }

    /// <summary>
    /// The store is sound: no gap, each choice found by its account, SQLite's own check passes. Answers its size.
    /// </summary>
    private long RequireWhole()
    {
        using var store = ChoiceStores.Open(_workspace);
        var size = store.Size;
        var all = store.Read(new TreeSize(long.MaxValue)).ToList();
        Assert.Equal(size.Value, all.Count);
        Assert.True(all.Index().All(pair => pair.Item.Index.Value == pair.Index));
        foreach (var recorded in all.TakeLast(3))
            Assert.Contains(recorded, store.OfAccounts([recorded.Choice.Account], size));
        using var connection = new SqliteConnection($"Data Source={_workspace.Choices};Pooling=False");
        connection.Open();
        Assert.Equal("ok", Ask(connection, "PRAGMA integrity_check"));
        Assert.Equal(0L, Ask(connection, "SELECT count(*) FROM (SELECT account, idx FROM choices EXCEPT "
            + "SELECT account, idx FROM choices_by_account)"));
        Assert.Equal(size.Value, Ask(connection, "SELECT count(*) FROM choices_by_account"));
        return size.Value;
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private long Choose(string account)
    {
        var (exit, output, error) = Command.Run(_workspace.Root, "choose", "objection", "--account", account);
        Assert.True(exit == 0, error);
        return long.Parse(Entry().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static TimeSpan Time(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed;
    }

    [GeneratedRegex(@"^Entry (\d+): objection of ")]
    private static partial Regex Entry();
}
