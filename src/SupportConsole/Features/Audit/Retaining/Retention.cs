using System.Globalization;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Retaining;

/// <summary>
/// Removes events that have grown too old by the rule, from the first on. It is announced a day before; what goes is verified first, recorded,
/// and signed and published with its record, before the first of it is gone. The hashes stay, so that every proof of the rest still holds.
/// </summary>
internal sealed partial class Retention(
    AuditTrail trail, Verification verification, CheckpointDesk checkpoints, ConsoleDb db, ConsoleWriter writer, IOptions<AuditOptions> options,
    TimeProvider clock, ILogger<Retention> logger) : RecurringWork(TimeSpan.FromHours(1), clock)
{
    /// <summary>Lets a test stop between two pieces.</summary>
    internal Action? PieceDone { get; set; }

    /// <summary>Lets a test come between a verification and the purge.</summary>
    internal Action? Verified { get; set; }

    /// <inheritdoc />
    protected override Task WorkAsync(CancellationToken cancellationToken) => KeepRuleAsync(cancellationToken);

    /// <summary>One round: goes on with what has begun, carries out what was announced, or announces what comes next.</summary>
    /// <exception cref="Core.ExplainedException">Something stands in the way; the next round tries again.</exception>
    internal async Task KeepRuleAsync(CancellationToken cancellationToken)
    {
        if (await db.ReadAsync(PurgeTable.Unfinished, cancellationToken) is { } begun)
        {
            if (!await IsInOrderAsync(cancellationToken))
            {
                return;
            }

            await FinishAsync(begun, cancellationToken);
        }

        var now = Clock.GetUtcNow();
        var plan = await db.ReadAsync(PurgeTable.Plan, cancellationToken);
        if (options.Value.KeepDays is var days && days == 0)
        {
            await ReplaceAsync(plan, null);
            return;
        }

        if (plan is not null && plan.StandsAt(now) && now < plan.DueAt)
        {
            return;
        }

        // Asked for a day too much, so that it comes once a day and not every hour.
        var cutoff = now.AddDays(-days);
        var through = await db.ReadAsync(PurgeTable.Oldest, cancellationToken) < cutoff - (plan is null ? TimeSpan.FromDays(1) : TimeSpan.Zero)
            ? await db.ReadAsync(connection => PurgeTable.LastBefore(connection, cutoff), cancellationToken)
            : 0;
        if (through == 0 || plan is null || !plan.StandsAt(now))
        {
            await ReplaceAsync(plan, through == 0 ? null : new PurgePlan(now, through));
            return;
        }

        await PurgeAsync(Math.Min(through, plan.Through), days, cancellationToken);
    }

    /// <summary>Nothing that is wrong goes with what is old: it would never be found. Where something is, that is told once a day.</summary>
    private async Task<bool> IsInOrderAsync(CancellationToken cancellationToken)
    {
        if ((await verification.RunAsync(cancellationToken)).IsGood)
        {
            Verified?.Invoke();
            return true;
        }

        RestFor(PurgePlan.Notice);
        LogNotInOrder();
        return false;
    }

    private async Task ReplaceAsync(PurgePlan? old, PurgePlan? plan)
    {
        if (old == plan)
        {
            return;
        }

        await writer.WriteAsync(connection => PurgeTable.SetPlan(connection, plan));
        if (plan is not null)
        {
            LogPlanned(plan.Through, options.Value.KeepDays, plan.DueAt);
        }
    }

    private async Task PurgeAsync(long through, int days, CancellationToken cancellationToken)
    {
        if (!await IsInOrderAsync(cancellationToken))
        {
            return;
        }

        await trail.IndexAsync(cancellationToken);
        var gone = (await db.ReadAsync(PurgeTable.State, cancellationToken)).Purged;
        var (now, age) = (Clock.GetUtcNow(), string.Create(CultureInfo.InvariantCulture, $"older than {days} days"));
        var recorded = await trail.AppendAsync(
            new AuditEvent(AuditEventTypes.AuditPurged, now, AuditActor.System)
            {
                Target = new AuditTarget(PurgeTable.Target) { Count = checked((int)through) },
                Category = age,
                Detail = $"{RetentionState.Named(gone + 1, through)}, {age}",
            },
            connection =>
            {
                if (!PurgeTable.IsShipped(connection, through))
                {
                    throw new PurgeWaitsException(); // One that was configured meanwhile.
                }

                PurgeTable.Begin(connection, now, through);
            });
        await FinishAsync(new Purge(recorded.Sequence, through), cancellationToken);
    }

    private async Task FinishAsync(Purge purge, CancellationToken cancellationToken)
    {
        // Signed and outside the house before the first of it is gone. Each attempt takes out some of those that have waited, or throws.
        do
        {
            await checkpoints.MakeAsync();
        }
        while (!await db.ReadAsync(connection => PurgeTable.IsPublished(connection, purge), cancellationToken));

        while (await writer.InTurnAsync(connection => PurgeTable.RemoveSome(connection, purge)))
        {
            PieceDone?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
        }

        await Remnants.ClearAsync(writer);
        await writer.WriteAsync(connection => PurgeTable.Finish(connection, purge));
        LogPurged(purge.Through, purge.Sequence);
    }

    [LoggerMessage(EventId = 3030, Level = LogLevel.Warning, Message = "A purge isn't finished yet; trying again")]
    protected override partial void LogFailed(Exception failure);

    [LoggerMessage(EventId = 3031, Level = LogLevel.Warning, Message = "The audit trail's events up to {Through} are older than {Days} days and will be purged after {DueAt:u}")]
    private partial void LogPlanned(long through, int days, DateTimeOffset dueAt);

    [LoggerMessage(EventId = 3032, Level = LogLevel.Error, Message = "Nothing is purged while the audit trail isn't in order")]
    private partial void LogNotInOrder();

    [LoggerMessage(EventId = 3033, Level = LogLevel.Information, Message = "The audit trail's events up to {Through} are purged, as event {Sequence} tells")]
    private partial void LogPurged(long through, long sequence);
}
