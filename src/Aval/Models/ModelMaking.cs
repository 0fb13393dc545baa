using System.Collections.Concurrent;
using System.Text;
using Aval.Authors;
using Aval.Corpus;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Models;

/// <summary>How long each part took.</summary>
/// <param name="Count">Reading shards and counting.</param>
/// <param name="Merge">Adding the counts of the shards up.</param>
/// <param name="Estimate">Making probabilities of them.</param>
/// <param name="Counted">How many shards were counted; the others were known.</param>
/// <param name="Shards">How many there are.</param>
internal sealed record ModelTimes(TimeSpan Count, TimeSpan Merge, TimeSpan Estimate, int Counted, int Shards);

/// <summary>
/// Makes a reference model of a release: counts each shard, adds the counts up by language, estimates. The file to open
/// first in this room. What it makes is a function of the shards and of the form alone, so where a model of an earlier
/// release is there, the counts of the shards that both have are taken over, those of the others are taken away and
/// added, and the result is, byte for byte, the one that would have been made of the release alone.
/// </summary>
internal sealed class ModelMaking
{
    // Rows that are fewer stay in memory: there may be those of as many languages at once, for each thread.
    private const long Few = 4 << 20;

    private readonly VerifiedRelease _release;
    private readonly ModelForm _form;
    private readonly long _least;
    private readonly ModelFolder? _before;
    private readonly EngineLimits _limits;
    private readonly Action<string, double> _watch;
    private readonly string _folder;
    private readonly Scratch _scratch;

    // Files of the earlier model that are this one's too: they were read when they were taken over.
    private readonly ConcurrentDictionary<string, ManifestFile> _same = new(StringComparer.Ordinal);

    private ModelMaking(
        VerifiedRelease release, ModelForm form, long least, ModelFolder? before, string folder, EngineLimits limits,
        Action<string, double> watch)
    {
        (_release, _form, _least, _before, _limits, _watch) = (release, form, least, before, limits, watch);
        (_folder, _scratch) = (folder, Scratch.In(Path.Combine(folder, "scratch"), Math.Min(Few, limits.Memory / 256)));
    }

    /// <summary>Makes a model in an empty folder.</summary>
    /// <param name="release">What it is trained on.</param>
    /// <param name="form">How it reads and counts.</param>
    /// <param name="least">Bytes of text that a language has before it gets a table of its own.</param>
    /// <param name="before">A model of the same form, whose counts are used where shards are the same; null =
    /// none.</param>
    /// <param name="folder">Where to; what is written there is whole once it holds <c>model.json</c>.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="clock">What measures its parts.</param>
    /// <param name="watch">Told what is done, and how much of it (0–1).</param>
    public static ModelTimes Make(
        VerifiedRelease release, ModelForm form, long least, ModelFolder? before, string folder, EngineLimits limits,
        TimeProvider clock, Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(clock);
        foreach (var part in ModelFolder.Parts)
            FileModes.MakePrivateFolder(Path.Combine(folder, part));
        var making = new ModelMaking(release, form, least, before, folder, limits, watch);
        var began = clock.GetTimestamp();
        var changed = making.Count();
        var counted = clock.GetTimestamp();
        var (merged, same) = making.Merge(changed);
        var added = clock.GetTimestamp();
        var tables = making.Estimate(merged, same);
        Directory.Delete(Path.Combine(folder, "scratch"), recursive: true);
        making.State(merged, tables);
        var ended = clock.GetTimestamp();
        return new ModelTimes(
            clock.GetElapsedTime(began, counted), clock.GetElapsedTime(counted, added),
            clock.GetElapsedTime(added, ended), changed.Count, making.Shards.Count);
    }

    private IReadOnlyList<ManifestFile> Shards =>
        [.. _release.Manifest.Files.Where(file => file.Rows is not null)];

    // The shards that were counted; of the others the counts are linked.
    private List<string> Count()
    {
        var known = _before?.Statement.Shards;
        var changed = new List<string>();
        foreach (var shard in Shards)
        {
            var counts = ModelFolder.CountPath(shard.Path);
            if (known?.GetValueOrDefault(shard.Path) == shard.Sha256)
                TakeOver(counts);
            else
                changed.Add(shard.Path);
        }

        var (done, threads) = (0, Math.Max(1, Math.Min(_limits.Threads, changed.Count)));
        _watch("count", 0);
        SideBySide.Each(changed.Count, threads, at =>
        {
            CountShard(changed[at], _limits.Memory / threads);
            _watch("count", Interlocked.Increment(ref done) / (double)changed.Count);
        });
        return changed;
    }

    private void CountShard(string shard, long memory)
    {
        var counted = new Dictionary<string, TextCounts>(StringComparer.Ordinal);
        var (language, counting) = ("", (Counting?)null);
        void End()
        {
            if (counting is null)
                return;
            var counts = counting.Take();
            counted[language] = counted.TryGetValue(language, out var more)
                ? TextCounts.Merged([more, counts], [], _scratch)
                : counts;
        }

        var bytes = new byte[1 << 12];
        foreach (var (tag, text) in Texts(shard, memory / 4))
        {
            if (tag != language || counting is null)
            {
                End();
                (language, counting) = (tag, Counting.Of(_form, _scratch, memory / 4 * 3));
            }

            if (bytes.Length < Encoding.UTF8.GetMaxByteCount(text.Length))
                bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            counting.Add(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }

        End();
        CountFile.Write(Path.Combine(_folder, ModelFolder.CountPath(shard)), counted);
    }

    private IEnumerable<(string Language, string Text)> Texts(string shard, long memory)
    {
        using var engine = Engine.Open(
            Path.Combine(_folder, "scratch"), new EngineLimits(Threads: 1, Math.Max(memory, 64_000_000)));
        engine.Execute("SET preserve_insertion_order = true");
        var rows = ParquetFiles.Rows(Path.Combine(_release.Folder, shard));
        foreach (var row in engine.Stream(
            $"SELECT language, text FROM {rows} WHERE text <> ''", row => (row.GetString(0), row.GetString(1))))
            yield return row;
    }

    // By language the counts of all shards, and the languages of which nothing changed.
    private (SortedDictionary<string, TextCounts> Merged, HashSet<string> Same) Merge(List<string> changed)
    {
        var now = Shards.ToDictionary(
            shard => shard.Path,
            shard => CountFile.Read(Path.Combine(_folder, ModelFolder.CountPath(shard.Path)), _form));
        var languages = now.Values.SelectMany(counts => counts.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        var before = changed.Count * 2 < now.Count ? Before() : null;
        var (merged, same, done) = (new SortedDictionary<string, TextCounts>(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal), 0);
        _watch("merge", 0);
        SideBySide.Each(languages.Length, _limits.Threads, at =>
        {
            var language = languages[at];
            var isSame = MergeOne(language, now, before, changed);
            var counts = CountFile.Read(Path.Combine(_folder, ModelFolder.MergedPath(language)), _form)[language];
            lock (merged)
            {
                merged.Add(language, counts);
                if (isSame)
                    same.Add(language);
                _watch("merge", ++done / (double)languages.Length);
            }
        });
        return (merged, same);
    }

    private bool MergeOne(
        string language, Dictionary<string, IReadOnlyDictionary<string, TextCounts>> now,
        Dictionary<string, IReadOnlyDictionary<string, TextCounts>>? before, List<string> changed)
    {
        TextCounts[] Of(IEnumerable<IReadOnlyDictionary<string, TextCounts>> shards) =>
            [.. shards.Select(shard => shard.GetValueOrDefault(language)).OfType<TextCounts>()];

        var path = Path.Combine(_folder, ModelFolder.MergedPath(language));
        if (before is null || !_before!.Statement.Languages.ContainsKey(language))
        {
            CountFile.Write(path, Single(language, TextCounts.Merged(Of(now.Values), [], _scratch)));
            return false;
        }

        // Of most languages a bucket that changed says what it said before.
        string[] other = [.. changed.Union(before.Keys).Where(shard => !IsSame(
            before.GetValueOrDefault(shard)?.GetValueOrDefault(language),
            now.GetValueOrDefault(shard)?.GetValueOrDefault(language)))];
        var added = Of(other.Where(now.ContainsKey).Select(shard => now[shard]));
        var taken = Of(other.Where(before.ContainsKey).Select(shard => before[shard]));
        if (added.Length == 0 && taken.Length == 0)
        {
            TakeOver(ModelFolder.MergedPath(language));
            return true;
        }

        var stated = _before.Require(ModelFolder.MergedPath(language));
        var sum = TextCounts.Merged([CountFile.Read(stated, _form)[language], .. added], taken, _scratch);
        CountFile.Write(path, Single(language, sum));
        return false;
    }

    private static bool IsSame(TextCounts? before, TextCounts? now) =>
        before is null ? now is null : now is not null && before.IsSameAs(now);

    // What the earlier model counted in shards that are gone or have changed.
    private Dictionary<string, IReadOnlyDictionary<string, TextCounts>>? Before()
    {
        if (_before is null)
            return null;
        var stated = Shards.ToDictionary(shard => shard.Path, shard => shard.Sha256, StringComparer.Ordinal);
        return _before.Statement.Shards
            .Where(shard => stated.GetValueOrDefault(shard.Key) != shard.Value)
            .ToDictionary(
                shard => shard.Key,
                shard => CountFile.Read(_before.Require(ModelFolder.CountPath(shard.Key)), _form));
    }

    // A language of which too little was read has no table: it is read with those whose language is not known.
    private SortedDictionary<string, IReadOnlyList<ModelOrder>> Estimate(
        SortedDictionary<string, TextCounts> merged, HashSet<string> same)
    {
        var groups = merged.GroupBy(one => TableOf(one.Key, one.Value.Sums), StringComparer.Ordinal)
            .OrderByDescending(group => group.Sum(one => one.Value.Sums.Bytes)).ToArray();
        var (tables, done) = (new SortedDictionary<string, IReadOnlyList<ModelOrder>>(StringComparer.Ordinal), 0);
        _watch("estimate", 0);
        SideBySide.Each(groups.Length, _limits.Threads, at =>
        {
            var group = groups[at];
            var path = Path.Combine(_folder, ModelFolder.TablePath(group.Key));
            IReadOnlyList<ModelOrder> orders;
            if (_before is not null && IsSame(group.Key, [.. group.Select(one => one.Key)], same))
            {
                TakeOver(ModelFolder.TablePath(group.Key));
                orders = _before.Statement.Tables[group.Key];
            }
            else
            {
                var all = group.Select(one => one.Value).ToArray();
                var counts = all.Length == 1 ? all[0] : TextCounts.Merged(all, [], _scratch);
                orders = [.. TableFile.Write(path, counts, _scratch)
                    .Select(order => new ModelOrder(order.Contexts, order.Ngrams, order.Discounts))];
            }

            lock (tables)
            {
                tables.Add(group.Key, orders);
                _watch("estimate", ++done / (double)groups.Length);
            }
        });
        return tables;
    }

    private bool IsSame(string table, string[] languages, HashSet<string> same) =>
        languages.All(same.Contains) && _before!.Statement.Languages.Where(one => one.Value.Table == table)
            .Select(one => one.Key).Order(StringComparer.Ordinal)
            .SequenceEqual(languages.Order(StringComparer.Ordinal));

    private void State(
        SortedDictionary<string, TextCounts> merged, SortedDictionary<string, IReadOnlyList<ModelOrder>> tables)
    {
        var languages = merged.ToDictionary(
            one => one.Key, one => new ModelLanguage(one.Value.Sums, TableOf(one.Key, one.Value.Sums)));
        var files = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal).ToArray();
        var stated = new ManifestFile[files.Length];
        SideBySide.Each(files.Length, _limits.Threads, at => stated[at] = Stated(files[at]));
        var statement = new ModelStatement(
            _release.Name, _release.ManifestSha256, _form, _least,
            new(Shards.ToDictionary(shard => shard.Path, shard => shard.Sha256), StringComparer.Ordinal),
            new(languages, StringComparer.Ordinal), tables, stated);
        Durable.CreateNew(
            Path.Combine(_folder, ModelStatement.FileName), statement.ToJson(), Durable.Private);
        Durable.FlushDirectory(_folder);
    }

    private void TakeOver(string file)
    {
        Durable.LinkOrCopy(_before!.Require(file), Path.Combine(_folder, file));
        _same[file] = _before.Statement.Files.First(one => one.Path == file);
    }

    private ManifestFile Stated(string name)
    {
        if (_same.TryGetValue(name, out var known))
            return known;
        var path = Path.Combine(_folder, name);
        using var file = new HashedFile(path);
        return new ManifestFile(name, file.ReadHash(), new FileInfo(path).Length, Rows: null);
    }

    private string TableOf(string language, TextSums sums) =>
        sums.Bytes >= _least ? language : ModelStatement.Undetermined;

    private static Dictionary<string, TextCounts> Single(string language, TextCounts counts) =>
        new(StringComparer.Ordinal) { [language] = counts };
}
