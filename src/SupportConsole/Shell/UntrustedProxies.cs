using System.Net;
using Microsoft.Extensions.Options;

namespace SupportConsole.Shell;

/// <summary>
/// Says in the log whose word about clients isn't believed. A proxy that nobody listed makes all its clients one, and https plain http;
/// nothing else tells the operator. Strangers send such headers too, so what is said, and remembered, has bounds.
/// </summary>
internal sealed partial class UntrustedProxies(IOptions<ProxyOptions> proxy, TimeProvider clock, ILogger<UntrustedProxies> logger)
{
    private const int AddressesAnHour = 20;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly string[] ProxysHeaders = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"];

    private readonly IPNetwork[] _trusted = [.. proxy.Value.Trusted.Select(ProxyOptions.NetworkOf).OfType<IPNetwork>()];
    private readonly Lock _lock = new();
    private readonly HashSet<string> _named = [];
    private DateTimeOffset _hourEnds;

    /// <summary>Looks at a request before anybody's word is taken for where it comes from.</summary>
    public void LookAt(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } address
            && ProxysHeaders.FirstOrDefault(header => context.Request.Headers[header].Any(value => !string.IsNullOrEmpty(value))) is { } header
            && !IsTrusted(address)
            && IsNews(SignInPace.AddressOf(address)))
        {
            LogUntrusted(address, header);
        }
    }

    private bool IsTrusted(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _trusted.Any(network => network.Contains(plain));
    }

    private bool IsNews(string address)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (now >= _hourEnds)
            {
                _named.Clear();
                _hourEnds = now + Hour;
            }

            return _named.Count < AddressesAnHour && _named.Add(address);
        }
    }

    [LoggerMessage(EventId = 9003, Level = LogLevel.Warning, Message = "A request from {Address} carries {Header}, which isn't believed because that address isn't trusted. If it is your proxy, list it in Proxy:Trusted: until then all its clients count as one, and https as plain http")]
    private partial void LogUntrusted(IPAddress address, string header);
}
