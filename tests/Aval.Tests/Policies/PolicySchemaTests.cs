using System.Globalization;
using Aval.Policies;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace Aval.Tests.Policies;

/// <summary>
/// The published schema and the reader agree: what an editor marks, the reader refuses, and the other way round but for
/// what a schema cannot say.
/// </summary>
public sealed class PolicySchemaTests
{
    public static TheoryData<string> Shipped => [.. PolicyTexts.Shipped];

    public static TheoryData<string> Faulty =>
        [.. FaultyPolicies.All.Where(faulty => faulty.Value.SchemaSees).Select(faulty => faulty.Key)];

    public static TheoryData<string> Rules =>
    [
        "{id: erasure, law: GDPR 17}", "{id: restriction}", "{id: withdrawal}", "{id: consent}", "{id: removal}",
        "{id: services, admit: [facebook]}",
        "{id: kinds, admit: [post, comment, caption, reply, ai-interaction]}",
        "{id: audience, admit: [public, followers, friends, group, private, assistant], unknown: exclude}",
        "{id: age, at-least: 120, when: [build], unknown: exclude}", "{id: waiting-period, days: 1}",
        "{id: residence, admit: [EEA, NO, XK]}",
        "{id: public-since, from: 2024-06-26}", "{id: public-since, from: 2024-02-29T23:59:59.999999+02:00}",
        "{id: language, off: no}", "{id: kinds, off: because, law: none}",
    ];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task The_schema_accepts_what_is_shipped(string name) =>
        Assert.Empty((await Schema()).Validate(ToJson(await File.ReadAllTextAsync(
            PolicyTexts.InRepository(name + ".yaml"), TestContext.Current.CancellationToken))));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_schema_and_the_reader_accept_the_same_rules(string rule)
    {
        var text = PolicyTexts.With(rule);

        Assert.IsType<PolicyReading.Sound>(PolicyReader.Check(text, "test.yaml"));
        Assert.Empty((await Schema()).Validate(ToJson(text)));
    }

    [Theory]
    [InlineData("action: exclude")]
    [InlineData("action: keep-with-explicit-consent, at-least: 0.75, categories: [health, criminal-record]")]
    [InlineData("action: exclude, at-least: 1")]
    [InlineData("action: exclude, at-least: 0.05")]
    public async Task The_schema_and_the_reader_accept_the_same_of_special_categories(string keys)
    {
        var text = PolicyTexts.Special(keys);

        Assert.IsType<PolicyReading.Sound>(PolicyReader.Check(text, "test.yaml"));
        Assert.Empty((await Schema()).Validate(ToJson(text)));
    }

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task The_schema_refuses_what_the_reader_refuses(string mistake) =>
        Assert.NotEmpty((await Schema()).Validate(ToJson(FaultyPolicies.All[mistake].Text)));

    [Fact]
    public void The_published_schema_is_what_the_reader_reads_by() =>
        // Another one is written by: aval policy schema > policies/policy.schema.json
        Assert.Equal(File.ReadAllText(PolicyTexts.InRepository("policy.schema.json")), PolicySchema.Text);

    private static Task<JsonSchema> Schema() =>
        JsonSchema.FromFileAsync(PolicyTexts.InRepository("policy.schema.json"), TestContext.Current.CancellationToken);

    /// <summary>What an editor hands to a schema: the values under YAML 1.2's core schema.</summary>
    private static JToken ToJson(string yaml) => ToJson(YamlValue.Load(yaml, new PolicyProblems())!);

    private static JToken ToJson(YamlValue value) => value switch
    {
        YamlValue.Map map => new JObject(map.Pairs.Select(pair => new JProperty(pair.Key.Text, ToJson(pair.Value)))),
        YamlValue.List list => new JArray(list.Items.Select(ToJson)),
        YamlValue.Scalar { Type: ScalarType.Nothing } => JValue.CreateNull(),
        YamlValue.Scalar { Type: ScalarType.Flag } flag => new JValue(flag.Text == "true"),
        YamlValue.Scalar { Type: ScalarType.Number } number =>
            long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? new JValue(whole)
                : new JValue(double.Parse(number.Text, CultureInfo.InvariantCulture)),
        YamlValue.Scalar text => new JValue(text.Text),
        _ => throw new InvalidOperationException(value.ToString()),
    };
}
