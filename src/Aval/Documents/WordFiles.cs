using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aval.Documents;

/// <summary>Texts that lie in the assembly of what reads them, one file a language. A member too many or one twice is a
/// mistake in it.</summary>
internal static class WordFiles
{
    private static readonly JsonSerializerOptions Options = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads all files of a folder.</summary>
    /// <typeparam name="T">What a file holds; the files are resources of its assembly.</typeparam>
    /// <param name="folder">Its name among the resources, with the slash at its end.</param>
    /// <param name="language">The language that a text says it is in.</param>
    /// <returns>The texts by language.</returns>
    public static FrozenDictionary<string, T> Load<T>(string folder, Func<T, string> language)
    {
        var assembly = typeof(T).Assembly;
        T Read(string name)
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            return JsonSerializer.Deserialize<T>(file, Options)!;
        }

        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(Read)
            .ToFrozenDictionary(language, StringComparer.Ordinal);
    }
}
