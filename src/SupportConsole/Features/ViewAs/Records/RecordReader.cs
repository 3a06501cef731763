using System.Runtime.CompilerServices;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>Reads any collection of the app through a live session, by what its schema says. Nothing but the user's own answers is shown.</summary>
internal sealed class RecordReader(SessionReads reads, KeyedHash hash, TimeProvider clock)
{
    /// <summary>How many records a page of a list holds.</summary>
    public const int PageLength = 20;

    /// <summary>How many of the records that point to one are shown with it; where there are more, their own list shows all.</summary>
    public const int RelatedShown = 20;

    // Each part is proved and recorded by itself, which takes as long for few as for many.
    private const int LargestPart = 32;

    // What PocketBase gets to do at the same time while it counts.
    private const int CountedAtOnce = 4;

    /// <summary>A page of a collection.</summary>
    public async Task<RecordListing> ListAsync(CurrentStaff who, string sessionId, RecordsPlace place, CancellationToken cancellationToken)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        if (live.Collections.Find(place.Collection) is not { } schema)
        {
            return new RecordListing.Read(new ReadOutcome<RecordList>.Missing());
        }

        var fields = schema.Fields.Where(field => !field.Hidden).Select(field => field.Name).ToArray();
        if (FilterHints.Refused(place.Filter ?? "", live.Collections.Grammar) is { Count: > 0 } faults)
        {
            return new RecordListing.FilterRefused(faults);
        }

        if (place.Sort is { } wished && !RecordShape.Sortable(schema).Contains(wished[0] == '-' ? wished[1..] : wished))
        {
            return new RecordListing.FilterRefused([$"There is nothing called “{wished}” here to sort by."]);
        }

        var shape = new RecordShape(schema, live.Collections);
        var order = new RecordOrder(schema, schema.CreatedField, live.Collections.Grammar);

        // A view can hold one id more than once, and a page that ends at an id would lose the others of it. And other orders have ties.
        var byNumber = place.Sort is not null || schema.IsView;
        var asked = new RecordQuery(schema.Name)
        {
            Filter = place.Filter, Expand = shape.ListExpand, Fields = shape.ListFields, PerPage = PageLength, Page = place.Page,
            Sort = place.Sort is { } sort ? $"{sort},-id" : order.Sort,
        };
        ReadOutcome<RecordPage> outcome;
        try
        {
            outcome = await reads.RunAsync(
                staff,
                live,
                AuditEventTypes.RecordsListed,
                new AuditTarget(schema.Name) { QueryHash = hash.Of("query", $"{asked.Sort}|{place.Filter}|{place.After}|{place.Page}") },
                (client, token) => byNumber
                    ? client.ListAsync(asked, token)
                    : RecordPages.ReadAsync(order, asked with { Page = 1 }, RecordCursor.Parse(place.After), PageLength, query => client.ListAsync(query, token)),
                (entry, read) => RecordPages.Listed(entry, read, PageLength),
                cancellationToken);
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Refused && place.Filter is not null)
        {
            return new RecordListing.FilterRefused(FilterHints.For(place.Filter, fields));
        }

        return new RecordListing.Read(outcome.Under(schema.ListRule).Select(page => ToList(page)));

        RecordList ToList(RecordPage page)
        {
            var shown = page.Items.Take(PageLength).ToArray();
            RecordsPlace? next = byNumber
                ? page.MayHaveMore ? place with { Page = place.Page + 1 } : null
                : page.Items.Count > PageLength ? place with { After = RecordPages.CursorOf(order, shown[^1]).ToString() } : null;
            return new RecordList(
                schema,
                shape.Columns,
                [.. shown.Select(shape.ToRow)],
                next is null ? null : next with { Collection = schema.Name },
                clock.GetUtcNow(),
                [.. place.Sort is null && order.AsShown(shown).Created is null ? [RuleNotes.Untimed(schema.Name)] : Array.Empty<string>(), .. RuleNotes.Of(schema.ListRule)]);
        }
    }

    /// <summary>One record, with the names of those that it points to and that point to it.</summary>
    public async Task<ReadOutcome<RecordDetail>> RecordAsync(CurrentStaff who, string sessionId, string collection, string id, CancellationToken cancellationToken)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        if (live.Collections.Find(collection) is not { } schema || !schema.MayHold(id))
        {
            return new ReadOutcome<RecordDetail>.Missing();
        }

        var shape = new RecordShape(schema, live.Collections);
        var outcome = await reads.RunAsync(
            staff,
            live,
            AuditEventTypes.RecordViewed,
            new AuditTarget(schema.Name) { RecordIds = [id] },
            async (client, token) => (await client.ViewAsync(schema.Name, id, shape.Expand, shape.ExpandedFields, token)).Select(shape.ToDetail),
            RecordPages.Viewed,
            cancellationToken);
        return outcome.Under(schema.ViewRule).Select(record => record with { ProvedAt = clock.GetUtcNow() });
    }

    /// <summary>
    /// Whether the user may update and delete a record, as far as the rules can be asked as the user: about a record in the user's own list
    /// whose rules look at nothing but its own fields and the user's id.
    /// </summary>
    public async Task<RecordRights> RightsAsync(CurrentStaff who, string sessionId, string collection, string id, CancellationToken cancellationToken)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        if (live.Collections.Find(collection) is not { } schema || !schema.MayHold(id) || !PocketBaseFilter.TryLiteral(live.Collections.Grammar, id, out var literal))
        {
            return new RecordRights(null, null);
        }

        string[] visible = [.. schema.Fields.Where(field => !field.Hidden && !(schema.IsAuth && field.Name == "email")).Select(field => field.Name)];
        var (update, delete) = (Ask(schema.UpdateRule), Ask(schema.DeleteRule));
        return await reads.RunAsync(
            staff,
            live,
            AuditEventTypes.AccessExplained,
            new AuditTarget(schema.Name) { RecordIds = [id] },
            async (client, token) =>
            {
                // The first asks whether it stands in the list at all; else a list without it says nothing of a rule.
                var inList = $"id = {literal}";
                string[] asked = [.. new[] { inList, update, delete }.OfType<string>().Distinct()];
                var lists = await client.ListEachAsync([.. asked.Select(filter => new RecordQuery(schema.Name) { PerPage = 1, Fields = "id", Filter = filter })], 1, token);
                return Holds(inList) == true ? new RecordRights(Holds(update), Holds(delete)) : new RecordRights(null, null);

                bool? Holds(string? filter) => filter is not null
                    && lists[Array.IndexOf(asked, filter)] is { IsCompletedSuccessfully: true, Result: ReadOutcome<RecordPage>.Found { Value.Items: var items } } ? items.Count == 1 : null;
            },
            (entry, rights) => entry with { Detail = $"update {Word(rights.Update)}, delete {Word(rights.Delete)}" },
            cancellationToken);

        string? Ask(string? rule) => !string.IsNullOrEmpty(rule) && RuleQuestion.AsFilter(rule, live.Session.User.Record, visible, live.Collections.Grammar) is { } filter
            ? $"id = {literal} && ({filter}\n)"
            : null;

        static string Word(bool? may) => may switch { true => "yes", false => "no", null => "undecided" };
    }

    /// <summary>
    /// How much of each collection the user's own lists count, a few collections first and then many at a time: each part is proved and
    /// recorded before it is given out.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<ReachRow>> ReachAsync(
        CurrentStaff who, string sessionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        var all = live.Collections.All;
        for (var (done, next) = (0, CountedAtOnce); done < all.Count; done += next, next = LargestPart)
        {
            var part = all.Skip(done).Take(next).ToArray();
            yield return await reads.RunAsync(
                staff,
                live,
                AuditEventTypes.ReachViewed,
                target: null,
                async (client, token) =>
                {
                    var lists = await client.ListEachAsync(
                        [.. part.Select(schema => new RecordQuery(schema.Name) { PerPage = 1, Fields = "id", Counted = true })], CountedAtOnce, token);
                    return (IReadOnlyList<ReachRow>)[.. part.Zip(lists, ToRow)];
                },
                (entry, rows) => entry with { Detail = string.Join(", ", rows.Select(InWords)) },
                cancellationToken);
        }
    }

    private static ReachRow ToRow(CollectionSchema schema, Task<ReadOutcome<RecordPage>> list) => list switch
    {
        { IsCompletedSuccessfully: true } => new ReachRow(schema, list.Result.Under(schema.ListRule).Select(page => page.Total ?? page.Items.Count), null),
        { Exception.InnerException: ExplainedException problem } => new ReachRow(schema, null, problem.Message),
        _ => throw list.Exception ?? (Exception)new TaskCanceledException(list),
    };

    private static string InWords(ReachRow row) => row.Listed switch
    {
        ReadOutcome<int>.Found { Value: var count } => $"{row.Schema.Name} {count}",
        ReadOutcome<int>.Locked => $"{row.Schema.Name} locked",
        ReadOutcome<int>.RefusedByApp => $"{row.Schema.Name} refused by the app",
        ReadOutcome<int>.Missing => $"{row.Schema.Name} not there",
        _ => $"{row.Schema.Name} no answer",
    };
}
