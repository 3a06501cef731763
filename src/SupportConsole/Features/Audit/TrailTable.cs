using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>
/// The trail's statements, by what is asked of it. The statement knows events by fingerprints of their ids; what is answered is decided by
/// the ids themselves.
/// </summary>
internal sealed partial class TrailTable
{
    /// <summary>What an entry is read from, or what of it can be shown where its bytes are damaged.</summary>
    internal const string Columns = "e.body, e.seq, e.time, e.type, e.leaf, e.personal";

    /// <summary>How many <see cref="Columns"/> there are; a search's own stand behind them.</summary>
    private const int ColumnCount = 6;

    /// <summary>Whether there are events that the index doesn't know yet.</summary>
    public static bool IsBehind(SqliteConnection connection) =>
        connection.Number("SELECT (SELECT max(seq) FROM audit_event) > (SELECT seq FROM audit_found)") != 0;

    /// <summary>
    /// What a search finds, with the places in its list, which are the index's: an entry that is damaged may say another.
    /// </summary>
    public static List<(AuditEntry Entry, AuditCursor At)> Search(SqliteConnection connection, TrailSearch search)
    {
        using var command = search.On(connection);
        return [.. command.Rows(row => (EntryIn(row), new AuditCursor(row.GetInt64(ColumnCount), row.GetInt64(1))))];
    }

    /// <summary>The next entries, oldest first, that a query finds in a stretch of the trail: those after one place, up to another.</summary>
    public static List<AuditEntry> Onward(SqliteConnection connection, AuditQuery query, long after, long until, int take) =>
        TrailSearch.Onward(connection, query, after, until, take) is { } command ? Entries(command) : [];

    /// <summary>The entry in a place; null where there is none.</summary>
    public static AuditEntry? At(SqliteConnection connection, long sequence) =>
        Entries(connection.Prepare($"SELECT {Columns} FROM audit_event e WHERE e.seq = $sequence", ("$sequence", sequence))) is [var entry] ? entry : null;

    /// <summary>The newest opened session of each of these users.</summary>
    public static IReadOnlyDictionary<AuditSubjectKey, AuditEntry> LastViews(SqliteConnection connection, IReadOnlyCollection<AuditSubjectKey> subjects)
    {
        using var command = connection.Prepare(
            $"""
            SELECT {Columns} FROM audit_event e INDEXED BY audit_last_view
            WHERE e.subject = $subject AND e.type = 'session.opened' ORDER BY e.seq DESC
            """);
        var subject = command.Parameters.Add("$subject", SqliteType.Integer);
        var found = new Dictionary<AuditSubjectKey, AuditEntry>();
        foreach (var key in subjects)
        {
            subject.Value = IdFingerprint.Of(key.ToString());
            if (command.Rows(EntryIn).FirstOrDefault(entry => key.IsOf(entry.Event)) is { } newest)
            {
                found[key] = newest;
            }
        }

        return found;
    }

    /// <summary>The first sessions opened on a user, newest first.</summary>
    public static IReadOnlyList<AuditEntry> SessionsOf(SqliteConnection connection, AuditSubjectKey subject, int limit) => FirstOf(
        connection.Prepare(
            $"""
            SELECT {Columns} FROM audit_event e INDEXED BY audit_last_view
            WHERE e.subject = $subject AND e.type = 'session.opened' ORDER BY e.seq DESC
            """,
            ("$subject", IdFingerprint.Of(subject.ToString()))),
        entry => entry.IsDamaged || subject.IsOf(entry.Event),
        limit);

    /// <summary>
    /// A session's beginning and end, as far as they are there; both are indexed with the event itself. A damaged one is still the one or
    /// the other: without it, a session that has ended would look as if there were none.
    /// </summary>
    public static (AuditEntry? Opened, AuditEntry? Ended) BoundsOf(SqliteConnection connection, string sessionId)
    {
        using var bounds = Bounds(connection, sessionId);
        AuditEntry? opened = null, ended = null;
        foreach (var entry in bounds.Rows(EntryIn).Where(entry => entry.IsDamaged || entry.Event.SessionId == sessionId))
        {
            if (entry.Event.Type == AuditEventTypes.SessionOpened)
            {
                opened ??= entry;
            }
            else
            {
                ended ??= entry;
            }
        }

        return (opened, ended);
    }

    /// <summary>Entries of a session in the order of the trail. The index is by time, which a clock set back turns round.</summary>
    public static IReadOnlyList<AuditEntry> EntriesOf(SqliteConnection connection, string sessionId, long after, int take) => Entries(connection.Prepare(
        $"""
        SELECT {Columns} FROM (
            SELECT f.seq FROM audit_find f INDEXED BY audit_by_session
            WHERE f.session = $session AND f.seq > $after ORDER BY f.seq LIMIT $take) n CROSS JOIN audit_event e ON e.seq = n.seq
        ORDER BY e.seq
        """,
        ("$session", IdFingerprint.Of(sessionId)), ("$after", after), ("$take", (long)take)));

    /// <summary>
    /// The beginnings of sessions that have no end, oldest first. No further back than the last <c>system.started</c>, which is written
    /// once everything before it is closed.
    /// </summary>
    public static IReadOnlyList<AuditEntry> OpenSessions(SqliteConnection connection)
    {
        var opened = Entries(connection.Prepare(
            $"""
            SELECT {Columns} FROM audit_event e INDEXED BY audit_lives
            WHERE e.type IN ('system.started', 'session.opened') AND e.type = 'session.opened'
            AND e.seq > coalesce((
                SELECT max(s.seq) FROM audit_event s INDEXED BY audit_lives
                WHERE s.type IN ('system.started', 'session.opened') AND s.type = 'system.started'), 0)
            ORDER BY e.seq
            """));
        using var bounds = Bounds(connection, null);
        opened.RemoveAll(entry =>
        {
            if (entry.Event.SessionId is not { } id)
            {
                return true; // A damaged entry doesn't say whose session it was.
            }

            bounds.Parameters["$session"].Value = IdFingerprint.Of(id);
            return bounds.Rows(EntryIn).Any(ended => ended.Event.SessionId == id && ended.Event.Type == AuditEventTypes.SessionEnded);
        });
        return opened;
    }

    /// <summary>The events of a type that came after a place.</summary>
    public static IReadOnlyList<AuditEntry> After(SqliteConnection connection, long sequence, string type) => Entries(connection.Prepare(
        $"SELECT {Columns} FROM audit_event e WHERE e.seq > $sequence AND e.type = $type ORDER BY e.seq", ("$sequence", sequence), ("$type", type)));

    /// <summary>The newest entry of everybody who ever acted: one hop in the index from each to the next, instead of all their events.</summary>
    public static IReadOnlyList<AuditEntry> NewestOfEachActor(SqliteConnection connection) => Entries(connection.Prepare(
        $"""
        WITH RECURSIVE seen (actor) AS (
            SELECT min(actor) FROM audit_find
            UNION ALL
            SELECT (SELECT min(actor) FROM audit_find WHERE actor > seen.actor) FROM seen WHERE seen.actor IS NOT NULL)
        SELECT {Columns} FROM seen JOIN audit_event e ON e.seq = (
            SELECT f.seq FROM audit_find f INDEXED BY audit_by_actor
            WHERE f.actor = seen.actor ORDER BY f.time DESC, f.seq DESC LIMIT 1)
        """));

    private static SqliteCommand Bounds(SqliteConnection connection, string? sessionId) => connection.Prepare(
        $"""
        SELECT {Columns} FROM audit_event e INDEXED BY audit_session_bounds
        WHERE e.session = $session AND e.type IN ('session.opened', 'session.ended') ORDER BY e.seq
        """,
        ("$session", IdFingerprint.Of(sessionId)));

    /// <summary>
    /// An entry that can't be read, or isn't what was written in its place, is shown as damaged, with what is kept beside it: it must
    /// neither hide the others nor pass for one of them.
    /// </summary>
    internal static AuditEntry EntryIn(SqliteDataReader row)
    {
        var body = (byte[])row.GetValue(0);
        var hash = CanonicalForm.LeafHash(body);
        try
        {
            var kept = CanonicalForm.Decode(body);
            if (kept.Sequence != row.GetInt64(1) || !hash.AsSpan().SequenceEqual((byte[])row.GetValue(4)))
            {
                return Damaged("damaged: the bytes of this entry aren't those that were written here.");
            }

            var personal = PersonalIn(row, 5);
            return kept.IsBoundTo(personal)
                ? new AuditEntry(kept.Sequence, kept.With(personal), hash) { Erased = personal?.Erased }
                : Damaged("damaged: the names and texts of this entry aren't those that were written here.");
        }
        catch (FormatException)
        {
            return Damaged("damaged: the bytes of this entry can't be read. The others are what they were.");
        }

        AuditEntry Damaged(string how) => new(
            row.GetInt64(1),
            new AuditEvent(row.GetString(3), StoredTime.ToInstant(row.GetInt64(2)), AuditActor.Unreadable) { Outcome = AuditOutcome.Failed, Detail = how },
            hash,
            IsDamaged: true);
    }

    /// <summary>
    /// Whether an event is what was written in its place, by its bytes alone. Where it says no, <see cref="EntryIn"/> says whether that is so:
    /// erased text, for one, isn't seen from here.
    /// </summary>
    internal static bool IsWhole(long sequence, ReadOnlySpan<byte> body, ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> personal) =>
        leaf.Length == TreeHash.Length && TreeHash.FromBytes(leaf) == TreeHash.Leaf(body)
        && EventOutline.TryReadWhole(body, sequence, personal, out _);

    /// <summary>The names and texts in a column; null for none.</summary>
    /// <exception cref="FormatException">They can't be read.</exception>
    internal static PersonalText? PersonalIn(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : PersonalText.Decode((byte[])row.GetValue(column));

    private static List<AuditEntry> Entries(SqliteCommand command)
    {
        using (command)
        {
            return [.. command.Rows(EntryIn)];
        }
    }

    /// <summary>The first entries that are what was asked for: the statement knows only fingerprints, and stops where enough were found.</summary>
    private static IReadOnlyList<AuditEntry> FirstOf(SqliteCommand command, Func<AuditEntry, bool> isAskedFor, int limit)
    {
        using (command)
        {
            return [.. command.Rows(EntryIn).Where(isAskedFor).Take(limit)];
        }
    }
}
