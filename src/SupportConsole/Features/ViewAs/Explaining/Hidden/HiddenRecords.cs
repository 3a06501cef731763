using System.Runtime.CompilerServices;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.ViewAs.Explaining.Hidden;

/// <summary>Which records a user can't see: a superuser's ids less those that the user's own lists have. Ids alone, and no value of a record.</summary>
internal sealed class HiddenRecords(AccessQuestions questions, SuperuserRequests requests, KeyedHash hash)
{
    // PocketBase takes 200 comparisons in a filter, and as many bytes as 159 ids of its own length have.
    private const int IdsAtOnce = 150;

    // What PocketBase gets to do at the same time for one page.
    private const int ListsAtOnce = 4;

    // A part is recorded before it is shown, which takes as long for one page of ids as for many.
    private const int LargestPart = 32;

    /// <summary>What a page of a collection holds that the user can't see, in the same order and by the same filter.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">Through which session.</param>
    /// <param name="place">The page.</param>
    /// <param name="seen">
    /// A record of the collection that the user surely sees; null where none is known. PocketBase holds back lists as a user that come out empty too often.
    /// </param>
    /// <param name="length">How many records the page holds.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="AccessUnansweredException">It can't be answered.</exception>
    public async Task<HiddenOnPage> OfPageAsync(
        CurrentStaff who, string sessionId, RecordsPlace place, string? seen, int length, CancellationToken cancellationToken)
    {
        var question = await questions.BeginAsync(who, sessionId, place.Collection, cancellationToken);
        var known = question.Known;
        var order = new RecordOrder(known, known.CreatedField, question.Live.Collections.Grammar);
        return await questions.AskAsync(
            question,
            AuditEventTypes.AccessHiddenListed,
            new AuditTarget(known.Name) { QueryHash = hash.Of("query", $"{place.Sort ?? order.Sort}|{place.Filter}|{place.After}|{place.Page}") },
            async (client, token) =>
            {
                Task<CollectionSchema> describing;
                if (place is { Filter: null, Sort: null })
                {
                    describing = questions.DescribeAsync(question, token);
                }
                else
                {
                    var (app, fresh) = await questions.DescribeAllAsync(question, token);
                    OpenFilter.Demand(place, fresh, app);
                    describing = Task.FromResult(fresh);
                }

                var listing = PageAsync(question, place, order, length, token);
                // What became of the collection says more than what its list answered.
                await Task.WhenAll((Task)describing, listing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                DemandComparable(await describing);
                var all = (await listing).Distinct().ToArray();
                var visible = await VisibleAsync(question, client, all, seen, token);
                return new HiddenOnPage([.. all.Where(id => !visible.Contains(id))], all.Length);
            },
            (entry, hidden) => Answered(entry, hidden.Ids, hidden.Ids.Count, $"{Number(hidden.Of)} on the page, {Number(hidden.Ids.Count)} hidden"),
            cancellationToken);
    }

    /// <summary>
    /// Compares a whole collection, from its lowest id to its highest. Each part is proved and recorded before it is given out. What is made,
    /// changed or deleted meanwhile may be counted on either side.
    /// </summary>
    /// <exception cref="AccessUnansweredException">It can't be answered.</exception>
    public async IAsyncEnumerable<HiddenSoFar> OfAllAsync(
        CurrentStaff who, string sessionId, string collection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var comparison = new IdComparison();
        long compared = 0, hidden = 0, changed = 0;
        List<string> ids = [], changedIds = [];
        for (var pages = 1; !comparison.IsOver; pages = Math.Min(2 * pages, LargestPart))
        {
            var question = await questions.BeginAsync(who, sessionId, collection, cancellationToken);
            var (before, named) = (hidden, ids.Count);
            yield return await questions.AskAsync(
                question,
                AuditEventTypes.AccessHiddenListed,
                new AuditTarget(question.Known.Name),
                async (client, token) =>
                {
                    DemandComparable(await questions.DescribeAsync(question, token));
                    for (var page = 0; page < pages && !comparison.IsOver; page++)
                    {
                        await comparison.ReadOnAsync(
                            (after, run) => questions.IdsAsync(question, question.Known.Name, "", after, IdComparison.PageLength, run),
                            (after, run) => IdsAsUserAsync(question, client, after, run),
                            Take,
                            token);
                    }

                    return new HiddenSoFar(compared, hidden, [.. ids], changed, [.. changedIds], comparison.IsOver);
                },
                (entry, soFar) => Answered(
                    entry, soFar.Ids.Skip(named), (int)(soFar.Hidden - before), $"the whole collection{(soFar.IsOver ? "" : " so far")}: {Number(soFar.Compared)} compared, {Number(soFar.Hidden)} hidden"),
                cancellationToken);
        }

        void Take(string id, bool isThere, bool isSeen)
        {
            compared++;
            if (!isSeen)
            {
                hidden++;
                Name(ids, id);
            }
            else if (!isThere)
            {
                changed++;
                Name(changedIds, id);
            }
        }

        static void Name(List<string> named, string id)
        {
            if (named.Count < HiddenSoFar.Named)
            {
                named.Add(id);
            }
        }
    }

    private static void DemandComparable(CollectionSchema schema)
    {
        if (schema.IsView)
        {
            throw AccessUnansweredException.View(schema.Name);
        }

        if (schema.ListRule is null)
        {
            throw AccessUnansweredException.Locked(schema.Name);
        }
    }

    private static AuditEvent Answered(AuditEvent entry, IEnumerable<string> ids, int count, string detail) =>
        entry with { Target = entry.Target! with { RecordIds = [.. ids], Count = count }, Detail = detail };

    private async Task<IReadOnlyList<string>> PageAsync(AccessQuestion question, RecordsPlace place, RecordOrder order, int length, CancellationToken cancellationToken)
    {
        try
        {
            if (place.Sort is { } sort)
            {
                return Ids(await requests.ListAsync(
                    SuperuserUse.Explain, question.Caller, question.Known.Name, place.Filter ?? "", place.Page, length, $"{sort},-id", "id", cancellationToken));
            }

            var asked = new RecordQuery(question.Known.Name) { Filter = place.Filter, Fields = order.Created is { } created ? $"id,{created}" : "id" };
            var read = await RecordPages.ReadAsync(order, asked, RecordCursor.Parse(place.After), length, async query => new ReadOutcome<RecordPage>.Found(
                await requests.ListAsync(
                    SuperuserUse.Explain, question.Caller, query.Collection, query.Filter ?? "", query.Page, query.PerPage, query.Sort, query.Fields, cancellationToken)));
            return [.. Ids(((ReadOutcome<RecordPage>.Found)read).Value).Take(length)];
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Refused && place is not { Filter: null, Sort: null })
        {
            throw AccessUnansweredException.FilterNotRead("PocketBase refuses it.");
        }
    }

    private static async Task<HashSet<string>> VisibleAsync(
        AccessQuestion question, ImpersonatedClient client, string[] ids, string? seen, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var grammar = question.Live.Collections.Grammar;
        List<List<string>> chunks = [];
        var sure = seen is not null && !ids.Contains(seen) && PocketBaseFilter.TryLiteral(grammar, seen, out var literal) ? $"id = {literal}" : null;
        foreach (var asked in ids.Select(id => $"id = {PocketBaseFilter.Literal(grammar, id)}"))
        {
            if (chunks is not [.., var last] || last.Count == IdsAtOnce || !PocketBaseFilter.Fits(Either([.. last, asked])))
            {
                chunks.Add(last = sure is null ? [] : [sure]);
            }

            last.Add(asked);
        }

        var lists = await client.ListEachAsync(
            [.. chunks.Select(chunk => new RecordQuery(question.Known.Name) { Filter = Either(chunk), Fields = "id", PerPage = chunk.Count })], ListsAtOnce, cancellationToken);
        HashSet<string> visible = new(StringComparer.Ordinal);
        foreach (var list in lists)
        {
            visible.UnionWith(Ids(Found(question, await list)));
        }

        return visible;

        static string Either(IEnumerable<string> asked) => string.Join("||", asked);
    }

    private static async Task<IReadOnlyList<string>> IdsAsUserAsync(AccessQuestion question, ImpersonatedClient client, string? after, CancellationToken cancellationToken)
    {
        var asked = new RecordQuery(question.Known.Name) { Sort = "id", Fields = "id", PerPage = IdComparison.PageLength };
        asked = after is null ? asked : asked with { Filter = $"id > {PocketBaseFilter.Literal(question.Live.Collections.Grammar, after)}" };
        return Ids(Found(question, await client.ListAsync(asked, cancellationToken)));
    }

    private static RecordPage Found(AccessQuestion question, ReadOutcome<RecordPage> read) => read switch
    {
        ReadOutcome<RecordPage>.Found found => found.Value,
        ReadOutcome<RecordPage>.Missing => throw AccessUnansweredException.CollectionGone(question.Known.Name),
        _ => throw AccessUnansweredException.RefusedByApp(question.Known.Name), // Where the rule lets the user ask, it is the app that doesn't.
    };

    private static IReadOnlyList<string> Ids(RecordPage page) => [.. page.Items.Select(record => record.Id)];
}
