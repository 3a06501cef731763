using SupportConsole.Access;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Ends the sessions with users who are gone or newly protected. Beside the watch over sessions, not a part of it: a PocketBase that
/// doesn't answer must not hold up the time box.
/// </summary>
internal sealed partial class ViewedUserWatch(LiveSessions sessions, SessionEnds ends, TimeProvider clock, ILogger<ViewedUserWatch> logger)
    : RecurringWork(TimeSpan.FromMinutes(1), clock)
{
    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        foreach (var session in sessions.All())
        {
            await TryAsync(
                async () =>
                {
                    if (await ends.ReasonForAsync(session, cancellationToken) is { } reason)
                    {
                        await ends.EndAsync(session.Id, reason);
                    }
                },
                cancellationToken);
        }
    }

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Whether viewed users are still there and unprotected couldn't be looked at; trying again in a minute")]
    protected override partial void LogFailed(Exception failure);
}
