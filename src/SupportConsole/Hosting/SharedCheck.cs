using Microsoft.Extensions.Diagnostics.HealthChecks;

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
