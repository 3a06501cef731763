using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>Those whom a text may mean.</summary>
/// <param name="Found">As they were last named.</param>
/// <param name="MayBeMore">Whether the trail has more events with these words than were looked through.</param>
public sealed record AuditPeople(IReadOnlyList<AuditSubject> Found, bool MayBeMore)
{
    /// <summary>The one who is meant; null when that isn't certain.</summary>
    public AuditSubject? Meant => Found is [var one] && !MayBeMore ? one : null;
}
