using System.Net;
using System.Net.Sockets;

namespace Aval.Portal.Webhooks;

/// <summary>
/// Which addresses are of the public internet: whoever writes a webhook's address must not be able to reach what only
/// this machine reaches (server-side request forgery). By IANA's registries of special-purpose addresses; of IPv6 what
/// is not global unicast is refused, and so is what leads to an address of IPv4 in another way.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether an address is one of the public internet.</summary>
    public static bool Hold(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return (address.AddressFamily != AddressFamily.InterNetworkV6 || GlobalUnicast.Contains(address))
            && !Special.Any(network => network.BaseAddress.AddressFamily == address.AddressFamily
                && network.Contains(address));
    }
}
