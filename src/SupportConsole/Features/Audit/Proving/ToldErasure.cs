namespace SupportConsole.Features.Audit.Proving;

/// <summary>An event that tells of an erasure.</summary>
/// <param name="At">Its instant, which stands in the place of what was erased.</param>
/// <param name="Sequence">Its place: only what came before was erased.</param>
/// <param name="Person">Whose data it was.</param>
internal readonly record struct ToldErasure(DateTimeOffset At, long Sequence, AuditSubjectKey Person);
