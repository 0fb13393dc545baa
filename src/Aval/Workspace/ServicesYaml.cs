namespace Aval;

/// <summary>
/// <c>services:</c> of aval.yaml: for each service the form of its ids and their canonical case, for example
/// <c>{mastodon: {ids: text, canonical: lower-case}}</c>. A service that is not named keeps the form that is shipped.
/// </summary>
internal static class ServicesYaml
{
    private const string LowerCase = "lower-case", AsIs = "as-is";

    /// <summary>Reads the value of <c>services</c>.</summary>
    public static ServiceForms Read(SettingsNode services)
    {
        var forms = ServiceForms.Shipped;
        foreach (var (service, at, value) in
            services.Members("services names services, each with the form of its ids, as in {facebook: {ids: number}}"))
        {
            if (!ServiceName.IsValid(service))
                throw at.Wrong("a service is spelled [a-z][a-z0-9-]*");
            forms = forms.With(service, Form(value));
        }

        return forms;
    }

    /// <summary>The value of <c>services</c>.</summary>
    public static string Write(ServiceForms forms) => "{" + string.Join(", ", forms.Stated.Select(stated =>
        $"{stated.Key}: {{ids: {ServiceForms.WordOf(stated.Value.Ids)}, canonical: "
        + $"{(stated.Value.LowerCase ? LowerCase : AsIs)}}}")) + "}";

    private static ServiceForm Form(SettingsNode members)
    {
        var form = ServiceForm.Unstated;
        foreach (var (key, at, value) in members.Members("a service states the form of its ids, as in {ids: number}"))
        {
            form = (key, value.Scalar) switch
            {
                ("ids", var word) when ServiceForms.FormOf(word) is { } ids => form with { Ids = ids },
                ("ids", _) => throw value.Wrong($"ids is one of {string.Join(", ", ServiceForms.FormWords)}"),
                ("canonical", LowerCase) => form with { LowerCase = true },
                ("canonical", AsIs) => form with { LowerCase = false },
                ("canonical", _) => throw value.Wrong($"canonical is {LowerCase} or {AsIs}"),
                _ => throw at.Wrong($"the key \"{Shown.Of(key)}\" is unknown; a service has ids and canonical"),
            };
        }

        return form;
    }
}
