namespace SupportConsole.Features.Audit.Proving;

/// <summary>What of an event was erased.</summary>
/// <param name="At">The instant that stands in its place.</param>
/// <param name="Person">Who acted, or whom it was about; null for nobody.</param>
/// <param name="IsAbout">Whether it is what was said of whom it was about, which goes too where it names a colleague who is erased.</param>
internal readonly record struct ErasedGroup(DateTimeOffset At, AuditSubjectKey? Person, bool IsAbout)
{
    /// <summary>Whether an event tells of this, at a place after the newest where it is erased.</summary>
    public bool IsToldBy(ToldErasure erasure, long newest) =>
        erasure.At == At && erasure.Sequence > newest && (erasure.Person == Person || (IsAbout && erasure.Person.Collection == Core.Audit.AuditSubject.Staff));
}
