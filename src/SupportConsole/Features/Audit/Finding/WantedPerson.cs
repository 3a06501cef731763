using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit.Finding;

/// <summary>Somebody whom a filter names by something else than an id.</summary>
/// <param name="IsStaff">Whether a staff member is meant, and not a user.</param>
/// <param name="Text">The e-mail address, name or id as typed.</param>
/// <param name="With">The address with an id in that place.</param>
public sealed record WantedPerson(bool IsStaff, string Text, Func<string, AuditAddress> With)
{
    /// <summary>The address that means this one.</summary>
    public AuditAddress AddressOf(AuditSubject person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return With(IsStaff ? person.Id : $"{person.Collection}/{person.Id}");
    }
}
