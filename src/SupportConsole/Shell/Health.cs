using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;

namespace SupportConsole.Shell;

/// <summary>Ready means that an event could be recorded now.</summary>
internal sealed class TrailHealth(AuditTrail trail) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await trail.IsWritableAsync() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
}

/// <summary>Ready means that PocketBase answers and accepts the console's superuser.</summary>
internal sealed class PocketBaseHealth(SuperuserClient superuser) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await superuser.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (PocketBaseProblem)
        {
            return HealthCheckResult.Unhealthy();
        }
    }
}
