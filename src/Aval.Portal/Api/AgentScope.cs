namespace Aval.Portal.Api;

/// <summary>What an agent's token opens. Nothing follows from another: each is granted by its name.</summary>
internal enum AgentScope
{
    /// <summary>To bring choices.</summary>
    WriteChoices,

    /// <summary>To read the choices that the same agent brought, with their receipts.</summary>
    ReadChoices,

    /// <summary>To read what the choices on any account add up to: for the controller's own systems.</summary>
    ReadStances,

    /// <summary>To read what people asked for, with their words: for the controller's own systems.</summary>
    ReadRequests,

    /// <summary>To read manifests and accounting of releases.</summary>
    ReadReleases,

    /// <summary>To make proofs of presence or absence of any account: for the controller's own systems.</summary>
    ReadProofs,
}

/// <summary>How scopes are written.</summary>
internal static class AgentScopes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<AgentScope>().Select(ToText)];

    /// <summary>How it is written.</summary>
    public static string ToText(this AgentScope scope) => scope switch
    {
        AgentScope.WriteChoices => "choices:write",
        AgentScope.ReadChoices => "choices:read",
        AgentScope.ReadStances => "stances:read",
        AgentScope.ReadRequests => "requests:read",
        AgentScope.ReadReleases => "releases:read",
        AgentScope.ReadProofs => "proofs:read",
    };

    /// <summary>Reads it.</summary>
    public static bool TryParse(string text, out AgentScope scope)
    {
        scope = Enum.GetValues<AgentScope>().FirstOrDefault(known => known.ToText() == text);
        return scope.ToText() == text;
    }
}
