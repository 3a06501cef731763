using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>
/// Pages through a collection by its last record and not by number: a list that grows or shrinks meanwhile neither repeats a record
/// nor leaves one out.
/// </summary>
internal static class RecordPages
{
    /// <summary>Reads one page, and one record more, which tells whether there is another page without ever asking for an empty one.</summary>
    /// <param name="order">The collection's order.</param>
    /// <param name="asked">What is asked of it: its fields, and a filter that stands alone.</param>
    /// <param name="after">The last record of the page before; null for the first page.</param>
    /// <param name="length">How many records a page holds.</param>
    /// <param name="read">Reads as the user.</param>
    public static async Task<ReadOutcome<RecordPage>> ReadAsync(
        RecordOrder order, RecordQuery asked, RecordCursor? after, int length, Func<RecordQuery, Task<ReadOutcome<RecordPage>>> read)
    {
        if (after is { Created: RecordCursor.Untimed })
        {
            order = order with { Created = null };
        }

        var outcome = await ReadInOrderAsync(order, asked, after, length, read);

        // Where a hook of the app keeps the time from this user, a page can't say where it ends in time: then the list goes by id from the beginning.
        return after is null && outcome is ReadOutcome<RecordPage>.Found { Value.Items: var items } && order.AsShown(items) != order
            ? await ReadInOrderAsync(order with { Created = null }, asked, after: null, length, read)
            : outcome;
    }

    /// <summary>Where the page after this record begins.</summary>
    public static RecordCursor CursorOf(RecordOrder order, PocketBaseRecord last) =>
        new(order.Created is not { } created ? "" : last.Has(created) ? last.Text(created) : RecordCursor.Untimed, last.Id);

    /// <summary>The entry of a list that was answered: the records that are shown, without the one more.</summary>
    public static AuditEvent Listed(AuditEvent entry, ReadOutcome<RecordPage> read, int length)
    {
        IReadOnlyList<PocketBaseRecord> items = read is ReadOutcome<RecordPage>.Found found ? found.Value.Items : [];
        return entry with
        {
            Outcome = read is ReadOutcome<RecordPage>.Found ? AuditOutcome.Success : AuditOutcome.Denied,
            Target = entry.Target! with { RecordIds = [.. items.Take(length).Select(record => record.Id)], Count = Math.Min(items.Count, length) },
        };
    }

    /// <summary>The entry of a record that was asked for. Names are shown of others beside it, so who saw them can be found in the trail.</summary>
    public static AuditEvent Viewed(AuditEvent entry, ReadOutcome<RecordDetail> read) => entry with
    {
        Outcome = read is ReadOutcome<RecordDetail>.Found ? AuditOutcome.Success : AuditOutcome.Denied,
        Detail = read is ReadOutcome<RecordDetail>.Found { Value: var record } ? Beside(record) : "hidden or missing",
    };

    private static string? Beside(RecordDetail record)
    {
        var shown = record.Fields.Select(field => field.Value).OfType<FieldValue.Records>().SelectMany(records => records.Links)
            .Concat(record.Related.SelectMany(related => related.Links)).Where(link => link.Name is not null)
            .GroupBy(link => link.Collection, link => link.Id).Select(ids => $"{ids.Key} {string.Join(' ', ids.Distinct())}").ToArray();
        return shown.Length == 0 ? null : $"with the names of {string.Join(", ", shown)}";
    }

    private static async Task<ReadOutcome<RecordPage>> ReadInOrderAsync(
        RecordOrder order, RecordQuery asked, RecordCursor? after, int length, Func<RecordQuery, Task<ReadOutcome<RecordPage>>> read)
    {
        asked = asked with { PerPage = length + 1 };
        if (order.Created is not { } created || !order.Schema.IsView)
        {
            return await read(asked with { Sort = order.Sort, Filter = And(asked.Filter, After(order, after)) });
        }

        // A view can have no time at all where a table has an empty one. The two sort apart and read alike, so records without a time
        // are asked for by themselves, after all others.
        var withTime = after is { Created: "" }
            ? null
            : await read(asked with { Sort = order.Sort, Filter = And(asked.Filter, $"{created} != ''", After(order, after)) });
        if (withTime is not (null or ReadOutcome<RecordPage>.Found))
        {
            return withTime;
        }

        var found = withTime is ReadOutcome<RecordPage>.Found { Value.Items: var items } ? items : [];
        if (found.Count > length)
        {
            return withTime!;
        }

        var without = await read(asked with
        {
            PerPage = length + 1 - found.Count,
            Sort = "-id",
            Filter = And(asked.Filter, $"{created} = ''", after is { Created: "" } ? BelowId(order, after.Id) : null),
        });
        return without is ReadOutcome<RecordPage>.Found { Value.Items: var rest }
            ? new ReadOutcome<RecordPage>.Found(new RecordPage([.. found, .. rest], 1, length + 1))
            : without;
    }

    private static string? After(RecordOrder order, RecordCursor? after) => (order.Created, after) switch
    {
        (_, null) => null,
        (null, _) => BelowId(order, after.Id),
        ({ } created, { Created: "" }) => $"{created} = '' && {BelowId(order, after.Id)}",
        ({ } created, _) when PocketBaseFilter.Literal(order.Grammar, after.Created) is var time =>
            $"{created} < {time} || ({created} = {time} && {BelowId(order, after.Id)})",
        _ => null,
    };

    // A view's id can hold anything; what can't be written is after everything, as the last page is.
    private static string BelowId(RecordOrder order, string id) =>
        PocketBaseFilter.TryLiteral(order.Grammar, id, out var literal) ? $"id < {literal}" : "id = ''";

    // A bracket on its own line: a comment at the end of what somebody typed can't swallow it.
    private static string? And(params IEnumerable<string?> filters) => filters.OfType<string>().ToArray() switch
    {
        [] => null,
        [var only] => only,
        var all => string.Join(" && ", all.Select(one => $"({one}\n)")),
    };
}
