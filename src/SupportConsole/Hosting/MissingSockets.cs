using System.Net;
using System.Threading.RateLimiting;
using SupportConsole.Access;

namespace SupportConsole.Hosting;

/// <summary>
/// Hears from pages whose window got no WebSocket: the page came, the socket didn't, and only the browser knows. Tells whoever
/// reads the log, who can mend the proxy in between.
/// </summary>
internal sealed partial class MissingSockets(ILogger<MissingSockets> logger) : IDisposable
{
    // One line per address and quarter of an hour: somebody who tries again and again must not fill the log.
    private readonly PartitionedRateLimiter<string> _lines = PartitionedRateLimiter.Create<string, string>(
        address => RateLimitPartition.GetTokenBucketLimiter(address, _ => Pace.Bucket(1, TimeSpan.FromMinutes(15))));

    /// <summary>
    /// Takes the report of a page of this site; browsers say where a request comes from (Fetch Metadata, Sec-Fetch-Site). It has no
    /// body, changes nothing, and nothing of it but the address is kept.
    /// </summary>
    public IResult Report(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"] is not ([] or ["same-origin"]))
        {
            return Results.Text("Only pages of this site report here.", statusCode: StatusCodes.Status403Forbidden);
        }

        var client = context.Connection.RemoteIpAddress;
        using var line = _lines.AttemptAcquire(SignInPace.AddressOf(client));
        if (line.IsAcquired)
        {
            LogMissing(client);
        }

        return Results.NoContent();
    }

    public void Dispose() => _lines.Dispose();

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "A window at {ClientAddress} got no WebSocket and stays empty. A proxy in between must pass Upgrade and Connection on (deploy/nginx.conf); or something at that end blocks it")]
    private partial void LogMissing(IPAddress? clientAddress);
}
