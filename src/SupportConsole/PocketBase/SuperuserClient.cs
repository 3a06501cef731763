using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// What the console does with superuser rights. Every method says for which use and on whose behalf. It shares nothing with
/// <see cref="ImpersonatedClient"/>, so neither can be passed for the other.
/// </summary>
internal sealed partial class SuperuserClient(
    SuperuserSession session, PocketBaseTransport transport, IOptions<PocketBaseOptions> options, TimeProvider clock,
    ILogger<SuperuserClient> logger)
{
    /// <summary>Most ids that <see cref="FindIdsAsync"/> returns: PocketBase's largest page.</summary>
    public const int MaxIds = 1000;

    public const int MinSeconds = 60;

    public const int MaxSeconds = 3600;

    /// <summary>
    /// Only superusers may name <c>@request</c> in a filter: a guest, which is what a dead token makes us, gets 403 and not
    /// a list with nothing in it. So an answer to a guarded list proves by itself that it is a superuser's.
    /// </summary>
    private const string Guard = "@request.auth.collectionName = '" + AppUserId.Superusers + "'";

    private static readonly TimeSpan s_learntFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (CollectionSchema Schema, DateTimeOffset Until)> _schemas = new(StringComparer.Ordinal);
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
        Allow(collection);

        var schema = await ReadCollectionAsync(SuperuserUse.ReadSchema, caller, collection, cancellation);
        var sort = schema.HasField("created") ? "-created,id" : "-@rowid";
        return await ListAsync(use, caller, collection, filter, page, perPage, sort, null, cancellation);
    }

    /// <summary>One user, or null when there is none of this id.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the collection is not allowed.</exception>
    public async Task<PocketBaseRecord?> FindUserAsync(SuperuserUse use, Caller caller, AppUserId user, CancellationToken cancellation)
    {
        Allow(user.Collection);
        var found = await ListAsync(use, caller, user.Collection, HasId(user), 1, 1, null, null, cancellation);
        return found.Items is [var record] ? record : null;
    }

    /// <summary>
    /// Whether a filter holds for a user: an auth rule, a policy's filter. An empty filter holds for every user there is.
    /// <c>@request.auth</c> in it would mean the console's superuser: what such a rule says about the user stays undecided.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or refused the filter: then nothing is known.</exception>
    public async Task<bool> MatchesAsync(SuperuserUse use, Caller caller, AppUserId user, string filter, CancellationToken cancellation)
    {
        Allow(user.Collection);
        var both = string.IsNullOrWhiteSpace(filter) ? HasId(user) : $"{HasId(user)} && ({filter}\n)";
        var found = await ListAsync(use, caller, user.Collection, both, 1, 1, null, "id", cancellation);
        return found.Items.Count == 1;
    }

    /// <summary>Ids of the users a filter holds for, at most <see cref="MaxIds"/> of them.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or refused the filter.</exception>
    public async Task<IReadOnlySet<string>> FindIdsAsync(
        SuperuserUse use, Caller caller, string collection, string filter, CancellationToken cancellation)
    {
        Allow(collection);
        var found = await ListAsync(use, caller, collection, filter, 1, MaxIds, "id", "id", cancellation);
        return found.Items.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A collection's fields and rules, at most a minute old.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or has no such collection.</exception>
    public async Task<CollectionSchema> ReadCollectionAsync(SuperuserUse use, Caller caller, string name, CancellationToken cancellation)
    {
        if (!AppUserId.IsSegment(name))
        {
            throw PocketBaseProblem.Gone("The collection");
        }

        if (_schemas.TryGetValue(name, out var known) && clock.GetUtcNow() < known.Until)
        {
            return known.Schema;
        }

        var answer = Expect(await SendAsync(use, caller, HttpMethod.Get, $"/api/collections/{name}", null, cancellation), $"The collection '{name}'");
        var schema = ToSchema(answer.Body);
        _schemas[name] = (schema, clock.GetUtcNow() + s_learntFor);
        return schema;
    }

    /// <summary>
    /// How the server reads filters. Asked once a sign-in, and again after a minute or an outage, because a server that was
    /// upgraded in between keeps its tokens but may read filters differently.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<FilterGrammar> GrammarAsync(CancellationToken cancellation)
    {
        if (_grammar is { } known && known.Generation == session.Generation && known.Outages == transport.Outages
            && clock.GetUtcNow() < known.Until)
        {
            return known.Grammar;
        }

        // A lone escaped backslash: the newer grammar reads it, to the older one the text never ends.
        var outages = transport.Outages;
        var answer = await SendAsync(
            SuperuserUse.ProbeGrammar, Caller.Console, HttpMethod.Get,
            $"/api/collections/{AppUserId.Superusers}/records?perPage=1&skipTotal=1&fields=id&filter={Uri.EscapeDataString("id = \"\\\\\"")}",
            null, cancellation);
        var grammar = answer.Status switch
        {
            HttpStatusCode.OK => FilterGrammar.Modern,
            HttpStatusCode.BadRequest => FilterGrammar.Legacy,
            _ => throw PocketBaseProblem.TooOld(),
        };
        _grammar = new LearntGrammar(grammar, session.Generation, outages, clock.GetUtcNow() + s_learntFor);
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
        Allow(user.Collection);

        // Before the request: our end of the session must not lie after the token's.
        var askedAt = clock.GetUtcNow();
        var answer = Expect(
            await SendAsync(
                use, caller, HttpMethod.Post,
                $"/api/collections/{user.Collection}/impersonate/{user.Record}?fields=token,record.id,record.collectionId,record.collectionName",
                new JsonObject { ["duration"] = seconds }, cancellation),
            "The user");

        var token = answer.Text("token");
        if (!TokenClaims.TryRead(token, out var claims)
            || claims.Type != "auth" || claims.Id != user.Record || answer.Text("record", "id") != user.Record
            || claims.CollectionId.Length == 0 || claims.CollectionId != answer.Text("record", "collectionId")
            || answer.Text("record", "collectionName") != user.Collection
            || (claims.ExpiresAt - answer.ServerClock.AddSeconds(seconds)).Duration() > s_clockTolerance)
        {
            LogNotAsAsked();
            throw PocketBaseProblem.TokenNotAsAsked();
        }

        return new ImpersonatedClient(transport, clock, caller, user, claims.CollectionId, token, askedAt.AddSeconds(seconds));
    }

    /// <summary>Proves that PocketBase answers and accepts the console's superuser.</summary>
    /// <exception cref="PocketBaseProblem">It doesn't.</exception>
    public async Task ProbeAsync(CancellationToken cancellation) =>
        Expect(await SendAsync(SuperuserUse.CheckReadiness, Caller.Console, HttpMethod.Post, "/api/files/token", null, cancellation), "The sign-in");

    private static string HasId(AppUserId user) => $"id = '{user.Record}'";

    private async Task<RecordPage> ListAsync(
        SuperuserUse use, Caller caller, string collection, string filter, int page, int perPage, string? sort, string? fields,
        CancellationToken cancellation)
    {
        // The guard stands first and the bracket on its own line: a comment in the filter can't swallow either.
        var guarded = string.IsNullOrWhiteSpace(filter) ? Guard : $"{Guard} && ({filter}\n)";
        if (!PocketBaseFilter.Fits(guarded))
        {
            throw PocketBaseProblem.FilterTooLong();
        }

        var path = $"/api/collections/{collection}/records?page={page}&perPage={perPage}&skipTotal=1&filter={Uri.EscapeDataString(guarded)}"
            + (sort is null ? "" : $"&sort={Uri.EscapeDataString(sort)}")
            + (fields is null ? "" : $"&fields={Uri.EscapeDataString(fields)}");
        var answer = Expect(await SendAsync(use, caller, HttpMethod.Get, path, null, cancellation), $"The collection '{collection}'");
        return answer.ToPage(page, perPage);
    }

    private Task<PocketBaseAnswer> SendAsync(
        SuperuserUse use, Caller caller, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        LogUse(use.Name, use.Reason);
        return session.SendAsync(use, caller, method, path, body, cancellation);
    }

    private static PocketBaseAnswer Expect(PocketBaseAnswer answer, string what) => answer.Status switch
    {
        _ when answer.Succeeded => answer,
        HttpStatusCode.NotFound => throw PocketBaseProblem.Gone(what),
        _ => throw PocketBaseProblem.Refused(),
    };

    private void Allow(string? collection)
    {
        if (!AppUserId.IsSegment(collection) || !options.Value.Allows(collection))
        {
            throw PocketBaseProblem.NotAllowed(AppUserId.IsSegment(collection) ? collection : "?");
        }
    }

    private static CollectionSchema ToSchema(JsonElement body)
    {
        if (Text(body, "name") is not { } name || Text(body, "type") is not { } type
            || !body.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array)
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        return new CollectionSchema(
            name,
            type,
            [.. fields.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.Object).Select(f => new CollectionField(
                Text(f, "name") ?? "", Text(f, "type") ?? "", f.TryGetProperty("hidden", out var h) && h.ValueKind == JsonValueKind.True))],
            Text(body, "listRule"),
            Text(body, "viewRule"),
            Text(body, "authRule"));

        static string? Text(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    [LoggerMessage(EventId = 6020, Level = LogLevel.Debug, Message = "Superuser rights used to {Use}: {Reason}")]
    private partial void LogUse(string use, string reason);

    [LoggerMessage(EventId = 6021, Level = LogLevel.Error, Message = "PocketBase returned a token for another user or time than asked for; it was dropped")]
    private partial void LogNotAsAsked();

    private sealed record LearntGrammar(FilterGrammar Grammar, int Generation, int Outages, DateTimeOffset Until);
}
