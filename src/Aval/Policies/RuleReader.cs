namespace Aval.Policies;

/// <summary>Reads the rules of a policy: each known id with its own parameters, and nothing else.</summary>
internal static class RuleReader
{
    /// <summary>
    /// The rules, and the ids that were spoken about even where the rule itself is wrong: what is there and wrong is
    /// not silence.
    /// </summary>
    public static (IReadOnlyList<Rule> Rules, IReadOnlySet<string> SpokenAbout) ReadAll(
        IReadOnlyList<YamlValue> values, PolicyProblems problems)
    {
        var rules = new List<Rule>();
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            if (value is not YamlValue.Map map)
            {
                problems.Add(value.At, $"a rule is written {{id: …, …}}, but {Found.Describe(value)} was found");
                continue;
            }

            if (new YamlFields(map, "a rule", problems).Text("id", required: true) is not { } id)
                continue;
            if (!lines.TryAdd(id, map.At.Line))
            {
                problems.Add(
                    map.At,
                    $"the rule {Found.Quote(id)} stands here a second time; it stands on line {lines[id]} already");
            }

            if (Read(id, new YamlFields(map, $"the rule {Found.Quote(id)}", problems)) is { } rule)
                rules.Add(rule);
        }

        return (rules, lines.Keys.ToHashSet());
    }

    private static Rule? Read(string id, YamlFields fields)
    {
        if (RuleForms.All.FirstOrDefault(known => known.Id == id) is not { } form)
        {
            string[] known = [.. RuleForms.All.Select(rule => rule.Id)];
            fields.Add(
                "id",
                $"no rule is called {Found.Quote(id)}{NearestWord.Suggest(id, known)}; "
                + $"known are {string.Join(", ", known)}");
            return null;
        }

        return fields.Has("off") ? ReadOff(form, fields) : ReadOn(form, fields);
    }

    private static Rule.Off? ReadOff(RuleForm form, YamlFields fields)
    {
        var law = fields.Text("law");
        fields.RefuseOthers("id", "law", "off");
        return fields.Text("off") is { } because ? new Rule.Off(form.Id, law, because) : null;
    }

    private static Rule? ReadOn(RuleForm form, YamlFields fields)
    {
        var law = fields.Text("law");
        fields.RefuseOthers([.. (string[])["id", "law", "off"], .. form.Keys.Select(key => key.Name)]);
        foreach (var key in form.Keys)
            key.Check(fields);
        return form.Read(law, fields);
    }
}
