using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary><c>aval requests</c> as officers and scripts see it.</summary>
public sealed class RequestsTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("aval-requests-").FullName;

    public RequestsTests() => AvalProcess.Run(_workspace, "init").Done();

    public void Dispose() => Directory.Delete(_workspace, recursive: true);

    [Fact]
    public void A_request_is_recorded_extended_and_refused_with_where_to_complain_and_then_it_is_closed()
    {
        using (var recorded = JsonDocument.Parse(Aval(
            "requests", "record", "--right", "access", "--account", "facebook:1", "--text", "a copy", "--json")))
        {
            Assert.Equal("dpv:RequestInitiated", recorded.RootElement.GetProperty("dpv").GetString());
            Assert.Equal(0, recorded.RootElement.GetProperty("request").GetInt64());
        }

        Aval("choose", "removal", "--scope", "item:facebook:9", "--actor", "anyone");
        Aval("requests", "extend", "0", "1", "--reason", "high-volume-of-processes", "--text", "There are many.");
        using (var list = JsonDocument.Parse(Aval("requests", "list", "--json")))
        {
            Assert.Equal(2, list.RootElement.GetProperty("open").GetInt32());
            Assert.All(
                list.RootElement.GetProperty("requests").EnumerateArray(),
                request => Assert.True(request.GetProperty("extended").GetBoolean()));
        }

        var nowhere = AvalProcess.Run(
            _workspace, "requests", "refuse", "0", "--reason", "process-excessive", "--text", "no", "--by", "Ada");
        Assert.Equal(2, nowhere.Exit); // Nobody said to which authority people may complain.
        Assert.Contains(
            "told: complaint to the authority (Art. 77), and court (Art. 79)",
            Aval("requests", "refuse", "0", "--reason", "process-excessive", "--text", "no", "--by", "Ada",
                "--authority", "the authority"), StringComparison.Ordinal);
        foreach (var (number, says) in new[] { ("0", "is closed"), ("1", "not the controller's to refuse") })
        {
            var refused = AvalProcess.Run(
                _workspace, "requests", "refuse", number, "--reason", "process-excessive", "--text", "no",
                "--authority", "the authority");
            Assert.Equal(4, refused.Exit);
            Assert.Contains(says, refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, AvalProcess.Run(_workspace, "requests", "show", "2").Exit); // A step is no request.
        // As a request it would have no effect, and look as if it had.
        var objection = AvalProcess.Run(
            _workspace, "requests", "record", "--right", "objection", "--account", "facebook:1", "--text", "no");
        Assert.Equal(2, objection.Exit);
        Assert.Contains("aval choose objection --account facebook:1", objection.Error, StringComparison.Ordinal);
        Aval("requests", "record", "--right", "objection", "--text", "Whoever is called Ada Invented");
        Aval("ledger", "check");
    }

    private string Aval(params string[] arguments) => AvalProcess.Run(_workspace, arguments).Done().Output;
}
