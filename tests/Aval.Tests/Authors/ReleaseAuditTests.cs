using Aval.Authors;
using Aval.Building;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Tests.Authors;

/// <summary>
/// An audit, and operators who would pass it: they have the keys, so everything they change is hashed and signed again.
/// </summary>
public sealed class ReleaseAuditTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000)]
    public void An_honest_release_passes_with_and_without_the_lineage(int authors)
    {
        using var built = new BuiltRelease(authors);
        built.Build();
        var inside = Audit(built, inside: true);
        Assert.Equal((2L * authors, authors, true), (inside.Rows, inside.Authors, inside.Traced));
        Assert.False(Audit(built, inside: false).Traced);
    }

    [Fact]
    public void Every_changed_byte_is_found_and_its_file_named()
    {
        using var built = new BuiltRelease(1_500);
        built.Build();
        // The manifest's own signature and its entry in the ledger are for aval verify release to look at.
        var files = Directory.EnumerateFiles(built.Directory, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith("manifest.", StringComparison.Ordinal)).ToArray();
        Assert.Contains(files, file => file.Contains("tile/1/", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            var changed = (byte[])bytes.Clone();
            changed[bytes.Length / 2] ^= 1;
            Overwrite(file, changed);
            var wrong = Assert.Throws<ProofException>(() => Audit(built, inside: false));
            Assert.Contains(
                file.Contains("tile/entries", StringComparison.Ordinal) ? "authors" : Path.GetFileName(file),
                wrong.Message, StringComparison.Ordinal);
            File.Delete(file);
            Assert.Throws<ProofException>(() => Audit(built, inside: false));
            Overwrite(file, bytes);
        }

        Audit(built, inside: false);
    }

    [Fact]
    public void An_author_who_is_left_out_of_the_tree_is_found_though_all_is_signed_again()
    {
        using var built = new BuiltRelease(30);
        built.Build();
        var hidden = VrfKey.Read(built.Workspace.VrfKeyFile)
            .Output(AuthorTree.Alpha(built.Workspace.Settings.Origin, BuiltRelease.Account(7)));
        Resign(built, leaf => [.. leaf.Chunk(Hash.Size).Where(one => Hash.From(one) != hidden).SelectMany(one => one)]);
        // The proof alone would lie.
        Assert.Equal(AuthorVerdict.Absent, ReleaseAuthorsTests.Proved(built, BuiltRelease.Account(7)));
        var wrong = Assert.Throws<ProofException>(() => Audit(built, inside: false));
        Assert.Contains(hidden.ToHex(), wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_author_without_a_row_is_found_though_all_is_signed_again()
    {
        using var built = new BuiltRelease(30);
        built.Build();
        var added = false;
        Resign(built, leaf =>
        {
            if (added || leaf.Length == 0)
                return leaf;
            added = true;
            var last = (byte[])leaf[^Hash.Size..].Clone();
            last[^1] ^= 0xff;
            return last.AsSpan().SequenceCompareTo(leaf.AsSpan()[^Hash.Size..]) > 0
                ? [.. leaf, .. last]
                : [.. leaf[..^Hash.Size], .. last, .. leaf[^Hash.Size..]];
        });
        Assert.Throws<ProofException>(() => Audit(built, inside: false));
    }

    [Fact]
    public void A_row_that_the_sidecar_does_not_know_is_found_though_the_manifest_was_made_to_agree()
    {
        using var built = new BuiltRelease(30);
        built.Build();
        var manifest = built.Manifest;
        var shard = manifest.Files[0];
        using (var engine = Engine.Open(built.Workspace.Temporary, EngineLimits.Default))
        {
            var path = Path.Combine(built.Directory, shard.Path);
            engine.Execute(
                $"COPY (SELECT * FROM read_parquet({Engine.Literal(path)}) UNION ALL SELECT uuid(), 'smuggled', 'en', "
                + $"'post', 'facebook', 2024, NULL) TO {Engine.Literal(path + ".new")} (FORMAT parquet)");
            File.Move(path + ".new", path, overwrite: true);
        }

        Rewrite(built, manifest with
        {
            Files = [Shards.Describe(
                Path.Combine(built.Directory, shard.Path), shard.Rows + 1), .. manifest.Files.Skip(1)],
        });
        Assert.Contains(
            "1 times in the shard and 0 times here",
            Assert.Throws<ProofException>(() => Audit(built, inside: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_is_given_to_another_author_is_found_by_whoever_has_the_lineage()
    {
        using var built = new BuiltRelease(200);
        built.Build();
        var manifest = built.Manifest;
        var audit = manifest.Audit.MaxBy(file => file.Rows)!;
        using (var engine = Engine.Open(built.Workspace.Temporary, EngineLimits.Default))
        {
            var path = Path.Combine(built.Directory, audit.Path);
            // Two authors' rows change hands; both stay in the tree.
            engine.Execute($"""
                CREATE TABLE rows AS SELECT * FROM read_parquet({Engine.Literal(path)});
                CREATE TABLE two AS SELECT min(author) AS one, max(author) AS other FROM rows;
                COPY (SELECT row_key, CASE author WHEN one THEN other WHEN other THEN one ELSE author END AS author
                    FROM rows, two ORDER BY row_key) TO {Engine.Literal(path + ".new")} (FORMAT parquet);
                """);
            File.Move(path + ".new", path, overwrite: true);
        }

        Rewrite(built, manifest with
        {
            Audit = [.. manifest.Audit.Select(file => file == audit
                ? Shards.Describe(Path.Combine(built.Directory, file.Path), file.Rows) with { Path = file.Path }
                : file)],
        });
        Audit(built, inside: false);
        Assert.Contains(
            "the account's output is", Assert.Throws<ProofException>(() => Audit(built, inside: true)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../aval.yaml")]
    [InlineData("/etc/hostname")]
    public void A_manifest_that_names_a_file_elsewhere_is_refused(string path)
    {
        using var built = new BuiltRelease(3);
        built.Build();
        Rewrite(built, built.Manifest with
        {
            Files = [.. built.Manifest.Files, new ManifestFile(path, new string('0', 64), 1, null)],
        });
        Assert.Contains(
            "is no file of a release", Assert.Throws<ProofException>(() => Audit(built, inside: false)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_ledgers_key_is_not_enough()
    {
        using var built = new BuiltRelease(3);
        built.Build();
        using var engine = Engine.Open(built.Workspace.Temporary, EngineLimits.Default);
        Assert.Throws<ProofException>(() => ReleaseAudit.Of(
            engine, built.Directory, SigningKey.Generate("example.org/other").Verifier, null, 1, _ => { }));
    }

    [Fact]
    public void A_release_that_was_made_before_a_change_of_keys_is_proved_as_before()
    {
        using var built = new BuiltRelease(3);
        built.Build();
        var before = AuthorProofs.Make(built.Workspace, built.Directory, Account.Parse("facebook:1"));
        Aval.Tests.Ledger.LedgerWorld.Rotate(built.Workspace);
        Assert.Equal(
            before.Verdict, AuthorProofs.Make(built.Workspace, built.Directory, Account.Parse("facebook:1")).Verdict);
        ReleaseCommitment.RequireContinued(built.Workspace, built.Directory);
    }

    [Fact]
    public void A_release_whose_checkpoint_the_ledger_does_not_continue_shows_a_fork()
    {
        using var built = new BuiltRelease(3);
        built.Build();
        var path = Path.Combine(built.Directory, ReleaseCommitment.ProofFile);
        var proof = InclusionProof.Parse(File.ReadAllBytes(path));
        var other = SigningKey.Read(built.Workspace.SigningKeyFile)
            .Sign(new Checkpoint(built.Workspace.Settings.Origin, new TreeSize(1), Hash.Of("another history"u8)).Text);
        Overwrite(path, (proof with { Note = other }).ToFile());
        Assert.StartsWith("FORK", Assert.Throws<AvalException>(() =>
            ReleaseCommitment.RequireContinued(built.Workspace, built.Directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_of_another_workspace_gets_no_proof_here()
    {
        using var built = new BuiltRelease(3);
        using var other = new BuiltRelease(3);
        built.Build();
        Assert.Contains("another workspace", Assert.Throws<AvalException>(() => AuthorProofs.Make(
            other.Workspace, built.Directory, Account.Parse("facebook:1"))).Message, StringComparison.Ordinal);
    }

    private static AuditOutcome Audit(BuiltRelease built, bool inside)
    {
        using var engine = Engine.Open(built.Workspace.Temporary, new EngineLimits(2, 500_000_000));
        return ReleaseAudit.Of(
            engine, built.Directory, SigningKey.Read(built.Workspace.SigningKeyFile).Verifier,
            inside ? built.Workspace : null, 2, _ => { });
    }

    /// <summary>The tree with other leaves, its manifest and its checkpoint made to agree.</summary>
    private static void Resign(BuiltRelease built, Func<byte[], byte[]> change)
    {
        var (manifest, directory) = (built.Manifest, Path.Combine(built.Directory, "authors"));
        var reader = new TileReader(directory, manifest.Authors.Size);
        var leaves = Enumerable.Range(0, (int)manifest.Authors.Size.Value)
            .Select(index => change(reader.Entry(new EntryIndex(index)))).ToArray();
        Directory.Delete(Path.Combine(directory, "tile"), recursive: true);
        var writer = TileWriter.Continue(directory, new TreeSize(0));
        foreach (var leaf in leaves)
            writer.Append(leaf);
        writer.Complete();
        var authors = manifest.Authors with { Root = writer.Root() };
        Overwrite(Path.Combine(directory, "checkpoint"), SigningKey.Read(built.Workspace.SigningKeyFile)
            .Sign(new Checkpoint(authors.Origin, authors.Size, authors.Root).Text));
        Rewrite(built, manifest with { Authors = authors });
    }

    private static void Rewrite(BuiltRelease built, Manifest manifest) =>
        Overwrite(Path.Combine(built.Directory, Manifest.FileName), manifest.ToJson());

    private static void Overwrite(string path, byte[] content)
    {
        using var stream = File.Create(path);
        stream.Write(content);
    }
}
