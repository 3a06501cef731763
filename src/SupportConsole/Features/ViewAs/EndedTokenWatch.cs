using SupportConsole.Access;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Tells PocketBase again of ends that it hasn't confirmed: after a second, and then less and less often. Beside the watch over sessions, not a
/// part of it: a PocketBase that doesn't answer must not hold up the time box.
/// </summary>
internal sealed partial class EndedTokenWatch(EndedTokens tokens, TimeProvider clock, ILogger<EndedTokenWatch> logger) : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(32);

    private TimeSpan _pause;

    protected override Task BeginAsync(CancellationToken cancellationToken) => tokens.TakeUpAsync(cancellationToken);

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var isDone = false;
        try
        {
            isDone = await tokens.TryAgainAsync(cancellationToken);
        }
        finally
        {
            _pause = isDone ? TimeSpan.Zero : _pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : _pause < s_longestPause ? _pause * 2 : s_longestPause;
            RestFor(_pause);
        }
    }

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "That PocketBase refuses the tokens of sessions that are over couldn't be seen to; trying again")]
    protected override partial void LogFailed(Exception failure);
}
