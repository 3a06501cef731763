using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Has the log verified, one at a time for the whole console, and sees to it that nobody overlooks what is found: an event, an alert in the
/// log, and a badge that stays until another verification finds everything in order.
/// </summary>
internal sealed partial class Verification(
    TrailVerifier verifier, AuditTrail trail, ConsoleDb db, TimeProvider clock, ILogger<Verification> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>What the last one said; null before the first.</summary>
    public Task<Verdict?> LastAsync(CancellationToken cancellationToken) => db.ReadAsync(VerificationTable.Last, cancellationToken);

    /// <summary>Verifies all of it on somebody's behalf.</summary>
    /// <param name="who">Who asks; they must be allowed to read the trail.</param>
    /// <param name="progress">Told how many events are done, and of how many.</param>
    /// <param name="cancellationToken">Gives up; nothing is said then.</param>
    /// <exception cref="DutyRefusedException">They may not.</exception>
    /// <exception cref="VerificationBusyException">Another one goes on.</exception>
    /// <exception cref="NotWrittenException">What was found can't be recorded.</exception>
    public async Task<Verdict> RunAsync(CurrentStaff who, IProgress<(long Done, long Of)>? progress, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new VerificationBusyException();
        }

        // Not on the caller's thread, which is a window's: it goes on answering meanwhile.
        return await RunInTurnAsync(
            () => Task.Run(() => verifier.VerifyAsync(null, progress, cancellationToken), cancellationToken), () => staff.Begin(AuditEventTypes.AuditVerified, clock.GetUtcNow()));
    }

    /// <summary>Verifies all of it for the console itself, after whatever goes on.</summary>
    /// <exception cref="NotWrittenException">What was found can't be recorded.</exception>
    public async Task<Verdict> RunAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        return await RunInTurnAsync(() => verifier.VerifyAsync(null, null, cancellationToken), OwnEvent);
    }

    /// <summary>Verifies the end of it, as each start does. A fault that an earlier verification found isn't forgotten by that.</summary>
    public async Task<Verdict> RunAtStartAsync(CancellationToken cancellationToken)
    {
        var verdict = await verifier.VerifyTailAsync(cancellationToken);
        if (!verdict.IsGood)
        {
            return await KeepAsync(verdict, OwnEvent());
        }

        return verdict;
    }

    /// <summary>Keeps a verdict as the last one, and tells of a bad one wherever somebody may look.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="verified">The event that says who asked for it.</param>
    /// <returns>What is kept: a log that a witness contradicts isn't in order, whatever was found in it.</returns>
    /// <exception cref="NotWrittenException">It can't be recorded; the log has it.</exception>
    public async Task<Verdict> KeepAsync(Verdict found, AuditEvent verified)
    {
        if (!found.IsGood)
        {
            foreach (var fault in found.Faults)
            {
                LogFault(fault.Kind, fault.Text);
            }

            LogFailed(found.FaultCount, found.Size);
        }

        var verdict = found;
        await trail.AppendAsync(connection =>
        {
            verdict = found.With([.. WitnessTable.Alarms(connection).Select(Fork)]);
            VerificationTable.Keep(connection, verdict);
            return
            [
                verdict.IsGood
                    ? verified with { Detail = $"{verdict.Size} events, {verdict.Checkpoints} checkpoints: in order" }
                    : Failed(verified, $"{verdict.FaultCount} faults in {verdict.Size} events: {verdict.Faults[0].Text}"),
            ];
        });
        return verdict;
    }

    /// <summary>
    /// Keeps that a witness contradicts the log, and tells of it once. From then on the verdict is bad, until the witness cosigns again and
    /// a verification after that finds everything in order.
    /// </summary>
    /// <param name="witness">The witness's key.</param>
    /// <param name="says">What it says, as a sentence.</param>
    /// <exception cref="NotWrittenException">It can't be recorded; the log has it.</exception>
    public async Task KeepAlarmAsync(NoteKey witness, string says)
    {
        if (db.Read(connection => WitnessTable.Of(connection, witness), CancellationToken.None).Alarm is null)
        {
            LogFault(TrailFaultKind.Forked, says);
            LogContradicted();
        }

        var at = clock.GetUtcNow();
        await trail.AppendAsync(connection =>
        {
            var isNew = WitnessTable.Of(connection, witness).Alarm is null;
            WitnessTable.SetAlarm(connection, witness, says, at);
            if (!isNew)
            {
                return [];
            }

            var size = TreeTable.SizeOn(connection);
            var last = VerificationTable.Last(connection) ?? new Verdict(size, at, [], 0, 0, 0);
            VerificationTable.Keep(connection, last.With([Fork(says)]) with { Size = size, At = at });
            return [Failed(new AuditEvent(AuditEventTypes.AuditIntegrityFailed, at, AuditActor.System), says)];
        });
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private async Task<Verdict> RunInTurnAsync(Func<Task<Verdict>> verify, Func<AuditEvent> verified)
    {
        try
        {
            return await KeepAsync(await verify(), verified());
        }
        finally
        {
            _one.Release();
        }
    }

    private AuditEvent OwnEvent() => new(AuditEventTypes.AuditVerified, clock.GetUtcNow(), AuditActor.System);

    private static TrailFault Fork(string says) => new(TrailFaultKind.Forked, null, says);

    private static AuditEvent Failed(AuditEvent verified, string detail) =>
        verified with { Type = AuditEventTypes.AuditIntegrityFailed, Outcome = AuditOutcome.Failed, Detail = detail };

    [LoggerMessage(EventId = 3012, Level = LogLevel.Critical, Message = "ALERT: the audit log doesn't verify: {Count} faults in {Size} events. Keep a copy of the database and the checkpoints as they are, and look at the audit page")]
    private partial void LogFailed(long count, long size);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Critical, Message = "The audit log doesn't verify ({Kind}): {What}")]
    private partial void LogFault(TrailFaultKind kind, string what);

    [LoggerMessage(EventId = 3014, Level = LogLevel.Critical, Message = "ALERT: a witness contradicts the audit log. Keep a copy of the database and the checkpoints as they are, and look at the audit page")]
    private partial void LogContradicted();
}
