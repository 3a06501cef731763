using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>Lets people read the trail. Looking at it is an event of its own, recorded before the first entry is read.</summary>
public sealed class AuditBrowser(Pace pace, AuditTrail trail, AuditReader reader, TimeProvider clock)
{
    /// <summary>Records that somebody looks, and with which filters. Returns how long the trail is.</summary>
    public async Task<long> BeginAsync(CurrentStaff who, AuditFilter filter, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        var entry = await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditViewed, clock.GetUtcNow()) with { Detail = filter.Describe() });
        return entry.Sequence;
    }

    /// <summary>The next entries of a look that has begun.</summary>
    public async Task<AuditPage> ReadAsync(CurrentStaff who, AuditQuery query, AuditCursor? before, int take, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return await reader.ReadAsync(query, before, take, cancellationToken);
    }

    /// <summary>Everybody who ever acted, for the filter.</summary>
    public async Task<IReadOnlyList<SeenStaff>> StaffSeenAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return await reader.StaffSeenAsync(cancellationToken);
    }
}
