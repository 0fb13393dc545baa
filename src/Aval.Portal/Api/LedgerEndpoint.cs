using Aval.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// The ledger for everybody: checkpoint and tiles under the names that C2SP tlog-tiles gives them, so that any client
/// of such logs can follow it. It holds no identifier.
/// </summary>
internal static class LedgerEndpoint
{
    /// <summary>Serves it.</summary>
    public static void Map(WebApplication app, Desk desk)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet("/ledger/checkpoint", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Answer(PublishedCheckpoint.PathIn(desk.Workspace), "text/plain; charset=utf-8");
        });
        app.MapGet("/ledger/tile/{**path}", (HttpContext http, string path) =>
        {
            if (Parse(path) is not { } tile)
                return Results.NotFound();
            // What a tile holds never changes; a partial one goes once the full one is there.
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Answer(Path.Combine(desk.Workspace.Ledger, tile), "application/octet-stream");
        });
    }

    private static IResult Answer(string path, string type) =>
        File.Exists(path) ? Results.File(path, type) : Results.NotFound();

    // Read as the numbers that it is made of, and written again: what comes from the address is never made a path.
    private static string? Parse(string path)
    {
        if (path.Length > 64 || path.Split('/') is not [var level, .. var rest] || rest.Length == 0)
            return null;
        var of = level == "entries" ? TilePath.Entries : int.TryParse(level, out var known) && known is >= 0 and < 8
            ? known
            : int.MinValue;
        var width = TilePath.Width;
        if (rest is [.., var before, var last] && before.EndsWith(".p", StringComparison.Ordinal))
        {
            if (!int.TryParse(last, out width) || width is < 1 or >= TilePath.Width)
                return null;
            rest = [.. rest[..^2], before[..^2]];
        }

        var number = 0L;
        foreach (var (part, at) in rest.Select((part, at) => (part, at)))
        {
            var digits = at < rest.Length - 1 ? part.StartsWith('x') ? part[1..] : "" : part;
            if (digits.Length != 3 || !digits.All(char.IsAsciiDigit))
                return null;
            number = (number * 1000) + int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        }

        return of == int.MinValue || TilePath.Of(of, number, width) != $"tile/{path}"
            ? null
            : TilePath.Of(of, number, width);
    }
}
