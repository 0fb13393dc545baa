using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Aval.Cli;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>
/// docs/story.md, from the plan of March 2024 to the recall: its files, its commands at the instants that it names, and
/// what they print. The commands run in this process, since a process of its own has the clock of now.
/// </summary>
public sealed partial class StoryTests : IDisposable
{
    private static readonly string[] Words =
    [
        "marché", "pluie", "jardin", "tomates", "vélo", "pain", "levain", "matin", "voisins", "musique", "concert",
        "montagne", "lac", "train", "fenêtre", "cuisine", "chat", "dimanche", "recette", "livre", "école", "bateau",
        "neige", "soleil", "café", "lampe", "forêt", "chemin", "plage", "hiver", "été",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly StoryClock _clock = new();
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_story_can_be_told_by_its_commands()
    {
        var page = File.ReadAllText(Path.Combine(Dotnet.Checkout, "docs", "story.md"));
        var steps = 0;
        foreach (Match part in Parts().Matches(page))
        {
            if (part.Groups["clock"] is { Success: true, Value: var now })
                _clock.Now = Instant.Parse(now, "the story's clock");
            else if (part.Groups["file"] is { Success: true, Value: var names })
                Write(names, part.Groups["content"].Value);
            else
            {
                foreach (var step in part.Groups["lines"].Value.Split("$ ", StringSplitOptions.RemoveEmptyEntries))
                {
                    Take(step.TrimEnd('\n').Split('\n'));
                    steps++;
                }
            }
        }

        Assert.True(steps > 35, $"Only {steps} commands were found on the page.");
    }

    private void Write(string names, string content)
    {
        var words = names.Split(' ');
        if (words is [var list, "each", var count])
        {
            Durable.Replace(_folder.File(list), string.Concat(
                Enumerable.Range(1, int.Parse(count, CultureInfo.InvariantCulture)).Select(number => content
                    .Replace("N\"", $"{number}\"", StringComparison.Ordinal)
                    .Replace("\"W\"", $"\"{TextOf(number)}\"", StringComparison.Ordinal))));
            return;
        }

        foreach (var name in words)
        {
            var country = name.Split('-', '.') is [_, { Length: 2 } code, ..] ? code : "";
            Durable.Replace(_folder.File(name), content
                .Replace("LOWER", country.ToLowerInvariant(), StringComparison.Ordinal)
                .Replace("UPPER", country, StringComparison.Ordinal));
        }
    }

    // So that no two people say nearly the same: the words that a generator of Lehmer's draws from the number.
    private static string TextOf(int number)
    {
        var drawn = (long)number;
        return string.Join(' ', Enumerable.Range(0, 14).Select(_ =>
            Words[(int)((drawn = drawn * 48_271 % int.MaxValue) % Words.Length)]));
    }

    private void Take(string[] lines)
    {
        var command = lines[0].Split("  # exit code ");
        if (Assigned().Match(command[0]) is { Success: true } assigned)
        {
            _variables[assigned.Groups["name"].Value] = Run(assigned.Groups["command"].Value).Said.Trim();
            return;
        }

        var (exit, said) = Run(command[0]);
        Assert.True(
            exit == (command.Length > 1 ? int.Parse(command[1], CultureInfo.InvariantCulture) : 0),
            $"{lines[0]}\nended with {exit}\n{said}");
        foreach (var line in lines.Skip(1))
            Assert.True(said.Contains(line, StringComparison.Ordinal), $"{lines[0]}\nexpected: {line}\n{said}");
    }

    private (int Exit, string Said) Run(string command)
    {
        var words = WordsOf().Matches(command).Select(word => Word(word.Value)).ToArray();
        if (words is ["sh", var script])
            return Elsewhere(script);
        Assert.Equal("aval", words[0]);
        using var said = new StringWriter();
        var exit = Program.Run(new Terminal(said, said, _clock), words[1..]);
        return (exit, said.ToString());
    }

    // A bundle's script, in a folder where nothing else is, with the program as its verifier.
    private (int Exit, string Said) Elsewhere(string script)
    {
        var elsewhere = _folder.File("elsewhere");
        ZipFile.ExtractToDirectory(Path.GetDirectoryName(script) + ".zip", elsewhere);
        var program = _folder.File("verifier");
        Durable.Replace(
            program, Encoding.UTF8.GetBytes($"#!/bin/sh\nexec {ProgramUnderTest.Shell} \"$@\"\n"),
            FileModes.PrivateFolder);
        var start = new ProcessStartInfo("sh", [Path.Combine(elsewhere, Path.GetFileName(script))])
        {
            WorkingDirectory = elsewhere,
        };
        start.Environment["AVAL"] = program;
        var answer = Dotnet.Finish(start);
        return (answer.Exit, answer.Output + answer.Error);
    }

    // What a shell makes of it: quotes, a variable, a path below the folder, and a star for the one name there is.
    private string Word(string word)
    {
        word = word.Trim('"');
        if (word.StartsWith('$'))
            return _variables[word[1..]];
        if (!word.StartsWith("./", StringComparison.Ordinal))
            return word;
        var path = _folder.File(word[2..]);
        var star = path.IndexOf("/*/", StringComparison.Ordinal);
        return star < 0
            ? path
            : Path.Combine(Assert.Single(Directory.GetDirectories(path[..star])), path[(star + 3)..]);
    }

    [GeneratedRegex(
        "<!-- clock (?<clock>[^ ]+) -->|<!-- file (?<file>[^>]+) -->\n```\n(?<content>.*?)```|"
            + "```console\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Parts();

    [GeneratedRegex("^(?<name>[A-Z]+)=\\$\\((?<command>.*)\\)$")]
    private static partial Regex Assigned();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex WordsOf();

    private sealed class StoryClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        // A moment later each time that it is looked at, as a clock is.
        public override DateTimeOffset GetUtcNow() => Now += TimeSpan.FromMilliseconds(1);
    }
}
