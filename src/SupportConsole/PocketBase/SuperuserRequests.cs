using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// The requests that everything with superuser rights is made of. Each says for which use and on whose behalf, and none takes a
/// guest's answer for a superuser's, which is what a dead token would get.
/// </summary>
internal sealed partial class SuperuserRequests(
    SuperuserSession session, PocketBaseTransport transport, TimeProvider clock, ILogger<SuperuserRequests> logger)
{
    /// <summary>
    /// Only superusers may name <c>@request</c> in a filter: a guest, which is what a dead token makes us, gets 403 and not
    /// a list with nothing in it. So an answer to a guarded list proves by itself that it is a superuser's.
    /// </summary>
    private const string Guard = "@request.auth.collectionName = '" + PocketBaseName.Superusers + "'";

    // A hundred collections of two hundred fields each are still an answer of ordinary size.
    private const int CollectionsPerPage = 100;

    // A second's rounding and the way there and back.
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromSeconds(5);

    // Clocks that somebody minds are not further apart; beyond it, another time may have been given than was asked for.
    private static readonly TimeSpan s_clockDifference = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (CollectionSchema Schema, DateTimeOffset Until)> _schemas = new(StringComparer.Ordinal);

    private volatile LearntAll? _collections;

    /// <summary>How long what was learnt about the server is believed.</summary>
    public static TimeSpan LearntFor { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Changes with every sign-in; what was learnt about the server holds for one sign-in only.</summary>
    public int Generation => session.Generation;

    /// <summary>Counts failures to get an answer at all. A server that was away may come back as another version.</summary>
    public int Outages => transport.Outages;

    /// <summary>One request that a guest would be refused, so that its answer is a superuser's.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public Task<PocketBaseAnswer> SendAsync(
        SuperuserUse use, Caller caller, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation,
        IEnumerable<KeyValuePair<string, string>>? headers = null)
    {
        LogUse(use.Name, use.Reason);
        return session.SendAsync(use, caller, method, path, body, cancellation, headers);
    }

    /// <summary>
    /// One request that changes a record, right after a proof that the console is a superuser still: a guest is told 404 of what is
    /// there, and may even be let in by a rule.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or doesn't accept the console's superuser.</exception>
    public async Task<PocketBaseAnswer> WriteAsync(
        SuperuserUse use, Caller caller, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        await ProveSuperuserAsync(use, caller, cancellation);
        return await SendAsync(use, caller, method, path, body, cancellation);
    }

    /// <summary>Proves that PocketBase answers and accepts the console's superuser.</summary>
    /// <exception cref="PocketBaseProblem">It doesn't.</exception>
    public async Task ProveSuperuserAsync(SuperuserUse use, Caller caller, CancellationToken cancellation) =>
        Expect(await SendAsync(use, caller, HttpMethod.Post, SuperuserSession.Proof, null, cancellation), "The sign-in");

    /// <summary>One page of a collection. The filter has encoded literals; an empty one finds all.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or refused the filter.</exception>
    public async Task<RecordPage> ListAsync(
        SuperuserUse use, Caller caller, string collection, string filter, int page, int perPage, string? sort, string? fields,
        CancellationToken cancellation, string? expand = null)
    {
        var guarded = Guarded(filter);
        if (!PocketBaseFilter.Fits(guarded))
        {
            throw PocketBaseProblem.FilterTooLong();
        }

        var path = $"/api/collections/{collection}/records?page={page}&perPage={perPage}&skipTotal=1&filter={Uri.EscapeDataString(guarded)}"
            + (sort is null ? "" : $"&sort={Uri.EscapeDataString(sort)}")
            + (fields is null ? "" : $"&fields={Uri.EscapeDataString(fields)}")
            + (expand is null ? "" : $"&expand={Uri.EscapeDataString(expand)}");
        var answer = Expect(await SendAsync(use, caller, HttpMethod.Get, path, null, cancellation), $"The collection '{collection}'");
        return answer.ToPage(page, perPage);
    }

    /// <summary>Whether a filter is short enough to be asked in a list.</summary>
    public static bool Fits(string filter) => PocketBaseFilter.Fits(Guarded(filter));

    /// <summary>A collection's fields and rules, at most a minute old.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or has no such collection.</exception>
    public async Task<CollectionSchema> ReadCollectionAsync(SuperuserUse use, Caller caller, string name, CancellationToken cancellation)
    {
        if (!PocketBaseName.IsValid(name))
        {
            throw PocketBaseProblem.Gone("The collection");
        }

        if (_schemas.TryGetValue(name, out var known) && clock.GetUtcNow() < known.Until)
        {
            return known.Schema;
        }

        var schema = await DescribeCollectionAsync(use, caller, name, cancellation);
        _schemas[name] = (schema, clock.GetUtcNow() + LearntFor);
        return schema;
    }

    /// <summary>A collection as PocketBase describes it at this moment.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or has no such collection.</exception>
    public async Task<CollectionSchema> DescribeCollectionAsync(SuperuserUse use, Caller caller, string nameOrId, CancellationToken cancellation) =>
        CollectionSchema.From(
            Expect(await SendAsync(use, caller, HttpMethod.Get, $"/api/collections/{nameOrId}", null, cancellation), $"The collection '{nameOrId}'").Body);

    /// <summary>The same; null when PocketBase has no such collection.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<CollectionSchema?> FindCollectionAsync(SuperuserUse use, Caller caller, string name, CancellationToken cancellation)
    {
        try
        {
            return await ReadCollectionAsync(use, caller, name, cancellation);
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Gone)
        {
            return null;
        }
    }

    /// <summary>All collections, at most a minute old.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyList<CollectionSchema>> ReadCollectionsAsync(SuperuserUse use, Caller caller, CancellationToken cancellation)
    {
        if (_collections is { } known && clock.GetUtcNow() < known.Until)
        {
            return known.All;
        }

        var all = await DescribeCollectionsAsync(use, caller, CollectionSchema.From, cancellation);
        var until = clock.GetUtcNow() + LearntFor;
        _collections = new LearntAll(all, until);
        foreach (var schema in all)
        {
            // Whoever asks for one of them needs no request of its own.
            _schemas[schema.Name] = _schemas[schema.Id] = (schema, until);
        }

        return all;
    }

    /// <summary>All collections as PocketBase describes them at this moment, each read as somebody needs it.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyList<T>> DescribeCollectionsAsync<T>(SuperuserUse use, Caller caller, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        List<T> all = [];
        for (var page = 1; ; page++)
        {
            var answer = Expect(
                await SendAsync(use, caller, HttpMethod.Get, $"/api/collections?page={page}&perPage={CollectionsPerPage}&skipTotal=1&sort=name", null, cancellation),
                "The list of collections");
            var found = answer.ToPage(page, CollectionsPerPage);
            all.AddRange(answer.Body.GetProperty("items").EnumerateArray().Select(read));
            if (!found.MayHaveMore)
            {
                return all;
            }
        }
    }

    /// <summary>Believes nothing of what was learnt about collections any more: an answer has just shown that it changed.</summary>
    public void ForgetCollections()
    {
        _schemas.Clear();
        _collections = null;
    }

    /// <summary>Has a token made for a record, for an exact time. The time is always said: to PocketBase, 0 or nothing means days.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, the record is gone, or the token is not what was asked for.</exception>
    public async Task<MintedToken> MintAsync(
        SuperuserUse use, Caller caller, string collection, string record, long seconds, string userAgent, string what, CancellationToken cancellation,
        IEnumerable<KeyValuePair<string, string>>? headers = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 1);

        // Before the request: our end of the token must not lie after the server's.
        var askedAt = clock.GetUtcNow();
        var answer = await ImpersonateAsync(
            $"/api/collections/{collection}/impersonate/{Uri.EscapeDataString(record)}?fields=token,record.id,record.collectionId,record.collectionName",
            new JsonObject { ["duration"] = seconds });
        if (!answer.Succeeded)
        {
            // The superuser is accepted and the request is right: where the record is there, it is the app that says no.
            throw answer.Status == HttpStatusCode.NotFound && !await ExistsAsync(use, caller, collection, record, cancellation)
                ? PocketBaseProblem.Gone(what)
                : PocketBaseProblem.SignInRefusedByApp((int)answer.Status);
        }

        var token = answer.Text("token");
        if (!TokenClaims.TryRead(token, out var claims)
            || claims.Type != "auth" || claims.Id != record || answer.Text("record", "id") != record
            || claims.CollectionId.Length == 0 || claims.CollectionId != answer.Text("record", "collectionId")
            || answer.Text("record", "collectionName") != collection)
        {
            LogNotAsAsked();
            throw PocketBaseProblem.TokenNotAsAsked();
        }

        // By the server's own clock the time is exact; but a proxy may have written its own into the answer, and then only ours is
        // left to compare with. The box is counted on ours in any case.
        var off = new[] { answer.ServerClock, askedAt }.Select(now => claims.ExpiresAt - now.AddSeconds(seconds)).MinBy(difference => difference.Duration());
        if (off.Duration() > s_clockDifference)
        {
            LogNotAsAsked();
            throw PocketBaseProblem.TimeNotAsAsked(off);
        }

        if (off.Duration() > s_clockTolerance)
        {
            LogClocksApart(off.TotalSeconds);
        }

        return new MintedToken(transport, clock, userAgent, claims, token, askedAt.AddSeconds(seconds));

        async Task<PocketBaseAnswer> ImpersonateAsync(string path, JsonObject body)
        {
            try
            {
                return await SendAsync(use, caller, HttpMethod.Post, path, body, cancellation, headers);
            }
            catch (PocketBaseProblem problem) when (problem.OfServer)
            {
                throw PocketBaseProblem.SignInRefusedByApp((int)HttpStatusCode.InternalServerError);
            }
        }
    }

    /// <summary>A successful answer, or the problem that it tells of.</summary>
    public static PocketBaseAnswer Expect(PocketBaseAnswer answer, string what) => answer.Status switch
    {
        _ when answer.Succeeded => answer,
        HttpStatusCode.NotFound => throw PocketBaseProblem.Gone(what),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw PocketBaseProblem.RefusedByApp(),
        _ => throw PocketBaseProblem.Refused(),
    };

    // The guard stands first and the bracket on its own line: a comment in the filter can't swallow either.
    private static string Guarded(string filter) => string.IsNullOrWhiteSpace(filter) ? Guard : $"{Guard} && ({filter}\n)";

    private async Task<bool> ExistsAsync(SuperuserUse use, Caller caller, string collection, string record, CancellationToken cancellation) =>
        (await ListAsync(use, caller, collection, $"id = '{record}'", 1, 1, null, "id", cancellation)).Items.Count == 1;

    [LoggerMessage(EventId = 6020, Level = LogLevel.Debug, Message = "Superuser rights used to {Use}: {Reason}")]
    private partial void LogUse(string use, string reason);

    [LoggerMessage(EventId = 6022, Level = LogLevel.Warning, Message = "PocketBase's clock and the console's are {Seconds:0} seconds apart, or a proxy between them writes its own time; set both by one time server")]
    private partial void LogClocksApart(double seconds);

    [LoggerMessage(EventId = 6021, Level = LogLevel.Error, Message = "PocketBase returned a token for another record or time than asked for; it was dropped")]
    private partial void LogNotAsAsked();

    private sealed record LearntAll(IReadOnlyList<CollectionSchema> All, DateTimeOffset Until);
}
