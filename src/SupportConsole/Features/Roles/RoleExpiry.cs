using SupportConsole.Access;

namespace SupportConsole.Features.Roles;

/// <summary>Notices every second which grants have lapsed, so that open windows lock without anybody asking.</summary>
internal sealed partial class RoleExpiry(RoleBook roles, TimeProvider clock, ILogger<RoleExpiry> logger) : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    /// <summary>The rights have ended by their date in any case; an entry that can't be written follows in a later round.</summary>
    protected override Task WorkAsync(CancellationToken cancellationToken) => roles.LapseAsync(cancellationToken);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Lapsed grants couldn't be recorded; trying again")]
    protected override partial void LogFailed(Exception failure);
}
