using System.Text.Json;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>The statements of what is known of each witness.</summary>
internal static class WitnessTable
{
    /// <summary>How it stands with a witness; one that was never asked hasn't cosigned anything.</summary>
    public static WitnessState Of(SqliteConnection connection, NoteKey witness)
    {
        using var command = connection.Prepare("SELECT size, signed_at, alarm, fault, since FROM audit_witness WHERE verifier = $key", ("$key", witness.ToString()));
        using var row = command.ExecuteReader();
        return row.Read()
            ? new WitnessState(witness.Name, row.GetInt64(0), Time(row, 1), row.GetValue(2) as string, row.GetValue(3) as string, Time(row, 4))
            : new WitnessState(witness.Name, 0, null, null, null, null);
    }

    /// <summary>What contradicts the log at this moment.</summary>
    public static IReadOnlyList<string> Alarms(SqliteConnection connection)
    {
        using var command = connection.Prepare("SELECT alarm FROM audit_witness WHERE alarm IS NOT NULL ORDER BY since, verifier");
        return [.. command.Rows(row => row.GetString(0))];
    }

    /// <summary>That a witness cosigned; whatever kept it from that is over.</summary>
    public static void SetCosigned(SqliteConnection connection, NoteKey witness, long size, DateTimeOffset at) => Set(
        connection, "size = $size, signed_at = $at, alarm = NULL, fault = NULL, since = NULL", witness, ("$size", size), ("$at", StoredTime.From(at)));

    /// <summary>That a witness contradicts the log.</summary>
    public static void SetAlarm(SqliteConnection connection, NoteKey witness, string says, DateTimeOffset at) => Set(
        connection, "alarm = $says, fault = NULL, since = coalesce(since, $at)", witness, ("$says", says), ("$at", StoredTime.From(at)));

    /// <summary>That nothing could be had from a witness. What it said against the log before stands.</summary>
    public static void SetFault(SqliteConnection connection, NoteKey witness, string says, DateTimeOffset at) => Set(
        connection, "fault = $says, since = coalesce(since, $at)", witness, ("$says", says), ("$at", StoredTime.From(at)));

    /// <summary>Forgets all but these: who isn't asked any more can neither vouch for the log nor contradict it.</summary>
    public static void KeepOnly(SqliteConnection connection, IEnumerable<NoteKey> witnesses)
    {
        using var command = connection.Prepare(
            "DELETE FROM audit_witness WHERE verifier NOT IN (SELECT value FROM json_each($keys))",
            ("$keys", JsonSerializer.Serialize(witnesses.Select(witness => witness.ToString()))));
        command.ExecuteNonQuery();
    }

    private static void Set(SqliteConnection connection, string change, NoteKey witness, params (string Name, object? Value)[] values)
    {
        using var add = connection.Prepare("INSERT INTO audit_witness (verifier) VALUES ($key) ON CONFLICT DO NOTHING", ("$key", witness.ToString()));
        add.ExecuteNonQuery();
        using var set = connection.Prepare($"UPDATE audit_witness SET {change} WHERE verifier = $key", [("$key", witness.ToString()), .. values]);
        set.ExecuteNonQuery();
    }

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : StoredTime.ToInstant(row.GetInt64(column));
}
