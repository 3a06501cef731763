using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>Writes down each operation that was refused for want of a role.</summary>
internal sealed class RefusalRecord(AuditTrail trail, TimeProvider clock) : IRefusalRecord
{
    public Task RefusedAsync(ActingStaff staff, Duty duty) =>
        trail.AppendAsync(staff.Begin(AuditEventTypes.PolicyDenied, clock.GetUtcNow()) with
        {
            Outcome = AuditOutcome.Denied,
            Detail = duty.ToString(),
        });
}
