using System.CommandLine;
using Aval.Cli;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>A private key given in place of anything, by mistake: no command shows a piece of it.</summary>
public sealed class SecretTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Workspace => _folder.File("work");

    [Fact]
    public void No_private_key_is_shown_by_any_command_whatever_it_is_given_for()
    {
        Assert.Equal(0, Run("init").Exit);
        var keys = Directory.GetFiles(Path.Combine(Workspace, "keys"));
        string[] names = [.. keys.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["ledger.key", "vrf.key", "workspace.key"], names);
        var tried = 0;
        foreach (var file in keys)
        {
            var text = File.ReadAllText(file).Trim();
            foreach (var line in Lines(text).Concat(Lines(file)))
            {
                var answer = Run(line);
                AssertHidden(text, answer, string.Join(' ', line.Select(word => word == text ? "SECRET" : word)));
                if (!line.Contains("--evidence"))
                    Assert.Equal(2, answer.Exit);
                tried++;
            }
        }

        Assert.True(tried > 300, $"{tried} lines were tried.");
    }

    [Fact]
    public void A_private_key_inside_another_file_is_not_shown_either()
    {
        Assert.Equal(0, Run("init").Exit);
        var text = File.ReadAllText(Path.Combine(Workspace, "keys", "ledger.key")).Trim();
        // Too large to be a key's file, so that the policy's reader meets it.
        var policy = _folder.File("policy.yaml");
        Durable.Replace(policy, $"policy: x\ntitle: {text}\nbasis: {text}\n{text}: 5\n{new string('#', 5000)}\n");
        var answer = Run("policy", "check", policy);
        Assert.Equal(3, answer.Exit);
        AssertHidden(text, answer, "policy check");
        Assert.Contains("private key", answer.Error, StringComparison.Ordinal);
        var malformed = Assert.Throws<ProofException>(() => VerifierKey.Parse(text));
        AssertHidden(text, new Answer(1, malformed.Message, ""), "VerifierKey.Parse");
        var odd = Assert.Throws<ProofException>(() => VerifierKey.Parse("half-a-secret"));
        Assert.DoesNotContain("half-a-secret", odd.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    // One line for each option and each argument of each command.
    private static IEnumerable<string[]> Lines(string secret)
    {
        var nowhere = new Terminal(TextWriter.Null, TextWriter.Null, TimeProvider.System);
        foreach (var (path, command) in Leaves([], Program.Commands(nowhere)))
        {
            foreach (var option in command.Options.Where(option => option.ValueType != typeof(bool)))
                yield return [.. path, .. command.Arguments.Select(_ => "x"), option.Name, secret];
            for (var at = 0; at < command.Arguments.Count; at++)
                yield return [.. path, .. command.Arguments.Select((_, place) => place == at ? secret : "x")];
        }
    }

    private static IEnumerable<(string[] Path, Command Command)> Leaves(string[] path, Command command) =>
        command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(below => Leaves([.. path, below.Name], below));

    private static void AssertHidden(string key, Answer answer, string what)
    {
        // Name and id are public.
        var secret = key.StartsWith("PRIVATE+KEY+", StringComparison.Ordinal) ? key.Split('+', 5)[4] : key;
        Assert.True(secret.Length > 40);
        var shown = answer.Output + answer.Error;
        for (var at = 0; at + 8 <= secret.Length; at++)
            Assert.False(
                shown.Contains(secret.Substring(at, 8), StringComparison.Ordinal), $"A piece of the key: {what}");
    }

    private Answer Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, TimeProvider.System);
        var exit = Program.Run(terminal, [.. arguments, "--workspace", Workspace]);
        return new Answer(exit, output.ToString(), error.ToString());
    }
}
