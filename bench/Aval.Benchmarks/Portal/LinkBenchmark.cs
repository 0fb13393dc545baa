using System.Diagnostics;
using System.Globalization;
using Aval.Portal.Doors;
using Aval.Storage;

namespace Aval.Benchmarks.Portal;

/// <summary>How many links of a notice one thread makes and reads a second.</summary>
internal static class LinkBenchmark
{
    /// <summary>Measures and prints.</summary>
    /// <param name="count">How many.</param>
    public static int Run(int count)
    {
        using var links = new NoticeLinks(
            new WorkspaceKey(new byte[WorkspaceKey.Size]), Settings.Default.Services);
        var made = new string[count];
        var watch = Stopwatch.StartNew();
        for (var number = 0; number < count; number++)
            made[number] = links.Make(
                "2025-04", new Account("facebook", number.ToString(CultureInfo.InvariantCulture)));
        var making = watch.Elapsed;
        watch.Restart();
        var read = made.Count(link => links.Read(link) is not null);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count / making.TotalSeconds:F0} links a second made, {read / watch.Elapsed.TotalSeconds:F0} read"));
        return read == count ? 0 : 1;
    }
}
