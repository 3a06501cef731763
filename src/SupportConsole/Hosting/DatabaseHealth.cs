using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Storage;

namespace SupportConsole.Hosting;

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
