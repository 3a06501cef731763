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
        using var command = connection.Prepare("SELECT verdict, at, size FROM audit_verification");
        using var row = command.ExecuteReader();
        return row.Read() ? In(row.GetString(0)) ?? Unreadable(StoredTime.ToInstant(row.GetInt64(1)), row.GetInt64(2)) : null;
    }

    private static Verdict? In(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Verdict>(text) is { Faults: { Count: var told } } kept && kept.IsGood == (told == 0) ? kept : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whoever can change the trail can change this too; it must not pass for a good one then, nor take the menu down.</summary>
    private static Verdict Unreadable(DateTimeOffset at, long size) => new(
        size, at, [new TrailFault(TrailFaultKind.Unreadable, null, "What the last verification said was changed in the database and can't be read. Verify again.")], 1, 0, 0);
}
