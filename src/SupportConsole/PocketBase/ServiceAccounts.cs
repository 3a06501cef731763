using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// What the console does to the accounts behind API keys, with superuser rights: it makes, reads and removes them, has tokens made
/// for them, and makes all of an account's tokens worthless. Users' collections are out of its reach.
/// </summary>
internal sealed class ServiceAccounts(
    SuperuserRequests requests, UserCollections collections, PocketBaseTransport transport, IOptions<PocketBaseOptions> options)
{
    private const int LargestPage = 1000;

    /// <summary>As long as the token keys that PocketBase makes itself.</summary>
    private const int TokenKeyLength = 50;

    /// <summary>Accounts asked for at once: PocketBase takes filters of 3,500 bytes and no longer.</summary>
    public const int MostReturned = 10;

    /// <summary>How long a throw-away token of an account lives, in seconds: enough for a look at each collection.</summary>
    private const int LookSeconds = 60;

    /// <summary>Every collection of the app with its fields and rules, as it is now. Those of PocketBase itself are left out.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyList<CollectionSchema>> CollectionsAsync(SuperuserUse use, Caller caller, CancellationToken cancellation)
    {
        List<CollectionSchema> found = [];
        for (var page = 1; ; page++)
        {
            var answer = SuperuserRequests.Expect(
                await requests.SendAsync(use, caller, HttpMethod.Get, $"/api/collections?page={page}&perPage={LargestPage}&skipTotal=1&sort=name", null, cancellation),
                "The list of collections");
            var items = ItemsOf(answer);
            found.AddRange(items.Select(CollectionSchema.From).Where(collection => !collection.System));
            if (items.Count < LargestPage)
            {
                return found;
            }
        }
    }

    /// <summary>Every account there is, oldest first where the collection keeps that.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or has no such collection.</exception>
    public async Task<IReadOnlyList<PocketBaseRecord>> ListAsync(SuperuserUse use, Caller caller, string collection, CancellationToken cancellation)
    {
        List<PocketBaseRecord> found = [];
        for (var page = 1; ; page++)
        {
            var answer = await requests.ListAsync(use, caller, collections.DemandApart(collection), "", page, LargestPage, "id", null, cancellation);
            found.AddRange(answer.Items);
            if (!answer.MayHaveMore)
            {
                return found;
            }
        }
    }

    /// <summary>One account; null when its collection is there and has none of this id.</summary>
    /// <exception cref="PocketBaseProblem">
    /// PocketBase could not be asked, or has no such collection. That tells nothing of the account: one whose collection was renamed
    /// goes on under the new name, and so do its tokens.
    /// </exception>
    public async Task<PocketBaseRecord?> FindAsync(SuperuserUse use, Caller caller, AccountId account, CancellationToken cancellation)
    {
        var found = await requests.ListAsync(use, caller, CollectionOf(account), $"id = '{account.Record}'", 1, 1, null, null, cancellation);
        return found.Items is [var record] ? record : null;
    }

    /// <summary>The superuser of an e-mail address, and whether that is the console's own; null when there is none.</summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="email">The address; without quotes and backslashes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<(AccountId Account, bool IsConsoles)?> FindSuperuserAsync(Caller caller, string email, CancellationToken cancellation)
    {
        var found = await requests.ListAsync(
            SuperuserUse.CreateKey, caller, PocketBaseName.Superusers, $"email = '{email}'", 1, 1, null, "id", cancellation);
        if (found.Items is not [var record])
        {
            return null;
        }

        var own = string.Equals(email, options.Value.SuperuserEmail, StringComparison.OrdinalIgnoreCase)
            || (TokenClaims.TryRead(options.Value.SuperuserToken, out var claims) && claims.Id == record.Id);
        return (new AccountId(PocketBaseName.Superusers, record.Id), own);
    }

    /// <summary>Makes an account. Its id is chosen before, so that it can be found whatever happens to the answer.</summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="collection">Where.</param>
    /// <param name="record">What it holds.</param>
    /// <param name="wish">A field that is only wished for, and what is written there instead where PocketBase refuses that field alone; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or refused a field.</exception>
    public async Task CreateAsync(Caller caller, string collection, JsonObject record, (string Field, string? Instead)? wish, CancellationToken cancellation)
    {
        var answer = await MakeAsync();
        if (answer.Status == HttpStatusCode.BadRequest && wish is { } wished && RefusedFields(answer.Body) is [var refused] && refused == wished.Field)
        {
            record[refused] = wished.Instead;
            answer = await MakeAsync();
        }

        if (answer.Status == HttpStatusCode.BadRequest)
        {
            throw PocketBaseProblem.RecordRefused(RefusedFields(answer.Body));
        }

        SuperuserRequests.Expect(answer, $"The collection '{collection}'");

        Task<PocketBaseAnswer> MakeAsync() => requests.WriteAsync(
            SuperuserUse.CreateKey, caller, HttpMethod.Post, $"/api/collections/{collections.DemandApart(collection)}/records?fields=id", record, cancellation);
    }

    /// <summary>Removes an account, and with it every token of it. Does nothing when it is gone already.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the account is still there.</exception>
    public async Task RemoveAsync(SuperuserUse use, Caller caller, AccountId account, CancellationToken cancellation)
    {
        var answer = await requests.WriteAsync(use, caller, HttpMethod.Delete, $"/api/collections/{collections.DemandApart(account.Collection)}/records/{account.Record}", null, cancellation);
        if (!answer.Succeeded && await FindAsync(use, caller, account, cancellation) is not null)
        {
            throw PocketBaseProblem.Refused();
        }
    }

    /// <summary>Makes every token of the account worthless, at once and for good, and touches no other account.</summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="account">The account.</param>
    /// <param name="mark">What its token key begins with from then on, so that <see cref="ReturnedAsync"/> can tell it from any other.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether the account bears the mark; not where the collection wants token keys of another form.</returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the account is gone.</exception>
    public async Task<bool> EndTokensAsync(Caller caller, AccountId account, string mark, CancellationToken cancellation)
    {
        var answer = await EndAsync("tokenKey", mark + RandomNumberGenerator.GetHexString(TokenKeyLength - mark.Length, lowercase: true));
        var marked = answer.Status != HttpStatusCode.BadRequest;
        SuperuserRequests.Expect(marked ? answer : await EndAsync("tokenKey:autogenerate", ""), "The key's account");
        return marked;

        Task<PocketBaseAnswer> EndAsync(string field, string value) => requests.WriteAsync(
            SuperuserUse.RevokeKey, caller, HttpMethod.Patch, $"/api/collections/{CollectionOf(account)}/records/{account.Record}?fields=id",
            new JsonObject { [field] = value }, cancellation);
    }

    /// <summary>Which of the revoked accounts are there with another token key than the one they were given: their tokens may live again.</summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="collection">The collection of all of them.</param>
    /// <param name="revoked">The ids with their marks; <see cref="MostReturned"/> at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or has no such collection.</exception>
    public async Task<IReadOnlyList<string>> ReturnedAsync(
        Caller caller, string collection, IReadOnlyList<(string Record, string Mark)> revoked, CancellationToken cancellation)
    {
        var filter = string.Join(" || ", revoked.Select(account => $"(id = '{account.Record}' && tokenKey !~ '{account.Mark}')"));
        var found = await requests.ListAsync(
            SuperuserUse.WatchRevoked, caller, CollectionOf(new AccountId(collection, "")), filter, 1, MostReturned, null, "id", cancellation);
        return [.. found.Items.Select(record => record.Id)];
    }

    /// <summary>Sets the account's <c>disabled</c> field, which the app's own rules may test.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the account is gone.</exception>
    public async Task SetDisabledAsync(Caller caller, AccountId account, bool disabled, CancellationToken cancellation) =>
        SuperuserRequests.Expect(
            await requests.WriteAsync(
                SuperuserUse.SuspendKey, caller, HttpMethod.Patch, $"/api/collections/{collections.DemandApart(account.Collection)}/records/{account.Record}?fields=id",
                new JsonObject { ["disabled"] = disabled }, cancellation),
            "The key's account");

    /// <summary>Has a token made for the account.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, the account is gone, or the token is not what was asked for.</exception>
    public Task<MintedToken> MintAsync(SuperuserUse use, Caller caller, AccountId account, long seconds, CancellationToken cancellation) =>
        requests.MintAsync(
            use, caller, CollectionOf(account), account.Record, seconds, caller.AsUserAgent(use), "The key's account", cancellation);

    /// <summary>Reads as the account for a minute, through a token that is thrown away.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the account is gone.</exception>
    public async Task<ImpersonatedClient> LookAsAsync(Caller caller, AccountId account, CancellationToken cancellation)
    {
        if (!AppUserId.TryCreate(collections.DemandApart(account.Collection), account.Record, out var user))
        {
            throw PocketBaseProblem.Gone("The key's account");
        }

        return new ImpersonatedClient(
            transport, caller, user, await MintAsync(SuperuserUse.CheckReach, caller, account, LookSeconds, cancellation));
    }

    /// <summary>Whether PocketBase's request log says whose token a request carried, and how many days it is kept.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<(bool Recorded, int Days)> LogSettingsAsync(Caller caller, CancellationToken cancellation)
    {
        var answer = SuperuserRequests.Expect(
            await requests.SendAsync(SuperuserUse.ReadKeyUse, caller, HttpMethod.Get, "/api/settings?fields=logs", null, cancellation), "The settings");
        if (!answer.Body.TryGetProperty("logs", out var logs) || logs.ValueKind != JsonValueKind.Object
            || !logs.TryGetProperty("maxDays", out var maxDays) || !maxDays.TryGetInt32(out var days))
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        return (days > 0 && logs.TryGetProperty("logAuthId", out var ids) && ids.ValueKind == JsonValueKind.True, days);
    }

    /// <summary>
    /// How many requests of an account are in PocketBase's log since an instant, and when the newest was. The console's own looks
    /// don't count; they carry the caller's mark, which nobody else knows.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<(long Count, DateTimeOffset? Newest)> RequestsOfAsync(
        Caller caller, AccountId account, DateTimeOffset since, CancellationToken cancellation)
    {
        var filter = string.Create(
            CultureInfo.InvariantCulture,
            $"data.authId = '{account.Record}' && data.userAgent !~ '{caller.SessionId}' && created >= '{since.UtcDateTime:yyyy-MM-dd HH:mm:ss}.000Z'");
        var answer = SuperuserRequests.Expect(
            await requests.SendAsync(
                SuperuserUse.ReadKeyUse, caller, HttpMethod.Get,
                $"/api/logs?page=1&perPage=1&sort=-created&filter={Uri.EscapeDataString(filter)}", null, cancellation),
            "The log");
        var items = ItemsOf(answer);
        if (!answer.Body.TryGetProperty("totalItems", out var total) || !total.TryGetInt64(out var count))
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        return (count, items is [var newest] ? new PocketBaseRecord(newest).Moment("created") : null);
    }

    // A superuser's tokens can be made and ended here; a superuser is never made, changed or removed.
    private string CollectionOf(AccountId account) =>
        PocketBaseName.IsSuperusers(account.Collection) ? account.Collection : collections.DemandApart(account.Collection);

    /// <summary>The names of the fields that a refused record is refused for.</summary>
    private static string[] RefusedFields(JsonElement body) =>
        body.TryGetProperty("data", out var fields) && fields.ValueKind == JsonValueKind.Object
            ? [.. fields.EnumerateObject().Select(field => field.Name).Where(PocketBaseName.IsValid)]
            : [];

    private static List<JsonElement> ItemsOf(PocketBaseAnswer answer) =>
        answer.Body.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray()]
            : throw PocketBaseProblem.NotPocketBase();
}
