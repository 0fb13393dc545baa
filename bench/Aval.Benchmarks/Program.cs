using System.Globalization;
using System.Text.Json;
using Aval.Benchmarks.Copies;
using Aval.Benchmarks.Identifiers;
using Aval.Benchmarks.Languages;
using Aval.Benchmarks.Models;

namespace Aval.Benchmarks;

/// <summary>Side by side with what a user would otherwise write (docs/performance.md).</summary>
internal static class Program
{
    private const string Usage = """
        usage: build [--items N] [--authors N] [--objectors SHARE] [--runs N] [--threads N] [--memory SIZE] [--data DIR] [--json]
               flat  the same at 1, 10 and 30 million items, and one table of all three
               scale [--items N] [--runs N] [--memory SIZE] [--data DIR]  built by --threads and by a Slurm cluster
                     (SLURM_CONF), and a calculation on paper to 10^11 items
               choices [--seconds N] [--data DIR] [--postgres CONNECTION]  choices acknowledged a second, and how long each waits
               portal [--seconds N] [--rate N] [--data DIR] [--postgres CONNECTION]  choices acknowledged over HTTP by
                     aval serve, too many of them, and a kill (4,000 a second)
               links [--count N]  links of a notice made and read a second
               enumeration [--pairs N] [--data DIR]  whether the portal's answers tell by their time whom they are about
               authors [--authors N] [--threads N] [--data DIR]  who is in a release (1,000,000 authors)
               identifiers [--data DIR]  how well and how fast identifiers are found (DIR: ../shared/data)
               language [--shared DIR] [--translations DIR] [--model FILE] [--alone]  languages told by Aval, fastText
                     and Lingua: how well, how fast; --translations is what models/language/fetch wrote
               special [--misses]  what the lexicons of special categories find, and how fast
               about-me  whether whoever objected is masked in what others write, among namesakes
               copies [--shared DIR] [--items N] [--memory MB] [--data DIR]  how well copies and duplicates are found,
                     beside a comparison of all with all, and how fast (1,000,000 texts)
               recall [--items N] [--accounts N] [--threads N] [--memory SIZE] [--published DIR] [--data DIR]
                     a recall of one account and of 0.01, 1 and 10 % of all, where no rule reads text; by all rules
                     of N accounts one after the other (p50, p99) and of the same shares; beside the first build
                     (1,000,000 items, 200 accounts, 64 buckets)
               study-texts --shared DIR --to DIR  a table for a study of 24 languages (bench/study/run)
               model [--shared DIR] [--mb N] [--order N] [--threads N] [--memory SIZE] [--data DIR]  the reference
                     model: training, forgetting one account, scoring, and two compressors (100 MB)
               startup [--runs N] [--published DIR] [--data DIR]  help and a build of 1,000 items, published and built

        --authors is a fifth of --items when it is not given. Generated data stays in --data (bench/data) for the
        next run; it may not lie below a folder whose name has the form key=value.
        """;

    // Sizes at which ratios are to stay the same.
    private static readonly long[] Flat = [1_000_000, 10_000_000, 30_000_000];

    private const long DefaultAuthors = 1_000_000;

    private static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is not ["child" or "load", ..] && Machine.KeyedPart(Data(arguments)) is { } keyed)
        {
            Console.Error.WriteLine(
                $"{Path.GetFullPath(Data(arguments))} lies below {keyed}, and engines read a column out of such a "
                + "name. Nothing was run. Name a --data DIR below no folder of the form key=value.");
            return 2;
        }

        switch (arguments)
        {
            case ["child", var name, var layout, var data, var from, var output, var threads, var memory]:
                var baselines = new Baselines(new Generated(data), from, output, Whole(threads), memory);
                Run(new Entry(Enum.Parse<Contestant>(name), Enum.Parse<Layout>(layout)), baselines);
                return 0;
            case ["scale", .. var options] when Options.Read(options) is { } read:
                return HasRoom(read, [read.Sizes]) ? Scale.Hold(read.Sizes, read.Folder) : 3;
            case ["build", .. var options] when Options.Read(options) is { } read:
                return HoldAll(read, [read.Sizes]);
            case ["recall", .. var options] when Options.Read(
                [
                    "--items", $"{RecallBenchmark.Items}", "--accounts", $"{RecallBenchmark.Accounts}", .. options,
                ]) is { } read:
                return HasRoom(read, [read.Sizes]) ? RecallBenchmark.Hold(read.Sizes, read.Folder, read.Published) : 3;
            case ["study-texts", .. var options] when After(options, "--to") is { } to:
                return Studies.StudyTexts.Write(
                    After(options, "--shared") ?? Path.Combine("..", "shared", "data", "text"), to);
            case ["about-me"]:
                return AboutMe.AboutMeBenchmark.Hold();
            case ["special", .. var options]:
                return Special.SpecialBenchmark.Hold(options.Contains("--misses"));
            case ["load", var workspace, var prefix]:
                return Load.Run(workspace, prefix);
            case ["choices", .. var options] when Duration(options) is { } seconds:
                return ChoiceThroughput.Hold(Data(options), seconds, After(options, "--postgres"));
            case ["portal", .. var options] when Duration(options) is { } seconds:
                return Portal.PortalBenchmark.Hold(
                    Data(options), seconds, Whole(After(options, "--rate") ?? "4000"), After(options, "--postgres"))
                    .GetAwaiter().GetResult();
            case ["links", .. var options]:
                return Portal.LinkBenchmark.Run(Whole(After(options, "--count") ?? "500000"));
            case ["enumeration", .. var options]:
                return Portal.EnumerationBenchmark.Run(
                    Data(options), Whole(After(options, "--pairs") ?? "2000")).GetAwaiter().GetResult();
            case ["identifiers", .. var options]:
                return IdentifierBenchmark.Run(
                    After(options, "--data") ?? Path.Combine("..", "shared", "data"));
            case ["language", .. var options]:
                return LanguageBenchmark.Hold(
                    After(options, "--shared") ?? Path.Combine("..", "shared", "data"),
                    After(options, "--translations"), After(options, "--model"), options.Contains("--alone"));
            case ["copies", .. var options]:
                return CopyBenchmark.Hold(
                    Path.Combine(After(options, "--shared") ?? Path.Combine("..", "shared", "data"), "text"),
                    Data(options), Whole(After(options, "--items") ?? "1000000"),
                    Whole(After(options, "--memory") ?? "1000"));
            case ["model", .. var options]:
                return ModelBenchmark.Hold(
                    Path.Combine(After(options, "--shared") ?? Path.Combine("..", "shared", "data"), "text"),
                    Data(options), Whole(After(options, "--mb") ?? "100") * 1_000_000L,
                    Whole(After(options, "--order") ?? "6"),
                    Whole(After(options, "--threads") ?? Number(Environment.ProcessorCount)),
                    After(options, "--memory") ?? "4GB");
            case ["startup", .. var options] when Runs(options) is { } runs:
                return StartUp.Hold(After(options, "--published"), Data(options), runs);
            case ["flat", .. var options] when Options.Read(options) is { } read:
                return HoldAll(read, [.. Flat.Select(items => read.Sizes with { Items = items, Authors = items / 5 })]);
            case ["authors", .. var options] when Options.Read(options) is { } read:
                AuthorBenchmark.Run(
                    options.Contains("--authors") ? read.Sizes.Authors : DefaultAuthors, read.Sizes.Threads,
                    read.Folder);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static string? After(string[] options, string name) =>
        options.SkipWhile(option => option != name).Skip(1).FirstOrDefault();

    private static string Data(string[] options) => After(options, "--data") ?? Path.Combine("bench", "data");

    private static int? Runs(string[] options) => After(options, "--runs") is not { } text ? 20
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) && runs > 0 ? runs : null;

    private static int? Duration(string[] options) => After(options, "--seconds") is not { } text ? 60
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? seconds
            : null;

    private static int HoldAll(Options options, Sizes[] contests)
    {
        if (!HasRoom(options, contests))
            return 3;
        Report(options, [.. contests.Select(sizes => Hold(sizes, options.Folder))]);
        return 0;
    }

    private static bool HasRoom(Options options, Sizes[] contests)
    {
        Directory.CreateDirectory(options.Folder);
        var free = new DriveInfo(Path.GetFullPath(options.Folder)).AvailableFreeSpace;
        var room = contests.Max(sizes => sizes.Room);
        if (free >= room)
            return true;
        Console.Error.WriteLine($"{options.Folder} has {free / 1_000_000} MB free, and "
            + $"{contests.Max(sizes => sizes.Items)} items need about {room / 1_000_000} MB. Nothing was run. "
            + "Make room, name another --data DIR, or take fewer --items.");
        return false;
    }

    private static Result Hold(Sizes sizes, string folder)
    {
        var work = Path.Combine(folder, "work");
        var result = new Contest(sizes, Generated.Of(sizes, folder), work).Hold();
        Directory.Delete(work, recursive: true);
        return result;
    }

    private static void Report(Options options, IReadOnlyList<Result> results)
    {
        if (options.Json)
        {
            using var output = Console.OpenStandardOutput();
            using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
            json.WriteStartArray();
            foreach (var result in results)
                result.Write(json);
            json.WriteEndArray();
            return;
        }

        foreach (var result in results)
        {
            result.Print(Console.Out);
            Console.WriteLine();
        }

        if (results.Count > 1)
            Result.PrintSideBySide(Console.Out, results);
    }

    private static void Run(Entry entry, Baselines baselines)
    {
        switch (entry.Contestant)
        {
            case Contestant.AntiJoin:
                baselines.AntiJoin();
                break;
            case Contestant.LawfulAntiJoin:
                baselines.LawfulAntiJoin();
                break;
            case Contestant.SameRelease when entry.Layout == Layout.Partitioned:
                baselines.SameReleaseByBucket();
                break;
            case Contestant.SameRelease:
                baselines.SameRelease();
                break;
            case Contestant.Copy:
                baselines.Copy();
                break;
            case Contestant.PartitionedCopy:
                baselines.PartitionedCopy();
                break;
            case Contestant.LaidOutFirst or Contestant.LaidOut or Contestant.LaidOutWithText or Contestant.InPlaceFirst
                or Contestant.InPlace
                or Contestant.Import:
                throw new ArgumentException("aval is a program of its own.", nameof(entry));
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>What was asked for.</summary>
    private sealed record Options(Sizes Sizes, string Folder, bool Json)
    {
        /// <summary>The folder of a published <c>aval</c>; null = the program beside this one is run.</summary>
        public string? Published { get; private init; }

        /// <summary>Null when it cannot be understood.</summary>
        public static Options? Read(ReadOnlySpan<string> arguments)
        {
            var options = new Options(Sizes.Default, Path.Combine("bench", "data"), Json: false);
            long? authors = null;
            for (; arguments is not []; arguments = arguments[1..])
            {
                if (arguments is ["--json", ..])
                {
                    options = options with { Json = true };
                    continue;
                }

                if (arguments is not [var name, var value, ..])
                    return null;
                switch (name)
                {
                    case "--items" when long.TryParse(value, out var items) && items > 0:
                        options = options with { Sizes = options.Sizes with { Items = items } };
                        break;
                    case "--authors" when long.TryParse(value, out var count) && count > 0:
                        authors = count;
                        break;
                    case "--objectors" when double.TryParse(value, out var share) && share is >= 0 and <= 1:
                        options = options with { Sizes = options.Sizes with { Objectors = share } };
                        break;
                    case "--runs" or "--accounts" when int.TryParse(value, out var runs) && runs > 0:
                        options = options with { Sizes = options.Sizes with { Runs = runs } };
                        break;
                    case "--threads" when int.TryParse(value, out var threads) && threads > 0:
                        options = options with { Sizes = options.Sizes with { Threads = threads } };
                        break;
                    case "--memory":
                        options = options with { Sizes = options.Sizes with { Memory = value } };
                        break;
                    case "--published":
                        options = options with { Published = value };
                        break;
                    case "--data":
                        options = options with { Folder = value };
                        break;
                    default:
                        return null;
                }

                arguments = arguments[1..];
            }

            return options with
            {
                Sizes = options.Sizes with { Authors = authors ?? Math.Max(1, options.Sizes.Items / 5) },
            };
        }
    }
}
