using System.Globalization;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>Lets people take the trail out of the house. That they do, and what, is recorded before the first byte of it leaves.</summary>
internal sealed class ExportDesk(ConsoleDb db, AuditTrail trail, AuditDesk desk, CheckpointDesk checkpoints, Pace pace, TimeProvider clock)
{
    /// <summary>Begins to take events out: what is asked is read, the stretch of the trail is fixed, and all of it is recorded.</summary>
    /// <exception cref="DutyRefusedException">They may not read the trail.</exception>
    /// <exception cref="ExportRefusedException">A filter can't be read, or doesn't say whom it means. Nothing is recorded.</exception>
    /// <exception cref="NotWrittenException">It can't be recorded, or the newest events can't be indexed.</exception>
    /// <exception cref="SigningKeyException">There is no checkpoint over the events that could be proved by it, and none can be signed.</exception>
    /// <exception cref="UnprovableException">The stored tree is damaged, so that there is none.</exception>
    public async Task<TrailExport> BeginAsync(CurrentStaff who, ExportWish wish, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        var question = FilterReading.Read(wish.Filter);
        if (question.Faults.Count > 0)
        {
            throw new ExportRefusedException($"Nothing is exported. {string.Join(' ', question.Faults.Values)}");
        }

        var (query, description) = (question.Query, question.Describe());
        if (question.Person is { } person)
        {
            var subject = await MeantAsync(who, person, cancellationToken);
            (query, description) = (query with { Subject = subject }, $"user {subject}");
        }

        var size = await db.ReadAsync(TreeTable.SizeOn, cancellationToken);
        if (wish.Until > size)
        {
            throw new ExportRefusedException(string.Create(CultureInfo.InvariantCulture, $"Nothing is exported: the trail has {size} events, so it can't be up to event {wish.Until}."));
        }

        await trail.IndexAsync(cancellationToken);
        var checkpoint = wish.Format == ExportFormat.JsonLines ? await SignedAsync(wish.Until, cancellationToken) : null;
        var until = wish.Until ?? checkpoint?.Size ?? size;
        var events = wish.After >= until ? "no event" : string.Create(CultureInfo.InvariantCulture, $"events {wish.After + 1} to {until}");
        await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditExported, clock.GetUtcNow()) with { Detail = $"{wish.Format.Name}: {description}; {events}" });
        return new TrailExport(db, token => who.DemandAsync(Duty.ReadAudit, token), wish.Format, query, checkpoint) { After = wish.After, Until = until };
    }

    /// <summary>The checkpoint that events up to a place are proved by: the oldest one over them, so that whoever asks again gets the same.</summary>
    private async Task<StoredCheckpoint> SignedAsync(long? until, CancellationToken cancellationToken) =>
        (until is { } end ? await db.ReadAsync(connection => CheckpointTable.Over(connection, end), cancellationToken) : null)
        ?? await checkpoints.MakeAsync()
        ?? throw new ExportRefusedException("Nothing is exported: there is no event yet.");

    private async Task<AuditSubjectKey> MeantAsync(CurrentStaff who, string person, CancellationToken cancellationToken)
    {
        var people = await desk.PeopleAsync(who, person, cancellationToken);
        return people.Meant is { } meant
            ? new AuditSubjectKey(meant.Collection, meant.Id)
            : throw new ExportRefusedException(people.Found.Count == 0
                ? "Nothing is exported: nobody is found by what the user filter says."
                : "Nothing is exported: the user filter may mean more than one. Choose whom on the audit page, or write collection/id.");
    }
}
