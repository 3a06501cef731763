using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SupportConsole.Hosting;

/// <summary>What readiness answers: to everybody the state alone, to the machine itself also what is wrong and what to do.</summary>
internal static class HealthAnswer
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        // Where a proxy stands before the console, its clients have addresses of their own; nobody but the operator asks from here. One on
        // this machine that isn't listed still says that it asks for another.
        var isLocal = (context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)) && UntrustedProxies.HeaderOf(context.Request) is null;
        var causes = isLocal ? report.Entries.Values.Select(entry => entry.Description).OfType<string>().Distinct(StringComparer.Ordinal) : [];
        return context.Response.WriteAsync(string.Join('\n', causes.Prepend(report.Status.ToString())), context.RequestAborted);
    }
}
