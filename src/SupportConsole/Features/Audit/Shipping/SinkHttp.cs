using System.Net;
using System.Security.Authentication;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>How sinks speak HTTP: for a bounded time, following nowhere, and believing nothing of an answer but its status.</summary>
internal static class SinkHttp
{
    /// <summary>How long an exchange may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>The longest time for which a receiver may ask to be left alone, and after which one that is gone is asked again.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>What connects.</summary>
    public static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false, // Not even what goes to this machine in clear would stay on it.
        ActivityHeadersPropagator = null,
        ConnectTimeout = Limit,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // What else it answers is of no use to anybody; a little of it is read so that the connection can be used again.
        MaxResponseDrainSize = 4096,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        MaxResponseHeadersLength = 16,
    };

    /// <summary>Ends well where the answer says that it was taken.</summary>
    /// <exception cref="SinkException">It wasn't.</exception>
    public static void RequireTaken(HttpResponseMessage response, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            return;
        }

        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        throw response.StatusCode switch
        {
            HttpStatusCode.Gone => new SinkException("it answered with status 410: it is gone. Nothing is lost; name another address, or take it out of the settings", LongestPause),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new SinkException($"it answered with a redirection (status {status}), which isn't followed: name the address that it leads to"),
            _ => new SinkException($"it answered with status {status}", asked is { } pause ? Clamp(pause) : null),
        };
    }

    /// <summary>What kept an exchange from an answer, where it is that.</summary>
    public static SinkException? Explain(Exception fault) => fault switch
    {
        SinkException said => said,
        OperationCanceledException => new SinkException($"it didn't answer within {Limit.TotalSeconds:0} seconds"),
        AggregateException { InnerException: { } inner } => Explain(inner),
        HttpRequestException { InnerException: AuthenticationException } or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new SinkException("no secure connection could be made: its certificate isn't trusted, or it doesn't speak TLS"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => new SinkException("it answered with something that isn't HTTP"),
        HttpRequestException or IOException => new SinkException("it can't be reached"),
        _ => null,
    };

    private static TimeSpan Clamp(TimeSpan pause) => pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;
}
