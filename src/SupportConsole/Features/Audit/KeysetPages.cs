using Microsoft.AspNetCore.Components.Web.Virtualization;
using SupportConsole.Access;
using SupportConsole.Features.Audit.Folding;

namespace SupportConsole.Features.Audit;

/// <summary>
/// Lets a scrolling list ask for rows by number while the trail is read by keyset: it remembers where each page began, never
/// counts, and lets the list grow by a page as its end comes into sight. What is recorded after the first page was read isn't part
/// of the list: it would push the rows below it over the page's end, where no page shows them. A page of entries has as many rows as
/// folding leaves; what is unfolded are rows of their own below theirs, so that all are of one height.
/// </summary>
/// <param name="trail">Reads the trail.</param>
/// <param name="who">Whoever looks.</param>
/// <param name="query">The filters.</param>
/// <param name="bySession">Whether all of a session is one row.</param>
/// <param name="pageLength">How many entries are read at once; 0 for what suits: more where most of them are hidden in sessions.</param>
internal sealed class KeysetPages(AuditDesk trail, CurrentStaff who, AuditQuery query, bool bySession = false, int pageLength = 0)
{
    /// <summary>How many rows of a session are shown below it at most; the filter for the session shows all.</summary>
    public const int MostOfSession = 200;

    private readonly int _length = pageLength > 0 ? pageLength : bySession ? 500 : 50;

    // _starts[n] is where page n begins, and its first row's place; the first begins at the newest entry, which has no cursor until it was read.
    private readonly List<(AuditCursor? At, int Row)> _starts = [(null, 0)];
    private readonly Dictionary<(long, bool), IReadOnlyList<TrailRow>> _unfolded = [];
    private readonly SortedDictionary<int, TrailRow> _open = [];
    private int? _rows;

    public async ValueTask<ItemsProviderResult<TrailRow>> ProvideAsync(int start, int count, CancellationToken cancellationToken)
    {
        var (row, within) = PlaceOf(start);
        List<TrailRow> found = [];
        var page = _starts.FindLastIndex(begun => begun.Row <= row);
        while (found.Count < within + count)
        {
            var read = await trail.RowsAsync(who, query, _starts[0].At, _starts[page].At, _length, bySession, cancellationToken);
            var first = _starts[page].Row;
            found.AddRange(read.Rows.Select((given, number) => given with { Place = first + number }).Where(given => given.Place >= row).SelectMany(Drawn));
            if (page == 0)
            {
                _starts[0] = (_starts[0].At ?? read.Begin, 0);
            }

            if (read.Next is null)
            {
                _rows = first + read.Rows.Count;
                break;
            }

            page++;
            if (page == _starts.Count)
            {
                _starts.Add((read.Next, first + read.Rows.Count));
            }
        }

        // Until the end was seen, one page more than is known: enough for the scroll bar to go on.
        var total = _rows ?? _starts[^1].Row + _length;
        return new ItemsProviderResult<TrailRow>(found.Skip(within).Take(count), total + _open.Values.Sum(opened => Drawn(opened).Count() - 1));
    }

    /// <summary>Shows what is folded into a row below it, or folds it again.</summary>
    public async Task ToggleAsync(TrailRow row, CancellationToken cancellationToken)
    {
        if (!_unfolded.Remove(row.Key))
        {
            _unfolded[row.Key] = row.Question is { } question
                ? [new TrailRow(question)]
                : await SessionAsync(row.Entry.Event.SessionId!, cancellationToken);
            if (row.Depth == 0)
            {
                _open[row.Place] = row;
            }
        }
        else if (row.Depth == 0)
        {
            _open.Remove(row.Place);
        }
    }

    private async Task<IReadOnlyList<TrailRow>> SessionAsync(string session, CancellationToken cancellationToken)
    {
        var read = await trail.RowsAsync(who, query with { SessionId = session }, _starts[0].At, _starts[0].At, MostOfSession, bySession: false, cancellationToken);
        // One that is damaged doesn't say which session it is of, and stands in the list by itself.
        TrailRow[] rows = [.. read.Rows.Where(row => !row.Entry.IsDamaged)];
        return read.Next is null ? rows : [.. rows, .. rows.TakeLast(1).Select(last => new TrailRow(last.Entry) { IsRest = true })];
    }

    /// <summary>A row with all that is unfolded from it.</summary>
    private IEnumerable<TrailRow> Drawn(TrailRow row) => _unfolded.TryGetValue(row.Key, out var below) && row.IsFold
        ? below.SelectMany(inner => Drawn(inner with { Place = row.Place, Depth = row.Depth + 1 })).Prepend(row with { IsOpen = true })
        : [row];

    /// <summary>Which row stands at a number of the list, and how many of what is unfolded from it come before.</summary>
    private (int Row, int Within) PlaceOf(int number)
    {
        var more = 0;
        foreach (var (place, opened) in _open)
        {
            var length = Drawn(opened).Count();
            if (number <= place + more)
            {
                break;
            }

            if (number < place + more + length)
            {
                return (place, number - place - more);
            }

            more += length - 1;
        }

        return (number - more, 0);
    }
}
