using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// The agents that portal.yaml names, found by the hash of the token that a request carries: whoever tries tokens
/// controls no prefix of a hash, so that no time of a look-up tells how near one came.
/// </summary>
internal sealed class Agents
{
    private const string Scheme = "Bearer ";
    private static readonly object Known = new();
    private readonly Dictionary<string, AgentSettings> _bySha;

    /// <summary>The agents of portal.yaml.</summary>
    public Agents(IReadOnlyList<AgentSettings> agents)
    {
        ArgumentNullException.ThrowIfNull(agents);
        _bySha = agents.DistinctBy(agent => agent.TokenSha256)
            .ToDictionary(agent => agent.TokenSha256, StringComparer.Ordinal);
    }

    /// <summary>Whose token a request carries; null = nobody's. Looked up once a request.</summary>
    public AgentSettings? Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Items.TryGetValue(Known, out var known))
            return (AgentSettings?)known;
        var header = http.Request.Headers.Authorization.ToString();
        var agent = header.StartsWith(Scheme, StringComparison.Ordinal) ? Find(header[Scheme.Length..]) : null;
        http.Items[Known] = agent;
        return agent;
    }

    private AgentSettings? Find(string token) => _bySha.GetValueOrDefault(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
}
