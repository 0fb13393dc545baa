using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>docs/walkthrough.md, as a reader would follow it: its files, its commands, and what they print.</summary>
public sealed partial class WalkthroughTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_walkthrough_with_a_trainer_can_be_walked()
    {
        var page = File.ReadAllText(Path.Combine(Dotnet.Checkout, "docs", "walkthrough.md"));
        foreach (Match file in Files().Matches(page))
            Durable.Replace(_folder.File(file.Groups["name"].Value), file.Groups["content"].Value);
        var aval = Encoding.UTF8.GetBytes($"#!/bin/sh\nexec {ProgramUnderTest.Shell} \"$@\"\n");
        Durable.Replace(_folder.File("aval"), aval, FileModes.PrivateFolder);
        var steps = 0;
        foreach (Match console in Consoles().Matches(page))
        {
            foreach (var step in console.Groups["lines"].Value.Split("$ ", StringSplitOptions.RemoveEmptyEntries))
            {
                var lines = step.TrimEnd('\n').Split('\n');
                var command = lines[0].Split("  # exit code ");
                var (exit, said) = Shell(command[0]);
                Assert.True(exit == (command.Length > 1 ? command[1] : "0"), $"{lines[0]}\nended with {exit}\n{said}");
                Assert.All(lines.Skip(1), line => Assert.Contains(line, said, StringComparison.Ordinal));
                steps++;
            }
        }

        Assert.True(steps > 15, $"Only {steps} commands were found on the page.");
    }

    private (string Exit, string Said) Shell(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command + " 2>&1"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture), said);
    }

    [GeneratedRegex("<!-- file (?<name>[^ ]+) -->\n```\n(?<content>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Files();

    [GeneratedRegex("```console\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Consoles();
}
