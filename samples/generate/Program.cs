namespace Aval.Sample;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [var texts, var directory])
        {
            Console.Error.WriteLine("Writes the demo's platform from a folder of openly licensed texts (SOURCE/LANG.jsonl.gz).\nUsage: dotnet run -c Release --project samples/generate -- TEXTS samples/platform");
            return (int)ExitCode.Usage;
        }

        try
        {
            SampleFiles.Write(texts, directory);
        }
        catch (AvalException refused)
        {
            Console.Error.WriteLine(refused.Message);
            return (int)refused.Exit;
        }

        foreach (var name in SampleFiles.Names)
            Console.WriteLine($"{Path.Combine(directory, name)}: {new FileInfo(Path.Combine(directory, name)).Length} bytes");
        return (int)ExitCode.Done;
    }
}
