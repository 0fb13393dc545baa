using System.Globalization;
using Aval.Checking;
using Aval.Choices.Stores;
using Aval.Ledger;
using Aval.Recording;

namespace Aval.Tests.Ledger;

/// <summary>
/// A choices.db with a write-ahead log (choices.db-wal) that is not its own: of another time, of another workspace, cut
/// or garbage. SQLite takes any log whose checksums hold, or leaves it out, and says nothing either way; so what comes
/// of it is held against the ledger.
/// </summary>
public sealed class StaleLogTests : IDisposable
{
    private const int Times = 6;
    private const int Choices = 3;

    private readonly LedgerWorld _world = new();
    private readonly LedgerWorld _other = new();
    private readonly List<(byte[] Store, byte[] Log)> _times = [];

    public void Dispose()
    {
        _world.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(200, 40)]
    public void No_command_answers_from_a_store_beside_the_log_of_another_time(int first, int each)
    {
        Record(first, each);
        var answered = 0;
        for (var store = 0; store < _times.Count; store++)
        {
            for (var log = 0; log < _times.Count; log++)
                answered += Try(_times[store].Store, _times[log].Log, $"store {store}, log {log}");
        }

        // The newest of both is right; and so is every pair whose log makes up for what the store lacks.
        Assert.True(answered > 0);
        Assert.True(answered < _times.Count * _times.Count);
    }

    [Fact]
    public void No_command_answers_from_a_store_beside_the_log_of_another_workspace_or_a_cut_or_garbled_one()
    {
        Record(40, 40);
        _other.Record([.. Enumerable.Range(0, 500).Select(number => (long)number)]);
        byte[] another;
        using (ChoiceStores.Open(_other.Workspace))
        {
            _other.Record(501);
            another = File.ReadAllBytes(_other.Workspace.Choices + "-wal");
        }

        var (store, log) = _times[^1];
        var logs = new List<(string What, byte[] Bytes)>
        {
            ("another workspace's", another), ("empty", []), ("zeros", new byte[log.Length]),
            ("garbage", [.. Enumerable.Range(0, 50_000).Select(at => (byte)(at * 2_654_435_761L >> 13))]),
        };
        for (var part = 1; part < 24; part++)
        {
            logs.Add(($"cut to {part}/24", log[..(int)((long)log.Length * part / 24)]));
            var garbled = log.ToArray();
            garbled[(int)((long)log.Length * part / 24)] ^= 0x55;
            logs.Add(($"garbled at {part}/24", garbled));
        }

        logs.Add(("cut in its header", log[..20]));
        foreach (var (oldStore, _) in _times.Append((store, [])))
        {
            foreach (var (what, bytes) in logs)
                Try(oldStore, bytes, what);
        }
    }

    // Every store between the recording of choices, with the log as it was then; now and then the log is folded in.
    private void Record(int first, int each)
    {
        var next = 0L;
        for (var time = 0; time < Times; time++)
        {
            if (time % 3 == 1)
                _world.Record(next++); // Closed after it, so that the log is folded in and begins anew.
            using (ChoiceStores.Open(_world.Workspace))
            {
                for (var some = 0; some < Choices; some++)
                {
                    var count = time == 0 ? first : each;
                    _world.Record([.. Enumerable.Range(0, count).Select(_ => next++)]);
                }

                _times.Add((File.ReadAllBytes(_world.Workspace.Choices),
                    File.ReadAllBytes(_world.Workspace.Choices + "-wal")));
            }
        }
    }

    // 1 = everything was there, and was read.
    private int Try(byte[] store, byte[] log, string what)
    {
        var published = PublishedCheckpoint.Read(_world.Workspace, _world.Verifier)!.Size;
        var outcomes = new List<bool>();
        foreach (var read in new Func<bool>[] { Read, Check, CheckAll, Publish, Receipt })
        {
            File.Delete(_world.Workspace.Choices + "-shm");
            Put(_world.Workspace.Choices, store);
            Put(_world.Workspace.Choices + "-wal", log);
            try
            {
                outcomes.Add(read());
            }
            catch (AvalException refused) when (refused.Exit is ExitCode.BadInput or ExitCode.Refused)
            {
                Assert.True(refused.Message.StartsWith("FORK", StringComparison.Ordinal)
                    || refused.Message.Contains("choices.db", StringComparison.Ordinal)
                    || refused.Message.Contains("of the tiles is not the store's", StringComparison.Ordinal),
                    $"{what}: {refused.Message}");
                outcomes.Add(false);
            }
            catch (Exception bug) when (bug is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{what}: {bug}");
            }
        }

        // What reads all is of one mind; the check may find a fault beside the choices too.
        Assert.True(outcomes[0] == outcomes[1] && (outcomes[0] || !outcomes[2]),
            $"{what}: {string.Join(", ", outcomes)}");
        return outcomes[0] ? 1 : 0;

        bool Read()
        {
            using var choices = CommittedChoices.Open(_world.Workspace);
            var accounts = choices.Read(choices.Store.Size)
                .Select(recorded => recorded.Choice.Account.ToString()).ToList();
            Assert.Equal(
                Enumerable.Range(0, (int)published.Value)
                    .Select(number => "facebook:" + number.ToString(CultureInfo.InvariantCulture)),
                accounts);
            return true;
        }

        bool Check() => _world.Check().Opened == published.Value;

        bool CheckAll() => !ChoicesCheck.Faults(_world.Workspace).Any();

        bool Publish() => _world.Publish().Size == published;

        bool Receipt() => _world.ReceiptOf(published.Value / 2).Length > 0;
    }

    private static void Put(string path, byte[] bytes)
    {
        using var stream = File.Create(path);
        stream.Write(bytes);
    }
}
