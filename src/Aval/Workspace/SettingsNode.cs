using System.Globalization;
using Aval.Storage;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aval;

/// <summary>
/// A value of aval.yaml with its place: every section is read by it, so that all of them refuse in the same words.
/// </summary>
internal sealed class SettingsNode
{
    private readonly string _path;
    private readonly YamlNode _node;

    private SettingsNode(string path, YamlNode node) => (_path, _node) = (path, node);

    /// <summary>The text of a value that is neither a list nor a map; null for these.</summary>
    public string? Scalar => (_node as YamlScalarNode)?.Value;

    /// <summary>Reads a file; null when it says nothing.</summary>
    /// <exception cref="AvalException">Bad input: it is no YAML, with line and column.</exception>
    public static SettingsNode? Load(string path) => Parse(path, File.ReadAllText(path));

    /// <summary>Reads what a file says; null when it says nothing.</summary>
    /// <param name="path">The file, for whoever is told what is wrong.</param>
    /// <param name="text">What it says.</param>
    /// <exception cref="AvalException">As for <see cref="Load"/>.</exception>
    public static SettingsNode? Parse(string path, string text)
    {
        try
        {
            return ShallowYaml.Parse(text).Documents is [var first, ..] ? new SettingsNode(path, first.RootNode) : null;
        }
        catch (YamlException broken)
        {
            throw AvalException.BadInput(
                $"{path}, line {broken.Start.Line}, column {broken.Start.Column}: not YAML: {broken.Message} "
                    + "Nothing was done.",
                broken);
        }
    }

    /// <summary>A map's keys with their places and their values.</summary>
    /// <param name="expected">What should stand here, when it is no map.</param>
    public IEnumerable<(string Key, SettingsNode At, SettingsNode Value)> Members(string expected) =>
        _node is YamlMappingNode map
            ? map.Children.Select(
                member => (((member.Key as YamlScalarNode)?.Value ?? ""), Of(member.Key), Of(member.Value)))
            : throw Wrong(expected);

    /// <summary>A list's values.</summary>
    /// <param name="expected">What should stand here, when it is no list.</param>
    public IEnumerable<SettingsNode> Items(string expected) =>
        _node is YamlSequenceNode list ? list.Select(Of) : throw Wrong(expected);

    /// <summary>A text that is not empty.</summary>
    public string Text(string expected) => Scalar is { Length: > 0 } text ? text : throw Wrong(expected);

    /// <summary>A whole number within bounds.</summary>
    public int Whole(int least, int most, string expected) =>
        int.TryParse(Scalar, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
        && number <= most
            ? number
            : throw Wrong(expected);

    /// <summary>The refusal of what stands here.</summary>
    public AvalException Wrong(string expected) => AvalException.BadInput(
        $"{_path}, line {_node.Start.Line}, column {_node.Start.Column}: {expected}. Nothing was done. "
        + "Correct the line and run the command again.");

    private SettingsNode Of(YamlNode node) => new(_path, node);
}
