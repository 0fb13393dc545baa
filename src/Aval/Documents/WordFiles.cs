using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aval.Documents;

/// <summary>
/// Texts that lie in the assembly of what reads them, one file a language (<c>FOLDER/LANGUAGE.json</c> among its
/// resources), each read when it is asked for. A member too many or one twice is a mistake in it.
/// </summary>
/// <typeparam name="T">What a file holds.</typeparam>
internal sealed class WordFiles<T>
    where T : class
{
    private static readonly JsonSerializerOptions Options = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    private readonly FrozenDictionary<string, Lazy<T>> _texts;

    /// <summary>Those of a folder.</summary>
    /// <param name="folder">Its name among the resources, with the slash at its end.</param>
    /// <param name="language">The language that a text says it is in.</param>
    public WordFiles(string folder, Func<T, string> language)
    {
        var assembly = typeof(T).Assembly;
        _texts = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .ToFrozenDictionary(
                name => Path.GetFileNameWithoutExtension(name[folder.Length..]),
                name => new Lazy<T>(() => Read(assembly, name, language)), StringComparer.Ordinal);
        Languages = [.. _texts.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The languages that there is a file of, in the order of their codes (BCP 47).</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>The text in a language; null = there is none.</summary>
    public T? Of(string language) => _texts.GetValueOrDefault(language)?.Value;

    private static T Read(Assembly assembly, string name, Func<T, string> language)
    {
        using var file = assembly.GetManifestResourceStream(name)!;
        var text = JsonSerializer.Deserialize<T>(file, Options)!;
        return language(text) == Path.GetFileNameWithoutExtension(name)
            ? text
            : throw new InvalidDataException($"{name} says that it is in {language(text)}.");
    }
}
