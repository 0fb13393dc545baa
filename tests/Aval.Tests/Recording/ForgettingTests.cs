using System.Text;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Founding;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.Oracles;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.Choices;

/// <summary>Forgetting a choice changes no stance, and leaves nothing of it.</summary>
public sealed class ForgettingTests : IDisposable
{
    private static readonly DateTimeOffset Now = Day("2025-12-01");
    private static readonly TreeSize All = new(long.MaxValue);
    private static readonly SuppressionTokens Tokens = new(Key);
    private readonly TemporaryFolder _folder = new();
    private Workspace? _workspace;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_oracle_that_remembers_decides_as_the_engine_that_forgot()
    {
        var (forgotten, kept, permissive) = (0, 0, 0);
        var worlds = 0;
        Agreement.Check(
            (world, policy, asOf, size) =>
            {
                using var store = Store($"world{worlds++}");
                store.Append(world.Choices.Take((int)Math.Min(size, world.Choices.Count)).Select(Sealing.Seal));
                // Two thirds of them, and in two turns, so that one relies on what an earlier one left.
                foreach (var turn in new[] { 0, 1 })
                {
                    var wanted = store.Read(All)
                        .Select(recorded => recorded.Index)
                        .Where(index => (index.Value + worlds) % 3 == turn).ToList();
                    // Long after T: what T decided must come out the same, whatever was said since.
                    var plan = Forgettings.Plan(_workspace!, store, wanted, ForgettingReason.Request, asOf.AddYears(1));
                    forgotten += plan.Choices.Count;
                    kept += plan.Kept.Count;
                    permissive += plan.Choices.Count(choice => choice.Instead.Kind.IsPermissive());
                    store.Forget(plan.Choices, plan.DecidedAt);
                }

                return EngineDecider.Decide(world, policy, asOf, store.Read(All), store.Suppressions(All));
            },
            batches: 25, worlds: 20, seed: 4711);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{forgotten} forgotten, {permissive} of them permissive; {kept} kept");
        Assert.True(
            permissive > 100 && forgotten - permissive > 100 && kept > 50,
            $"{forgotten}, {permissive}, {kept}: too little was tried.");
    }

    [Fact]
    public void Nothing_of_a_forgotten_choice_is_left_in_any_file()
    {
        // Many, in no order, recorded and forgotten in many turns: pages split and join, rows move, and what SQLite's
        // secure_delete alone would leave behind is one trace in 36,000.
        const int many = 20_000;
        var order = new Random(3);
        var traces = new List<byte[]>();
        using (var store = Store("workspace"))
        {
            foreach (var act in Enumerable.Range(0, many).Chunk(100))
                store.Append(act.Select(at => Sealing.Seal(
                    Said(ChoiceKind.Withdrawal, $"facebook:{at * 7919 % many:D6}-person", "2025-05-01"))));
            foreach (var turn in Enumerable.Range(0, many).OrderBy(_ => order.Next()).Take(18_000).Chunk(300))
            {
                var gone = turn.Select(at => new EntryIndex(at)).ToList();
                traces.AddRange(gone.Select(index => store.Opened(index)!)
                    .SelectMany(
                        one => new[] { Encoding.UTF8.GetBytes(one.Choice.Account.ToString()), one.Opening.Bytes }));
                if (traces.Count == 2 * gone.Count)
                    Assert.Equal(traces.Count, Found(traces)); // They are where we look.
                store.Forget([.. gone.Select(index => Forgotten(store, index))], store.Size);
            }

            Assert.Equal(0, Found(traces));
        }

        Assert.Equal(0, Found(traces));
    }

    [Theory]
    [InlineData(ChoiceKind.Objection, "everything")]
    [InlineData(ChoiceKind.Withdrawal, "service:facebook")]
    [InlineData(ChoiceKind.Refusal, "everything")]
    [InlineData(ChoiceKind.Restriction, "everything")]
    [InlineData(ChoiceKind.Erasure, "item:facebook:a-post")]
    [InlineData(ChoiceKind.Removal, "item:facebook:a-post")]
    public void A_protection_leaves_a_token_that_names_nobody(ChoiceKind kind, string scope)
    {
        using var store = Store("workspace");
        store.Append([Sealing.Seal(Said(kind, "facebook:1", "2025-05-01", scope))]);
        var plan = Forgettings.Plan(_workspace!, store, [new EntryIndex(0)], ForgettingReason.Request, Now);
        store.Forget(plan.Choices, plan.DecidedAt);
        var left = Assert.Single(store.Suppressions(All));
        Assert.Equal((kind, Day("2025-05-01"), Day("2025-05-01")), (left.Kind, left.MadeAt, left.ReceivedAt));
        Assert.DoesNotContain("facebook:1", left.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-post", left.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChoiceKind.Consent, ChoiceKind.Withdrawal, "2025-05-02", true)]
    [InlineData(ChoiceKind.Consent, ChoiceKind.Consent, "2025-05-02", true)]
    [InlineData(ChoiceKind.Consent, ChoiceKind.Withdrawal, "2025-04-30", false)]
    [InlineData(ChoiceKind.Consent, ChoiceKind.Objection, "2025-05-02", false)]
    [InlineData(ChoiceKind.ObjectionLifted, ChoiceKind.ObjectionLifted, "2025-05-02", true)]
    [InlineData(ChoiceKind.ObjectionLifted, ChoiceKind.Objection, "2025-05-02", false)]
    public void A_permission_is_forgotten_only_when_another_statement_decides(
        ChoiceKind kind, ChoiceKind otherKind, string otherMadeAt, bool forgotten)
    {
        using var store = Store("workspace");
        store.Append(new[] { Said(kind, "facebook:1", "2025-05-01"), Said(otherKind, "facebook:1", otherMadeAt) }
            .Select(Sealing.Seal));
        var plan = Forgettings.Plan(_workspace!, store, [new EntryIndex(0)], ForgettingReason.Request, Now);
        Assert.Equal(forgotten ? 1 : 0, plan.Choices.Count);
        Assert.Equal(forgotten ? 0 : 1, plan.Kept.Count);
        store.Forget(plan.Choices, plan.DecidedAt);
        Assert.Equal(plan.Choices.Select(choice => choice.Instead), store.Suppressions(All));
    }

    [Fact]
    public void A_permission_that_is_itself_forgotten_takes_nobodys_place()
    {
        using var store = Store("workspace");
        store.Append(new[]
        {
            Said(ChoiceKind.ObjectionLifted, "facebook:1", "2025-05-01"),
            Said(ChoiceKind.ObjectionLifted, "facebook:1", "2025-05-01"),
        }
            .Select(Sealing.Seal));
        var first = Forgettings.Plan(_workspace!, store, [new EntryIndex(0)], ForgettingReason.Request, Now);
        store.Forget(first.Choices, first.DecidedAt);

        Assert.Single(Forgettings.Plan(_workspace!, store, [new EntryIndex(1)], ForgettingReason.Request, Now).Kept);
    }

    [Fact]
    public void A_plan_that_somebody_overtook_is_refused()
    {
        using var store = Store("workspace");
        store.Append(new[]
        {
            Said(ChoiceKind.Objection, "facebook:1", "2025-05-01"),
            Said(ChoiceKind.Objection, "facebook:1", "2025-05-01"),
        }
            .Select(Sealing.Seal));
        var first = Forgettings.Plan(_workspace!, store, [new EntryIndex(0)], ForgettingReason.Request, Now);
        var second = Forgettings.Plan(_workspace!, store, [new EntryIndex(1)], ForgettingReason.Request, Now);
        store.Forget(first.Choices, first.DecidedAt);
        Assert.Equal(
            ExitCode.Busy, Assert.Throws<AvalException>(() => store.Forget(second.Choices, second.DecidedAt)).Exit);
        Assert.Equal([1], store.Read(All).Select(recorded => recorded.Index.Value));
        Assert.Equal(new TreeSize(3), store.Size);
    }

    private static Forgetting Forgotten(IChoiceStore store, EntryIndex index)
    {
        var instead = Tokens.Of(new Recorded(index, store.Opened(index)!.Choice));
        return new Forgetting(index, instead, Forgettings.Entry(instead, ForgettingReason.Request));
    }

    private IChoiceStore Store(string name)
    {
        var root = _folder.File(name);
        _workspace = Directory.Exists(root) ? Workspace.Open(root, root) : NewWorkspace.Create(root, Settings.Default);
        // Engines of these tests have this key.
        Durable.Replace(
            _workspace.KeyFile, Encoding.ASCII.GetBytes(new string('0', 2 * WorkspaceKey.Size)), Durable.Private);
        return ChoiceStores.Open(_workspace);
    }

    private int Found(IReadOnlyList<byte[]> traces)
    {
        var files = Directory.GetFiles(_folder.File("workspace"), "choices.db*").Select(Read).ToList();
        return traces.Count(trace => files.Any(file => file.AsSpan().IndexOf(trace) >= 0));
    }

    // By another process: closing a handle of our own would drop SQLite's locks.
    private static byte[] Read(string file)
    {
        using var copying = System.Diagnostics.Process.Start("cp", [file, file + ".copy"]);
        copying.WaitForExit();
        var bytes = File.ReadAllBytes(file + ".copy");
        File.Delete(file + ".copy");
        return bytes;
    }

    private static Choice Said(ChoiceKind kind, string account, string madeAt, string scope = "everything") => new(
        kind, Account.Parse(account), Purpose.TrainGenerativeAi,
        Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope),
        Day(madeAt), Day(madeAt), Notice: kind == ChoiceKind.Consent ? "v1" : null);
}
