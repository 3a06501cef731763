using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Finding;

/// <summary>
/// Counts the events that filters find, by hour, day or month. By time, type and outcome alone that is a sum of counts that are kept; by everything
/// else the events' index is walked from the newest back, as far as the limit, and what lies before that is said not to be counted.
/// </summary>
internal sealed class TrailHistogram(AuditTrail trail, AuditReader reader, ConsoleDb db, TimeProvider clock)
{
    /// <summary>How many events are counted one by one: a quarter of a second.</summary>
    internal const int MostWalked = 200_000;

    /// <summary>How many of those that have to be read themselves.</summary>
    internal const int MostRead = 5_000;

    /// <summary>The histogram of a look that has begun; null where there is no event, or no time in which there could be one.</summary>
    /// <param name="who">Who looks.</param>
    /// <param name="query">What is looked at.</param>
    /// <param name="zone">Whose days.</param>
    /// <param name="cancellationToken">Interrupts the counting.</param>
    /// <exception cref="NotWrittenException">The newest events can't be counted.</exception>
    public async Task<Histogram?> OfAsync(CurrentStaff who, AuditQuery query, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await trail.CountAsync(cancellationToken);
        if (await db.ReadAsync(TrailCounts.Bounds, cancellationToken) is not { } bounds)
        {
            return null;
        }

        var (first, last) = (InstantOf(bounds.First), InstantOf(bounds.Last + 1));
        var (from, to) = (query.From ?? first, query.To ?? (clock.GetUtcNow() is var now && now > last ? now : last));
        // A trail that has only begun is drawn within its day.
        (from, to) = query.From is null && to - from < TimeSpan.FromDays(1) ? (to.AddDays(-1), to) : (from, to);
        // Years before the first event, or after the last, have no bars.
        (from, to) = (from < first && to - from > TimeSpan.FromDays(400) ? first : from, to > last && to - from > TimeSpan.FromDays(400) ? last : to);
        if (from >= to)
        {
            return null;
        }

        var (unit, marks) = Histogram.Divide(from, to, zone);
        if (marks.Count < 2)
        {
            return null;
        }

        var events = new long[marks.Count - 1];
        var head = await reader.HeadAsync(cancellationToken);
        long? limit = null;
        var countedFrom = DateTimeOffset.MinValue;
        if (IsKept(query))
        {
            foreach (var (quarter, count) in await db.ReadAsync(
                connection => TrailCounts.Sum(connection, query, NumberOf(query.From ?? first), NumberOf(query.To ?? last)), cancellationToken))
            {
                Add(InstantOf(quarter), count);
            }
        }
        else
        {
            var (found, isAll) = await WalkAsync(query, cancellationToken);
            foreach (var (time, place) in found)
            {
                // What has come meanwhile is what comes next.
                Add(StoredTime.ToInstant(time), place <= head ? 1 : 0);
            }

            if (!isAll)
            {
                (limit, countedFrom) = (found.Count, StoredTime.ToInstant(found.Min(one => one.Time)));
            }
        }

        return new Histogram(unit, zone, [.. events.Select((count, i) => new HistogramBar(marks[i].Begin, marks[i + 1].Begin, count, marks[i].At > countedFrom || limit is null))], limit) { Head = head };

        void Add(DateTimeOffset at, long count)
        {
            var (low, high) = (0, events.Length - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = marks[middle].At <= at ? (middle, high) : (low, middle - 1);
            }

            if (at >= marks[low].At && at < marks[low + 1].At)
            {
                events[low] += count;
            }
        }
    }

    /// <summary>
    /// A histogram with what has come since. Where events are counted one by one, only those are: whoever follows the trail has it drawn anew as
    /// often as once a second.
    /// </summary>
    /// <param name="who">Who looks.</param>
    /// <param name="query">What is looked at.</param>
    /// <param name="drawn">The histogram of it until now.</param>
    /// <param name="cancellationToken">Interrupts the counting.</param>
    /// <exception cref="NotWrittenException">The newest events can't be counted.</exception>
    public async Task<Histogram?> GrownAsync(CurrentStaff who, AuditQuery query, Histogram drawn, CancellationToken cancellationToken)
    {
        if (!IsKept(query))
        {
            await who.DemandAsync(Duty.ReadAudit, cancellationToken);
            var (came, head) = await reader.ReadSinceAsync(query, drawn.Head, MostRead, cancellationToken);
            if (came.Count < MostRead && drawn.With([.. came.Select(entry => entry.Event.At)], head) is { } grown)
            {
                return grown;
            }
        }

        return await OfAsync(who, query, drawn.Zone, cancellationToken);
    }

    /// <summary>Whether the counts that are kept answer it: nothing but type and outcome, in a time of whole quarters.</summary>
    private static bool IsKept(AuditQuery query) =>
        query is { Actor: null, Subject: null, SessionId: null, HasWords: false }
        && query.Except is null or { Actors: [], Subjects: [], Sessions: [], Tickets: [], Phrases: [] }
        && IsWhole(query.From) && IsWhole(query.To);

    private static bool IsWhole(DateTimeOffset? instant) => instant is not { } at || (at - DateTimeOffset.UnixEpoch).Ticks % TimeSpan.FromMinutes(15).Ticks == 0;

    private async Task<(IReadOnlyList<(long Time, long Place)> Events, bool IsAll)> WalkAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        if (query.Ticket is not null || query.Phrases.Count > 0 || query.Except is { Tickets.Count: > 0 } or { Phrases.Count: > 0 })
        {
            var page = await reader.ReadAsync(query, null, MostRead, cancellationToken);
            return ([.. page.Entries.Select(entry => (StoredTime.From(entry.Event.At), entry.Sequence))], page.Next is null);
        }

        if (TrailSearch.For(query, null, MostWalked) is not { } search)
        {
            return ([], true);
        }

        var times = await db.ReadAsync<IReadOnlyList<(long, long)>>(
            connection =>
            {
                using var command = search.TimesOn(connection);
                return [.. command.Rows(row => (row.GetInt64(0), row.GetInt64(1)))];
            },
            cancellationToken);
        return (times, times.Count < MostWalked);
    }

    private static DateTimeOffset InstantOf(long quarter) => StoredTime.ToInstant(quarter * TrailCounts.Quarter);

    private static long NumberOf(DateTimeOffset quarter) => (long)Math.Floor((double)StoredTime.From(quarter) / TrailCounts.Quarter);
}
