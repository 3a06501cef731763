using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Tells people how the log stands, and gives them the proof of an event.</summary>
internal sealed class ProofDesk(
    ConsoleDb db, AuditTrail trail, CheckpointDesk checkpoints, LogExport export, Witnesses witnesses, Pace pace, IOptions<AuditOptions> options, TimeProvider clock)
{
    /// <summary>How far the log is verified and signed.</summary>
    /// <exception cref="DutyRefusedException">They may not read the trail.</exception>
    public async Task<ProofState> StateAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        var cosigned = await witnesses.StatesAsync(cancellationToken);
        var patience = TimeSpan.FromMinutes(3 * options.Value.CheckpointMinutes);
        return await db.ReadAsync(
            connection =>
            {
                using var moment = connection.BeginTransaction(deferred: true);
                var newest = CheckpointTable.Newest(connection);
                return new ProofState(VerificationTable.Last(connection), newest, WaitingSince(connection, newest?.Size ?? 0), patience, checkpoints.Hindrance) 
                {
                    Witnesses = cosigned, Retention = PurgeTable.State(connection),
                };
            },
            cancellationToken);
    }

    /// <summary>The proof of one event, to be taken away, which is recorded before it is made; null where there is no such event.</summary>
    /// <exception cref="DutyRefusedException">They may not read the trail.</exception>
    /// <exception cref="NotWrittenException">It can't be recorded.</exception>
    /// <exception cref="SigningKeyException">There is no checkpoint over the event, and none can be signed.</exception>
    /// <exception cref="UnprovableException">The stored tree is damaged.</exception>
    public async Task<LogProof?> ProveAsync(CurrentStaff who, long sequence, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        if (sequence < 1 || sequence > await db.ReadAsync(TreeTable.SizeOn, cancellationToken))
        {
            return null;
        }

        await pace.KeepAsync(staff, Limit.Reads);
        await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditExported, clock.GetUtcNow()) with { Detail = $"the proof of event {sequence}" });
        return await export.ProveAsync(sequence, cancellationToken);
    }

    private static DateTimeOffset? WaitingSince(SqliteConnection connection, long signed)
    {
        if (CheckpointTable.Unpublished(connection, 1) is [var unpublished])
        {
            return unpublished.MadeAt;
        }

        using var command = connection.Prepare("SELECT time FROM audit_event WHERE seq > $signed ORDER BY seq LIMIT 1", ("$signed", signed));
        return command.ExecuteScalar() is long time ? StoredTime.ToInstant(time) : null;
    }
}
