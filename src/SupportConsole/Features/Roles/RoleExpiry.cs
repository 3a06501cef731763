using SupportConsole.Core;

namespace SupportConsole.Features.Roles;

/// <summary>Notices every second which grants have lapsed, so that open windows lock without anybody asking.</summary>
internal sealed partial class RoleExpiry(RoleBook roles, TimeProvider clock, ILogger<RoleExpiry> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await roles.LapseAsync(stoppingToken);
            }
            catch (ExplainedException failure)
            {
                // The rights have ended by their date in any case; the entry follows at a later tick.
                LogLapseFailed(failure);
            }
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Lapsed grants couldn't be recorded; trying again")]
    private partial void LogLapseFailed(Exception failure);
}
