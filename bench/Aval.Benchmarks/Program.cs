using System.Globalization;

namespace Aval.Benchmarks;

/// <summary>
/// Side by side with what a user would otherwise write (docs/performance.md):
/// <c>dotnet run -c Release --project bench/Aval.Benchmarks -- build [--items N] [--authors N] [--objectors SHARE] [--runs N] [--threads N] [--memory SIZE] [--data DIR]</c>,
/// and <c>flat</c>, the same at 1, 10 and 30 million items.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        switch (arguments)
        {
            case ["child", var name, var data, var output, var threads, var memory, var admitted]:
                Child(name, new Generated(data), output, int.Parse(threads, CultureInfo.InvariantCulture), memory, admitted);
                return 0;
            case ["build", .. var options]:
                Hold(Read(options, out var folder), folder);
                return 0;
            case ["flat", .. var options]:
                var sizes = Read(options, out var root);
                foreach (var items in new[] { 1_000_000L, 10_000_000L, 30_000_000L })
                    Hold(sizes with { Items = items, Authors = items / 5 }, root);
                return 0;
            default:
                Console.Error.WriteLine("usage: build | flat [--items N] [--authors N] [--objectors SHARE] [--runs N] [--threads N] [--memory SIZE] [--data DIR]");
                return 2;
        }
    }

    private static void Hold(Sizes sizes, string root)
    {
        // Generated data, what a build stages, and what it writes: about 600 bytes an item at the most.
        Directory.CreateDirectory(root);
        var room = new DriveInfo(Path.GetFullPath(root)).AvailableFreeSpace;
        if (room < sizes.Items * 600)
            throw new InvalidOperationException($"{root} has {room / 1_000_000} MB free, and {sizes.Items} items need about {sizes.Items * 600 / 1_000_000} MB.");
        var work = Path.Combine(root, "work");
        new Contest(sizes, Generated.Of(sizes, root), work).Hold();
        Directory.Delete(work, recursive: true);
        Console.WriteLine();
    }

    private static void Child(string name, Generated data, string output, int threads, string memory, string admitted)
    {
        switch (name[..3])
        {
            case "(a)":
                Baselines.AntiJoin(data, output, threads, memory);
                break;
            case "(b)":
                Baselines.SameRelease(data, output, threads, memory);
                break;
            case "(c)":
                Baselines.Copy(admitted, output, threads, memory);
                break;
            default:
                throw new ArgumentException(name);
        }
    }

    private static Sizes Read(string[] options, out string root)
    {
        var sizes = Sizes.Default;
        root = Path.Combine("bench", "data");
        for (var at = 0; at + 1 < options.Length; at += 2)
        {
            var value = options[at + 1];
            switch (options[at])
            {
                case "--items":
                    sizes = sizes with { Items = long.Parse(value, CultureInfo.InvariantCulture), Authors = long.Parse(value, CultureInfo.InvariantCulture) / 5 };
                    break;
                case "--authors":
                    sizes = sizes with { Authors = long.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--objectors":
                    sizes = sizes with { Objectors = double.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--runs":
                    sizes = sizes with { Runs = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--threads":
                    sizes = sizes with { Threads = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--memory":
                    sizes = sizes with { Memory = value };
                    break;
                case "--data":
                    root = value;
                    break;
                default:
                    throw new ArgumentException(options[at]);
            }
        }

        return sizes;
    }
}
