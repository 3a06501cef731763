using Microsoft.AspNetCore.Components.Web.Virtualization;
using SupportConsole.Access;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>
/// Lets a scrolling list ask for rows by number while the trail is read by keyset: it remembers where each page began, never
/// counts, and lets the list grow by a page as its end comes into sight. What is recorded after the first page was read isn't part
/// of the list: it would push the rows below it over the page's end, where no page shows them.
/// </summary>
internal sealed class KeysetPages(AuditDesk trail, CurrentStaff who, AuditQuery query)
{
    private const int PageLength = 50;

    // _starts[n] is where page n begins; the first begins at the newest entry, which has no cursor until it was read.
    private readonly List<AuditCursor?> _starts = [null];
    private int? _length;

    public async ValueTask<ItemsProviderResult<AuditEntry>> ProvideAsync(int start, int count, CancellationToken cancellationToken)
    {
        List<AuditEntry> found = [];
        var page = Math.Min(start / PageLength, _starts.Count - 1);
        var first = page * PageLength;
        var skipped = Math.Max(0, start - first);
        while (first < start + count)
        {
            var read = await trail.ReadAsync(who, query, _starts[page], PageLength, cancellationToken);
            found.AddRange(read.Entries);
            if (page == 0)
            {
                _starts[0] ??= read.Begin;
            }

            if (read.Next is null)
            {
                _length = first + read.Entries.Count;
                break;
            }

            page++;
            first += PageLength;
            if (page == _starts.Count)
            {
                _starts.Add(read.Next);
            }
        }

        // Until the end was seen, one page more than is known: enough for the scroll bar to go on.
        var total = _length ?? _starts.Count * PageLength;
        return new ItemsProviderResult<AuditEntry>(found.Skip(skipped).Take(count), total);
    }
}
