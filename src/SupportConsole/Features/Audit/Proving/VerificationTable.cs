using System.Text.Json;
using Microsoft.Data.Sqlite;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>The statements of the last verification, which outlives a restart.</summary>
internal static class VerificationTable
{
    /// <summary>Keeps a verdict as the last one.</summary>
    public static void Keep(SqliteConnection connection, Verdict verdict)
    {
        using var command = connection.Prepare(
            """
            INSERT INTO audit_verification (id, at, size, verdict) VALUES (1, $at, $size, $verdict)
            ON CONFLICT (id) DO UPDATE SET at = $at, size = $size, verdict = $verdict
            """,
            ("$at", StoredTime.From(verdict.At)), ("$size", verdict.Size), ("$verdict", JsonSerializer.Serialize(verdict)));
        command.ExecuteNonQuery();
    }

    /// <summary>The last one; null before the first.</summary>
    public static Verdict? Last(SqliteConnection connection)
    {
        using var command = connection.Prepare("SELECT verdict FROM audit_verification");
        return command.ExecuteScalar() is string text ? JsonSerializer.Deserialize<Verdict>(text) : null;
    }
}
