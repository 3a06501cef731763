using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SupportConsole.Access;

namespace SupportConsole.Hosting;

/// <summary>
/// What comes before all else, the look at the host's name included: the path that the console lies below, and the two questions
/// after its health, which probes ask by address and past any proxy.
/// </summary>
internal sealed class Entrance(IOptions<HostingOptions> hosting) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (hosting.Value.Prefix is { HasValue: true } prefix)
        {
            app.Use((context, rest) => EnterAsync(context, prefix, rest));
        }

        MapHealth(app, "/health/live", new HealthCheckOptions { Predicate = _ => false });
        MapHealth(app, "/health/ready", new HealthCheckOptions { ResponseWriter = HealthAnswer.WriteAsync });
        next(app);
    };

    /// <summary>
    /// Takes the prefix off. A request without it is meant all the same: some proxies take it off themselves. Either way every address
    /// that is written begins with it.
    /// </summary>
    private static Task EnterAsync(HttpContext context, PathString prefix, RequestDelegate next)
    {
        var request = context.Request;
        request.PathBase = prefix;
        if (request.Path.StartsWithSegments(prefix, StringComparison.Ordinal, out var path))
        {
            if (!path.HasValue)
            {
                // Addresses on a page are relative to the folder, which this isn't.
                context.Response.Redirect($"{prefix}/{request.QueryString}");
                return Task.CompletedTask;
            }

            request.Path = path;
        }

        return next(context);
    }

    /// <summary>Whether the process lives, and whether it can do its work. Neither tells a stranger more than that.</summary>
    private static void MapHealth(IApplicationBuilder app, string path, HealthCheckOptions options) => app.MapWhen(
        context => context.Request.Path == path,
        health =>
        {
            health.UseTrustedProxies();
            health.UseSecurityHeaders();
            health.UseHealthChecks(path, options);
        });
}
