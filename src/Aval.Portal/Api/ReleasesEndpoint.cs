using Aval.Corpus;
using Aval.Portal.Person;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// <c>GET /api/v1/releases</c>: which releases there are and whether they may be used, one with its accounting, and the
/// proof that an account is in it or not.
/// </summary>
internal static class ReleasesEndpoint
{
    private const int Usual = 50, Most = 500;

    /// <summary>A page of them, in the order of their names.</summary>
    public static Task<IResult> List(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown("cursor", "limit") is { } unknown)
            return Task.FromResult(unknown);
        if (call.Limit(Usual, Most) is not { } limit
            || call.Desk.Cursors.Asked(call, "releases", "") is not { } place)
            return Task.FromResult(Cursors.Refused());
        var after = All(call.Desk.Workspace)
            .Where(one => string.CompareOrdinal(one.Name, place) > 0).Take(limit + 1).ToArray();
        var page = after.Take(limit).Select(one => StatedRelease.Of(one.Folder)).ToArray();
        return Task.FromResult(Call.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("releases");
            foreach (var one in page)
                one.Write(json, withPath: false);
            json.WriteEndArray();
            json.WriteString(
                "next", call.Desk.Cursors.At(call, "releases", page.Length > 0 ? page[^1].Name : place));
            json.WriteBoolean("more", after.Length > limit);
            json.WriteEndObject();
        }));
    }

    /// <summary>One of them with its accounting.</summary>
    public static Task<IResult> One(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown() is { } unknown)
            return Task.FromResult(unknown);
        if (Named(call) is not { } folder)
            return Task.FromResult(ApiProblems.NotFound());
        var accounting = Path.Combine(folder, Accounting);
        return Task.FromResult(Call.Json(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("release");
            StatedRelease.Of(folder).Write(json, withPath: false);
            if (File.Exists(accounting))
            {
                json.WritePropertyName("accounting");
                json.WriteRawValue(File.ReadAllBytes(accounting));
            }

            json.WriteEndObject();
        }));
    }

    /// <summary>The proof of presence or absence of an account, as a file.</summary>
    public static async Task<IResult> Proof(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown("account") is { } unknown)
            return unknown;
        if (!Account.TryParse(
            call.Asked("account"), call.Desk.Workspace.Settings.Services, out var account, out var form))
            return ApiProblems.Problem(
                StatusCodes.Status400BadRequest, "Not a question", $"No proof was made: account should hold {form}.");
        if (Named(call) is not { } folder || StatedRelease.Of(folder).Dropped is not null)
            return ApiProblems.NotFound();
        var proof = await MyData.Proof(call.Desk, folder, account, call.Http.RequestAborted).ConfigureAwait(false);
        return Results.Bytes(proof, "text/plain; charset=utf-8");
    }

    private const string Accounting = "accounting.json";

    // One of those that there are: what comes from the address is compared, and never made a path.
    private static string? Named(Call call)
    {
        var named = $"{call.Route("corpus")}/{call.Route("release")}";
        return All(call.Desk.Workspace).FirstOrDefault(one => one.Name == named).Folder;
    }

    private static IEnumerable<(string Name, string Folder)> All(Workspace workspace) =>
        !Directory.Exists(workspace.Corpus)
            ? []
            : Directory.EnumerateDirectories(workspace.Corpus).SelectMany(ReleaseName.Releases)
                .Select(folder => (
                    Name: $"{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}",
                    Folder: folder))
                .OrderBy(one => one.Name, StringComparer.Ordinal);
}
