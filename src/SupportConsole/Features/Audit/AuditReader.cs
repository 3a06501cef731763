using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>Reads the trail. Every question is answered by an index, however long the trail is.</summary>
public sealed class AuditReader(ConsoleDb db, AuditTrail trail)
{
    private const int EntriesForPeople = 2000;

    /// <summary>Events read at once where few of them turn out to be asked for.</summary>
    private const int LongestStep = 2048;

    /// <summary>A page of what the query asks for, newest first.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="before">Where the page before ended; null for the newest.</param>
    /// <param name="take">The page's length.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    /// <remarks>
    /// Ordered by time and then by place, except with words: then by place alone, the order in which the events were written, which
    /// differs only where a clock was set back.
    /// </remarks>
    /// <exception cref="NotWrittenException">The newest events can't be indexed, so the answer would lack them.</exception>
    public async Task<AuditPage> ReadAsync(AuditQuery query, AuditCursor? before, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        List<(AuditEntry Entry, AuditCursor At)> fitting = [];
        AuditCursor? begin = null;
        // What only an event itself can tell, such as its ticket, makes pages short, which are filled up: in steps that grow.
        for (var step = take + 1; fitting.Count <= take && TrailSearch.For(query, before, step) is { } search; step = Math.Max(step, Math.Min(2 * step, LongestStep)))
        {
            var found = await ReadIndexedAsync(connection => TrailTable.Search(connection, search), cancellationToken);
            fitting.AddRange(found.Where(hit => query.Finds(hit.Entry)));
            begin ??= found is [var first, ..] ? first.At with { Sequence = first.At.Sequence + 1 } : null;
            if (found.Count < step)
            {
                break;
            }

            before = found[^1].At;
        }

        return new AuditPage([.. fitting.Take(take).Select(hit => hit.Entry)], fitting.Count > take ? fitting[take - 1].At : null) { Begin = begin };
    }

    /// <summary>What the query asks for of what came after a place, in the order in which it was written; nothing before that is walked.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="after">The place.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    /// <returns>The entries, and the newest event's place by then.</returns>
    /// <exception cref="NotWrittenException">The newest events can't be indexed, so the answer would lack them.</exception>
    internal Task<(IReadOnlyList<AuditEntry> Entries, long Head)> ReadSinceAsync(AuditQuery query, long after, int take, CancellationToken cancellationToken) =>
        ReadIndexedAsync<(IReadOnlyList<AuditEntry>, long)>(
            connection =>
            {
                var head = TreeTable.SizeOn(connection);
                List<AuditEntry> fitting = [];
                for (var at = after; at < head && fitting.Count < take;)
                {
                    var found = TrailTable.Onward(connection, query, at, head, LongestStep);
                    fitting.AddRange(found.Where(query.Finds));
                    at = found.Count < LongestStep ? head : found[^1].Sequence;
                }

                return ([.. fitting.Take(take)], head);
            },
            cancellationToken);

    /// <summary>The newest event's place; 0 where there is none.</summary>
    internal Task<long> HeadAsync(CancellationToken cancellationToken) =>
        db.ReadAsync(TreeTable.SizeOn, cancellationToken);

    /// <summary>The entry in a place; null where there is none.</summary>
    public Task<AuditEntry?> FindAsync(long sequence, CancellationToken cancellationToken) =>
        db.ReadAsync(connection => TrailTable.At(connection, sequence), cancellationToken);

    /// <summary>The newest opened session of each of these users; those never viewed are absent.</summary>
    public Task<IReadOnlyDictionary<AuditSubjectKey, AuditEntry>> LastViewsAsync(
        IReadOnlyCollection<AuditSubjectKey> subjects, CancellationToken cancellationToken) =>
        db.ReadAsync(connection => TrailTable.LastViews(connection, subjects), cancellationToken);

    /// <summary>How many events are purged, from the first on, and the event that tells of it; null where none is.</summary>
    internal Task<(long Purged, AuditEntry? By)> PurgedAsync(CancellationToken cancellationToken) => db.ReadAsync(
        connection => PurgeTable.Told(connection) is (var gone and > 0, var by) ? (gone, TrailTable.At(connection, by)) : (0, null), cancellationToken);

    /// <summary>A session's <c>session.opened</c> and <c>session.ended</c>, as far as they are there.</summary>
    public Task<(AuditEntry? Opened, AuditEntry? Ended)> SessionBoundsAsync(string sessionId, CancellationToken cancellationToken) =>
        db.ReadAsync(connection => TrailTable.BoundsOf(connection, sessionId), cancellationToken);

    /// <summary>A session's entries in the order in which they were written, those that are damaged included.</summary>
    /// <param name="sessionId">Which session.</param>
    /// <param name="after">The sequence that the entries before ended with; 0 for the first.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    /// <returns>The entries, and the sequence that the next ones follow; null when there are none.</returns>
    /// <exception cref="NotWrittenException">The newest events can't be indexed, so the answer would lack them.</exception>
    public async Task<(IReadOnlyList<AuditEntry> Entries, long? Next)> SessionEntriesAsync(
        string sessionId, long after, int take, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var found = await ReadIndexedAsync(connection => TrailTable.EntriesOf(connection, sessionId, after, take), cancellationToken);
        return ([.. found.Where(entry => entry.IsDamaged || entry.Event.SessionId == sessionId)], found.Count == take ? found[^1].Sequence : null);
    }

    /// <summary>The sessions opened on a user, newest first, by their <c>session.opened</c> entries.</summary>
    public Task<IReadOnlyList<AuditEntry>> SessionsOfSubjectAsync(AuditSubjectKey subject, int limit, CancellationToken cancellationToken) =>
        db.ReadAsync(connection => TrailTable.SessionsOf(connection, subject, limit), cancellationToken);

    /// <summary>
    /// The <c>session.opened</c> entries without a <c>session.ended</c>, oldest first: asked at start, the sessions that the last stop
    /// cut off.
    /// </summary>
    public Task<IReadOnlyList<AuditEntry>> OpenSessionsAtLastStopAsync(CancellationToken cancellationToken) =>
        db.ReadAsync(TrailTable.OpenSessions, cancellationToken);

    /// <summary>Everybody who ever acted, by name; what the filter of the audit page offers.</summary>
    /// <exception cref="NotWrittenException">The newest events can't be indexed, so the answer would lack them.</exception>
    public async Task<IReadOnlyList<SeenStaff>> StaffSeenAsync(CancellationToken cancellationToken) =>
    [
        .. (await ReadIndexedAsync(TrailTable.NewestOfEachActor, cancellationToken)).Where(entry => !entry.IsDamaged)
            .Select(entry => new SeenStaff(entry.Event.Actor.Id, entry.Event.Actor.Name))
            .OrderBy(staff => staff.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>
    /// Those whom events are about and whose id or name is what was typed, by the newest events that have its words.
    /// </summary>
    /// <exception cref="NotWrittenException">The newest events can't be indexed, so the answer would lack them.</exception>
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
            connection => TrailTable.IsBehind(connection) ? (true, default(T)!) : (false, query(connection)), cancellationToken);
        if (!behind)
        {
            return found;
        }

        await trail.IndexAsync(cancellationToken);
        return await db.ReadAsync(query, cancellationToken);
    }
}
