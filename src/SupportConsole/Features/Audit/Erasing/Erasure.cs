using System.Globalization;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Erasing;

/// <summary>
/// Erases one person's names, and what was written about them, from the trail and the tables beside it, for good: every event keeps its
/// place, its bytes and its hash. What was begun is brought to its end, by the next start if need be.
/// </summary>
internal sealed partial class Erasure(
    AuditTrail trail, AuditReader reader, ConsoleDb database, ConsoleWriter writer, RefusalRecord refusals, IEnumerable<IPersonalRecords> records, TimeProvider clock,
    ILogger<Erasure> logger) : RecurringWork(TimeSpan.FromSeconds(30), clock)
{
#pragma warning disable CA2213 // A host may stop its services after it has disposed of them, and this has nothing to release.
    private readonly SemaphoreSlim _erasing = new(1);
#pragma warning restore CA2213

    /// <summary>Lets a test stop between two pieces.</summary>
    internal Action? PieceDone { get; set; }

    /// <summary>How many events an erasure of this person would find.</summary>
    /// <exception cref="NotWrittenException">The newest events can't be indexed, so the answer would lack them.</exception>
    public async Task<ErasureCount> CountAsync(CurrentStaff who, AuditSubjectKey person, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ErasePersonalData, cancellationToken);
        return await CountAsync(person, cancellationToken);
    }

    /// <summary>
    /// Erases: of an app's user, what the events about them say of them; of a colleague, what the events of their doing say of who acted too.
    /// That it is done is recorded first, with the id and without the name.
    /// </summary>
    /// <param name="who">Who asks for it.</param>
    /// <param name="person">Whose data; <see cref="AuditSubject.Staff"/> for a colleague.</param>
    /// <param name="reason">Why. It stays, and so must not name the person.</param>
    /// <param name="cancellationToken">Gives up before it has begun, never after.</param>
    /// <returns>What was erased, and what can't be.</returns>
    /// <exception cref="ProofTooOldException">Who acts has to confirm who they are first.</exception>
    /// <exception cref="ErasureRefusedException">A rule stands against it; recorded.</exception>
    /// <exception cref="NotWrittenException">It isn't certain that it has begun, or it has and goes on by itself.</exception>
    public async Task<ErasureCount> EraseAsync(CurrentStaff who, AuditSubjectKey person, ReasonText reason, CancellationToken cancellationToken)
    {
        var staff = await who.DemandProvenAsync(Duty.ErasePersonalData, cancellationToken);
        var now = Clock.GetUtcNow();
        var entry = staff.Begin(AuditEventTypes.AuditErased, now) with { Subject = new AuditSubject(person.Collection, person.Id, "") };
        PendingErasure erasure;
        try
        {
            await RequireReasonAsync(person, reason, cancellationToken);
            var count = await CountAsync(person, cancellationToken);
            var recorded = await trail.AppendAsync(
                entry with { Reason = reason.Text, Detail = string.Create(CultureInfo.InvariantCulture, $"{count.Events} {(count.Events == 1 ? "event" : "events")}") },
                connection =>
                {
                    if (TrailTable.OpenSessions(connection).Any(opened => IsOf(person, opened.Event)))
                    {
                        throw new ErasureRefusedException("A session of this person's is still open. End it first, then erase.");
                    }

                    if (records.Select(kept => kept.Against(connection, person, now)).OfType<string>().FirstOrDefault() is { } against)
                    {
                        throw new ErasureRefusedException(against);
                    }

                    ErasureTable.Begin(connection, person, now);
                    foreach (var kept in records)
                    {
                        kept.Erase(connection, person);
                    }
                });
            erasure = new PendingErasure(recorded.Sequence, person, now);
        }
        catch (ErasureRefusedException refusal)
        {
            // Without the reason: it may be what was refused.
            await refusals.RefusedAsync(entry with { Detail = refusal.Message });
            throw;
        }

        await FinishAsync();
        return await database.ReadAsync(connection => ErasureTable.Done(connection, erasure), CancellationToken.None);
    }

    /// <summary>Brings every erasure that has begun to its end.</summary>
    /// <exception cref="NotWrittenException">Something stands in the way; the next round goes on where this one stopped.</exception>
    internal async Task FinishAsync()
    {
        await _erasing.WaitAsync(CancellationToken.None);
        try
        {
            var unfinished = await database.ReadAsync(ErasureTable.Unfinished, CancellationToken.None);
            if (unfinished.Count == 0)
            {
                return;
            }

            foreach (var erasure in unfinished)
            {
                while (await writer.InTurnAsync(connection => ErasureTable.EraseSome(connection, erasure)))
                {
                    PieceDone?.Invoke();
                }
            }

            await Remnants.ClearAsync(writer);
            foreach (var erasure in unfinished)
            {
                await writer.WriteAsync(connection => ErasureTable.Finish(connection, erasure));
                LogErased(erasure.Sequence);
            }
        }
        finally
        {
            _erasing.Release();
        }
    }

    /// <summary>What stands against the reason of an erasure, as a sentence; null when nothing does.</summary>
    internal static string? CheckReason(ReasonText reason) => reason.Against("say why the data goes");

    /// <inheritdoc />
    protected override Task WorkAsync(CancellationToken cancellationToken) => FinishAsync();

    private async Task<ErasureCount> CountAsync(AuditSubjectKey person, CancellationToken cancellationToken)
    {
        await trail.IndexAsync(cancellationToken);
        return await database.ReadAsync(connection => ErasureTable.Count(connection, person), cancellationToken);
    }

    private async Task RequireReasonAsync(AuditSubjectKey person, ReasonText reason, CancellationToken cancellationToken)
    {
        if (CheckReason(reason) is { } against)
        {
            throw new ErasureRefusedException(against);
        }

        if (person is { Collection: AuditSubject.Staff } && person.Id == StaffId.System.Value)
        {
            throw new ErasureRefusedException("This is the console itself, and nobody's data.");
        }

        foreach (var name in await NamesAsync(person, cancellationToken))
        {
            if (name.Length > 2 && reason.Text.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                throw new ErasureRefusedException("The reason names the person, and it stays in the trail. Write it without the name.");
            }
        }
    }

    /// <summary>What the newest events call them.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync(AuditSubjectKey person, CancellationToken cancellationToken)
    {
        var about = await reader.ReadAsync(new AuditQuery { Subject = person }, null, 20, cancellationToken);
        var by = person.Collection == AuditSubject.Staff
            ? await reader.ReadAsync(new AuditQuery { Actor = new StaffId(person.Id) }, null, 20, cancellationToken)
            : new AuditPage([], null);
        return
        [
            .. about.Entries.Where(entry => !entry.IsDamaged).Select(entry => entry.Event.Subject!.Name)
                .Concat(by.Entries.Where(entry => !entry.IsDamaged).Select(entry => entry.Event.Actor.Name)).Distinct(),
        ];
    }

    private static bool IsOf(AuditSubjectKey person, AuditEvent occurred) =>
        person.IsOf(occurred) || (person.Collection == AuditSubject.Staff && occurred.Actor.Id.Value == person.Id);

    /// <inheritdoc />
    [LoggerMessage(EventId = 3008, Level = LogLevel.Warning, Message = "An erasure isn't finished yet; trying again")]
    protected override partial void LogFailed(Exception failure);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Information, Message = "The erasure that event {Sequence} tells of is finished")]
    private partial void LogErased(long sequence);
}
