using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>What belongs together: the two entries of a read, the entries of a session.</summary>
internal sealed partial class TrailTable
{
    /// <summary>How many entries of its kind after a question, or before an answer, are looked through for the other.</summary>
    private const int MostBetween = 500;

    /// <summary>An index is by time, and a clock may be set back between the two by up to an hour.</summary>
    private const long ClockSlack = 3_600_000_000;

    /// <summary>The first answer to a read's question, by what both say of themselves.</summary>
    /// <returns>The answer, or null; and whether there is none: it may be one of the entries that are damaged, or too far away to be found.</returns>
    public static (AuditEntry? Answer, bool IsMissing) AnswerTo(SqliteConnection connection, AuditEntry question)
    {
        using var later = Beside(connection, question, question.Event.Detail ?? "", "f.seq > $seq AND f.time >= $time - $slack ORDER BY f.time, f.seq");
        var (read, damaged) = (0, 0);
        foreach (var entry in later.Rows(EntryIn))
        {
            read++;
            damaged += entry.IsDamaged ? 1 : 0;
            if (IsSameRead(entry, question))
            {
                return (entry, false);
            }
        }

        return (null, damaged == 0 && read < MostBetween);
    }

    /// <summary>The last question before a read's answer; null where there is none.</summary>
    public static AuditEntry? QuestionOf(SqliteConnection connection, AuditEntry answer)
    {
        using var earlier = Beside(connection, answer, AuditEventTypes.ReadRequested, "f.seq < $seq AND f.time <= $time + $slack ORDER BY f.time DESC, f.seq DESC");
        return earlier.Rows(EntryIn).FirstOrDefault(entry => IsSameRead(entry, answer) && entry.Event.Detail == answer.Event.Type);
    }

    /// <summary>The newest entry that a query finds from a place in its list on; null for none. Those that are damaged don't say what they are.</summary>
    public static AuditEntry? NewestOf(SqliteConnection connection, AuditQuery query, AuditCursor before)
    {
        const int some = 20;
        for (AuditCursor? from = before; from is { } at;)
        {
            var found = TrailSearch.For(query, at, some) is { } search ? Search(connection, search) : [];
            if (found.Find(hit => !hit.Entry.IsDamaged && query.Fits(hit.Entry.Event)).Entry is { } newest)
            {
                return newest;
            }

            from = found.Count == some ? found[^1].At : null;
        }

        return null;
    }

    /// <summary>How many entries a session has of each type.</summary>
    public static IReadOnlyDictionary<string, long> CountsOf(SqliteConnection connection, string sessionId)
    {
        using var counts = connection.Prepare(
            "SELECT f.type, count(*) FROM audit_find f INDEXED BY audit_by_session WHERE f.session = $session GROUP BY f.type",
            ("$session", IdFingerprint.Of(sessionId)));
        return counts.Rows(row => (Type: row.GetString(0), Count: row.GetInt64(1))).ToDictionary(row => row.Type, row => row.Count);
    }

    /// <summary>Whether two entries say that they are of one read.</summary>
    internal static bool IsSameRead(AuditEntry one, AuditEntry other) =>
        !one.IsDamaged && !other.IsDamaged
        && one.Event.CorrelationId is { } read && read == other.Event.CorrelationId
        && one.Event.SessionId == other.Event.SessionId
        && one.Event.Actor.Id == other.Event.Actor.Id;

    /// <summary>The entries of a type on one side of another one: of the same session, or of the same person outside of sessions.</summary>
    private static SqliteCommand Beside(SqliteConnection connection, AuditEntry entry, string type, string side) => connection.Prepare(
        $"""
        SELECT {Columns} FROM audit_find f INDEXED BY {(entry.Event.SessionId is null ? "audit_by_actor_type" : "audit_by_session")} CROSS JOIN audit_event e ON e.seq = f.seq
        WHERE {(entry.Event.SessionId is null ? "f.actor = $of AND f.session IS NULL" : "f.session = $of")} AND f.type = $type AND {side} LIMIT $most
        """,
        ("$of", IdFingerprint.Of(entry.Event.SessionId ?? entry.Event.Actor.Id.Value)),
        ("$type", type),
        ("$seq", entry.Sequence),
        ("$time", StoredTime.From(entry.Event.At)),
        ("$slack", ClockSlack),
        ("$most", (long)MostBetween));
}
