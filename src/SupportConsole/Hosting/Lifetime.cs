using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.ViewAs;

namespace SupportConsole.Hosting;

/// <summary>
/// Records the first and the last of a run: that the console started, in one commit with the ends of the sessions that an earlier stop
/// left open, and that it stopped.
/// </summary>
internal sealed partial class Lifetime(AuditTrail trail, SessionEnds ends, TimeProvider clock, ILogger<Lifetime> logger)
    : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    protected override bool GoesOn => !HasBegun;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(() => trail.AppendAsync(Happened(AuditEventTypes.SystemStopped)), CancellationToken.None);
    }

    protected override async Task BeginAsync(CancellationToken cancellationToken) =>
        await trail.AppendAsync([.. await ends.LeftOpenAsync(cancellationToken), Happened(AuditEventTypes.SystemStarted)]);

    protected override Task WorkAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private AuditEvent Happened(string type) => new(type, Clock.GetUtcNow(), AuditActor.System);

    [LoggerMessage(EventId = 9012, Level = LogLevel.Warning, Message = "That the console started or stopped couldn't be recorded; a start is tried again in a second")]
    protected override partial void LogFailed(Exception failure);
}
