using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>Lets people read the trail. Looking at it is an event of its own, recorded before the first entry is read.</summary>
internal sealed class AuditDesk(Pace pace, AuditTrail trail, AuditReader reader, IUserFinder users, TimeProvider clock)
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
            question is { Faults.Count: 0, Person: { } person } ? await PeopleAsync(who, person, cancellationToken) : null);
    }

    /// <summary>The next entries of a look that has begun.</summary>
    public async Task<AuditPage> ReadAsync(CurrentStaff who, AuditQuery query, AuditCursor? before, int take, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return await reader.ReadAsync(query, before, take, cancellationToken);
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
    internal async Task<AuditPeople> PeopleAsync(CurrentStaff who, string person, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
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
