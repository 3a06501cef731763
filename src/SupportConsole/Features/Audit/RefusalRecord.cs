using SupportConsole.Access;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>Writes down each operation that was refused for want of a role.</summary>
internal sealed class RefusalRecord(AuditTrail trail, TimeProvider clock) : IRefusalRecord
{
    public Task RefusedAsync(ActingStaff staff, string detail) =>
        trail.AppendAsync(staff.Begin(AuditEventTypes.PolicyDenied, clock.GetUtcNow()) with
        {
            Outcome = AuditOutcome.Denied,
            Detail = detail,
        });
}
