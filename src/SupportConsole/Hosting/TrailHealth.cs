using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Hosting;

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
