using SupportConsole.Access;

namespace SupportConsole.Features.SignIn;

/// <summary>Notices which sign-ins have grown too old or idle, so that open windows lock and sessions end without anybody asking.</summary>
internal sealed partial class SignInExpiry(SignInDesk desk, TimeProvider clock, ILogger<SignInExpiry> logger) : RecurringWork(TimeSpan.FromSeconds(5), clock)
{
    /// <summary>They open nothing in any case; an entry that can't be written follows in a later round.</summary>
    protected override Task WorkAsync(CancellationToken cancellationToken) => desk.EndOverdueAsync(cancellationToken);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "Sign-ins that are over couldn't be recorded; trying again")]
    protected override partial void LogFailed(Exception failure);
}
