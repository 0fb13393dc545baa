using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Aval.Portal.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Aval.Portal;

/// <summary>What one client may ask for in a minute.</summary>
internal static class RateLimits
{
    /// <summary>Pages that a person looks at.</summary>
    public const string Pages = "pages";

    /// <summary>What a person records.</summary>
    public const string Choices = "choices";

    /// <summary>What programs ask for with a token; without a good one, what a client may try.</summary>
    public const string Agents = "agents";

    // A person needs a few, and whoever tries links or tokens gets no further.
    private const int PagesAMinute = 240, ChoicesAMinute = 60, TriesAMinute = 60;
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>Sets them.</summary>
    public static void Set(RateLimiterOptions limits, Agents agents)
    {
        ArgumentNullException.ThrowIfNull(limits);
        limits.OnRejected = (rejected, _) => new ValueTask(
            ApiProblems.TooMany(
                rejected.HttpContext,
                rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : OneSecond)
                .ExecuteAsync(rejected.HttpContext));
        limits.AddPolicy(Pages, http => OfClient(http, PagesAMinute));
        limits.AddPolicy(Choices, http => OfClient(http, ChoicesAMinute));
        limits.AddPolicy(Agents, http => agents.Of(http) is { } agent ? Of(agent) : OfClient(http, TriesAMinute));
    }

    /// <summary>
    /// One client: an address, or the /64 that a household or a provider's customer has of IPv6 as a whole.
    /// </summary>
    public static string Client(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
            return address?.ToString() ?? "";
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/64");
    }

    private static RateLimitPartition<string> OfClient(HttpContext http, int most) =>
        RateLimitPartition.GetFixedWindowLimiter(
            Client(http.Connection.RemoteIpAddress),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = TimeSpan.FromMinutes(1) });

    // By the second, so that an agent cannot spend its minute in one of them, but for the first two seconds' worth.
    private static RateLimitPartition<string> Of(AgentSettings agent)
    {
        var aSecond = Math.Max(1, agent.PerMinute / 60);
        return RateLimitPartition.GetTokenBucketLimiter(
            $"agent {agent.Name}",
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 2 * aSecond,
                TokensPerPeriod = aSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(aSecond * 60.0 / agent.PerMinute),
            });
    }
}
