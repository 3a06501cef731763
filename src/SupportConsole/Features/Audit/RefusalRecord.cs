using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>Writes down what was refused for want of a role, or because somebody went too far.</summary>
internal sealed class RefusalRecord(AuditTrail trail, TimeProvider clock) : IRefusalRecord
{
    public Task RefusedAsync(ActingStaff staff, Duty duty) => RefusedAsync(staff, duty.ToString());

    public Task RefusedAsync(ActingStaff staff, string refused) =>
        trail.AppendAsync(staff.Begin(AuditEventTypes.PolicyDenied, clock.GetUtcNow()) with
        {
            Outcome = AuditOutcome.Denied,
            Detail = refused,
        });
}
