using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Folding;

namespace SupportConsole.Features.Audit;

/// <summary>Lets people read the trail. Looking at it is an event of its own, recorded before the first entry is read.</summary>
internal sealed class AuditDesk(Pace pace, AuditTrail trail, AuditReader reader, TrailFolding folding, IUserFinder users, TimeProvider clock)
{
    /// <summary>Records that somebody looks, and with which filters, and finds whom they mean.</summary>
    public async Task<AuditLook> BeginAsync(CurrentStaff who, AuditAddress filter, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        var question = FilterReading.Read(filter);
        var entry = await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditViewed, clock.GetUtcNow()) with { Detail = question.Describe() });
        return new AuditLook(
            entry.Sequence,
            question,
            await reader.StaffSeenAsync(cancellationToken),
            question is { Faults.Count: 0, Person: { } person } ? await FindAsync(who, person, cancellationToken) : null);
    }

    /// <summary>The next entries of a look that has begun.</summary>
    public async Task<AuditPage> ReadAsync(CurrentStaff who, AuditQuery query, AuditCursor? before, int take, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return await reader.ReadAsync(query, before, take, cancellationToken);
    }

    /// <summary>The next rows of a look that has begun.</summary>
    /// <param name="who">Whoever looks.</param>
    /// <param name="query">The filters.</param>
    /// <param name="begin">Where the list begins; null for where this page does.</param>
    /// <param name="before">Where the page before ended; null for the newest.</param>
    /// <param name="take">How many entries are made rows of.</param>
    /// <param name="bySession">Whether all of a session is one row.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    public async Task<TrailPage> RowsAsync(
        CurrentStaff who, AuditQuery query, AuditCursor? begin, AuditCursor? before, int take, bool bySession, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(who, query, before, take, cancellationToken);
        return new TrailPage(
            (begin ?? page.Begin) is { } from ? await folding.RowsAsync(query, from, page.Entries, bySession, cancellationToken) : [],
            page.Next,
            page.Begin);
    }

    /// <summary>One entry by its place, as a verification names it, whatever the filters are; null where there is none. A look of its own, and recorded as one.</summary>
    public async Task<AuditEntry?> FindAsync(CurrentStaff who, long sequence, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditViewed, clock.GetUtcNow()) with { Detail = $"event {sequence}" });
        return await reader.FindAsync(sequence, cancellationToken);
    }

    /// <summary>
    /// Those whom a text names: first as the trail itself names them, which knows also who is gone; an e-mail address or a new name only
    /// the app knows.
    /// </summary>
    private async Task<AuditPeople> FindAsync(CurrentStaff who, string person, CancellationToken cancellationToken)
    {
        var people = await reader.PeopleAsync(person, cancellationToken);
        return people.Found.Count > 0
            ? people
            : people with
            {
                Found = [.. (await users.FindByTextAsync(who, person, cancellationToken))
                    .Select(user => new AuditSubject(user.Id.Collection, user.Id.Record, user.Name))],
            };
    }
}
