using System.CommandLine;
using System.Globalization;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>
/// <c>--threads</c> and <c>--memory</c>: how much of the machine a command may use. Neither shows in a result.
/// </summary>
internal sealed class LimitOptions
{
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Worker threads (default: all processors)",
        DefaultValueFactory = _ => EngineLimits.Default.Threads,
        HelpName = "N",
    };

    private readonly Option<string> _memory = new("--memory")
    {
        Description = "Memory before work spills to disk, for example 600MB or 4GB",
        DefaultValueFactory = _ => "4GB",
        HelpName = "SIZE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_threads);
        command.Options.Add(_memory);
    }

    public EngineLimits Of(ParseResult parsed)
    {
        var threads = parsed.GetValue(_threads);
        return threads is >= 1 and <= 1024
            ? new EngineLimits(threads, Bytes(parsed.GetValue(_memory)!))
            : throw AvalException.Usage(
                $"--threads is a whole number from 1 to 1024, but {threads} was found. Nothing was done.");
    }

    // MB and GB are powers of ten, MiB and GiB of two, as the engine reads them.
    private static long Bytes(string text)
    {
        (string Unit, double Size)[] units = [("KiB", 1L << 10), ("MiB",
            1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];
        foreach (var (unit, size) in units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(
                    text[..^unit.Length].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out var count)
                && count * size is >= 64e6 and <= 1e15 and var bytes)
            {
                return (long)bytes;
            }
        }

        throw AvalException.Usage("--memory is a size of at least 64MB with its unit, for example 600MB or 4GB, "
            + $"but \"{text}\" was found. Nothing was done.");
    }
}
