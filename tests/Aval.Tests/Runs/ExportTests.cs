using System.Text;
using System.Text.Json;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Orders;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Orders;

namespace Aval.Tests.Runs;

/// <summary>What an export leaves out, what it refuses, and what is known of it afterwards.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly RunsWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Rows_of_whoever_restricted_their_use_since_stay_out_and_are_counted()
    {
        _world.Say(ChoiceKind.Restriction, "instagram:u7");
        _world.Say(ChoiceKind.Objection, "facebook:30");
        var outcome = _world.Export("out");
        // Two of facebook:7, which is the same person, and one of instagram:u7.
        Assert.Equal(3, outcome.Made.LeftOut!.Rows);
        Assert.Equal(RunsWorld.Rows - 3, outcome.Made.Splits.Single().Rows);
        Assert.Equal(3, outcome.Made.Unhonoured); // Accounts: the two of one person, and facebook:30.
        var list = File.ReadAllLines(
            Path.Combine(_world.Workspace.Runs, "left-out", $"{outcome.Made.LeftOut.Sha256}.txt"));
        Assert.Equal(3, list.Length);
        Assert.Equal(0, _world.Ask<long>($"""
            SELECT count(*) FROM read_parquet('{_world.Folder("out")}/data/train.parquet')
            WHERE list_contains({Engine.Literal(list)}, row_key::VARCHAR)
            """));

        _world.Say(ChoiceKind.RestrictionLifted, "instagram:u7", "2026-02-10T00:00:00Z");
        _world.Say(ChoiceKind.RestrictionLifted, "facebook:7", "2026-02-10T00:00:00Z");
        Assert.Null(_world.Export("lifted").Made.LeftOut);
    }

    [Fact]
    public void What_is_refused_leaves_nothing_behind()
    {
        void Refused(ExitCode exit, string folder, string because)
        {
            var refused = Assert.Throws<AvalException>(
                () => _world.Export(new ExportRequest(_world.Name, folder, ExportFormat.Parquet)));
            Assert.Equal(exit, refused.Exit);
            Assert.Contains(because, refused.Message, StringComparison.Ordinal);
            Assert.Contains("Nothing was exported", refused.Message, StringComparison.Ordinal);
        }

        Directory.CreateDirectory(_world.Folder("there"));
        Refused(ExitCode.Usage, _world.Folder("there"), "already");
        Directory.CreateSymbolicLink(_world.Folder("link"), _world.Workspace.Corpus);
        Refused(ExitCode.Usage, Path.Combine(_world.Folder("link"), "mine"), "the workspace's own folders");
        foreach (var own in _world.Workspace.Folders)
            Refused(ExitCode.Usage, Path.Combine(own, "mine"), "the workspace's own folders");
        Refused(ExitCode.Usage, _world.Folder("nowhere/out"), "no such folder");

        var shard = Path.Combine(_world.Release.Directory, _world.Release.Manifest.Files[0].Path);
        var whole = File.ReadAllBytes(shard);
        Durable.Replace(shard, [.. whole[..^1], (byte)~whole[^1]]);
        Refused(ExitCode.Refused, _world.Folder("out"), "does not verify");
        Durable.Replace(shard, whole);

        var manifest = _world.Release.Manifest;
        new Withdrawal(manifest.Release, null, RunsWorld.Later).Record(
            Path.Combine(_world.Workspace.Corpus, manifest.Corpus));
        Refused(ExitCode.Refused, _world.Folder("out"), "withdrawn");
        Assert.Empty(Register.Read(_world.Workspace));
        Assert.False(Path.Exists(_world.Folder("out")));
        Assert.False(Path.Exists(_world.Folder("out.unfinished")));
    }

    [Fact]
    public void What_is_said_or_served_while_an_export_is_written_is_met_before_it_is_registered()
    {
        void Refused(ExitCode exit, string because, Action meanwhile)
        {
            var refused = Assert.Throws<AvalException>(() => Exporting.Make(
                _world.Workspace, new ExportRequest(_world.Name, _world.Folder("out"), ExportFormat.Parquet),
                _world.Clock, new EngineLimits(2, 500_000_000),
                progress =>
                {
                    if (progress.Stage == "write")
                        meanwhile();
                }));
            Assert.Equal(exit, refused.Exit);
            Assert.Contains(because, refused.Message, StringComparison.Ordinal);
            Assert.Contains("Nothing was exported", refused.Message, StringComparison.Ordinal);
            Assert.Empty(Register.Read(_world.Workspace));
            Assert.False(Path.Exists(_world.Folder("out")));
            Assert.False(Path.Exists(_world.Folder("out.unfinished")));
            Assert.False(Path.Exists(Path.Combine(_world.Workspace.Runs, "left-out")));
        }

        Refused(ExitCode.Busy, "3 rows", () => _world.Say(ChoiceKind.Restriction, "instagram:u7"));
        // What was left out before is kept beside an export that is made, and beside no other.
        foreach (var effect in new OrderEffect[] { OrderWorld.Stop(), new OrderEffect.SuspendRelease([_world.Name]) })
        {
            ServedOrder? served = null;
            Refused(ExitCode.Refused, "Fictional Court", () => served = OrderBook.Serve(
                _world.Workspace, OrderWorld.Of("Stop it", effect), _world.Clock));
            OrderBook.Lift(_world.Workspace, served!.Index, "Settled", _world.Clock);
        }

        // What protects nobody who is in it is no reason to begin again.
        Assert.Equal(3, Exporting.Make(
            _world.Workspace, new ExportRequest(_world.Name, _world.Folder("made"), ExportFormat.Parquet),
            _world.Clock, new EngineLimits(2, 500_000_000),
            progress =>
            {
                if (progress.Stage == "write")
                    _world.Say(ChoiceKind.Restriction, "facebook:9999");
            }).Made.LeftOut!.Rows);
        File.Delete(Directory.GetFiles(Path.Combine(_world.Workspace.Runs, "left-out")).Single());
        var manifest = _world.Release.Manifest;
        var refusal = Assert.Throws<AvalException>(() => Exporting.Make(
            _world.Workspace, new ExportRequest(_world.Name, _world.Folder("out"), ExportFormat.Parquet),
            _world.Clock, new EngineLimits(2, 500_000_000),
            progress =>
            {
                if (progress.Stage == "write")
                    new Withdrawal(manifest.Release, null, RunsWorld.Later).Record(
                        Path.Combine(_world.Workspace.Corpus, manifest.Corpus));
            }));
        Assert.Contains("withdrawn", refusal.Message, StringComparison.Ordinal);
        Assert.Single(Register.Read(_world.Workspace));
        Assert.Empty(Directory.GetFiles(Path.Combine(_world.Workspace.Runs, "left-out")));
        Assert.False(Path.Exists(_world.Folder("out.unfinished")));
    }

    [Fact]
    public void A_link_that_is_observed_while_an_export_is_written_restricts_what_it_reaches()
    {
        _world.Say(ChoiceKind.Restriction, "instagram:u7");
        var refused = Assert.Throws<AvalException>(() => Exporting.Make(
            _world.Workspace, new ExportRequest(_world.Name, _world.Folder("out"), ExportFormat.Parquet),
            _world.Clock, new EngineLimits(2, 500_000_000),
            progress =>
            {
                if (progress.Stage == "write")
                    _world.Link("facebook:30", "p7", "2026-03-01T01:00:00Z");
            }));
        Assert.Equal(ExitCode.Busy, refused.Exit);
        Assert.Contains("the use of 2 rows", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_is_registered_signed_and_an_entry_of_the_ledger()
    {
        // What a killed export left.
        Directory.CreateDirectory(_world.Folder("out.unfinished/data"));
        var outcome = _world.Export(new ExportRequest(_world.Name, _world.Folder("out"), ExportFormat.Parquet)
        {
            Recipient = "Invented Lab",
        });
        var registered = Assert.Single(Register.Read(_world.Workspace));
        Assert.Equal("Invented Lab", Assert.IsType<ExportMade>(registered.Stated).Recipient);
        Assert.Equal(outcome.Files.Select(file => file.Sha256), registered.Stated.Subjects.Select(one => one.Sha256));
        Assert.All(outcome.Files, file =>
            Assert.True(HashedFile.Is(Path.Combine(_world.Folder("out"), file.Path), file.Sha256)));
        var size = PublishedCheckpoint.Read(
            _world.Workspace, SigningKey.Read(_world.Workspace.SigningKeyFile).Verifier)!.Size;
        var entry = new TileReader(_world.Workspace.Ledger, size).Entry(registered.Index);
        Assert.Equal([0x01, 0x05, .. Convert.FromHexString(registered.Sha256)], entry);

        var file = Register.FileOf(_world.Workspace, registered.Sha256);
        var text = File.ReadAllText(file);
        var payload = JsonDocument.Parse(text).RootElement.GetProperty("payload").GetString()!;
        var other = Encoding.UTF8.GetString(Convert.FromBase64String(payload))
            .Replace("Invented Lab", "Another Lab!", StringComparison.Ordinal);
        Durable.Replace(file, text.Replace(
            payload, Convert.ToBase64String(Encoding.UTF8.GetBytes(other)), StringComparison.Ordinal));
        var refused = Assert.Throws<AvalException>(() => Register.Read(_world.Workspace));
        Assert.Contains("No key of this ledger signed it", refused.Message, StringComparison.Ordinal);
    }
}
