using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Dossier;

namespace SupportConsole.Features.ViewAs;

/// <summary>What the trail keeps of a session once it has ended.</summary>
/// <param name="Opened">The entry of its start.</param>
/// <param name="Ended">The entry of its end.</param>
/// <param name="Reason">Why it ended; null for a word this version doesn't know.</param>
/// <param name="Own">Whether it was the reader's own.</param>
public sealed record EndedSession(AuditEntry Opened, AuditEntry Ended, EndReason? Reason, bool Own)
{
    /// <summary>What happened in it, page by page.</summary>
    public required SessionOutline Outline { get; init; }
}
