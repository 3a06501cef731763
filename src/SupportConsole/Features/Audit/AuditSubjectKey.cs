using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>Whom an event is about, without the name.</summary>
/// <param name="Collection">The auth collection, or <see cref="AuditSubject.Staff"/>.</param>
/// <param name="Id">The record id, or the staff id's value.</param>
public readonly record struct AuditSubjectKey(string Collection, string Id)
{
    /// <summary>Whether an event is about this one, by its ids and not by their fingerprint.</summary>
    internal bool IsOf(AuditEvent occurred) => Collection == occurred.Subject?.Collection && Id == occurred.Subject.Id;

    /// <summary>Both in one text. A collection's name has no slash, so no two keys meet.</summary>
    public override string ToString() => $"{Collection}/{Id}";
}
