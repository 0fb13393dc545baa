using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Aval.Storage;

/// <summary>
/// YAML files of ours. YamlDotNet's tree recurses as deep as the file wants, and ends the process where the stack ends;
/// its events do not, so they are counted first.
/// </summary>
internal static class ShallowYaml
{
    private const int MostNested = 16;

    /// <summary>Reads a file.</summary>
    /// <exception cref="YamlException">It is no YAML, or nested deeper than any file of ours.</exception>
    public static YamlStream Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads a text.</summary>
    /// <exception cref="YamlException">As for <see cref="Load"/>.</exception>
    public static YamlStream Parse(string text)
    {
        RequireShallow(text);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml;
    }

    private static void RequireShallow(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                _ => 0,
            };
            if (depth > MostNested)
                throw new YamlException(
                    parser.Current!.Start, parser.Current.End, $"nested more than {MostNested} deep; no such file is");
        }
    }
}
