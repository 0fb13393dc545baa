using Aval.Cli;

namespace Aval.EndToEnd;

/// <summary>Which commands there are.</summary>
public sealed class CommandTests
{
    private static readonly Terminal Nowhere = new(TextWriter.Null, TextWriter.Null, TimeProvider.System);

    [Fact]
    public void A_command_that_is_asked_for_is_made_alone_and_all_are_where_none_of_this_name_is()
    {
        Assert.All(Program.All, one => Assert.Equal([one.Name], Names(one.Name)));
        string[] all = [.. Program.All.Select(one => one.Name)];
        Assert.Equal(all.Distinct(), all);
        Assert.Equal(all, Names(null));
        Assert.Equal(all, Names("biuld"));
        Assert.Equal(all, Names("--help"));
    }

    private static IEnumerable<string> Names(string? asked) =>
        Program.Commands(Nowhere, asked).Subcommands.Select(command => command.Name);
}
