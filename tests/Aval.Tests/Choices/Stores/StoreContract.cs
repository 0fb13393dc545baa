using System.Text;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Founding;
using Aval.Ledger;
using Aval.Recording;
using Aval.Requests;
using CsCheck;
using static Aval.Tests.Choices.ValidChoices;

namespace Aval.Tests.Choices;

/// <summary>What the store of choices promises, whichever it is: durable, gapless, in order, unchanged.</summary>
public abstract class StoreContract : IDisposable
{
    protected static readonly TreeSize All = new(long.MaxValue);
    private readonly TemporaryFolder _folder = new();

    protected abstract Workspace Workspace { get; }

    public virtual void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Workspace Make(StoreSettings store) =>
        NewWorkspace.Create(_folder.File("workspace"), Settings.Default with { Store = store });

    [Fact]
    public void A_newWorkspace_has_no_choices()
    {
        using var store = ChoiceStores.Open(Workspace);
        Assert.Equal(new TreeSize(0), store.Size);
        Assert.Empty(store.Read(All));
        Assert.Empty(store.OfAccounts([Account.Parse("facebook:1")], All));
        Assert.Equal(new EntryRange(new EntryIndex(0), 0), store.RecordAll([], Now));
        Assert.Empty(store.Record([], Now));
    }

    [Fact]
    public void What_was_recorded_is_there_when_the_store_is_opened_again()
    {
        using (var store = ChoiceStores.Open(Workspace))
        {
            Assert.Equal([0, 1], store.Record([Objection("facebook:1"), Objection("facebook:2")], Now).Select(Index));
            Assert.Equal([2], store.Record([Objection("facebook:1")], Now).Select(Index));
        }

        using var again = ChoiceStores.Open(Workspace);
        Assert.Equal(new TreeSize(3), again.Size);
        Assert.Equal(
            ["facebook:1", "facebook:2", "facebook:1"],
            again.Read(again.Size).Select(recorded => recorded.Choice.Account.ToString()));
        Assert.Equal([0, 2], again.OfAccounts([Account.Parse("facebook:1")], again.Size).Select(Index));
    }

    [Fact]
    public void An_act_is_there_as_it_was_entered_by_its_account_and_by_its_request_until_it_is_forgotten()
    {
        EntryIndex first;
        using (var store = ChoiceStores.Open(Workspace))
        {
            store.Record([Objection("facebook:1")], Now);
            first = store.Append([Sealing.Seal(new Act(Account.Parse("facebook:1"), null, "{\"a\":1}"))]).First;
            store.Append([Sealing.Seal(new Act(null, first, "{\"b\":\"é\"}"))]);
        }

        using var again = ChoiceStores.Open(Workspace);
        Assert.Equal(new TreeSize(1), again.ChoicesSize);
        var acts = again.Acts(All).ToArray();
        Assert.Equal(["{\"a\":1}", "{\"b\":\"é\"}"], acts.Select(act => act.Act!.Act.Said));
        Assert.All(acts, act => Assert.True(act.Opens));
        Assert.Equal(
            [EntryKind.OfficerAction, EntryKind.OfficerAction],
            again.Entries(first, All).Select(entry => entry.Kind));
        Assert.Equal(acts.Select(act => act.Index).Reverse(), again.LastActs(All, 5).Select(act => act.Index));
        Assert.Equal([first], again.LastActs(new TreeSize(acts[1].Index.Value), 1).Select(act => act.Index));
        Assert.Equal([first], again.ActsOf([Account.Parse("facebook:1")]).Select(act => act.Index));
        Assert.Equal(acts.Select(act => act.Index), again.ActsOf(first).Select(act => act.Index));
        again.ForgetActs([first]);
        Assert.Equal([null, first], again.Acts(All).Select(act => act.Request));
        Assert.Equal([true, false], again.Acts(All).Select(act => act.Act is null));
        Assert.Empty(again.ActsOf([Account.Parse("facebook:1")]));
    }

    [Fact]
    public void What_has_to_be_answered_is_found_and_what_came_is_counted_by_day_kind_and_channel()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.Record(
            [
                Objection("facebook:1") with { Channel = "portal" },
                Objection("facebook:2") with { Channel = "portal" },
                Objection("facebook:3") with { ReceivedAt = Now.AddDays(-1), MadeAt = Now.AddDays(-1) },
                Objection("facebook:4") with { Kind = ChoiceKind.Erasure },
                Objection("facebook:5") with { Kind = ChoiceKind.Restriction },
            ],
            Now);
        Assert.Equal([3, 4], store.Asking(All).Select(Index));
        Assert.Equal([3], store.Asking(new TreeSize(4)).Select(Index));
        var today = DateOnly.FromDateTime(Now.UtcDateTime);
        Assert.Contains(new ChoiceCount(today, ChoiceKind.Objection, "portal", 2), store.Count(new EntryIndex(0), All));
        Assert.Contains(
            store.Count(new EntryIndex(0), All),
            count => count is { Kind: ChoiceKind.Objection, Count: 1 } && count.Day == today.AddDays(-1));
        Assert.Equal(1, store.Count(new EntryIndex(4), All).Sum(count => count.Count));
    }

    [Fact]
    public void A_smaller_ledger_has_the_earlier_choices()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.Record([Objection("facebook:1"), Objection("facebook:2"), Objection("facebook:1")], Now);
        Assert.Equal([0, 1], store.Read(new TreeSize(2)).Select(Index));
        Assert.Equal([0], store.OfAccounts([Account.Parse("facebook:1")], new TreeSize(2)).Select(Index));
        Assert.Empty(store.Read(new TreeSize(0)));
    }

    [Fact]
    public void Any_valid_choice_comes_back_as_it_was_recorded()
    {
        using var store = ChoiceStores.Open(Workspace);
        Any.Array[1, 8].Sample(
            choices =>
            {
                var recorded = store.Record(choices, Now);
                Assert.Equal(recorded, store.Read(All).Skip((int)recorded[0].Index.Value));
                Assert.Equal(choices, recorded.Select(one => one.Choice));
                return true;
            },
            iter: 300, threads: 1);
        var all = store.Read(All).ToList();
        Assert.Equal(Enumerable.Range(0, all.Count).Select(at => (long)at), all.Select(Index));
        foreach (var account in all.Select(recorded => recorded.Choice.Account).Distinct().Take(50))
            Assert.Equal(all.Where(recorded => recorded.Choice.Account == account), store.OfAccounts([account], All));
    }

    [Fact]
    public void The_choices_of_many_accounts_are_found_by_index_and_opened_in_the_order_that_is_asked_for()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.Record([.. Enumerable.Range(0, 40).Select(at => Objection($"facebook:{100 - (at % 10)}"))], Now);
        store.Append([Sealing.Seal(new Act(null, null, "{}"))]);
        Account[] some = [Account.Parse("facebook:97"), Account.Parse("facebook:1"), Account.Parse("facebook:95")];

        Assert.Equal(
            [3, 5, 13, 15, 23],
            store.IndicesOfAccounts([.. some, some[0]], new TreeSize(25)).Select(index => index.Value));
        Assert.Empty(store.IndicesOfAccounts([], All));
        var opened = store.Opened([.. new[] { 30L, 40, 2, 41, 7 }.Select(at => new EntryIndex(at))]);
        Assert.Equal([30, 2, 7], opened.Select(one => one.Index.Value));
        static (Choice, string) Told(SealedChoice choice) =>
            (choice.Choice, Convert.ToHexString(choice.Opening.Bytes));
        Assert.Equal(
            opened.Select(one => Told(one.Choice)), opened.Select(one => Told(store.Opened(one.Index)!)));
        Assert.Empty(store.Opened([]));
    }

    [Fact]
    public void The_choices_of_several_accounts_come_in_the_order_of_the_ledger()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.Record(
            [Objection("facebook:b"), Objection("facebook:a"), Objection("facebook:c"), Objection("facebook:b")], Now);
        var a = Account.Parse("facebook:a");
        var b = Account.Parse("facebook:b");
        Assert.Equal([0, 1, 3], store.OfAccounts([a, b, a], All).Select(Index));
    }

    [Fact]
    public void What_may_say_something_else_at_a_later_instant_is_found_without_reading_all()
    {
        using var store = ChoiceStores.Open(Workspace);
        Choice At(string account, int made, int received) => Objection(account) with
        {
            MadeAt = Now.AddDays(-made),
            ReceivedAt = Now.AddDays(-received),
        };
        Choice Until(int days) => At("facebook:2", 9, 9) with
        {
            Kind = ChoiceKind.Consent,
            Notice = "v1",
            Until = Now.AddDays(-days),
        };
        store.Record(
            [
                At("facebook:1", 9, 9), At("facebook:1", 5, 5), At("facebook:1", 5, 4), At("facebook:1", 4, 5),
                Until(6), Until(5), Until(4), Until(3), Until(2),
                At("facebook:3", 9, 9) with
                {
                    Kind = ChoiceKind.Removal,
                    Scope = Scope.Of([new ScopePart.OneItem(new Item("facebook", "x"))]),
                },
            ],
            Now);
        IEnumerable<long> Changing(int after, int until, long below, int most = 100) => store.Changing(
            Now.AddDays(-after), Now.AddDays(-until), new TreeSize(below), most).Select(index => index.Value);

        Assert.Equal([2, 3, 6, 7, 9], Changing(5, 3, 10));
        Assert.Equal([2, 3, 6, 7], Changing(5, 3, 9));
        Assert.Equal([2, 3], Changing(5, 3, 10, most: 2));
        Assert.Equal([9], Changing(1, 0, 10));
    }

    [Fact]
    public void A_choice_that_breaks_a_rule_takes_the_others_with_it()
    {
        using var store = ChoiceStores.Open(Workspace);
        var refused = Assert.Throws<AvalException>(
            () => store.Record([Objection("facebook:1"), Objection("facebook:2") with { Notice = "v1" }], Now));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Equal("The notice of this objection should be empty, since only a consent answers a notice and this is "
            + "an objection, but holds \"v1\". Nothing was recorded.", refused.Message);
        Assert.Equal(new TreeSize(0), store.Size);
        Assert.Empty(store.Read(All));
        Assert.Equal([0], store.Record([Objection("facebook:3")], Now).Select(Index));
    }

    [Fact]
    public void An_exception_half_way_leaves_nothing_behind()
    {
        static IEnumerable<Choice> Torn()
        {
            for (var at = 0; at < 5000; at++)
                yield return Objection($"facebook:{at}");
            throw new InvalidDataException("torn");
        }

        using var store = ChoiceStores.Open(Workspace);
        store.Record([Objection("facebook:0")], Now);
        Assert.Throws<InvalidDataException>(() => store.RecordAll(Torn(), Now));
        Assert.Equal([0], store.Read(All).Select(Index));
        Assert.Single(store.OfAccounts([Account.Parse("facebook:0")], All));
        Assert.Equal([1], store.Record([Objection("facebook:1")], Now).Select(Index));
    }

    [Fact]
    public void A_parcel_that_is_brought_again_under_its_key_is_recorded_once()
    {
        var parcel = Parcel("one", "this", "facebook:1", "facebook:2");
        using (var store = ChoiceStores.Open(Workspace))
        {
            store.Record([Objection("facebook:0")], Now);
            var first = store.AppendParcels([parcel, Parcel(null, null, "facebook:3"), parcel], Now);
            Assert.Equal(
                [ParcelOutcome.Recorded, ParcelOutcome.Recorded, ParcelOutcome.Repeated],
                first.Select(one => one.Outcome));
            Assert.Equal(new EntryRange(new EntryIndex(1), 2), first[0].Entries);
            Assert.Equal(first[0].Entries, first[2].Entries);
        }

        using var again = ChoiceStores.Open(Workspace);
        var repeated = Assert.Single(again.AppendParcels([Parcel("one", "this", "facebook:1", "facebook:2")], Now));
        Assert.Equal(new AppendedParcel(ParcelOutcome.Repeated, new EntryRange(new EntryIndex(1), 2)), repeated);
        Assert.Equal(
            ["facebook:0", "facebook:1", "facebook:2", "facebook:3"],
            again.Read(All).Select(one => one.Choice.Account.ToString()));
        Assert.Empty(again.Faults());
    }

    [Fact]
    public void Any_valid_choice_comes_back_as_it_was_brought()
    {
        using var store = ChoiceStores.Open(Workspace);
        Any.Array[1, 8].Sample(
            choices =>
            {
                Parcel[] parcels = [.. choices.Select(choice => new Parcel([Sealing.Seal(choice)], Key: null))];
                var first = store.AppendParcels(parcels, Now)[0].Entries.First;
                var there = store.ReadSealed(All).Skip((int)first.Value).ToArray();
                Assert.Equal(choices, there.Select(one => one.Choice.Choice));
                Assert.Equal(
                    parcels.Select(parcel => Convert.ToHexString(parcel.Entries[0].Choice!.Opening.Bytes)),
                    there.Select(one => Convert.ToHexString(one.Choice.Opening.Bytes)));
                return true;
            },
            iter: 100, threads: 1);
    }

    [Fact]
    public void Accounts_in_other_letters_than_small_ones_are_found_by_service_each_once()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.Append([.. new[]
        {
            new Account("x", "Ann"), new Account("x", "ann"), new Account("x", "a-n_n.1[@]^~`{}"),
            new Account("x", "Ann"), new Account("x", "zoë"), new Account("xy", "Bea"), new Account("y", "CID"),
            new Account("x", "a b"),
        }.Select(account => Sealing.Seal(Objection("facebook:1") with { Account = account }))]);
        store.Append([new Asked(
            Now, "person", Right.Access, new Account("y", "Dee"), Now, "portal", IsAcknowledged: true).Seal()]);
        Assert.Equal(
            ["x:Ann", "x:a b", "x:zoë", "y:CID", "y:Dee"],
            store.NotInLowerCase(["x", "y", "z"]).Select(account => account.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(store.NotInLowerCase([]));
    }

    [Fact]
    public void Under_one_key_there_is_no_second_parcel()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.AppendParcels([Parcel("one", "this", "facebook:1")], Now);
        var other = store.AppendParcels(
            [Parcel("one", "that", "facebook:2"), Parcel("two", "that", "facebook:2")], Now);
        Assert.Equal([ParcelOutcome.KeyOfAnother, ParcelOutcome.Recorded], other.Select(one => one.Outcome));
        // What has nothing to record asks what was.
        var asked = store.AppendParcels([Parcel("one", "this"), Parcel("three", "this"), Parcel("three", "this")], Now);
        Assert.Equal(
            [ParcelOutcome.Repeated, ParcelOutcome.NotThere, ParcelOutcome.NotThere], asked.Select(one => one.Outcome));
        Assert.Equal(2, store.Size.Value);
        Assert.Equal(new EntryRange(new EntryIndex(1), 1), other[1].Entries);
        Assert.Equal(new TreeSize(2), store.Size);
    }

    [Fact]
    public void A_forgotten_parcel_is_not_recorded_again_under_its_key()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.AppendParcels(
            [Parcel("zero", "this", "facebook:0"), Parcel("one", "this", "facebook:1", "facebook:2")], Now);
        var instead = new Suppression(
            new EntryIndex(2), ChoiceKind.Objection, "token", Purpose.TrainGenerativeAi, "everything", Now, Now);
        store.Forget(
            [new Forgetting(new EntryIndex(2), instead, Forgettings.Entry(instead, ForgettingReason.Request))],
            store.Size);
        var size = store.Size;
        var brought = store.AppendParcels(
            [Parcel("one", "this", "facebook:1", "facebook:2"), Parcel("zero", "this", "facebook:0")], Now);
        Assert.Equal([ParcelOutcome.Forgotten, ParcelOutcome.Repeated], brought.Select(one => one.Outcome));
        Assert.Equal(size, store.Size);
    }

    [Fact]
    public void The_latest_instant_at_which_a_choice_was_received_is_that_of_any_also_of_one_that_is_forgotten()
    {
        using var store = ChoiceStores.Open(Workspace);
        Assert.Null(store.LatestReceived);
        var ahead = Now.AddDays(9);
        store.RecordAll([Objection("facebook:1")], Now);
        Assert.Equal(Now, store.LatestReceived);
        store.RecordAll([Objection("facebook:2") with { ReceivedAt = ahead }], ahead);
        store.RecordAll([Objection("facebook:3")], Now);
        store.AppendParcels([Parcel("one", "this", "facebook:4")], Now);
        Assert.Equal(ahead, store.LatestReceived);
        Assert.Equal(ahead, CommittedChoices.NotBefore(Workspace, Now));
        Assert.Equal(ahead.AddDays(1), CommittedChoices.NotBefore(Workspace, ahead.AddDays(1)));
        var instead = new Suppression(
            new EntryIndex(1), ChoiceKind.Objection, "token", Purpose.TrainGenerativeAi, "everything", ahead, ahead);
        store.Forget(
            [new Forgetting(new EntryIndex(1), instead, Forgettings.Entry(instead, ForgettingReason.Request))],
            store.Size);
        Assert.Equal(ahead, store.LatestReceived);
    }

    [Fact]
    public void A_key_is_known_for_a_week()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.AppendParcels([Parcel("one", "this", "facebook:1")], Now);
        store.AppendParcels([Parcel("two", "this", "facebook:2")], Now + ParcelKeys.Life);
        Assert.Equal(
            ParcelOutcome.Repeated,
            store.AppendParcels([Parcel("one", "this", "facebook:1")], Now + ParcelKeys.Life)[0].Outcome);
        var later = Now + ParcelKeys.Life + TimeSpan.FromSeconds(1);
        store.AppendParcels([Parcel("three", "this", "facebook:3")], later);
        var both = store.AppendParcels(
            [Parcel("one", "this", "facebook:1"), Parcel("two", "this", "facebook:2")], later);
        Assert.Equal([ParcelOutcome.Recorded, ParcelOutcome.Repeated], both.Select(one => one.Outcome));
    }

    [Fact]
    public async Task Writers_side_by_side_leave_no_gap_and_share_no_index()
    {
        const int writers = 4;
        const int each = 25;
        var indices = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() =>
        {
            using var store = ChoiceStores.Open(Workspace, TimeSpan.FromSeconds(60));
            return Enumerable.Range(0, each)
                .SelectMany(at =>
                    store.Record([Objection($"facebook:{writer}"), Objection($"facebook:{at}")], Now)).ToList();
        })));
        using var after = ChoiceStores.Open(Workspace);
        var acknowledged = indices.SelectMany(list => list).OrderBy(Index).ToList();
        Assert.Equal(Enumerable.Range(0, writers * each * 2).Select(at => (long)at), acknowledged.Select(Index));
        Assert.Equal(acknowledged, after.Read(All));
    }

    [Fact]
    public void A_reader_sees_what_was_there_when_it_began_while_others_write()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.Record([Objection("facebook:1"), Objection("facebook:2")], Now);
        using var other = ChoiceStores.Open(Workspace);
        using var rows = store.Read(All).GetEnumerator();
        Assert.True(rows.MoveNext());
        other.Record([Objection("facebook:3")], Now);
        Assert.True(rows.MoveNext());
        Assert.False(rows.MoveNext());
    }

    [Fact]
    public void Every_kind_of_entry_is_kept_and_found()
    {
        using var store = ChoiceStores.Open(Workspace);
        var choice = Sealing.Seal(Objection("facebook:1"));
        var release = LedgerEntry.OfRelease([1, 2, 3]);
        store.Append([new NewEntry(release, null), choice, new NewEntry(release, null)]);
        Assert.Equal(new TreeSize(3), store.Size);
        Assert.Equal(new TreeSize(2), store.ChoicesSize);
        Assert.Equal([release, choice.Entry, release], store.Entries(new EntryIndex(0), All));
        Assert.Equal([choice.Entry], store.Entries(new EntryIndex(1), new TreeSize(2)));
        Assert.Equal(new EntryIndex(0), store.Find(release));
        Assert.Equal([new EntryIndex(0), new EntryIndex(2)], store.OfKind(EntryKind.Release).Select(one => one.Index));
        Assert.All(store.OfKind(EntryKind.Release), one => Assert.Equal(release.Digest, one.Digest));
        Assert.Empty(store.OfKind(EntryKind.Order));
        Assert.Null(store.Find(LedgerEntry.OfRelease([4])));
        Assert.Null(store.Opened(new EntryIndex(0)));
        Assert.Equal(choice.Choice!.Opening.Bytes, store.Opened(new EntryIndex(1))!.Opening.Bytes);
        Assert.Equal(choice.Choice.Choice, store.Opened(new EntryIndex(1))!.Choice);
    }

    [Fact]
    public void More_than_a_page_is_read_whole_and_may_be_left_early()
    {
        const int many = 20_000;
        using var store = ChoiceStores.Open(Workspace);
        store.RecordAll(Enumerable.Range(0, many).Select(at => Objection($"facebook:{at}")), Now);
        Assert.Equal(Enumerable.Range(0, many).Select(at => (long)at), store.Read(All).Select(Index));
        Assert.Equal(many - 1, store.Entries(new EntryIndex(1), All).Count());
        Assert.Equal([0, 1], store.Read(All).Take(2).Select(Index));
        Assert.Equal(new TreeSize(many), store.Size);
    }

    [Fact]
    public async Task Recorders_side_by_side_acknowledge_each_choice_once_and_the_ledger_checks()
    {
        const int recorders = 3;
        const int each = 200;
        var all = await Task.WhenAll(Enumerable.Range(0, recorders).Select(recorder => Task.Run(async () =>
        {
            using var recording = Recorder.Open(Workspace, TimeProvider.System);
            return await Task.WhenAll(
                Enumerable.Range(0, each).Select(at => recording.Record(Objection($"facebook:r{recorder}-{at}"))));
        })));
        Assert.Equal(
            Enumerable.Range(0, recorders * each).Select(at => (long)at),
            all.SelectMany(acknowledged => acknowledged).Select(one => one.Entries.First.Value).Order());
        Assert.All(
            all.SelectMany(acknowledged => acknowledged),
            one => Assert.True(one.Published.Size.Value > one.Entries.First.Value));
        Assert.Equal(
            recorders * each,
            LedgerCheck.Require(Workspace, SigningKey.Read(Workspace.SigningKeyFile).Verifier).Opened);
    }

    [Fact]
    public void A_forgotten_choice_is_gone_and_its_entry_stays()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.RecordAll([Objection("facebook:1"), Objection("facebook:2")], Now);
        var before = store.Entries(new EntryIndex(0), All).ToList();
        var instead = new Suppression(
            new EntryIndex(0), ChoiceKind.Objection, "a token", Purpose.TrainGenerativeAi, "everything", Now, Now);
        var forgetting = Forgettings.Entry(instead, ForgettingReason.Request);
        Assert.Equal(
            new EntryRange(new EntryIndex(2), 1),
            store.Forget([new Forgetting(new EntryIndex(0), instead, forgetting)], store.Size));
        Assert.Equal([1], store.Read(All).Select(Index));
        Assert.Empty(store.OfAccounts([Account.Parse("facebook:1")], All));
        Assert.Null(store.Opened(new EntryIndex(0)));
        Assert.Equal([.. before, forgetting], store.Entries(new EntryIndex(0), All));
        Assert.Equal([instead], store.Suppressions(All));
        Assert.Empty(store.Suppressions(new TreeSize(0)));
        Assert.Equal(new TreeSize(2), store.ChoicesSize); // A forgetting is no choice.

        Forgetting[] twice = [new(new EntryIndex(1), instead with { Index = new EntryIndex(1) }, forgetting), new(
            new EntryIndex(0), instead, forgetting)];
        var again = Assert.Throws<AvalException>(() => store.Forget(twice, store.Size));
        Assert.Equal(ExitCode.Usage, again.Exit);
        Assert.Equal([1], store.Read(All).Select(Index));
        Assert.Equal(new EntryRange(new EntryIndex(3), 0), store.Forget([], store.Size));
    }

    [Fact]
    public void All_that_a_choice_said_stands_in_its_suppression()
    {
        using var store = ChoiceStores.Open(Workspace);
        store.RecordAll([Objection("facebook:1")], Now);
        var instead = new Suppression(
            new EntryIndex(0), ChoiceKind.Consent, "a token", Purpose.CombineServices,
            "item:facebook:another token;service:facebook", Now.AddDays(-1), Now,
            Now.AddDays(1));
        store.Forget(
            [new Forgetting(new EntryIndex(0), instead, Forgettings.Entry(instead, ForgettingReason.Request))],
            store.Size);
        Assert.Equal([instead], store.Suppressions(All));
    }

    [Fact]
    public void One_integrates_at_a_time()
    {
        using var store = ChoiceStores.Open(Workspace);
        using var other = ChoiceStores.Open(Workspace);
        using (var held = store.TryIntegrate()!)
        {
            held.RequireHeld();
            Assert.Null(other.TryIntegrate());
        }

        using var next = other.TryIntegrate();
        Assert.NotNull(next);
    }

    protected static long Index(Recorded recorded) => recorded.Index.Value;

    protected static Choice Objection(string account) =>
        new(ChoiceKind.Objection, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, Now, Now);

    private static Parcel Parcel(string? key, string? body, params IEnumerable<string> accounts) => new(
        [.. accounts.Select(account => Sealing.Seal(Objection(account)))],
        key is null
            ? null
            : new ParcelKey(Aval.Proofs.Hash.Of(Encoding.UTF8.GetBytes(key)),
                Aval.Proofs.Hash.Of(Encoding.UTF8.GetBytes(body!))));
}
