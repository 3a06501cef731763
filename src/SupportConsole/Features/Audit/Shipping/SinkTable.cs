using System.Text.Json;
using Microsoft.Data.Sqlite;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>The statements of sinks' places in the trail.</summary>
internal static class SinkTable
{
    /// <summary>
    /// The newest event that every configured sink has; null without any. Who removes old events asks for it: what comes after it hasn't
    /// left the house yet.
    /// </summary>
    public static long? OldestPosition(SqliteConnection connection)
    {
        using var command = connection.Prepare("SELECT min(position) FROM audit_sink WHERE configured = 1");
        return command.ExecuteScalar() as long?;
    }

    /// <summary>What is kept of a sink; null where it is new.</summary>
    public static SinkRow? Of(SqliteConnection connection, string name)
    {
        using var command = connection.Prepare("SELECT position, fault, since FROM audit_sink WHERE name = $name", ("$name", name));
        using var row = command.ExecuteReader();
        return row.Read() ? new SinkRow(row.GetInt64(0), row.GetValue(1) as string, row.IsDBNull(2) ? null : StoredTime.ToInstant(row.GetInt64(2))) : null;
    }

    /// <summary>Whether the sinks that count as configured are these.</summary>
    public static bool AreConfigured(SqliteConnection connection, IEnumerable<string> names)
    {
        using var command = connection.Prepare("SELECT name FROM audit_sink WHERE configured = 1");
        return command.Rows(row => row.GetString(0)).ToHashSet().SetEquals(names);
    }

    /// <summary>Marks which sinks are configured. A new one begins where it is to; one that was there before goes on where it was.</summary>
    public static void Configure(SqliteConnection connection, IReadOnlyList<IEventSink> sinks)
    {
        foreach (var sink in sinks)
        {
            using var add = connection.Prepare(
                "INSERT INTO audit_sink (name, position) SELECT $name, iif($start, 0, coalesce(max(seq), 0)) FROM audit_event WHERE true ON CONFLICT DO NOTHING",
                ("$name", sink.Name), ("$start", sink.FromStart ? 1L : 0L));
            add.ExecuteNonQuery();
        }

        using var mark = connection.Prepare(
            "UPDATE audit_sink SET configured = name IN (SELECT value FROM json_each($names))", ("$names", JsonSerializer.Serialize(sinks.Select(sink => sink.Name))));
        mark.ExecuteNonQuery();
    }

    /// <summary>That a sink has the events up to a place, and why it has no more; null where nothing is wrong.</summary>
    public static void Set(SqliteConnection connection, string name, long position, string? fault, DateTimeOffset now)
    {
        using var command = connection.Prepare(
            "UPDATE audit_sink SET position = $position, fault = $fault, since = iif($fault IS NULL, NULL, coalesce(since, $now)) WHERE name = $name",
            ("$name", name), ("$position", position), ("$fault", fault), ("$now", StoredTime.From(now)));
        command.ExecuteNonQuery();
    }

    /// <summary>Just before the first event of the newest start: what a place is set back to that the trail doesn't have.</summary>
    public static long BeforeNewestStart(SqliteConnection connection) =>
        Math.Max(0, connection.Number("SELECT max(seq) - 1 FROM audit_event INDEXED BY audit_lives WHERE type IN ('system.started', 'session.opened') AND type = 'system.started'"));
}
