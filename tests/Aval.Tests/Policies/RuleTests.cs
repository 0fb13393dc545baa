using System.Reflection;
using Aval.Content;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;
using Aval.Text.SpecialCategories;
using DuckDB.NET.Data;

namespace Aval.Tests.Policies;

/// <summary>What holds for every rule, whatever it says.</summary>
public sealed class RuleTests : IDisposable
{
    private readonly EngineWorld _world = new(EngineWorld.Day("2025-12-01"));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Every_rule_of_the_program_is_one_that_a_policy_may_speak_about()
    {
        var nested = typeof(Rule).GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic);
        var forms = nested.Select(type => type.GetProperty("Form", BindingFlags.Static | BindingFlags.NonPublic))
            .OfType<PropertyInfo>().Select(form => form.GetValue(null)).Cast<RuleForm>().ToArray();
        var rules = typeof(Rule).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Rule)) && !type.IsAbstract && type != typeof(Rule.Off)).ToArray();

        Assert.Equal(RuleForms.All.OrderBy(form => form.Id), forms.OrderBy(form => form.Id));
        Assert.Equal(forms.OfType<RuleForm>().Count(), rules.Length);
        Assert.Equal(
            rules.Select(type => type.Name).Order(),
            RuleSamples.All.Select(rule => rule.GetType().Name).Distinct().Order());
        Assert.Equal(
            forms.OfType<RuleForm>().Select(form => form.Id).Order(),
            RuleSamples.All.Select(rule => rule.Id).Distinct().Order());
    }

    [Fact]
    public void A_rule_gives_the_reasons_that_its_form_tells_and_no_others()
    {
        foreach (var form in RuleForms.All.OfType<RuleForm>())
        {
            var given = RuleSamples.Exclusions().Where(of => of.Rule == form.Id).Select(of => of.Exclusion.Why);
            Assert.Equal(
                form.Reasons.OrderBy(why => why.Reason), given.Distinct().OrderBy(why => why.Reason));
        }
    }

    [Fact]
    public void Every_reason_has_one_sentence_but_those_that_nothing_gives_yet()
    {
        var told = RuleForms.All.SelectMany(form => form.Reasons)
            .Concat(StandingRule.First.Concat(StandingRule.Last)
                .SelectMany(rule => rule.Exclusions).Select(of => of.Why))
            .Distinct().ToArray();

        Assert.Equal(
            Enum.GetValues<Reason>().Except([Reason.Ordered, Reason.PreferenceDisallows]),
            told.Select(why => why.Reason).Order());
        Assert.All(told, why => Assert.Matches("^[a-z].*[a-z]$", why.Sentence));
    }

    [Fact]
    public void A_rule_looks_at_nothing_but_the_facts_in_its_braces() =>
        Assert.All(RuleSamples.Exclusions(), of => Bind(of.Exclusion.When));

    [Fact]
    public void A_column_beside_the_braces_is_found()
    {
        FactSql forgotten = $"{Fact.CreatedAt} IS NULL OR birth_year IS NULL";

        var unbound = Assert.Throws<DuckDBException>(() => Bind(forgotten));

        Assert.Contains("birth_year", unbound.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_in_braces_is_a_fact_or_a_literal_whatever_it_says()
    {
        var day = EngineWorld.Day("2025-05-27");
        FactSql part = $"{Fact.CreatedAt} < {day}";
        string[] services = ["a", "b') OR ('1' = '1"];
        FactSql whole = $"{Fact.Service} NOT IN {services} OR {Fact.Kind} = {"it's"} OR {part}";
        FactSql none = $"{Fact.Service} NOT IN {(string[])[]}";

        Assert.Equal(
            "service NOT IN ('a', 'b'') OR (''1'' = ''1') OR kind = 'it''s' "
            + $"OR (created_at < {Engine.Literal(day)})",
            whole.ToString());
        Assert.Equal([Fact.Service, Fact.Kind, Fact.CreatedAt], whole.Facts);
        Assert.Equal("service NOT IN (NULL)", none.ToString());
    }

    [Fact]
    public void What_looks_at_the_author_alone_is_decided_once_an_account()
    {
        var forward = new Rule.Objection(null, EngineWorld.Day("2025-05-27"));
        Assert.Equal(Reach.Author, Assert.Single(Of(new Rule.Objection(null, null))).When.Reach);
        Assert.Equal(Reach.Item, Assert.Single(Of(forward)).When.Reach);
        var grounds = Grounds.Of(EngineWorld.Policy(new Rule.Age(null, 18, true, true), new Rule.Erasure(null)));
        Assert.Equal([Fact.BirthYear, Fact.ErasedTo], ItemDecisions.Carried(grounds, []));

        static IEnumerable<Exclusion> Of(Rule.Objection rule) => rule.Exclusions(EngineWorld.Policy(rule));
    }

    [Fact]
    public void What_is_decided_once_an_item_does_not_ask_when_the_build_is()
    {
        // A bucket in which nothing changed is linked from an earlier release: what it holds must not depend on the
        // day.
        _world.Engine.Execute("DROP MACRO as_of");

        Assert.All(
            RuleSamples.Exclusions().Select(of => of.Exclusion.When).Where(when => when.Reach == Reach.Item), Bind);
        var waiting = RuleSamples.Exclusions().First(of => of.Rule == "waiting-period").Exclusion.When;
        Assert.Contains("as_of", Assert.Throws<DuckDBException>(() => Bind(waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fact_is_found_where_decisions_are_made_and_has_the_type_that_it_says()
    {
        _world.Prepare(EngineWorld.Policy());

        Assert.Equal(Fact.OfAuthors.Select(Column), Columns(ItemDecisions.AuthorFacts()).Skip(1));
        Assert.Equal(Fact.OfAuthors.Select(Column), Columns(ItemDecisions.NamedFacts()).Skip(3));
        var content = Enum.GetValues<ContentKind>().SelectMany(CanonicalColumns.Of).DistinctBy(column => column.Name)
            .ToDictionary(column => column.Name, column => column.Type);
        Assert.All(
            Fact.OfItems.Concat(Fact.OfAccounts).Concat(Fact.OfNotices).Where(fact => content.ContainsKey(fact.Name)),
            fact => Assert.Equal(content[fact.Name], fact.Type));
    }

    [Fact]
    public void No_fact_is_forgotten_in_the_lists()
    {
        var facts = typeof(Fact).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(Fact))
            .Select(property => (Fact)property.GetValue(null)!);

        Assert.Equal(facts.OrderBy(fact => fact.Name), Fact.OfAuthors.Concat(Fact.OfItems).OrderBy(fact => fact.Name));
        Assert.All(Fact.OfAuthors, fact => Assert.Equal(Reach.Author, fact.Reach));
        Assert.All(Fact.OfItems, fact => Assert.Equal(Reach.Item, fact.Reach));
    }

    private void Bind(FactSql when)
    {
        SpecialCategoryFunction.Provide(_world.Engine);
        var facts = string.Join(", ", when.Facts.Select(fact => $"NULL::{fact.Type} AS {fact}"));
        _world.Engine.Query($"SELECT ({when})::BOOLEAN FROM (SELECT {facts})", row => row.IsDBNull(0));
    }

    private static string Column(Fact fact) => $"{fact.Name} {fact.Type}";

    private List<string> Columns(string sql) =>
        _world.Engine.Query($"DESCRIBE {sql}", row => $"{row.GetString(0)} {row.GetString(1)}");
}
