using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.PocketBase;

namespace SupportConsole.Hosting;

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
