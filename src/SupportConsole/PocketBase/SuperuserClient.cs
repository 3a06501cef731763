using System.Net;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// What the console does with superuser rights. Every method says for which use and on whose behalf. It shares nothing with
/// <see cref="ImpersonatedClient"/>, so neither can be passed for the other.
/// </summary>
internal sealed class SuperuserClient(
    SuperuserRequests requests, UserCollections collections, PocketBaseTransport transport, IOptions<PocketBaseOptions> options, TimeProvider clock)
{
    /// <summary>Most ids that <see cref="FindIdsAsync"/> returns: PocketBase's largest page.</summary>
    public const int MaxIds = 1000;

    public const int MinSeconds = 60;

    public const int MaxSeconds = 3600;

    private volatile LearntGrammar? _grammar;

    /// <summary>
    /// One page of users, newest first. The filter has encoded literals; an empty one finds all. One request to PocketBase
    /// when the collection's schema is known.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the collection is not allowed.</exception>
    public async Task<RecordPage> FindUsersAsync(
        SuperuserUse use, Caller caller, string collection, string filter, int page, int perPage, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(perPage, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perPage, MaxIds);

        var users = await collections.RequireAsync(caller, collection, cancellation);
        return await requests.ListAsync(use, caller, users.Name, filter, page, perPage, users.Sort, users.Shown, cancellation);
    }

    /// <summary>One user, or null when there is none of this id.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the collection is not allowed.</exception>
    public async Task<PocketBaseRecord?> FindUserAsync(SuperuserUse use, Caller caller, AppUserId user, CancellationToken cancellation)
    {
        var users = await collections.RequireAsync(caller, user.Collection, cancellation);
        var found = await requests.ListAsync(use, caller, user.Collection, HasId(user), 1, 1, null, users.Shown, cancellation);
        return OnlyOf(user, found);
    }

    /// <summary>
    /// Whether a filter holds for a user: an auth rule, a policy's filter. An empty filter holds for every user there is.
    /// <c>@request.auth</c> in it would mean the console's superuser: what such a rule says about the user stays undecided.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or refused the filter: then nothing is known.</exception>
    public async Task<bool> MatchesAsync(SuperuserUse use, Caller caller, AppUserId user, string filter, CancellationToken cancellation)
    {
        collections.Demand(user.Collection);
        var both = string.IsNullOrWhiteSpace(filter) ? HasId(user) : $"{HasId(user)} && ({filter}\n)";
        var found = await requests.ListAsync(use, caller, user.Collection, both, 1, 1, null, "id", cancellation);
        return OnlyOf(user, found) is not null;
    }

    /// <summary>Ids of the users a filter holds for, at most <see cref="MaxIds"/> of them.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or refused the filter.</exception>
    public async Task<IReadOnlySet<string>> FindIdsAsync(
        SuperuserUse use, Caller caller, string collection, string filter, CancellationToken cancellation)
    {
        collections.Demand(collection);
        var found = await requests.ListAsync(use, caller, collection, filter, 1, MaxIds, "id", "id", cancellation);
        return found.Items.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A collection's fields and rules, at most a minute old.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or has no such collection.</exception>
    public Task<CollectionSchema> ReadCollectionAsync(SuperuserUse use, Caller caller, string name, CancellationToken cancellation) =>
        requests.ReadCollectionAsync(use, caller, name, cancellation);

    /// <summary>All collections of the app, at most a minute old.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public Task<IReadOnlyList<CollectionSchema>> ReadCollectionsAsync(SuperuserUse use, Caller caller, CancellationToken cancellation) =>
        requests.ReadCollectionsAsync(use, caller, cancellation);

    /// <summary>
    /// How the server reads filters. Asked once a sign-in, and again after a minute or an outage, because a server that was
    /// upgraded in between keeps its tokens but may read filters differently.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<FilterGrammar> GrammarAsync(CancellationToken cancellation)
    {
        if (_grammar is { } known && known.Generation == requests.Generation && known.Outages == requests.Outages
            && clock.GetUtcNow() < known.Until)
        {
            return known.Grammar;
        }

        // A lone escaped backslash: the newer grammar reads it, to the older one the text never ends.
        var outages = requests.Outages;
        var answer = await requests.SendAsync(
            SuperuserUse.ProbeGrammar, Caller.Console, HttpMethod.Get,
            $"/api/collections/{PocketBaseName.Superusers}/records?perPage=1&skipTotal=1&fields=id&filter={Uri.EscapeDataString("id = \"\\\\\"")}",
            null, cancellation);
        var grammar = answer.Status switch
        {
            HttpStatusCode.OK => FilterGrammar.Modern,
            HttpStatusCode.BadRequest => FilterGrammar.Legacy,
            HttpStatusCode.NotFound => throw PocketBaseProblem.TooOld(),
            _ => throw PocketBaseProblem.RefusedByApp(),
        };
        _grammar = new LearntGrammar(grammar, requests.Generation, outages, clock.GetUtcNow() + SuperuserRequests.LearntFor);
        return grammar;
    }

    /// <summary>
    /// Gets read access as a user, for an exact time. The token is inside the returned client and nowhere else. The time is
    /// always said: to PocketBase, 0 or nothing means days.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than <see cref="MinSeconds"/> or more than <see cref="MaxSeconds"/>.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, the user is gone, or the token is not what was asked for.</exception>
    public async Task<ImpersonatedClient> ImpersonateAsync(
        SuperuserUse use, Caller caller, AppUserId user, int seconds, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, MinSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, MaxSeconds);
        collections.Demand(user.Collection);
        var token = await requests.MintAsync(
            use, caller, user.Collection, user.Record, seconds, caller.AsUserAgent(), "The user", cancellation, caller.ToCompanion());
        return new ImpersonatedClient(transport, caller, user, token, options.Value.RequestHeaders);
    }

    /// <summary>Proves that PocketBase answers and accepts the console's superuser.</summary>
    /// <exception cref="PocketBaseProblem">It doesn't.</exception>
    public Task ProbeAsync(CancellationToken cancellation) =>
        requests.ProveSuperuserAsync(SuperuserUse.CheckReadiness, Caller.Console, cancellation);

    // Somebody else's record answers another question: what a cache gives that takes no notice of the query.
    private static PocketBaseRecord? OnlyOf(AppUserId user, RecordPage found) => found.Items switch
    {
        [] => null,
        [var record] when record.Id == user.Record => record,
        _ => throw PocketBaseProblem.SharedAnswer("it answers another question"),
    };

    // A record id holds neither quotes nor backslashes, so both grammars read it alike.
    private static string HasId(AppUserId user) => $"id = '{user.Record}'";

    private sealed record LearntGrammar(FilterGrammar Grammar, int Generation, int Outages, DateTimeOffset Until);
}
