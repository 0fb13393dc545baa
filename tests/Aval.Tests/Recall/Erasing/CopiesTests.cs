using Aval.Corpus;
using Aval.Policies;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Erasing;

/// <summary>What others copied of an erased text stays out when there is nothing left to hold it against.</summary>
public sealed class CopiesTests : IDisposable
{
    private const string Words =
        "The ferry left the harbour before dawn and nobody on the quay could say who had untied it, or why",
        Nearly = "The ferry left the harbour before dawn and nobody on the quay could say who had untied it, or how";

    private static readonly Policy Copying = With("0.8");
    private static readonly Policy Stricter = With("1");
    private static readonly Policy PostsOnly = With("0.8", "  - {id: kinds, admit: [post]}\n");
    private static readonly Policy WithoutErasure = With("0.8", erasure: "{id: erasure, off: \"a test\"}");

    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_copy_that_was_there_stays_out_of_every_later_build_and_one_that_comes_later_is_not_recognised()
    {
        Fill();
        _world.Say(ChoiceKind.Erasure, "ann");
        var held = _world.Build(asOf: "2026-01-01T00:00:00Z", policy: Copying);
        Assert.Equal([TextOf("4")], _world.Rows(held.Directory));

        Assert.Equal(2, _world.Erase().Copies);
        _world.Import(Post("5", "dan", "2025-02-01", Words));

        Assert.Equal([Words, TextOf("4")], _world.Rows(_world.Build("later", "2026-01-01T00:00:00Z", policy: Copying)
            .Directory));
        // More than it was held against: what is nearly the same is none to a policy that asks for the same.
        Assert.Equal(
            [Nearly, Words, TextOf("4")],
            _world.Rows(_world.Build("strict", "2026-01-01T00:00:00Z", policy: Stricter).Directory));
    }

    [Fact]
    public void A_release_that_is_made_again_leaves_the_copies_out_that_it_left_out()
    {
        Fill();
        // In the release, so that it is made again without; and its copies are out only from then on.
        var held = _world.Build(policy: Copying);
        Assert.Equal(4, held.Manifest.Admitted);
        _world.Say(ChoiceKind.Erasure, "ann");

        var successor = Assert.Single(_world.Erase().Releases).Successor;

        Assert.Equal([TextOf("4")], _world.Rows(ReleaseName.Find(_world.Workspace, successor)));
    }

    [Fact]
    public void What_any_version_said_and_what_has_no_letters_is_remembered_whatever_the_first_policy_asks()
    {
        const string before = "Nobody on the island had a clock, so the bakery opened when a goat sneezed twice";
        var signs = string.Concat(Enumerable.Repeat("😀 🎉 ✨ 🐐 ", 12));
        _world.Import(
            Post("1", "ann", text: before), Post("2", "bea", text: before), Post("6", "ann", text: signs),
            Post("7", "cem", text: signs), Post("4", "bea"));
        _world.Import(Post("1", "ann", "2024-09-01", Words));
        _world.Say(ChoiceKind.Erasure, "ann");
        // Comes first of both, and does not ask for erasures.
        _world.Build("aside", asOf: "2026-01-01T00:00:00Z", policy: WithoutErasure);
        _world.Build(asOf: "2026-01-01T00:00:00Z", policy: Copying);

        Assert.Equal(2, _world.Erase().Copies);

        Assert.Equal([TextOf("4")], _world.Rows(_world.Build("later", "2026-01-01T00:00:00Z", policy: Copying)
            .Directory));
    }

    [Fact]
    public void What_many_wrote_of_whom_a_build_admits_few_is_remembered_and_what_it_admits_of_many_is_let_in()
    {
        // Seven people wrote it. Of five of them only the second build knows.
        _world.Import(
            [Post("1", "ann", text: Words), Post("4", "bea"),
             .. Enumerable.Range(0, 7).Select(at => Post($"c{at}", $"p{at}", text: Words)
                .Replace("post", at > 1 ? "comment" : "post", StringComparison.Ordinal))]);
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Build(asOf: "2026-01-01T00:00:00Z", policy: PostsOnly);

        Assert.Equal(7, _world.Erase().Copies);

        Assert.Equal(
            [TextOf("4")],
            _world.Rows(_world.Build("few", "2026-01-01T00:00:00Z", policy: PostsOnly).Directory));
        var all = _world.Build("all", "2026-01-01T00:00:00Z", policy: Copying);
        Assert.Equal(8, all.Manifest.Admitted);
        Assert.Equal(7, all.Accounting.Rules.Single(rule => rule.Rule == "copies").LetIn);
    }

    // A copy, one with another word, and what is nobody's copy.
    private void Fill() => _world.Import(
        Post("1", "ann", text: Words), Post("2", "bea", text: Words), Post("3", "cem", text: Nearly),
        Post("4", "bea"));

    private static Policy With(string similarity, string? more = null, string erasure = "{id: erasure}") =>
        PolicyReader.Parse(
            $"{Regime.Text.Replace("{id: erasure}", erasure, StringComparison.Ordinal).TrimEnd()}\n"
                + $"  - {{id: copies, action: exclude, similarity: {similarity}, "
                + $"min-characters: 40, common-after: 5}}\n{more}",
            "copies.yaml");
}
