using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Storage;

namespace SupportConsole.Features.Roles;

/// <summary>What is kept of colleagues: who they are, and which roles they were given and why.</summary>
internal sealed class StaffRecords : IPersonalRecords
{
    /// <inheritdoc />
    public string? Against(SqliteConnection connection, AuditSubjectKey person, DateTimeOffset now) =>
        person.Collection == AuditSubject.Staff && RoleTable.Find(connection, new StaffId(person.Id), now) is { Roles.IsEmpty: false }
            ? "This person still holds a role. Revoke it first, then erase."
            : null;

    /// <inheritdoc />
    public void Erase(SqliteConnection connection, AuditSubjectKey person)
    {
        if (person.Collection != AuditSubject.Staff)
        {
            return;
        }

        using var update = connection.Prepare(
            """
            UPDATE staff SET name = $erased, email = '' WHERE id = $id;
            UPDATE role_grant SET reason = $erased, end_reason = iif(end_reason IS NULL, NULL, $erased) WHERE staff_id = $id;
            UPDATE role_grant SET granted_by_name = $erased WHERE granted_by = $id;
            UPDATE role_grant SET ended_by_name = $erased WHERE ended_by = $id;
            """,
            ("$erased", PersonalText.ErasedWord), ("$id", person.Id));
        update.ExecuteNonQuery();
    }
}
