using System.Net;
using Microsoft.Extensions.Options;

namespace SupportConsole.Hosting;

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
    private readonly HashSet<string> _named = [], _namedBehind = [];
    private DateTimeOffset _hourEnds;

    /// <summary>Looks at a request before anybody's word is taken for where it comes from.</summary>
    public void LookAt(HttpContext context)
    {
        if (Plain(context.Connection.RemoteIpAddress) is { } address
            && HeaderOf(context.Request) is { } header
            && !IsTrusted(address)
            && IsNews(_named, address))
        {
            LogUntrusted(address, header);
        }
    }

    /// <summary>
    /// Looks at what is left once trusted proxies have been taken at their word: what the hop before them says isn't believed either.
    /// </summary>
    /// <param name="context">The request, as the framework left it.</param>
    /// <param name="connecting">From where the request itself came.</param>
    public void LookBehindTrusted(HttpContext context, IPAddress? connecting)
    {
        // The framework takes away what it believes, and stops at the first address that isn't listed, which is then the client's; or at
        // one that it can't read, and then the client is the listed proxy that passed it on.
        if (Plain(connecting) is { } proxy && IsTrusted(proxy)
            && Plain(context.Connection.RemoteIpAddress) is { } address && !IsTrusted(address)
            && context.Request.Headers["X-Forwarded-For"].Any(value => !string.IsNullOrEmpty(value))
            && IsNews(_namedBehind, address))
        {
            LogUntrustedHop(address);
        }
    }

    private bool IsTrusted(IPAddress address) => _trusted.Any(network => network.Contains(address));

    // As it is listed: a server that listens on both versions sees the fourth within the sixth.
    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : address;

    /// <summary>The header by which a proxy says for whom it asks; null when there is none.</summary>
    public static string? HeaderOf(HttpRequest request) =>
        ProxysHeaders.FirstOrDefault(header => request.Headers[header].Any(value => !string.IsNullOrEmpty(value)));

    private bool IsNews(HashSet<string> named, IPAddress address)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (now >= _hourEnds)
            {
                _named.Clear();
                _namedBehind.Clear();
                _hourEnds = now + Hour;
            }

            return named.Count < AddressesAnHour && named.Add(SignInPace.AddressOf(address));
        }
    }

    [LoggerMessage(EventId = 9003, Level = LogLevel.Warning, Message = "A request from {Address} carries {Header}, which isn't believed because that address isn't trusted. If it is your proxy, list it in Proxy:Trusted: until then all its clients count as one, and https as plain http")]
    private partial void LogUntrusted(IPAddress address, string header);

    [LoggerMessage(EventId = 9004, Level = LogLevel.Warning, Message = "A trusted proxy passes on a request from {Address}, which says by X-Forwarded-For that it asks for somebody else. That isn't believed, because {Address} isn't trusted. If it is a proxy of yours as well, list it in Proxy:Trusted: until then all its clients count as one. If it isn't, the trusted proxy only passes on what clients say of themselves; it may as well set the header anew")]
    private partial void LogUntrustedHop(IPAddress address);
}
