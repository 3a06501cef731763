using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Hosting;

/// <summary>
/// One thing that being ready takes. Anybody may ask whether the console is ready, so it is looked at once a second at most:
/// whoever asks while a look is under way, or soon after one began, gets that look's answer.
/// </summary>
internal abstract class SharedCheck(TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _look;
    private long _began;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await CurrentLook().WaitAsync(cancellationToken);

    /// <summary>Looks. Not cancelled by who happened to ask first: others wait for it too.</summary>
    protected abstract Task<HealthCheckResult> LookAsync();

    private Task<HealthCheckResult> CurrentLook()
    {
        lock (_lock)
        {
            if (_look is null || (_look.IsCompleted && clock.GetElapsedTime(_began) >= Interval))
            {
                _began = clock.GetTimestamp();
                _look = LookAsync();
            }

            return _look;
        }
    }
}

/// <summary>Ready means that rights can be read now.</summary>
internal sealed class DatabaseHealth(ConsoleDb database, TimeProvider clock) : SharedCheck(clock)
{
    protected override async Task<HealthCheckResult> LookAsync()
    {
        try
        {
            await database.ReadAsync(connection => connection.Number("SELECT count(*) FROM (SELECT 1 FROM staff LIMIT 1)"), CancellationToken.None);
            return HealthCheckResult.Healthy();
        }
        catch (DatabaseUnreadableException unreadable)
        {
            return HealthCheckResult.Unhealthy(unreadable.Message);
        }
    }
}

/// <summary>Ready means that an event could be recorded now, and be found.</summary>
internal sealed class TrailHealth(ConsoleWriter writer, AuditTrail trail, TimeProvider clock) : SharedCheck(clock)
{
    protected override async Task<HealthCheckResult> LookAsync()
    {
        if (!await writer.IsWritableAsync())
        {
            return HealthCheckResult.Unhealthy("The audit trail can't be written. The console's log says why.");
        }

        return await trail.IsIndexedAsync()
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The audit trail's index stands still: events are recorded, but the newest can't be found. The console's log says why.");
    }
}

/// <summary>Ready means that PocketBase answers and accepts the console's superuser.</summary>
internal sealed class PocketBaseHealth(SuperuserClient superuser, TimeProvider clock) : SharedCheck(clock)
{
    protected override async Task<HealthCheckResult> LookAsync()
    {
        try
        {
            await superuser.ProbeAsync(CancellationToken.None);
            return HealthCheckResult.Healthy();
        }
        catch (PocketBaseProblem problem)
        {
            return HealthCheckResult.Unhealthy(problem.Message);
        }
    }
}

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
