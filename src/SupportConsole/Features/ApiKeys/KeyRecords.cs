using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Storage;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What is kept of colleagues beside keys: who made them, and who revoked them. A key's own name and purpose are nobody's data.</summary>
internal sealed class KeyRecords : IPersonalRecords
{
    /// <inheritdoc />
    public string? Against(SqliteConnection connection, AuditSubjectKey person, DateTimeOffset now) => null;

    /// <inheritdoc />
    public void Erase(SqliteConnection connection, AuditSubjectKey person)
    {
        if (person.Collection != AuditSubject.Staff)
        {
            return;
        }

        using var update = connection.Prepare(
            """
            UPDATE api_key SET created_by_name = $erased WHERE created_by = $id;
            UPDATE api_key SET revoked_by_name = $erased WHERE revoked_by = $id;
            """,
            ("$erased", PersonalText.ErasedWord), ("$id", person.Id));
        update.ExecuteNonQuery();
    }
}
