using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>
/// A PocketBase with the collections of a real app, imported as their owner would, and filled with random records when asked to. The
/// exports lie beside the checkout and may be missing.
/// </summary>
internal sealed class RealApp(string name, string version = PocketBaseServer.Pinned.Number, bool hasCompanion = false) : AppServer(version)
{
    // Of hashing a password: nobody signs in with one here, and hundreds of them take longer than everything else that an app is filled with.
    private const int LeastCost = 4;

    private readonly HttpClient _http = new();
    private readonly Dictionary<string, string> _tokens = [];

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared", "schemas"));

    /// <summary>The apps there are; a row that is skipped where there are none.</summary>
    public static IEnumerable<TheoryDataRow<string>> All => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(file)))
        : [new TheoryDataRow<string>("none") { Skip = "No exports of real apps in ../shared/schemas." }];

    public string Name => name;

    protected override IEnumerable<string> Migrations => [];

    protected override IEnumerable<string> Hooks => hasCompanion ? [GuardedServer.Companion] : [];

    /// <summary>Every collection as PocketBase describes it after the import.</summary>
    public IReadOnlyList<AppCollection> Collections { get; private set; } = [];

    public IReadOnlyList<AppCollection> AuthCollections => [.. Collections.Where(collection => collection.Type == "auth" && !collection.System)];

    /// <summary>The collections that a console can show as posts: those that somebody else than superusers may list.</summary>
    public IReadOnlyList<AppCollection> Listable =>
        [.. Collections.Where(collection => collection.Type != "auth" && !collection.System && collection.ListRule is not null)];

    /// <summary>Everybody in the auth collections.</summary>
    public IReadOnlyList<AppPerson> People { get; private set; } = [];

    /// <summary>What couldn't be filled, and why.</summary>
    public List<string> Notes { get; } = [];

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        await base.InitializeAsync();
        var collections = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.json")))!.AsArray();
        foreach (var password in collections.SelectMany(collection => collection!["fields"]!.AsArray()).Where(field => field!["type"]!.GetValue<string>() == "password"))
        {
            password!["cost"] = LeastCost;
        }

        if (collections.Any(collection => collection!["name"]!.GetValue<string>() == "users"))
        {
            // Else PocketBase's own fields stay in it, or the import is refused because it has another id.
            await AdminAsync(HttpMethod.Delete, "/api/collections/users");
        }

        await AdminAsync(HttpMethod.Put, "/api/collections/import", new JsonObject { ["collections"] = collections, ["deleteMissing"] = false });
        Collections = [.. (await ItemsAsync("/api/collections?perPage=500")).Select(collection => new AppCollection(collection))];
    }

    /// <summary>Fills every collection with records, as far as its fields and indexes let any in.</summary>
    public async Task FillAsync()
    {
        await RecordMaker.FillAsync(this);
        foreach (var collection in AuthCollections)
        {
            People = [.. People, .. (await ItemsAsync($"/api/collections/{collection.Id}/records?perPage=500&sort=@rowid")).Select(record => AppPerson.Of(collection, record))];
        }
    }

    /// <summary>Asks as superuser. A refusal is an answer too.</summary>
    public Task<AppAnswer> AskAsync(HttpMethod method, string path, HttpContent? content) => SendAsync(SuperuserToken, method, path, content);

    /// <summary>Reads as somebody of the app.</summary>
    public async Task<AppAnswer> ReadAsync(AppPerson person, string path)
    {
        if (!_tokens.TryGetValue(person.Key, out var token))
        {
            var answer = await AskAsync(HttpMethod.Post, $"/api/collections/{person.Collection}/impersonate/{person.Id}", JsonContent.Create(new { duration = 600 }));
            _tokens[person.Key] = token = answer.Json["token"]!.GetValue<string>();
        }

        return await SendAsync(token, HttpMethod.Get, path, content: null);
    }

    private async Task<AppAnswer> SendAsync(string token, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await _http.SendAsync(request);
        return new AppAnswer(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<IEnumerable<JsonObject>> ItemsAsync(string path) =>
        (await AskAsync(HttpMethod.Get, path, content: null)).Json["items"]!.AsArray().Select(item => item!.AsObject());
}

/// <param name="Done">Whether PocketBase did what it was asked to.</param>
/// <param name="Body">What it said.</param>
internal sealed record AppAnswer(bool Done, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>Somebody in an app.</summary>
/// <param name="Collection">The auth collection.</param>
/// <param name="Id">The record.</param>
/// <param name="Email">The address; empty where there is none.</param>
/// <param name="Texts">What their text fields hold that aren't hidden: their names among it.</param>
internal sealed record AppPerson(string Collection, string Id, string Email, IReadOnlyList<string> Texts)
{
    /// <summary>Names somebody among all of the app's.</summary>
    public string Key => $"{Collection}/{Id}";

    public static AppPerson Of(AppCollection collection, JsonObject record) => new(
        collection.Name,
        record["id"]!.GetValue<string>(),
        record["email"]?.GetValue<string>() ?? "",
        [.. collection.Fields.Where(field => field is { Type: "text", Hidden: false } && !field.Is("primaryKey"))
            .Select(field => record[field.Name]?.GetValue<string>() ?? "").Where(text => text.Length > 0)]);
}
