using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Shell;

/// <summary>
/// One thing that being ready takes. Anybody may ask whether the console is ready, so it is looked at once a second at most:
/// whoever asks while a look is under way, or soon after one began, gets that look's answer.
/// </summary>
internal abstract class SharedCheck(TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<bool>? _look;
    private long _began;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await CurrentLook().WaitAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();

    /// <summary>Looks. Not cancelled by who happened to ask first: others wait for it too.</summary>
    protected abstract Task<bool> LookAsync();

    private Task<bool> CurrentLook()
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
    protected override async Task<bool> LookAsync()
    {
        try
        {
            await database.ReadAsync(connection => connection.Number("SELECT count(*) FROM (SELECT 1 FROM staff LIMIT 1)"), CancellationToken.None);
            return true;
        }
        catch (DatabaseUnreadableException)
        {
            return false;
        }
    }
}

/// <summary>Ready means that an event could be recorded now.</summary>
internal sealed class TrailHealth(AuditTrail trail, TimeProvider clock) : SharedCheck(clock)
{
    protected override Task<bool> LookAsync() => trail.IsWritableAsync();
}

/// <summary>Ready means that PocketBase answers and accepts the console's superuser.</summary>
internal sealed class PocketBaseHealth(SuperuserClient superuser, TimeProvider clock) : SharedCheck(clock)
{
    protected override async Task<bool> LookAsync()
    {
        try
        {
            await superuser.ProbeAsync(CancellationToken.None);
            return true;
        }
        catch (PocketBaseProblem)
        {
            return false;
        }
    }
}
