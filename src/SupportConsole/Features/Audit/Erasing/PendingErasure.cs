namespace SupportConsole.Features.Audit.Erasing;

/// <summary>An erasure that was recorded and isn't finished.</summary>
/// <param name="Sequence">The place of the event that tells of it: those before it are gone through.</param>
/// <param name="Person">Whose data.</param>
/// <param name="At">When it was asked for.</param>
internal sealed record PendingErasure(long Sequence, AuditSubjectKey Person, DateTimeOffset At);
