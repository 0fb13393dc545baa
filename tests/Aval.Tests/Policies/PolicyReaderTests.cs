using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Tests.Policies;

public sealed class PolicyReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Faulty => [.. FaultyPolicies.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_mistake_is_told_with_its_line_and_column(string mistake)
    {
        var faulty = FaultyPolicies.All[mistake];

        var problems = PolicyTexts.Problems(faulty.Text);

        var told = problems.FirstOrDefault(
            problem => problem.Message.Contains(faulty.Message, StringComparison.Ordinal));
        Assert.True(told is not null, string.Join('\n', problems));
        Assert.Equal((faulty.Line, faulty.Column), (told.Line, told.Column));
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_in_its_order()
    {
        var problems = PolicyTexts.Problems("""
            policy: Small
            titel: A small policy
            purpose: train-generative-ai
            basis: consent
            basis: legitimate-interest
            applies-from: 2025-02-30
            rules:
              - {id: objection, until: tomorrow}
              - {id: age, at-least: 200, when: [now]}
              - {id: age, at-least: 18, when: [build]}
              - {id: copies, similarity: 1.5, min-characters: 60, common-after: 50}
              - {id: about-me, off: ""}
            """);

        Assert.Equal(
            [
                "1:1 the policy lacks \"title\"",
                "1:1 the policy is silent about combine-services; say {id: combine-services, …}, or {id: "
                    + "combine-services, off: \"because …\"}",
                "1:1 the policy is silent about consent; say {id: consent, …}, or {id: consent, off: \"because …\"}",
                "1:1 the policy is silent about erasure; say {id: erasure, …}, or {id: erasure, off: \"because …\"}",
                "1:1 the policy is silent about removal; say {id: removal, …}, or {id: removal, off: \"because …\"}",
                "1:1 the policy is silent about restriction; say {id: restriction, …}, or {id: restriction, off: "
                    + "\"because …\"}",
                "1:1 the policy is silent about special-categories; say {id: special-categories, …}, or {id: "
                    + "special-categories, off: \"because …\"}",
                "1:9 \"policy\" is a name of at most 64 of a-z, 0-9 and '-' that begins with a letter, "
                    + "but \"Small\" was found",
                "2:1 the policy has no key \"titel\" (did you mean \"title\"?); known are policy, title, purpose, "
                    + "basis, applies-from, replay-only, max-lag, sources, rules",
                "5:1 the key \"basis\" stands here a second time; it stands on line 4 already",
                "6:15 \"applies-from\" is a day that exists, such as 2025-05-27 (00:00 UTC), or an instant, such as "
                    + "2025-05-27T00:00:00Z, but \"2025-02-30\" was found",
                "8:21 the rule \"objection\" has no key \"until\"; known are id, law, off, forward-from",
                "9:25 \"at-least\" is a whole number from 1 to 120, but the number 200 was found",
                "9:37 \"when\" is one of written, build, but \"now\" was found",
                "10:5 the rule \"age\" stands here a second time; it stands on line 9 already",
                "11:30 \"similarity\" is a decimal fraction from 0.5 to 1, with at most four digits behind the point, "
                    + "but the number 1.5 was found",
                "12:25 \"off\" is a text, but an empty one was found",
            ],
            problems
                .OrderBy(problem => (problem.Line, problem.Column,
                    problem.Message == "the policy lacks \"title\"" ? "" : problem.Message))
                .Select(problem => string.Create(
                    CultureInfo.InvariantCulture, $"{problem.Line}:{problem.Column} {problem.Message}")));
        Assert.Equal(problems.OrderBy(problem => (problem.Line, problem.Column)), problems);
    }

    [Fact]
    public void A_refusal_says_where_and_that_nothing_was_done()
    {
        var path = Written(
            "my-policy.yaml",
            PolicyTexts.Instead("title: A small policy\n", "").Replace("2025-05-27", "soon", StringComparison.Ordinal));

        var refused = Assert.Throws<AvalException>(() => PolicyReader.Read(path));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Equal(
            $"{path}, line 1, column 1: the policy lacks \"title\".\n"
            + $"{path}, line 4, column 15: \"applies-from\" is a day that exists, such as 2025-05-27 (00:00 UTC), "
            + "or an instant, such as 2025-05-27T00:00:00Z, but \"soon\" was found.\n"
            + "Nothing was done. Correct the file and run the command again.",
            refused.Message);
    }

    [Fact]
    public void A_thousand_mistakes_are_not_a_thousand_lines()
    {
        var text = PolicyTexts.Sound
            + string.Concat(Enumerable.Range(0, 1000).Select(number => $"  - {{id: rule-{number}}}\n"));

        Assert.Equal(1000, PolicyTexts.Problems(text).Count);
        var message = Assert.Throws<AvalException>(() => PolicyTexts.Read(text)).Message;
        Assert.Equal(102, message.Split('\n').Length);
        Assert.Contains("… and 900 more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_and_every_rule_is_read()
    {
        var policy = PolicyTexts.Read("""
            policy: whole
            title: >
              A policy that
              says everything
            purpose: combine-services
            basis: consent
            applies-from: 2025-05-27T12:00:00.5+02:00
            replay-only: true
            sources: ["GDPR", 'DMA']
            rules:
              - id: erasure
                law: "17"
              - {id: restriction}
              - {id: objection, forward-from: 2025-05-27}
              - {id: withdrawal}
              - {id: consent, law: GDPR 7}
              - {id: removal}
              - {id: services, admit: [facebook, x-y2]}
              - {id: kinds, admit: [ai-interaction]}
              - {id: audience, admit: [assistant, public], unknown: exclude}
              - {id: age, at-least: 18, when: [written, build], unknown: exclude}
              - {id: informed, unknown: exclude}
              - {id: waiting-period, days: 30, unknown: exclude}
              - {id: combine-services, reading: strict, primary: facebook}
              - {id: residence, admit: [NO, EU, FR], unknown: exclude}
              - {id: public-since, from: 2024-06-26, unknown: exclude}
              - {id: language, off: because of nothing, law: none}
            """.Replace(
                "- {id: public-since",
                "- {id: special-categories, off: a}\n  - {id: about-me, off: b}\n  - {id: public-since",
                StringComparison.Ordinal));

        Assert.Equal("whole", policy.Name);
        Assert.Equal("A policy that says everything", policy.Title);
        Assert.Equal(Purpose.CombineServices, policy.Purpose);
        Assert.Equal(LegalBasis.Consent, policy.Basis);
        Assert.Equal("2025-05-27T10:00:00.500000Z", policy.AppliesFrom.ToText());
        Assert.True(policy.ReplayOnly);
        Assert.Equal(["GDPR", "DMA"], policy.Sources);
        var may = new DateTimeOffset(2025, 5, 27, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            [
                new Rule.Erasure("17"), new Rule.Restriction(null), new Rule.Objection(null, may),
                new Rule.Withdrawal(null), new Rule.Consent("GDPR 7"), new Rule.Removal(null),
                new Rule.Age(null, 18, WhenWritten: true, AtBuild: true), new Rule.Informed(null),
                new Rule.WaitingPeriod(null, 30),
                new Rule.CombineServices(null, CombineReading.Strict, "facebook"),
                new Rule.Off("special-categories", null, "a"), new Rule.Off("about-me", null, "b"),
                new Rule.PublicSince(null, new DateTimeOffset(2024, 6, 26, 0, 0, 0, TimeSpan.Zero)),
                new Rule.Off("language", "none", "because of nothing"),
            ],
            policy.Rules.Where(rule => rule is not (Rule.Services or Rule.Kinds or Rule.Audience or Rule.Residence)));
        Assert.Equal(["facebook", "x-y2"], policy.Rules.OfType<Rule.Services>().Single().Admit);
        Assert.Equal(["ai-interaction"], policy.Rules.OfType<Rule.Kinds>().Single().Admit);
        Assert.Equal(["assistant", "public"], policy.Rules.OfType<Rule.Audience>().Single().Admit);
        Assert.Equal(
            [
                "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
                "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
            ],
            policy.Rules.OfType<Rule.Residence>().Single().Admit);
    }

    [Fact]
    public void A_rule_may_be_off_whatever_it_is()
    {
        string[] there = ["objection", "informed", "combine-services", "special-categories", "about-me"];
        foreach (var id in RuleForms.All.Select(form => form.Id).Except(there))
            Assert.Equal(
                new Rule.Off(id, null, "because"),
                PolicyTexts.Read(PolicyTexts.With($"{{id: {id}, off: because}}")).Rules[5]);
        Assert.Equal(new Rule.Off("objection", "GDPR 21", "because"), PolicyTexts.Read(
            PolicyTexts.Instead("{id: objection}", "{id: objection, law: GDPR 21, off: because}")).Rules[0]);
    }

    [Fact]
    public void A_policy_on_the_basis_of_consent_need_not_speak_of_notices()
    {
        var text = PolicyTexts.Instead("basis: legitimate-interest", "basis: consent")
            .Replace("{id: informed}", "{id: consent}", StringComparison.Ordinal)
            .Replace("  - {id: objection}\n", "", StringComparison.Ordinal);

        Assert.Equal(
            [
                "consent", "combine-services", "special-categories", "about-me", "erasure", "restriction", "removal",
            ],
            PolicyTexts.Read(text).Rules.Select(rule => rule.Id));
    }

    [Fact]
    public void The_text_and_the_hash_are_those_of_the_file()
    {
        byte[] bytes = [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(
            PolicyTexts.Instead("A small policy", "Žluťoučký kůň 🐎").ReplaceLineEndings("\r\n"))];
        var path = _folder.File("bom.yaml");
        Durable.Replace(path, bytes);

        var policy = PolicyReader.Read(path);

        Assert.Equal("Žluťoučký kůň 🐎", policy.Title);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), policy.Sha256);
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(policy.Text));
        Assert.Equal(policy.Sha256, PolicyTexts.Read(policy.Text).Sha256);
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused_where_it_is_not()
    {
        var path = _folder.File("latin1.yaml");
        Durable.Replace(path, Encoding.Latin1.GetBytes(PolicyTexts.Instead("A small policy", "Caf\u00e9 policy")));

        var problem = Assert.Single(Assert.IsType<PolicyReading.Faulty>(PolicyReader.Check(path)).Problems);

        Assert.Equal((2, 11), (problem.Line, problem.Column));
        Assert.Contains("UTF-8", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_megabyte_is_read_and_one_byte_more_is_not()
    {
        var filled = PolicyTexts.Sound + new string('#', PolicyReader.MaxBytes - PolicyTexts.Sound.Length);
        Assert.Equal("small", PolicyReader.Read(Written("full.yaml", filled)).Name);

        var refused = Assert.Throws<AvalException>(() => PolicyReader.Read(Written("over.yaml", filled + "#")));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("at most 1048576 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_end_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "This system has no file without end.");

        Assert.Equal(ExitCode.BadInput, Assert.Throws<AvalException>(() => PolicyReader.Read("/dev/zero")).Exit);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a,")]
    [InlineData("'")]
    [InlineData("x")]
    [InlineData("k: v\n")]
    [InlineData("&a ")]
    [InlineData("*a ")]
    [InlineData("!a ")]
    [InlineData("\t")]
    [InlineData("\0")]
    [InlineData("- {id: x}\n")]
    [InlineData("---\n")]
    public async Task A_megabyte_of_anything_is_refused_in_moments(string repeated)
    {
        var text = string.Concat(Enumerable.Repeat(repeated, PolicyReader.MaxBytes / repeated.Length));

        // Long enough for a busy machine; what this must catch takes minutes or ends the process.
        var reading = await Task.Run(() => PolicyReader.Check(text, "test.yaml"), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.IsType<PolicyReading.Faulty>(reading);
    }

    [Fact]
    public void What_is_long_or_hidden_is_not_echoed()
    {
        var problem = PolicyTexts.Problems(
            PolicyTexts.Instead("policy: small", "policy: \"\\e[2J" + new string('x', 10_000) + "\""))[0];

        Assert.True(problem.Message.Length < 300, problem.Message);
        Assert.DoesNotContain('\u001b', problem.Message);
    }

    [Fact]
    public void A_shipped_policy_is_found_by_name_and_a_file_wins()
    {
        Assert.Equal(PolicyTexts.Shipped, PolicyReader.Shipped);
        Assert.Equal("opt-out", PolicyReader.Read(PolicyReader.Find("opt-out")).Name);
        var mine = Written("opt-out", PolicyTexts.Sound);

        Assert.Equal(mine, PolicyReader.Find(mine));
        Assert.Equal("small", PolicyReader.Read(PolicyReader.Find(mine)).Name);
    }

    [Fact]
    public void The_policy_in_the_documentation_is_one()
    {
        var page = File.ReadAllText(PolicyTexts.InRepository("../docs/formats/policy.md")).ReplaceLineEndings("\n");
        var example = page.Split("```yaml\n")[1].Split("```")[0];

        Assert.Equal("my-policy", PolicyTexts.Read(example).Name);
        Assert.All(RuleForms.All, form => Assert.Contains($"`{form.Id}`", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("opt-outt", "(did you mean \"opt-out\"?)")]
    [InlineData("../policies/opt-out", "is no file and no shipped policy")]
    [InlineData("", "is no file and no shipped policy")]
    [InlineData("policy.schema", "is no file and no shipped policy")]
    public void What_is_neither_a_file_nor_shipped_is_refused_with_the_names_that_are(string nameOrPath, string said)
    {
        var refused = Assert.Throws<AvalException>(() => PolicyReader.Find(nameOrPath));

        Assert.Equal(ExitCode.Usage, refused.Exit);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "announced-2025, cologne-2025, opt-in, opt-in-strict, opt-out", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("titel", "title", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("same", "same", 0)]
    public void Words_are_as_far_apart_as_letters_must_change(string left, string right, int distance)
    {
        Assert.Equal(distance, NearestWord.Distance(left, right));
        Assert.Equal(distance, NearestWord.Distance(right, left));
    }

    private string Written(string name, string text)
    {
        var path = _folder.File(name);
        Durable.Replace(path, text);
        return path;
    }
}
