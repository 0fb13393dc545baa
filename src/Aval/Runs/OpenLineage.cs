using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// A run as events of OpenLineage (RunEvent 2-0-2), for catalogues that collect lineage: appended to a file, a
/// line each, or posted to an address. They are a courtesy; the signed statement is what counts, so an event that
/// nobody takes is said and stops nothing.
/// </summary>
/// <param name="target">A file, or an http(s) address; null = nowhere.</param>
/// <param name="begun">The run.</param>
/// <param name="warn">Told when an event was not taken.</param>
internal sealed class OpenLineage(string? target, RunBegun begun, Action<string> warn)
{
    private const string Producer = "urn:aval:run";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The run begins.</summary>
    public void Begin() => Send("START", begun.At, []);

    /// <summary>The run has ended.</summary>
    public void End(RunEnded ended, IReadOnlyList<StatedFile> outputs) => Send(
        ended switch
        {
            { Ending: RunEnding.Ended, Exit: 0 } => "COMPLETE",
            { Ending: RunEnding.Killed } => "ABORT",
            _ => "FAIL",
        },
        ended.At, outputs);

    private void Send(string type, DateTimeOffset at, IReadOnlyList<StatedFile> outputs)
    {
        if (target is null)
            return;
        var body = Event(type, at, outputs);
        try
        {
            if (!Uri.TryCreate(target, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                Durable.AppendLine(Path.GetFullPath(target), Encoding.UTF8.GetString(body));
                return;
            }

            using var client = new HttpClient { Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
            };
            using var answer = client.Send(request);
            if (!answer.IsSuccessStatusCode)
                warn($"{target}: the event {type} was answered with {(int)answer.StatusCode} and is lost. The run goes "
                    + "on; its statement is signed all the same.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException
            or UnauthorizedAccessException)
        {
            warn($"{target}: the event {type} was not taken: {failure.Message} The run goes on; its statement is "
                + "signed all the same.");
        }
    }

    private byte[] Event(string type, DateTimeOffset at, IReadOnlyList<StatedFile> outputs) =>
        JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteString("eventType", type);
            json.WriteString("eventTime", at.ToText());
            json.WriteStartObject("run");
            // OpenLineage asks for a UUID, and the same for all events of a run.
            json.WriteString("runId", new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(begun.Run)).AsSpan(0, 16)));
            json.WriteEndObject();
            json.WriteStartObject("job");
            json.WriteString("namespace", "aval");
            json.WriteString("name", begun.Name);
            json.WriteEndObject();
            json.WriteStartArray("inputs");
            Dataset(json, begun.Release, begun.Manifest);
            json.WriteEndArray();
            json.WriteStartArray("outputs");
            foreach (var file in outputs)
                Dataset(json, $"{begun.Name}/{file.Name}", file.Sha256);
            json.WriteEndArray();
            json.WriteString("producer", Producer);
            json.WriteString("schemaURL", "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
            json.WriteEndObject();
        });

    private static void Dataset(Utf8JsonWriter json, string name, string version)
    {
        json.WriteStartObject();
        json.WriteString("namespace", "aval");
        json.WriteString("name", name);
        json.WriteStartObject("facets");
        json.WriteStartObject("version");
        json.WriteString("_producer", Producer);
        json.WriteString(
            "_schemaURL",
            "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json"
                + "#/$defs/DatasetVersionDatasetFacet");
        json.WriteString("datasetVersion", version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
