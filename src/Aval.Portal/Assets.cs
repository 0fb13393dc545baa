using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal;

/// <summary>
/// The files that pages name: two sheets of style and one script. Their names change with their bytes.
/// </summary>
internal static class Assets
{
    private static readonly byte[] CssBytes = Read("portal.css"), ScriptBytes = Read("check.js"),
        OfficerBytes = Read("officer.css");

    /// <summary>Where the style is.</summary>
    public static string Css { get; } = $"/assets/{Name(CssBytes)}.css";

    /// <summary>Where the style of the officer's side is, beside the other.</summary>
    public static string OfficerCss { get; } = $"/assets/{Name(OfficerBytes)}.css";

    /// <summary>Where the script is that checks receipts.</summary>
    public static string Script { get; } = $"/assets/{Name(ScriptBytes)}.js";

    /// <summary>The script's text.</summary>
    public static string ScriptText { get; } = System.Text.Encoding.UTF8.GetString(ScriptBytes);

    /// <summary>The style's text.</summary>
    public static string CssText { get; } = System.Text.Encoding.UTF8.GetString(CssBytes);

    /// <summary>Serves them.</summary>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        Serve(app, Css, CssBytes, "text/css; charset=utf-8");
        Serve(app, OfficerCss, OfficerBytes, "text/css; charset=utf-8");
        Serve(app, Script, ScriptBytes, "text/javascript; charset=utf-8");
    }

    private static void Serve(WebApplication app, string path, byte[] bytes, string type) => app.MapGet(
        path,
        (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(bytes, type);
        });

    internal static byte[] Read(string name)
    {
        using var file = typeof(Assets).Assembly.GetManifestResourceStream($"assets/{name}")!;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string Name(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
}
