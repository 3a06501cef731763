#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>
/// An app made for rules, in a server that runs: fields of every kind on the records, on the users and on what both are related to, most of them
/// empty somewhere; users of two collections, of which the second lacks most fields and has some of another kind.
/// </summary>
internal sealed class RuleApp : IDisposable
{
    public const string Works = "works";

    private static readonly string[] s_choices = ["red", "blue", "5"];
    private readonly HttpClient _http = new();
    private readonly PocketBaseServer _server;
    private readonly Random _random = new(4711);
    private string _superuser = "";

    private RuleApp(PocketBaseServer server) => _server = server;

    /// <summary>As whom rules are asked.</summary>
    public IReadOnlyList<(AppUserId Id, string Token, PocketBaseRecord Self)> Users { get; private set; } = [];

    /// <summary>For which records.</summary>
    public IReadOnlyList<string> Records { get; private set; } = [];

    public AppCollections Collections { get; private set; } = new([], FilterGrammar.Legacy);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    public static async Task<RuleApp> OpenAsync(PocketBaseServer server, PocketBaseAccess console)
    {
        var app = new RuleApp(server) { _superuser = await server.StaticSuperuserTokenAsync() };
        if ((await app.SendAsync(app._superuser, HttpMethod.Get, "/api/collections/works")) is null)
        {
            await app.MakeAsync();
        }

        foreach (var collection in (string[])["folk", "keepers"])
        {
            foreach (var user in await app.ItemsAsync($"/api/collections/{collection}/records?perPage=200&sort=id"))
            {
                var id = user.GetProperty("id").GetString()!;
                Assert.True(AppUserId.TryCreate(collection, id, out var known));
                var made = await server.AdminAsync(HttpMethod.Post, $"/api/collections/{collection}/impersonate/{id}", new JsonObject { ["duration"] = 3600 });
                app.Users = [.. app.Users, (known, made.GetProperty("token").GetString()!, new PocketBaseRecord(user))];
            }
        }

        app.Records = [.. (await app.ItemsAsync($"/api/collections/{Works}/records?perPage=200&sort=id&fields=id")).Select(record => record.GetProperty("id").GetString()!)];
        app.Collections = new AppCollections(
            await console.Requests.ReadCollectionsAsync(SuperuserUse.Explain, Caller.Console, Cancellation), await console.Superuser.GrammarAsync(Cancellation));
        return app;
    }

    public RuleSubject Subject(int user, string record, bool hasHook) => new(
        Users[user].Id, Users[user].Self, Collections.Find(Users[user].Id.Collection)!, Collections.Find(Works)!, record, Collections, hasHook);

    /// <summary>Makes a rule the one that guards the records; false where the server doesn't take it.</summary>
    public async Task<bool> TryGuardAsync(string rule) =>
        await SendAsync(_superuser, HttpMethod.Patch, $"/api/collections/{Works}", new JsonObject { ["listRule"] = rule, ["viewRule"] = rule }) is not null;

    /// <summary>What a superuser finds by a filter; null where the server doesn't take it.</summary>
    public Task<IReadOnlySet<string>?> FindAsync(string filter) => ListAsync(_superuser, $"&filter={Uri.EscapeDataString(filter)}");

    /// <summary>What a user lists; null where the server can't do what the rule says, although it took it.</summary>
    public Task<IReadOnlySet<string>?> ListAsync(int user) => ListAsync(Users[user].Token, "");

    /// <summary>Whether a user may view a record.</summary>
    public async Task<bool> ViewsAsync(int user, string record) => await SendAsync(Users[user].Token, HttpMethod.Get, $"/api/collections/{Works}/records/{record}") is not null;

    private async Task<IReadOnlySet<string>?> ListAsync(string token, string filter) =>
        (await SendAsync(token, HttpMethod.Get, $"/api/collections/{Works}/records?perPage=500&skipTotal=1&fields=id{filter}")) is { } answer
            ? answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToHashSet() : null;

    private async Task<JsonElement?> SendAsync(string token, HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server.Url, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await _http.SendAsync(request, Cancellation);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation) : null;
    }

    private async Task<JsonElement[]> ItemsAsync(string path) => [.. (await _server.AdminAsync(HttpMethod.Get, path)).GetProperty("items").EnumerateArray()];

    private async Task MakeAsync()
    {
        var crews = await CollectAsync("crews", "base", Field("name"), Field("size", "number"), Choice("tags", 3), Field("active", "bool"), Field("founded", "date"), Field("place", "geoPoint"));
        var folk = await CollectAsync(
            "folk", "auth", Field("name"), Field("nick"), Choice("role"), Choice("tags", 3), Field("age", "number"), Field("vip", "bool"), Field("birthday", "date"),
            Relation("crew", crews), Relation("crews", crews, 5), Field("prefs", "json"), Field("home", "geoPoint"), Field("site", "url"), Field("bio", "editor"),
            Field("secret", hidden: true), Field("avatar", "file"));
        await ExtendAsync("folk", Relation("boss", folk), Relation("friends", folk, 5));
        await ExtendAsync("crews", Relation("lead", folk));
        await CollectAsync("keepers", "auth", Field("name"), Field("role", "number"), Field("crew"));
        await CollectAsync("seats", "base", Relation("user", folk), Relation("crew", crews), Choice("level"), Field("rank", "number"), Field("notes"));
        var works = await CollectAsync(
            Works, "base", Field("title"), Field("note"), Choice("kind"), Choice("tags", 3), Field("count", "number"), Field("rate", "number"), Field("open", "bool"),
            Field("due", "date"), Relation("owner", folk), Relation("crew", crews), Relation("crews", crews, 5), Relation("watchers", folk, 5), Field("data", "json"),
            Field("place", "geoPoint"), Field("secret", hidden: true), Field("file", "file"), Field("mail", "email"));
        await ExtendAsync(Works, Relation("parent", works));

        string[] crewIds = [.. Enumerable.Range(0, 4).Select(i => $"crew0000000000{i}")];
        string[] userIds = [.. Enumerable.Range(0, 6).Select(i => $"folk0000000000{i}")];
        string[] workIds = [.. Enumerable.Range(0, 16).Select(i => $"work00000000{i:000}")];
        foreach (var id in crewIds)
        {
            await MakeAsync("crews", new JsonObject
            {
                ["id"] = id, ["name"] = Text(), ["size"] = Number(), ["tags"] = Several(s_choices), ["active"] = Flag(), ["founded"] = Date(), ["place"] = Place(),
            });
        }

        foreach (var (id, i) in userIds.Select((id, i) => (id, i)))
        {
            await MakeAsync("folk", new JsonObject
            {
                ["id"] = id, ["email"] = $"{(i == 1 ? "Red" : "u")}{i}@folk.test", ["emailVisibility"] = Flag(), ["verified"] = Flag(), ["password"] = "test-user-pass-1",
                ["passwordConfirm"] = "test-user-pass-1",
                ["name"] = Text(), ["nick"] = i == 0 ? "" : Text(), ["role"] = One(s_choices), ["tags"] = i == 0 ? new JsonArray() : Several(s_choices), ["age"] = Number(),
                ["vip"] = Flag(), ["birthday"] = Date(), ["crew"] = i == 0 ? "" : One(crewIds), ["crews"] = i == 0 ? new JsonArray() : Several(crewIds), ["prefs"] = Json(),
                ["home"] = Place(), ["site"] = i % 2 == 0 ? "" : "https://red.test", ["bio"] = Text(), ["secret"] = Text(),
            });
        }

        foreach (var id in userIds)
        {
            await _server.AdminAsync(HttpMethod.Patch, $"/api/collections/folk/records/{id}", new JsonObject { ["boss"] = One(userIds), ["friends"] = Several(userIds) });
        }

        foreach (var id in crewIds)
        {
            await _server.AdminAsync(HttpMethod.Patch, $"/api/collections/crews/records/{id}", new JsonObject { ["lead"] = One(userIds) });
        }

        await MakeAsync("keepers", new JsonObject
        {
            ["id"] = "keeper000000000", ["email"] = "red@keepers.test", ["verified"] = true, ["password"] = "test-user-pass-1", ["passwordConfirm"] = "test-user-pass-1",
            ["name"] = "red", ["role"] = 5, ["crew"] = crewIds[1],
        });
        for (var i = 0; i < 9; i++)
        {
            await MakeAsync("seats", new JsonObject { ["user"] = One(userIds), ["crew"] = One(crewIds), ["level"] = One(s_choices), ["rank"] = Number(), ["notes"] = Text() });
        }

        // One crew lacks what the other has, so that none of the two is what a rule asks for.
        await _server.AdminAsync(HttpMethod.Patch, $"/api/collections/folk/records/{userIds[3]}", new JsonObject { ["role"] = "red" });
        await MakeAsync("crews", new JsonObject { ["id"] = "crewlack0000000", ["lead"] = userIds[3], ["tags"] = new JsonArray(), ["size"] = 1 });
        await MakeAsync("crews", new JsonObject { ["id"] = "crewlack0000001", ["tags"] = new JsonArray("blue"), ["size"] = 2 });
        await MakeAsync(Works, new JsonObject { ["id"] = "worklack0000000", ["crews"] = new JsonArray("crewlack0000000", "crewlack0000001") });

        foreach (var (id, i) in workIds.Select((id, i) => (id, i)))
        {
            await MakeAsync(Works, new JsonObject
            {
                ["id"] = id, ["title"] = Text(), ["note"] = Text(), ["kind"] = One(s_choices), ["tags"] = Several(s_choices), ["count"] = Number(), ["rate"] = Number(),
                ["open"] = Flag(), ["due"] = Date(), ["owner"] = One(userIds), ["crew"] = One(crewIds), ["crews"] = Several(crewIds), ["watchers"] = Several(userIds),
                ["data"] = Json(), ["place"] = Place(), ["secret"] = Text(), ["mail"] = i % 2 == 0 ? "" : "red@folk.test", ["parent"] = i == 0 ? "" : One(workIds[..i]),
            });
        }
    }

    private string Text() => Pick("", "", "a", "Ab", "red", "Red", "5", "100%", "a_b", "x\\y", "it's \"q\"", "2024-05-01 10:00:00.000Z", "crew00000000001", "folk00000000002");

    private double Number() => Pick(0, 0, 1, 5, -2.5, 3);

    private bool Flag() => _random.Next(2) == 0;

    private string Date() => Pick("", "2024-05-01 10:00:00.000Z", "2024-05-02 00:00:00.000Z", "2099-01-01 00:00:00.000Z");

    private JsonObject Place() => new() { ["lon"] = Pick(0, 13.4, -5), ["lat"] = Pick(0, 52.5, 5) };

    private JsonNode? Json() => Pick<Func<JsonNode?>>(
        () => null, () => "red", () => "", () => 5, () => true, () => new JsonArray("a", "red"), () => new JsonArray(),
        () => new JsonObject { ["a"] = new JsonObject { ["b"] = "red" }, ["n"] = 5, ["list"] = new JsonArray(1, "red") }, () => new JsonObject { ["n"] = null, ["a"] = "5" })();

    private string One(string[] of) => _random.Next(4) == 0 ? "" : Pick(of);

    private JsonArray Several(string[] of) => new([.. of.Where(_ => _random.Next(2) == 0).Select(one => (JsonNode)one)]);

    private T Pick<T>(params T[] of) => of[_random.Next(of.Length)];

    private static JsonObject Field(string name, string type = "text", bool hidden = false) => new() { ["name"] = name, ["type"] = type, ["hidden"] = hidden };

    private static JsonObject Choice(string name, int most = 1) =>
        new() { ["name"] = name, ["type"] = "select", ["maxSelect"] = most, ["values"] = new JsonArray([.. s_choices.Select(choice => (JsonNode)choice)]) };

    private static JsonObject Relation(string name, string to, int most = 1) => new() { ["name"] = name, ["type"] = "relation", ["collectionId"] = to, ["maxSelect"] = most };

    private async Task<string> CollectAsync(string name, string type, params JsonObject[] fields) =>
        (await _server.AdminAsync(HttpMethod.Post, "/api/collections", new JsonObject { ["name"] = name, ["type"] = type, ["fields"] = new JsonArray([.. fields]) }))
            .GetProperty("id").GetString()!;

    private async Task ExtendAsync(string name, params JsonObject[] fields)
    {
        var known = JsonNode.Parse((await _server.AdminAsync(HttpMethod.Get, $"/api/collections/{name}")).GetProperty("fields").GetRawText())!.AsArray();
        foreach (var field in fields)
        {
            known.Add((JsonNode)field);
        }

        await _server.AdminAsync(HttpMethod.Patch, $"/api/collections/{name}", new JsonObject { ["fields"] = known });
    }

    private Task<JsonElement> MakeAsync(string collection, JsonObject values) => _server.AdminAsync(HttpMethod.Post, $"/api/collections/{collection}/records", values);
}
