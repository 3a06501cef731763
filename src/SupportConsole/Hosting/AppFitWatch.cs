using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Access;

namespace SupportConsole.Hosting;

/// <summary>Looks at the start and once a minute, so that the log says what doesn't fit also where nobody asks for readiness.</summary>
internal sealed partial class AppFitWatch(AppFit fit, TimeProvider clock, ILogger<AppFitWatch> logger) : RecurringWork(TimeSpan.FromMinutes(1), clock)
{
    protected override Task WorkAsync(CancellationToken cancellationToken) => fit.CheckHealthAsync(new HealthCheckContext(), cancellationToken);

    [LoggerMessage(EventId = 9011, Level = LogLevel.Warning, Message = "Whether the settings fit the app couldn't be looked at; trying again in a minute")]
    protected override partial void LogFailed(Exception failure);
}
