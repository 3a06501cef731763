using System.Globalization;
using Microsoft.Data.Sqlite;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Finding;

/// <summary>The statements of the counts: how many events of each type and outcome happened in each quarter of an hour.</summary>
internal static class TrailCounts
{
    /// <summary>A quarter of an hour in microseconds: days begin on one wherever people live.</summary>
    public const long Quarter = 15 * 60 * 1_000_000L;

    /// <summary>How many events are counted in one piece: some hundredths of a second, which no append notices.</summary>
    private const int Piece = 20_000;

    /// <summary>Counts the next piece of what is indexed, on the writer's connection and inside its transaction. Whether there is more.</summary>
    public static bool CountSome(SqliteConnection connection)
    {
        var (from, end) = (connection.Number("SELECT seq FROM audit_counted"), connection.Number("SELECT seq FROM audit_found"));
        if (from >= end)
        {
            return false;
        }

        var to = Math.Min(from + Piece, end);
        foreach (var (quarter, type, outcome, events) in Within(connection, from, to))
        {
            Add(connection, quarter, type, outcome, events);
        }

        using var progress = connection.Prepare("UPDATE audit_counted SET seq = $seq", ("$seq", to));
        progress.ExecuteNonQuery();
        return to < end;
    }

    /// <summary>Takes indexed events out of the counts that a purge is about to remove, as far as they have been counted.</summary>
    public static void Forget(SqliteConnection connection, long after, long to)
    {
        foreach (var (quarter, type, outcome, events) in Within(connection, after, Math.Min(to, connection.Number("SELECT seq FROM audit_counted"))))
        {
            ReadOnlySpan<(string, object?)> row = [("$quarter", quarter), ("$type", type), ("$outcome", outcome), ("$events", events)];
            using var remove = connection.Prepare(
                "DELETE FROM audit_count WHERE quarter = $quarter AND type = $type AND outcome = $outcome AND events = $events", row);
            if (remove.ExecuteNonQuery() == 0)
            {
                using var update = connection.Prepare(
                    "UPDATE audit_count SET events = events - $events WHERE quarter = $quarter AND type = $type AND outcome = $outcome", row);
                update.ExecuteNonQuery();
            }
        }
    }

    /// <summary>When the first and the last events happened, as quarters; null where there is none.</summary>
    public static (long First, long Last)? Bounds(SqliteConnection connection)
    {
        using var query = connection.Prepare("SELECT (SELECT min(quarter) FROM audit_count), (SELECT max(quarter) FROM audit_count)");
        return query.Rows(row => row.IsDBNull(0) ? ((long, long)?)null : (row.GetInt64(0), row.GetInt64(1))).Single();
    }

    /// <summary>The events of each quarter that has some, by its number, of those that fit a query's types and outcomes.</summary>
    public static IReadOnlyList<(long Quarter, long Events)> Sum(SqliteConnection connection, AuditQuery query, long first, long end)
    {
        List<(string, object?)> parameters = [("$first", first), ("$end", end)];
        var where = $"quarter >= $first AND quarter < $end{In("type", "IN", query.Types)}{In("type", "NOT IN", query.Except?.Types ?? [])}";
        if (TrailSearch.OutcomesOf(query) is { } outcomes)
        {
            where += $" AND outcome IN ({outcomes})";
        }

        using var command = connection.Prepare($"SELECT quarter, sum(events) FROM audit_count WHERE {where} GROUP BY quarter", [.. parameters]);
        return [.. command.Rows(row => (row.GetInt64(0), row.GetInt64(1)))];

        string In(string column, string how, IReadOnlyList<string> values)
        {
            if (values.Count == 0)
            {
                return "";
            }

            string[] names = [.. values.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"${how[..1]}{i}"))];
            parameters.AddRange(names.Zip(values, (name, value) => (name, (object?)value)));
            return $" AND {column} {how} ({string.Join(", ", names)})";
        }
    }

    private static List<(long Quarter, string Type, long Outcome, long Events)> Within(SqliteConnection connection, long after, long to)
    {
        using var read = connection.Prepare(
            """
            SELECT (time - ((time % $quarter) + $quarter) % $quarter) / $quarter AS quarter, type, outcome, count(*) FROM audit_find
            WHERE seq > $after AND seq <= $to GROUP BY 1, 2, 3
            """,
            ("$after", after), ("$to", to), ("$quarter", Quarter));
        return [.. read.Rows(row => (row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)))];
    }

    // Not as one statement that does either: what is never replaced would take it for a replacement.
    private static void Add(SqliteConnection connection, long quarter, string type, long outcome, long events)
    {
        ReadOnlySpan<(string, object?)> row = [("$quarter", quarter), ("$type", type), ("$outcome", outcome), ("$events", events)];
        using var update = connection.Prepare(
            "UPDATE audit_count SET events = events + $events WHERE quarter = $quarter AND type = $type AND outcome = $outcome", row);
        if (update.ExecuteNonQuery() == 0)
        {
            using var insert = connection.Prepare("INSERT INTO audit_count (quarter, type, outcome, events) VALUES ($quarter, $type, $outcome, $events)", row);
            insert.ExecuteNonQuery();
        }
    }
}
