using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;

namespace SupportConsole.Hosting;

/// <summary>A sink that takes nothing keeps nobody from working, and nothing is lost by it; but somebody should know.</summary>
internal sealed class SinkHealth(SinkDesk sinks, TimeProvider clock) : SharedCheck(clock)
{
    protected override async Task<HealthCheckResult> LookAsync()
    {
        try
        {
            var faults = await sinks.FaultsAsync(CancellationToken.None);
            return faults.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join('\n', faults));
        }
        catch (DatabaseUnreadableException unreadable)
        {
            return HealthCheckResult.Unhealthy(unreadable.Message);
        }
    }
}
