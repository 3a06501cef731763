using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace SupportConsole.Hosting;

/// <summary>Who stands between the browsers and the console (section <c>Proxy</c>).</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Proxy";

    /// <summary>
    /// Addresses or networks (<c>10.1.0.0/16</c>) of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are
    /// believed. Nobody else's are.
    /// </summary>
    public IList<string> Trusted { get; set; } = [];

    /// <summary>The network an entry means, an address being the smallest; null when it means none.</summary>
    public static IPNetwork? NetworkOf(string entry)
    {
        var network = IPAddress.TryParse(entry, out var address)
            ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            : IPNetwork.TryParse(entry, out var written) ? written : default(IPNetwork?);

        // Short and octal spellings of IPv4 are read as addresses that nobody meant; IPv4 within IPv6 is found in its own form.
        return network is { } found
            && !found.BaseAddress.IsIPv4MappedToIPv6
            && (found.BaseAddress.AddressFamily != AddressFamily.InterNetwork || entry.Split('/')[0] == found.BaseAddress.ToString())
                ? found
                : null;
    }
}

/// <summary>Refuses proxies that aren't any, and outside Development plain HTTP without one.</summary>
internal sealed class ProxyRules(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<ProxyOptions>
{
    // The largest private networks are 10.0.0.0/8 and fc00::/7; whoever trusts more trusts strangers.
    private const int WidestIPv4 = 8;
    private const int WidestIPv6 = 7;

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var failures = options.Trusted.Select(EntryFailure).OfType<string>().ToList();
        if (!environment.IsDevelopment())
        {
            failures.AddRange(OpenHttpFailures(options));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? EntryFailure(string entry, int i) => ProxyOptions.NetworkOf(entry) switch
    {
        null => $"Proxy:Trusted:{i} is '{entry}', which is no address or network: write for example 10.1.2.3 or 10.1.0.0/16.",
        { } wide when wide.PrefixLength < (wide.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6) =>
            $"Proxy:Trusted:{i} is '{entry}', which trusts strangers to say who they are: list your proxies only.",
        _ => null,
    };

    private IEnumerable<string> OpenHttpFailures(ProxyOptions options)
    {
        if (options.Trusted.Count == 0
            && ListenAddresses.Of(configuration).Where(address => !address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)).ToList() is [_, ..] plain)
        {
            yield return $"Proxy:Trusted is empty while the console listens on {string.Join(" and ", plain)} without TLS: "
                + "put a proxy with TLS before it and list its address here, or listen on https only (Kestrel:Endpoints).";
        }

        // The framework's own switch believes everybody when no proxy is named.
        if (string.Equals(configuration["ForwardedHeaders_Enabled"], "true", StringComparison.OrdinalIgnoreCase))
        {
            yield return "ForwardedHeaders_Enabled (ASPNETCORE_FORWARDEDHEADERS_ENABLED) is true, which asks to believe every proxy: remove it and list yours in Proxy:Trusted.";
        }
    }
}
