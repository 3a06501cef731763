using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.Users;

/// <summary>
/// Finds users by what was typed: first what names one exactly, which an index answers, and only when that is nobody by a search inside
/// of values, which reads every user.
/// </summary>
internal sealed class UserSearch(SuperuserClient superuser, UserCollections collections, SuperuserRequests requests)
{
    /// <summary>One page of hits.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the collection isn't one that may be searched.</exception>
    public async Task<SearchHits> FindAsync(Caller caller, string collection, UserQuery query, int page, int pageLength, CancellationToken cancellation)
    {
        try
        {
            return await FindAsLearntAsync(caller, collection, query, page, pageLength, cancellation);
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Refused)
        {
            // A field that was there a minute ago may have another name now.
            requests.ForgetCollections();
            return await FindAsLearntAsync(caller, collection, query, page, pageLength, cancellation);
        }
    }

    private async Task<SearchHits> FindAsLearntAsync(Caller caller, string collection, UserQuery query, int page, int pageLength, CancellationToken cancellation)
    {
        var users = await collections.RequireAsync(caller, collection, cancellation);
        var grammar = await superuser.GrammarAsync(cancellation);
        RecordPage exact = new([], 1, pageLength);
        if (page == 1)
        {
            exact = await AskAsync(UserFilter.Ids(grammar, IdsIn(query, users)));
            if (exact.Items.Any(record => IsUnmistakable(query, record.Id)))
            {
                return new SearchHits(users, exact, ["id"]);
            }

            if (query.Emails.Length > 0 && await AskAsync(UserFilter.Emails(grammar, users, query.Emails)) is { Items.Count: > 0 } addressed)
            {
                return new SearchHits(users, addressed, ["id", .. users.Searched.Where(field => field.Type == "email").Select(field => field.Name)]);
            }
        }

        var filter = query switch
        {
            { Emails.Length: > 0 } => UserFilter.Anywhere(grammar, users, query.Emails),
            { IsAddress: true } => UserFilter.Whole(grammar, users, query.Parts),
            { Reach: QueryReach.Anywhere } => UserFilter.Anywhere(grammar, users, [query.Text]),
            { Reach: QueryReach.Whole } => UserFilter.Whole(grammar, users, [query.Text]),
            _ => null,
        };
        var found = await AskAsync(filter);
        var known = exact.Items.Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        return new SearchHits(
            users, found with { Items = [.. exact.Items, .. found.Items.Where(record => !known.Contains(record.Id))] }, filter?.Fields ?? ["id"])
        {
            MayHaveMore = found.MayHaveMore,
        };

        async Task<RecordPage> AskAsync(UserFilter? asked) => asked is null
            ? new RecordPage([], page, pageLength)
            : await superuser.FindUsersAsync(SuperuserUse.FindUsers, caller, users.Name, asked.Filter, page, pageLength, cancellation);
    }

    // Somebody types or copies an id in capitals that the app keeps in small letters, or the other way round.
    private static IEnumerable<string> IdsIn(UserQuery query, UserCollection users) =>
        query.Parts.SelectMany(part => new[] { part, part.ToLowerInvariant(), part.ToUpperInvariant() }).Distinct(StringComparer.Ordinal).Where(users.Schema.TakesId);

    // Where an app's ids are short words, one can be somebody's name as well: then the text is looked for too.
    private static bool IsUnmistakable(UserQuery query, string id) => query.IsAddress || id.Length >= 15 || id.Any(c => !char.IsLetter(c));
}
