using System.Text.Json;
using Aval.Corpus;

namespace Aval.Papers;

/// <summary>
/// Where the figures of papers come from: the facts, or a JSON file of the workspace, each with a JSON pointer (RFC
/// 6901).
/// </summary>
internal sealed class PaperSources(Workspace workspace, byte[] facts) : IDisposable
{
    /// <summary>Name of the facts among the documents.</summary>
    public const string Facts = "facts";

    private readonly Dictionary<string, JsonDocument> _documents =
        new(StringComparer.Ordinal) { [Facts] = JsonDocument.Parse(facts) };

    /// <summary>A value; null = there is none.</summary>
    /// <param name="document"><see cref="Facts"/>, or a path below the workspace with forward slashes.</param>
    /// <param name="pointer">A JSON pointer.</param>
    /// <exception cref="AvalException">Bad input: the file is no JSON, or lies elsewhere.</exception>
    public JsonElement? Find(string document, string pointer)
    {
        if (!_documents.TryGetValue(document, out var parsed) && (parsed = Read(document)) is null)
            return null;
        var at = parsed.RootElement;
        foreach (var name in pointer.Split('/').Skip(1).Select(Unescaped))
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var member))
                at = member;
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index)
                && index >= 0 && index < at.GetArrayLength())
                at = at[index];
            else
                return null;
        }

        return at;
    }

    /// <summary>The members of an object, in its order; none = there is no such object.</summary>
    public IReadOnlyList<JsonProperty> Members(string document, string pointer) =>
        Find(document, pointer) is { ValueKind: JsonValueKind.Object } found ? [.. found.EnumerateObject()] : [];

    /// <summary>A pointer from the names on its way.</summary>
    public static string Pointer(params ReadOnlySpan<string> names)
    {
        var pointer = "";
        foreach (var name in names)
            pointer += "/" + name.Replace("~", "~0", StringComparison.Ordinal)
                .Replace("/", "~1", StringComparison.Ordinal);
        return pointer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var document in _documents.Values)
            document.Dispose();
    }

    private static string Unescaped(string name) =>
        name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private JsonDocument? Read(string document)
    {
        var root = workspace.Root + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, document));
        // A list of figures comes with a paper, from whoever sent it: it opens nothing else on this machine.
        if (!path.StartsWith(root, StringComparison.Ordinal) || !path.EndsWith(".json", StringComparison.Ordinal))
            throw AvalException.BadInput($"\"{Shown.Of(document)}\": a figure comes from a JSON file of the workspace, "
                + "but this is none. Nothing was checked.");
        // A release's files are cited by its name, also when an erasure has made another one in its place.
        if (!File.Exists(path) && document.Split('/') is ["corpus", var corpus, var release, var file])
            path = Path.Combine(workspace.Corpus, corpus, ReleaseName.SupersededFolder, release, file);
        if (!File.Exists(path))
            return null;
        try
        {
            return _documents[document] = JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException broken)
        {
            throw AvalException.BadInput($"{path}: expected JSON that a paper cites, but {broken.Message} Nothing was "
                + "checked. Restore the file from your backup.", broken);
        }
    }
}
