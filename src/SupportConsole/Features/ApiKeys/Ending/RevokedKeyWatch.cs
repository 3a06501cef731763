using SupportConsole.Access;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>
/// Looks every half minute whether revoked keys stay revoked. Beside the keeper, not a part of it: what can't be finished must not hold
/// up the alarm.
/// </summary>
internal sealed partial class RevokedKeyWatch(KeyReturns returns, TimeProvider clock, ILogger<RevokedKeyWatch> logger) : RecurringWork(TimeSpan.FromSeconds(30), clock)
{
    protected override Task WorkAsync(CancellationToken cancellationToken) => returns.LookAsync(cancellationToken);

    [LoggerMessage(EventId = 8014, Level = LogLevel.Warning, Message = "Whether revoked API keys stay revoked couldn't be looked at; trying again")]
    protected override partial void LogFailed(Exception failure);
}
