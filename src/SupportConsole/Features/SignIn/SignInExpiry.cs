using SupportConsole.Core;

namespace SupportConsole.Features.SignIn;

/// <summary>Notices which sign-ins have grown too old or idle, so that open windows lock and sessions end without anybody asking.</summary>
internal sealed partial class SignInExpiry(SignInDesk desk, TimeProvider clock, ILogger<SignInExpiry> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await desk.EndOverdueAsync(stoppingToken);
            }
            catch (ExplainedException failure)
            {
                // They open nothing in any case; the entry follows at a later tick.
                LogNotRecorded(failure);
            }
        }
    }

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "Sign-ins that are over couldn't be recorded; trying again")]
    private partial void LogNotRecorded(Exception failure);
}
