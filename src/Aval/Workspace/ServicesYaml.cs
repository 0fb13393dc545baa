using YamlDotNet.RepresentationModel;

namespace Aval;

/// <summary>
/// <c>services:</c> of aval.yaml: for each service the form of its ids and their canonical case, for example
/// <c>{mastodon: {ids: text, canonical: lower-case}}</c>. A service that is not named keeps the form that is shipped.
/// </summary>
internal static class ServicesYaml
{
    private const string LowerCase = "lower-case", AsIs = "as-is";

    /// <summary>Reads it.</summary>
    /// <param name="node">The value of <c>services</c>.</param>
    /// <param name="wrong">Makes the error of a place.</param>
    public static ServiceForms Read(YamlNode node, Func<YamlNode, string, AvalException> wrong)
    {
        if (node is not YamlMappingNode services)
            throw wrong(node, "services names services, each with the form of its ids, as in {facebook: {ids: number}}");
        var forms = ServiceForms.Shipped;
        foreach (var (key, value) in services.Children)
        {
            if (key is not YamlScalarNode { Value: { } service } || !ServiceName.IsValid(service))
                throw wrong(key, "a service is spelled [a-z][a-z0-9-]*");
            forms = forms.With(service, Form(value, wrong));
        }

        return forms;
    }

    /// <summary>The value of <c>services</c>.</summary>
    public static string Write(ServiceForms forms) => "{" + string.Join(", ", forms.Stated.Select(stated =>
        $"{stated.Key}: {{ids: {ServiceForms.WordOf(stated.Value.Ids)}, canonical: {(stated.Value.LowerCase ? LowerCase : AsIs)}}}")) + "}";

    private static ServiceForm Form(YamlNode node, Func<YamlNode, string, AvalException> wrong)
    {
        if (node is not YamlMappingNode members)
            throw wrong(node, "a service states the form of its ids, as in {ids: number}");
        var form = ServiceForm.Unstated;
        foreach (var (key, value) in members.Children)
        {
            form = ((key as YamlScalarNode)?.Value, (value as YamlScalarNode)?.Value) switch
            {
                ("ids", var word) when ServiceForms.FormOf(word) is { } ids => form with { Ids = ids },
                ("ids", _) => throw wrong(value, $"ids is one of {string.Join(", ", ServiceForms.FormWords)}"),
                ("canonical", LowerCase) => form with { LowerCase = true },
                ("canonical", AsIs) => form with { LowerCase = false },
                ("canonical", _) => throw wrong(value, $"canonical is {LowerCase} or {AsIs}"),
                var (unknown, _) => throw wrong(key, $"the key \"{unknown}\" is unknown; a service has ids and canonical"),
            };
        }

        return form;
    }
}
