using System.Globalization;
using System.IO.Pipelines;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>Lets people take the trail out of the house. That they do, and what, is recorded before the first byte of it leaves.</summary>
internal sealed class ExportDesk(ConsoleDb db, AuditTrail trail, AuditDesk desk, CheckpointDesk checkpoints, ExportFeed feed, Pace pace, TimeProvider clock)
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
        try
        {
            return await BeginAsync(who, staff, wish, cancellationToken);
        }
        catch (ExplainedException refusal) when (refusal is not TooOftenException)
        {
            // A browser says of a download that was refused no more than that it failed. One of too many would have windows say so all the time.
            var refused = new ExportProgress(staff.Member.Id, wish, "", clock);
            refused.Refuse(refusal);
            await feed.BeginAsync(refused);
            throw;
        }
    }

    /// <summary>Sends one that has begun; its person's windows say how far it is.</summary>
    /// <inheritdoc cref="TrailExport.WriteAsync" />
    public async Task<long> SendAsync(TrailExport export, PipeWriter to, CancellationToken cancellationToken)
    {
        await feed.BeginAsync(export.Progress!);
        return await export.WriteAsync(to, cancellationToken);
    }

    /// <summary>Whose window it is, and their own exports as far as they are remembered, the newest first.</summary>
    /// <exception cref="DutyRefusedException">They may not read the trail.</exception>
    public async Task<(StaffId Who, IReadOnlyList<ExportProgress> Exports)> OwnAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return (staff.Member.Id, feed.Of(staff.Member.Id));
    }

    private async Task<TrailExport> BeginAsync(CurrentStaff who, ActingStaff staff, ExportWish wish, CancellationToken cancellationToken)
    {
        await pace.KeepAsync(staff, Limit.Reads);
        var question = await MeantAsync(who, staff, FilterReading.Read(wish.Filter), cancellationToken);
        var (query, description) = (question.Query, question.Describe());
        var size = await db.ReadAsync(TreeTable.SizeOn, cancellationToken);
        if (wish.Until > size)
        {
            throw new ExportRefusedException(string.Create(CultureInfo.InvariantCulture, $"Nothing is exported: the trail has {size} events, so it can't be up to event {wish.Until}."));
        }

        if (wish.After > size)
        {
            throw new ExportRefusedException(string.Create(CultureInfo.InvariantCulture, $"Nothing is exported: the trail has {size} events, so none comes after event {wish.After}."));
        }

        await trail.IndexAsync(cancellationToken);
        var checkpoint = wish.Format == ExportFormat.JsonLines ? await SignedAsync(wish.Until, cancellationToken) : null;
        var until = wish.Until ?? checkpoint?.Size ?? size;
        var events = wish.After >= until ? "no event" : string.Create(CultureInfo.InvariantCulture, $"events {wish.After + 1} to {until}");
        await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditExported, clock.GetUtcNow()) with { Detail = $"{wish.Format.Name}: {description}; {events}" });
        return new TrailExport(db, token => who.DemandAsync(Duty.ReadAudit, token), wish.Format, query, checkpoint)
        {
            After = wish.After,
            Until = until,
            Progress = new ExportProgress(staff.Member.Id, wish with { Until = until }, description, clock),
        };
    }

    /// <summary>The checkpoint that events up to a place are proved by: the oldest one over them, so that whoever asks again gets the same.</summary>
    private async Task<StoredCheckpoint> SignedAsync(long? until, CancellationToken cancellationToken) =>
        (until is { } end ? await db.ReadAsync(connection => CheckpointTable.Over(connection, end), cancellationToken) : null)
        ?? await checkpoints.MakeAsync()
        ?? throw new ExportRefusedException("Nothing is exported: there is no event yet.");

    /// <summary>The question with ids in the place of whom it names otherwise.</summary>
    private async Task<FilterReading> MeantAsync(CurrentStaff who, ActingStaff staff, FilterReading question, CancellationToken cancellationToken)
    {
        while (question is { Faults.Count: 0, Wanted: { } wanted })
        {
            // Whether somebody is there is an answer too.
            await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditViewed, clock.GetUtcNow()) with { Detail = question.Describe() });
            var people = await desk.PeopleAsync(who, wanted, cancellationToken);
            question = FilterReading.Read(wanted.AddressOf(people.Meant ?? throw new ExportRefusedException(people.Found.Count == 0
                ? $"Nothing is exported: nobody is found by what the filter of {(wanted.IsStaff ? "staff members" : "users")} says."
                : $"Nothing is exported: the filter of {(wanted.IsStaff ? "staff members" : "users")} may mean more than one. Choose whom on the audit page, or write an id.")));
        }

        return question.Faults.Count == 0 ? question : throw new ExportRefusedException($"Nothing is exported. {string.Join(' ', question.Faults.Values)}");
    }
}
