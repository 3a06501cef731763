using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SupportConsole.Access;

namespace SupportConsole.Hosting;

/// <summary>
/// Slows down whoever isn't known yet: each request about signing in or out writes to the trail or asks the sign-in provider.
/// </summary>
internal static class SignInPace
{
    public static IServiceCollection AddSignInPace(this IServiceCollection services)
    {
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected.HttpContext, Pace.RetryAfter(rejected.Lease)));
        });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitsOptions>>((limiter, limits) =>
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsAboutSigningIn(context.Request.Path)
                ? RateLimitPartition.GetTokenBucketLimiter(
                    AddressOf(context.Connection.RemoteIpAddress), _ => Pace.Bucket(limits.Value.AnonymousPerMinute, TimeSpan.FromMinutes(1)))
                : RateLimitPartition.GetNoLimiter("")));
        return services;
    }

    /// <summary>
    /// Keeps the pace. Pictures, frames and sockets of other sites are refused before they are counted: a page full of them would close the
    /// sign-in to the network of whoever looks at it.
    /// </summary>
    public static void UseSignInPace(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (!IsAboutSigningIn(context.Request.Path) || !(FetchMetadata.IsPartOfAnotherSite(context.Request.Headers) || AsksForSocket(context.Request)))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync("Only a window that opens this address is answered.", context.RequestAborted);
        });
        app.UseRateLimiter();
    }

    /// <summary>The pages and forms of the console, and the addresses to which the sign-in provider sends the browser back.</summary>
    internal static bool IsAboutSigningIn(PathString path) =>
        path.Value is { } text
        && (text.StartsWith("/signin", StringComparison.OrdinalIgnoreCase) || text.StartsWith("/signout", StringComparison.OrdinalIgnoreCase));

    // With a socket some browsers don't say what it is for, and nothing here is one.
    private static bool AsksForSocket(HttpRequest request) =>
        request.Headers.Upgrade.Any(wanted => wanted?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true) || HttpMethods.IsConnect(request.Method);

    /// <summary>An IPv6 network counts as one: a single machine has as many addresses in it as it likes.</summary>
    internal static string AddressOf(IPAddress? client) => client switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => client.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(client.GetAddressBytes(), 0, 8),
        _ => client.ToString(),
    };

    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = PlainAnswer.Seconds(wait);
        return PlainAnswer.WriteAsync(
            context, StatusCodes.Status429TooManyRequests, "Too many requests",
            $"Your network asks too much about signing in and out. Nothing was done: nobody was signed in or out. Try again in {Pace.InWords(wait)}.",
            ($"{context.Request.PathBase}/signin", "Sign in"));
    }
}
