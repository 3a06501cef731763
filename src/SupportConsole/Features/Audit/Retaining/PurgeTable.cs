using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Retaining;

/// <summary>The statements of retention. Those that change something run on the writer's connection, inside its transaction.</summary>
internal static class PurgeTable
{
    /// <summary>What the event of a purge says was read: the trail itself, and so many events from the first on.</summary>
    public const string Target = "audit_event";

    /// <summary>Events that one piece removes: a few milliseconds.</summary>
    private const int Piece = 256;

    /// <summary>The purge that is announced; null for none.</summary>
    public static PurgePlan? Plan(SqliteConnection connection)
    {
        using var query = connection.Prepare("SELECT at, through FROM audit_purge_plan");
        return query.Rows(row => new PurgePlan(StoredTime.ToInstant(row.GetInt64(0)), row.GetInt64(1))).FirstOrDefault();
    }

    /// <summary>Announces a purge in place of whatever was, or nothing any more.</summary>
    public static void SetPlan(SqliteConnection connection, PurgePlan? plan)
    {
        connection.Run("DELETE FROM audit_purge_plan");
        if (plan is not null)
        {
            using var insert = connection.Prepare(
                "INSERT INTO audit_purge_plan (id, at, through) VALUES (1, $at, $through)", ("$at", StoredTime.From(plan.At)), ("$through", plan.Through));
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>The time of the oldest event that is there; null where there is none.</summary>
    public static DateTimeOffset? Oldest(SqliteConnection connection)
    {
        using var query = connection.Prepare("SELECT time FROM audit_event ORDER BY seq LIMIT 1");
        return query.ExecuteScalar() is long time ? StoredTime.ToInstant(time) : null;
    }

    /// <summary>
    /// The last event before the first one of an instant or later, as far as full tiles keep the hashes and every sink has it; 0 where there
    /// is none. It goes through what would be purged.
    /// </summary>
    public static long LastBefore(SqliteConnection connection, DateTimeOffset instant)
    {
        var end = Math.Min(TreeTable.FullLeavesOn(connection), SinkTable.OldestPosition(connection) ?? long.MaxValue);
        if (end <= Gone(connection))
        {
            return 0;
        }

        using var query = connection.Prepare(
            "SELECT seq - 1 FROM audit_event WHERE seq <= $end AND time >= $instant ORDER BY seq LIMIT 1", ("$end", end), ("$instant", StoredTime.From(instant)));
        var through = query.ExecuteScalar() is long before ? before : end;
        return through > Gone(connection) ? through : 0;
    }

    /// <summary>The purge that has yet to come to its end; null for none.</summary>
    public static Purge? Unfinished(SqliteConnection connection)
    {
        using var query = connection.Prepare("SELECT seq, through FROM audit_purge WHERE finished = 0");
        return query.Rows(row => new Purge(row.GetInt64(0), row.GetInt64(1))).FirstOrDefault();
    }

    /// <summary>Writes down, right behind its event, that a purge has begun.</summary>
    public static void Begin(SqliteConnection connection, DateTimeOffset at, long through)
    {
        using var insert = connection.Prepare(
            "INSERT INTO audit_purge (seq, at, through, gone) SELECT max(seq), $at, $through, $gone FROM audit_event",
            ("$at", StoredTime.From(at)), ("$through", through), ("$gone", Gone(connection)));
        insert.ExecuteNonQuery();
        SetPlan(connection, null);
    }

    /// <summary>Removes the next events, oldest first. False when there are none left.</summary>
    public static bool RemoveSome(SqliteConnection connection, Purge purge)
    {
        var gone = connection.Number("SELECT gone FROM audit_purge WHERE seq = $seq", ("$seq", purge.Sequence));
        if (gone >= purge.Through)
        {
            return false;
        }

        var to = Math.Min(gone + Piece, purge.Through);
        foreach (var entry in TrailTable.Between(connection, gone, to, types: null, Piece).Where(entry => !entry.IsDamaged))
        {
            WordIndex.Forget(connection, entry.Sequence, IndexWords.Of(entry.Event));
        }

        TrailCounts.Forget(connection, gone, to);
        foreach (var table in new[] { "audit_find", "audit_event" })
        {
            using var remove = connection.Prepare($"DELETE FROM {table} WHERE seq BETWEEN $first AND $last", ("$first", gone + 1), ("$last", to));
            remove.ExecuteNonQuery();
        }

        using var progress = connection.Prepare("UPDATE audit_purge SET gone = $to WHERE seq = $seq", ("$to", to), ("$seq", purge.Sequence));
        progress.ExecuteNonQuery();
        return true;
    }

    /// <summary>Notes that a purge has come to its end.</summary>
    public static void Finish(SqliteConnection connection, Purge purge)
    {
        using var update = connection.Prepare("UPDATE audit_purge SET finished = 1 WHERE seq = $seq", ("$seq", purge.Sequence));
        update.ExecuteNonQuery();
    }

    /// <summary>What is gone by the rule, and what goes next.</summary>
    public static RetentionState State(SqliteConnection connection)
    {
        using var query = connection.Prepare("SELECT gone, at FROM audit_purge ORDER BY seq DESC LIMIT 1");
        var (gone, at) = query.Rows(row => (row.GetInt64(0), (DateTimeOffset?)StoredTime.ToInstant(row.GetInt64(1)))).FirstOrDefault();
        return new RetentionState(gone, at, Plan(connection));
    }

    /// <summary>Whether every sink has what would go, at this moment.</summary>
    public static bool IsShipped(SqliteConnection connection, long through) => SinkTable.OldestPosition(connection) is not { } shipped || shipped >= through;

    /// <summary>Whether a checkpoint over the event of a purge has left the house.</summary>
    public static bool IsPublished(SqliteConnection connection, Purge purge) =>
        connection.Number("SELECT EXISTS (SELECT 1 FROM audit_checkpoint WHERE published = 1 AND size >= $seq)", ("$seq", purge.Sequence)) != 0;

    /// <summary>
    /// Up to which event purges have come that an event tells of, and which event that is, the oldest that is over all of it; nothing where
    /// none does, whatever the table of purges says.
    /// </summary>
    public static (long Gone, long ToldBy) Told(SqliteConnection connection)
    {
        var gone = Gone(connection);
        var told = connection.Number("SELECT min(seq) FROM audit_purge WHERE through >= $gone AND seq > $gone", ("$gone", gone));
        return TrailTable.At(connection, told) is { IsDamaged: false, Event: { Type: AuditEventTypes.AuditPurged, Target: { Collection: Target, Count: { } purged } } } && purged >= gone
            ? (gone, told)
            : (0, 0);
    }

    private static long Gone(SqliteConnection connection) => connection.Number("SELECT max(gone) FROM audit_purge");
}
