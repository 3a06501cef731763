using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>Reads the trail. Every question is answered by an index, however long the trail is.</summary>
public sealed class AuditReader(ConsoleDb db, AuditTrail trail)
{
    /// <summary>What an entry is read from, or what of it can be shown where its bytes are damaged.</summary>
    internal const string Columns = "e.body, e.seq, e.time, e.type, e.leaf";

    /// <summary>How many <see cref="Columns"/> there are; a search's own stand behind them.</summary>
    private const int ColumnCount = 5;

    private const int EntriesForPeople = 2000;

    /// <summary>A page of what the query asks for, newest first.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="before">Where the page before ended; null for the newest.</param>
    /// <param name="take">The page's length.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    /// <remarks>
    /// Ordered by time and then by place, except with a text: then by place alone, the order in which the events were written, which
    /// differs only where a clock was set back.
    /// </remarks>
    /// <exception cref="AuditUnavailableException">The newest events can't be indexed, so the answer would lack them.</exception>
    public async Task<AuditPage> ReadAsync(AuditQuery query, AuditCursor? before, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        return TrailSearch.For(query, before, take + 1) is { } search
            ? PageOf(query, await ReadIndexedAsync(connection => Found(search.On(connection)), cancellationToken), take)
            : new AuditPage([], null);
    }

    /// <summary>One entry by its place; null when the trail isn't that long.</summary>
    public Task<AuditEntry?> FindAsync(long sequence, CancellationToken cancellationToken) => db.ReadAsync(
        connection => Entries(connection.Prepare($"SELECT {Columns} FROM audit_event e WHERE e.seq = $seq", ("$seq", sequence)))
            .FirstOrDefault(),
        cancellationToken);

    /// <summary>The newest entry; null while there is none.</summary>
    public Task<AuditEntry?> HeadAsync(CancellationToken cancellationToken) => db.ReadAsync(
        connection => Entries(connection.Prepare($"SELECT {Columns} FROM audit_event e ORDER BY e.seq DESC LIMIT 1")).FirstOrDefault(),
        cancellationToken);

    /// <summary>The newest opened session of each of these users; those never viewed are absent.</summary>
    public Task<IReadOnlyDictionary<AuditSubjectKey, AuditEntry>> LastViewsAsync(
        IReadOnlyCollection<AuditSubjectKey> subjects, CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
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
                if (Rows(command, EntryIn).FirstOrDefault(entry => key.IsOf(entry.Event)) is { } newest)
                {
                    found[key] = newest;
                }
            }

            return (IReadOnlyDictionary<AuditSubjectKey, AuditEntry>)found;
        },
        cancellationToken);

    /// <summary>The events of one session in the order in which they were written.</summary>
    /// <exception cref="AuditUnavailableException">The newest events can't be indexed, so the answer would lack them.</exception>
    public Task<IReadOnlyList<AuditEntry>> SessionEventsAsync(string sessionId, int limit, CancellationToken cancellationToken) =>
        ReadIndexedAsync(
            connection => FirstOf(
                connection.Prepare(
                    $"""
                    SELECT {Columns} FROM audit_find f INDEXED BY audit_by_session CROSS JOIN audit_event e ON e.seq = f.seq
                    WHERE f.session = $session ORDER BY f.time, f.seq
                    """,
                    ("$session", IdFingerprint.Of(sessionId))),
                entry => entry.IsDamaged || entry.Event.SessionId == sessionId,
                limit),
            cancellationToken);

    /// <summary>The sessions opened on a user, newest first, by their <c>session.opened</c> entries.</summary>
    public Task<IReadOnlyList<AuditEntry>> SessionsOfSubjectAsync(
        AuditSubjectKey subject, int limit, CancellationToken cancellationToken) => db.ReadAsync(
        connection => FirstOf(
            connection.Prepare(
                $"""
                SELECT {Columns} FROM audit_event e INDEXED BY audit_last_view
                WHERE e.subject = $subject AND e.type = 'session.opened' ORDER BY e.seq DESC
                """,
                ("$subject", IdFingerprint.Of(subject.ToString()))),
            entry => entry.IsDamaged || subject.IsOf(entry.Event),
            limit),
        cancellationToken);

    /// <summary>
    /// The <c>session.opened</c> entries without a <c>session.ended</c>, oldest first: asked at start, the sessions that the last stop
    /// cut off. No further back than the last <c>system.started</c>, which is written once everything before it is closed.
    /// </summary>
    public Task<IReadOnlyList<AuditEntry>> OpenSessionsAtLastStopAsync(CancellationToken cancellationToken) => db.ReadAsync(
        connection =>
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
            using var ends = connection.Prepare(
                $"""
                SELECT {Columns} FROM audit_event e INDEXED BY audit_session_bounds
                WHERE e.session = $session AND e.type = 'session.ended' AND e.type IN ('session.opened', 'session.ended')
                """);
            var session = ends.Parameters.Add("$session", SqliteType.Integer);
            opened.RemoveAll(entry =>
            {
                if (entry.Event.SessionId is not { } id)
                {
                    return true; // A damaged entry doesn't say whose session it was.
                }

                session.Value = IdFingerprint.Of(id);
                return Rows(ends, EntryIn).Any(ended => ended.Event.SessionId == id);
            });
            return (IReadOnlyList<AuditEntry>)opened;
        },
        cancellationToken);

    /// <summary>Everybody who ever acted, by name; what the filter of the audit page offers.</summary>
    /// <exception cref="AuditUnavailableException">The newest events can't be indexed, so the answer would lack them.</exception>
    public Task<IReadOnlyList<SeenStaff>> StaffSeenAsync(CancellationToken cancellationToken) => ReadIndexedAsync(
        connection =>
        {
            // One hop in the index from each actor to the next, instead of walking all their events.
            var newest = Entries(connection.Prepare(
                $"""
                WITH RECURSIVE seen (actor) AS (
                    SELECT min(actor) FROM audit_find
                    UNION ALL
                    SELECT (SELECT min(actor) FROM audit_find WHERE actor > seen.actor) FROM seen WHERE seen.actor IS NOT NULL)
                SELECT {Columns} FROM seen JOIN audit_event e ON e.seq = (
                    SELECT f.seq FROM audit_find f INDEXED BY audit_by_actor
                    WHERE f.actor = seen.actor ORDER BY f.time DESC, f.seq DESC LIMIT 1)
                """));
            return (IReadOnlyList<SeenStaff>)[.. newest.Where(entry => !entry.IsDamaged)
                .Select(entry => new SeenStaff(entry.Event.Actor.Id, entry.Event.Actor.Name))
                .OrderBy(staff => staff.Name, StringComparer.OrdinalIgnoreCase)];
        },
        cancellationToken);

    /// <summary>
    /// Those whom events are about and whose id or name is what was typed, by the newest events that have its words.
    /// </summary>
    /// <exception cref="AuditUnavailableException">The newest events can't be indexed, so the answer would lack them.</exception>
    public async Task<AuditPeople> PeopleAsync(string text, CancellationToken cancellationToken)
    {
        string[] words = [.. IndexWords.WordsIn(text)];
        var page = await ReadAsync(new AuditQuery { Text = text }, null, EntriesForPeople, cancellationToken);
        var named = page.Entries.Select(entry => entry.Event.Subject).OfType<AuditSubject>()
            .Where(subject => subject.Id == text || words.All(word => IndexWords.WordsIn(subject.Name).Any(have => have.StartsWith(word, StringComparison.Ordinal))))
            .DistinctBy(subject => (subject.Collection, subject.Id)).ToList();
        // An id is one person's, whoever else has it in their name.
        return named.Where(subject => subject.Id == text).ToList() is [_, ..] exact ? new AuditPeople(exact, false) : new AuditPeople(named, page.Next is not null);
    }

    /// <summary>Reads what the index answers, once it knows every event that is there now.</summary>
    private async Task<T> ReadIndexedAsync<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken)
    {
        // One visit to the database where the index is up to date, which is nearly always.
        var (behind, found) = await db.ReadAsync(
            connection => IsBehind(connection) ? (true, default(T)!) : (false, query(connection)), cancellationToken);
        if (!behind)
        {
            return found;
        }

        await trail.IndexAsync(cancellationToken);
        return await db.ReadAsync(query, cancellationToken);
    }

    private static bool IsBehind(SqliteConnection connection) =>
        connection.Number("SELECT (SELECT max(seq) FROM audit_event) > (SELECT seq FROM audit_found)") != 0;

    private static AuditPage PageOf(AuditQuery query, List<(AuditEntry Entry, AuditCursor At)> found, int take)
    {
        AuditCursor? next = null;
        if (found.Count > take)
        {
            found.RemoveAt(take);
            next = found[^1].At;
        }

        return new AuditPage([.. found.Select(hit => hit.Entry).Where(entry => entry.IsDamaged || query.Fits(entry.Event))], next)
        {
            Begin = found is [var first, ..] ? first.At with { Sequence = first.At.Sequence + 1 } : null,
        };
    }

    /// <summary>Entries with their places in the list, which is the index's: an entry that is damaged may say another.</summary>
    private static List<(AuditEntry Entry, AuditCursor At)> Found(SqliteCommand search)
    {
        using (search)
        {
            return [.. Rows(search, row => (EntryIn(row), new AuditCursor(row.GetInt64(ColumnCount), row.GetInt64(1))))];
        }
    }

    /// <summary>
    /// An entry that can't be read, or isn't what was written in its place, is shown as damaged, with what is kept beside it: it must
    /// neither hide the others nor pass for one of them.
    /// </summary>
    private static AuditEntry EntryIn(SqliteDataReader row)
    {
        var body = (byte[])row.GetValue(0);
        try
        {
            var entry = CanonicalForm.Decode(body);
            return entry.Sequence == row.GetInt64(1) && entry.LeafHash.AsSpan().SequenceEqual((byte[])row.GetValue(4))
                ? entry
                : Damaged("damaged: the bytes of this entry aren't those that were written here.");
        }
        catch (FormatException)
        {
            return Damaged("damaged: the bytes of this entry can't be read. The others are what they were.");
        }

        AuditEntry Damaged(string how) => new(
            row.GetInt64(1),
            new AuditEvent(row.GetString(3), StoredTime.ToInstant(row.GetInt64(2)), AuditActor.Unreadable) { Outcome = AuditOutcome.Failed, Detail = how },
            CanonicalForm.LeafHash(body),
            IsDamaged: true);
    }

    private static List<AuditEntry> Entries(SqliteCommand command)
    {
        using (command)
        {
            return [.. Rows(command, EntryIn)];
        }
    }

    /// <summary>The first entries that are what was asked for: the statement knows only fingerprints, and stops where enough were found.</summary>
    private static IReadOnlyList<AuditEntry> FirstOf(SqliteCommand command, Func<AuditEntry, bool> isAskedFor, int limit)
    {
        using (command)
        {
            return [.. Rows(command, EntryIn).Where(isAskedFor).Take(limit)];
        }
    }

    /// <summary>What a command answers, read as far as it is asked for; the command can be asked again.</summary>
    private static IEnumerable<T> Rows<T>(SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return read(rows);
        }
    }
}
