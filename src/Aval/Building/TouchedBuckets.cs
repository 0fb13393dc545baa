using System.Text.Json;
using Aval.Authors;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.People;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Text;

namespace Aval.Building;

/// <summary>A release of which a build takes over what nothing touches.</summary>
/// <param name="Folder">The release.</param>
/// <param name="Manifest">Its manifest.</param>
internal sealed record BaseRelease(string Folder, Manifest Manifest)
{
    /// <summary>Its authors as they lie.</summary>
    public WrittenAuthors Authors => new(Folder, Manifest.Authors, Manifest.Audit);
}

/// <summary>
/// Which buckets of a release are touched by what was said since, and all that has to be loaded to decide these: so
/// that what one person says costs what one bucket costs, however many people and choices there are.
/// <para>
/// Only where that is certain: the same content, policy, program and settings as the release was made from, nothing
/// observed after its instant, every choice on an account that is spelled as these settings state, no rule that looks
/// from one account's items at another's, nothing forgotten. In all other cases everything is loaded, as for any build.
/// </para>
/// </summary>
/// <param name="Base">The release.</param>
/// <param name="Last">What its parts were made from.</param>
/// <param name="Buckets">Those that are touched.</param>
/// <param name="Late">The choices that it does not honour and that have been made and received by now.</param>
/// <param name="Choices">All choices that say anything about an item or author of these buckets.</param>
/// <param name="Size">Choices with an index below it count.</param>
/// <param name="Unmatched">How many of all choices are about what the content does not know.</param>
/// <param name="Content">The content.</param>
/// <param name="Tree">Waits for the release's tree of authors, held against its root; null = it is not whole.</param>
internal sealed record TouchedBuckets(
    BaseRelease Base, LastRelease Last, IReadOnlySet<int> Buckets, IReadOnlyList<Recorded> Late,
    IReadOnlyList<Recorded> Choices, TreeSize Size, long Unmatched, ContentSnapshot Content, Func<CheckedTree?> Tree)
{
    // Of more, most buckets are touched, and to read all choices in order is faster than each by itself.
    private const int Most = 20_000;

    /// <summary>How many choices count.</summary>
    public long Counted => Base.Manifest.Choices + Late.Count;

    /// <summary>Finds them; null = everything is to be loaded.</summary>
    /// <param name="engine">An empty engine of this workspace.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="request">What is built.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    public static TouchedBuckets? Find(Engine engine, Workspace workspace, BuildRequest request, byte[] seal)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Base is not { } before || !IsAlike(request, before.Manifest)
            || FinishedParts.OfLastRelease(
                Path.Combine(workspace.Lineage, request.Corpus.Text), seal) is not { } last
            || last.Release != before.Manifest.Release || last.Settings != LoadedBuild.SettingsOf(workspace)
            || !last.AllSpelled)
            return null;
        Inputs.SetInstants(engine, request.AsOf, request.At.ProtectUntil);
        var content = ContentViews.Create(engine, workspace, request.At.ProtectUntil);
        if (content.Log != last.Log || content.AnyInPlace || content.Latest > request.AsOf
            || CameBack(engine, before.Manifest.ProtectUntil))
            return null;
        using var choices = CommittedChoices.Open(workspace);
        var size = choices.Store.ChoicesSize;
        if (choices.Store.Suppressions(size).Any()
            || Read(choices, size, before.Manifest, request.At.ProtectUntil) is not { } read
            || !read.SequenceEqual(Spellings.Formed(read, workspace.Settings.Services)))
            return null;
        // Reading all of the release takes as long as finding out what touches it.
        var threads = request.Limits.Threads;
        var isWhole = SideBySide.Begin(threads, () => IsWhole(workspace, before, last, Math.Max(1, threads / 2)));
        var tree = SideBySide.Begin(threads, () => isWhole()
            ? CheckedTree.Of(before.Authors.Directory, before.Authors.Tree, Math.Max(1, threads / 2))
            : null);
        var (late, ended, removals) = Sorted(read, before.Manifest, request.At.ProtectUntil);
        var unmatched = UnmatchedOf(before.Folder) + UnmatchedAmong(engine, late, request.At.ProtectUntil);
        var buckets = Touched(engine, workspace, [.. late, .. ended], request.At.ProtectUntil);
        if (2 * buckets.Count > workspace.Settings.Buckets || !isWhole())
            return null;
        ContentViews.KeepNear(engine, workspace, buckets);
        var known = read.Select(one => one.Index).ToHashSet();
        var said = choices.Read(
            choices.Store.IndicesOfAccounts(Speaking(engine, workspace, buckets), size)
                .Where(index => !known.Contains(index)));
        return new TouchedBuckets(
            before, last, buckets, late,
            [.. said.Concat(late).Concat(ended).Concat(removals).DistinctBy(one => one.Index)
                .OrderBy(one => one.Index.Value)],
            size, unmatched, content, tree);
    }

    /// <summary>Links what is not touched, and answers its parts.</summary>
    public IReadOnlyList<FinishedPart> TakeOverRest(Workspace workspace, BuildPlan plan)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(plan);
        FinishedPart[] rest = [.. Last.Parts.Values.Where(part => !Buckets.Contains(part.Bucket))];
        foreach (var part in rest)
        {
            Durable.LinkOrCopy(
                Path.Combine(Base.Folder, part.Shard.Path), Path.Combine(plan.Release, part.Shard.Path));
            Durable.LinkOrCopy(
                LineageOf(workspace, Base, part), Path.Combine(plan.Lineage, Path.GetFileName(part.Lineage.Path)));
        }

        return rest;
    }

    private static bool IsAlike(BuildRequest request, Manifest before) =>
        request is { AtCheckpoint: null, ErasedTo: null, Executor: LocalExecutor } && request.At.IsRecalled
            && before.AsOf == request.AsOf && before.ProtectUntil <= request.At.ProtectUntil
            && before.PolicyText == request.Policy.Text && before.Engine == EngineVersion.Text
            && before.ErasedTo == before.LedgerSize
            && MatchRules.Of(request.Policy) is null && !request.Policy.Rules.OfType<Rule.AboutMe>().Any();

    // A notice that comes back later is known later, though nothing was observed since.
    private static bool CameBack(Engine engine, DateTimeOffset after) => engine.Scalar<bool>(
        $"SELECT EXISTS (FROM notices_now WHERE bounced_at > {Engine.Literal(after)} AND bounced_at <= known_at())");

    private static Recorded[]? Read(
        CommittedChoices choices, TreeSize size, Manifest before, DateTimeOffset until)
    {
        var changing = choices.Store.Changing(before.ProtectUntil, until, size, Most + 1);
        var since = size.Value - before.LedgerSize.Value;
        if (changing.Count > Most || since is < 0 or > Most)
            return null;
        var entered = CommittedChoices.Since(before.LedgerSize, size);
        return
        [
            .. choices.Read(changing.Concat(entered).Distinct().OrderBy(index => index.Value))
                .Where(one => one.Choice.Kind.BearsOnStance()),
        ];
    }

    private static (Recorded[] Late, Recorded[] Ended, Recorded[] Removals) Sorted(
        Recorded[] read, Manifest before, DateTimeOffset until)
    {
        bool IsSaid(Recorded one) => one.Choice.MadeAt <= until && one.Choice.ReceivedAt <= until;
        bool IsHonoured(Recorded one) => one.Index.Value < before.LedgerSize.Value
            && one.Choice.MadeAt <= before.ProtectUntil && one.Choice.ReceivedAt <= before.ProtectUntil;
        return (
            [.. read.Where(one => IsSaid(one) && !IsHonoured(one))],
            [.. read.Where(one => IsHonoured(one) && one.Choice.Until > before.ProtectUntil
                && one.Choice.Until <= until)],
            [.. read.Where(one => IsSaid(one) && one.Choice.Kind == ChoiceKind.Removal)]);
    }

    private static long UnmatchedAmong(Engine engine, Recorded[] late, DateTimeOffset until)
    {
        Stances.Load(engine, late, [], until);
        Stances.NameItems(engine);
        return UnmatchedChoices.Find(engine);
    }

    private static long UnmatchedOf(string release)
    {
        using var accounting = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(release, "accounting.json")));
        return accounting.RootElement.GetProperty("unmatched_choices").GetInt64();
    }

    // Where anything of whom it reaches may lie: the accounts themselves over all links, the items that are named, and
    // items of which somebody reached was once an author.
    private static HashSet<int> Touched(
        Engine engine, Workspace workspace, IReadOnlyList<Recorded> said, DateTimeOffset until)
    {
        Stances.Load(engine, said, [], until);
        Stances.NameItems(engine);
        // From here on of all accounts nothing but links is asked for, a dozen times over.
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE touching_linked AS
            SELECT DISTINCT account, person FROM account_versions WHERE person <> '';
            CREATE OR REPLACE TEMP VIEW account_versions AS FROM touching_linked
            """);
        Links.Gather(engine, "SELECT account FROM statements", "touching_links");
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE touched_accounts AS
            SELECT account FROM statements
            UNION SELECT account FROM touching_links
            UNION SELECT person FROM touching_links WHERE position(':' IN person) > 1
            """);
        return [.. engine.Query(
            $"""
            SELECT DISTINCT bucket_of(account, {workspace.Settings.Buckets}) FROM (
                SELECT account FROM touched_accounts
                UNION SELECT current_author FROM co_authors SEMI JOIN touched_accounts ON account = author
                UNION SELECT author FROM named_items SEMI JOIN (
                    SELECT scope_service AS service, scope_item AS item_id FROM statements WHERE scope = 'item')
                    USING (service, item_id))
            """,
            row => row.GetInt32(0))];
    }

    // Everybody whose choices say anything about what lies there: whoever lies there or wrote there, whoever was an
    // author of an item there, and whoever is the same person as any of them.
    private static List<Account> Speaking(Engine engine, Workspace workspace, IReadOnlySet<int> buckets)
    {
        var near = $"IN ({string.Join(", ", buckets.Order().DefaultIfEmpty(-1))})";
        var of = workspace.Settings.Buckets;
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE near_speakers AS
            SELECT account FROM near_accounts
            UNION SELECT account FROM accounts_now
            UNION SELECT author FROM near_items
            UNION SELECT account FROM touched_accounts
            UNION SELECT author FROM co_authors WHERE bucket_of(current_author, {of}) {near}
            UNION SELECT person FROM account_versions
            WHERE position(':' IN person) > 1 AND bucket_of(person, {of}) {near}
            """);
        Links.Gather(engine, "FROM near_speakers", "near_links");
        // Nobody else's are asked for any more.
        engine.Execute("CREATE OR REPLACE TEMP VIEW account_versions AS SELECT account, person FROM near_links");
        return [.. engine.Query(
                """
                SELECT account FROM near_speakers WHERE account IS NOT NULL
                UNION SELECT account FROM near_links
                UNION SELECT person FROM near_links WHERE position(':' IN person) > 1
                """,
                row => row.GetString(0))
            .SelectMany(text => Account.TryParse(text, out var account) ? [account] : Array.Empty<Account>())];
    }

    // What is taken over is as it was made, to the byte.
    private static bool IsWhole(Workspace workspace, BaseRelease before, LastRelease last, int threads)
    {
        if (last.Parts.Count != before.Manifest.Buckets || before.Manifest.Audit.Count != before.Manifest.Buckets)
            return false;
        (string Path, string Sha256)[] Files(FinishedPart part) =>
        [
            (Path.Combine(before.Folder, part.Shard.Path), part.Shard.Sha256),
            (LineageOf(workspace, before, part), part.Lineage.Sha256),
            (before.Authors.PathOf(part.Bucket), before.Manifest.Audit[part.Bucket].Sha256),
        ];
        var files = last.Parts.Values.SelectMany(Files).ToArray();
        var isWhole = true;
        SideBySide.Each(files.Length, threads, at =>
        {
            if (Volatile.Read(ref isWhole) && !HashedFile.Is(files[at].Path, files[at].Sha256))
                Volatile.Write(ref isWhole, false);
        });
        return isWhole;
    }

    private static string LineageOf(Workspace workspace, BaseRelease before, FinishedPart part) => Path.Combine(
        workspace.Lineage, before.Manifest.Corpus, before.Manifest.Release, Path.GetFileName(part.Lineage.Path));
}
