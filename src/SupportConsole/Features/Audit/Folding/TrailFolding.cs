using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Folding;

/// <summary>
/// Makes rows of entries. What becomes of an entry is told by itself and by the others of its read or session, wherever these are, and
/// never by the page that it is on: so each is on one row, however a list is cut into pages and whatever stands between.
/// </summary>
internal sealed class TrailFolding(ConsoleDb db)
{
    /// <summary>The rows of some entries that a query finds.</summary>
    /// <param name="query">What finds them.</param>
    /// <param name="begin">Where the list begins: what is newer isn't part of it.</param>
    /// <param name="entries">The entries, newest first.</param>
    /// <param name="bySession">Whether all of a session is one row, in the place of the newest that the query finds.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    public Task<IReadOnlyList<TrailRow>> RowsAsync(
        AuditQuery query, AuditCursor begin, IReadOnlyList<AuditEntry> entries, bool bySession, CancellationToken cancellationToken) =>
        db.ReadAsync<IReadOnlyList<TrailRow>>(connection => [.. Rows(connection, query, begin, entries, bySession)], cancellationToken);

    private static IEnumerable<TrailRow> Rows(SqliteConnection connection, AuditQuery query, AuditCursor begin, IReadOnlyList<AuditEntry> entries, bool bySession)
    {
        var pairs = ReadPairs.In(entries);
        var newest = new Dictionary<string, long>();
        foreach (var entry in entries)
        {
            if (!bySession || entry.Event.SessionId is not { } session)
            {
                if (RowOf(connection, query, begin, entry, pairs) is { } row)
                {
                    yield return row;
                }

                continue;
            }

            if (!newest.TryGetValue(session, out var first))
            {
                newest[session] = first = (TrailTable.NewestOf(connection, query with { SessionId = session }, begin) ?? entry).Sequence;
            }

            if (first == entry.Sequence)
            {
                var (opened, ended) = TrailTable.BoundsOf(connection, session);
                yield return new TrailRow(entry) { Session = EventSentence.OfSession(opened, ended, entry, TrailTable.CountsOf(connection, session)) };
            }
        }
    }

    /// <summary>The row of an entry; null for a question whose answer's row has it.</summary>
    private static TrailRow? RowOf(
        SqliteConnection connection, AuditQuery query, AuditCursor begin, AuditEntry entry, IReadOnlyDictionary<long, AuditEntry> pairs)
    {
        var alone = new TrailRow(entry);
        if (pairs.TryGetValue(entry.Sequence, out var other))
        {
            return ReadPairs.IsQuestion(entry) ? null : alone with { Question = other };
        }

        if (ReadPairs.IsQuestion(entry))
        {
            var (answer, isMissing) = TrailTable.AnswerTo(connection, entry);
            return answer is null ? alone with { IsUnanswered = isMissing }
                : IsPair(connection, entry, answer) && IsFound(connection, query, begin, answer) ? null : alone;
        }

        return ReadPairs.IsAnswer(entry) && MayFindQuestions(query)
            && TrailTable.QuestionOf(connection, entry) is { } question
            && IsPair(connection, question, entry) && IsFound(connection, query, begin, question)
                ? alone with { Question = question }
                : alone;
    }

    /// <summary>Whether each is what the other one has for its counterpart: ids that were written twice make no pairs of three.</summary>
    private static bool IsPair(SqliteConnection connection, AuditEntry question, AuditEntry answer) =>
        TrailTable.QuestionOf(connection, answer)?.Sequence == question.Sequence
        && TrailTable.AnswerTo(connection, question).Answer?.Sequence == answer.Sequence;

    /// <summary>Whether an entry is part of the list that the query finds: then it is what a search finds first that begins with it.</summary>
    private static bool IsFound(SqliteConnection connection, AuditQuery query, AuditCursor begin, AuditEntry entry)
    {
        var at = new AuditCursor(StoredTime.From(entry.Event.At), entry.Sequence + 1);
        var isInside = !query.HasWords
            ? (at.Time, at.Sequence).CompareTo((begin.Time, begin.Sequence)) <= 0
            : at.Sequence <= begin.Sequence;
        return isInside && query.Fits(entry.Event)
            && TrailSearch.For(query, at, 1) is { } search && TrailTable.Search(connection, search) is [var first] && first.Entry.Sequence == entry.Sequence;
    }

    private static bool MayFindQuestions(AuditQuery query) =>
        (query.Types.Count == 0 || query.Types.Contains(AuditEventTypes.ReadRequested)) && query.Outcome is null or AuditOutcome.Success;
}
