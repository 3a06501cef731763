using System.Text.Json;
using System.Text.Json.Nodes;

namespace SupportConsole.Tests.TestKit;

/// <summary>The pinned PocketBase with the demo's app in it, shared by all tests that only need it to be there.</summary>
public sealed class DemoServer : AppServer
{
    protected override IEnumerable<string> Migrations =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", "SupportConsole", "Demo", "pb_migrations"), "*.js");

    /// <summary>A user of the test's own, with a name that nobody else has.</summary>
    public async Task<string> AddUserAsync(string name, JsonObject? extra = null)
    {
        var user = extra ?? [];
        user["name"] = name;
        user["email"] ??= $"{Guid.NewGuid():n}@example.test";
        var password = Guid.NewGuid().ToString("n");
        user["password"] = password;
        user["passwordConfirm"] = password;
        user["verified"] = true;
        return (await AdminAsync(HttpMethod.Post, "/api/collections/users/records", user)).GetProperty("id").GetString()!;
    }

    /// <summary>A published post of the test's own.</summary>
    public async Task<string> AddPostAsync(string title, string body, string? author = null)
    {
        var post = new JsonObject { ["title"] = title, ["body"] = body, ["author"] = author, ["status"] = "published" };
        return (await AdminAsync(HttpMethod.Post, "/api/collections/posts/records", post)).GetProperty("id").GetString()!;
    }

    /// <summary>A service account as it is; fails when there is none.</summary>
    public Task<JsonElement> AccountAsync(string id) => AdminAsync(HttpMethod.Get, $"/api/collections/service_accounts/records/{id}");

    /// <summary>Whether a service account is there.</summary>
    public async Task<bool> HasAccountAsync(string id) =>
        (await AdminAsync(HttpMethod.Get, $"/api/collections/service_accounts/records?filter={Uri.EscapeDataString($"id='{id}'")}"))
            .GetProperty("items").GetArrayLength() == 1;

    /// <summary>An account with a token that somebody made past the console, as PocketBase's own dashboard lets one.</summary>
    public async Task<(string Account, string Token)> AddForeignKeyAsync(string label)
    {
        var password = Guid.NewGuid().ToString("n");
        var account = (await AdminAsync(HttpMethod.Post, "/api/collections/service_accounts/records", new JsonObject
        {
            ["label"] = label, ["password"] = password, ["passwordConfirm"] = password,
        })).GetProperty("id").GetString()!;
        var made = await AdminAsync(HttpMethod.Post, $"/api/collections/service_accounts/impersonate/{account}", new JsonObject { ["duration"] = 31536000 });
        return (account, made.GetProperty("token").GetString()!);
    }

    /// <summary>What a list answers to whoever holds a token, as any client would ask.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string collection, string token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, $"/api/collections/{collection}/records?perPage=200"));
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using var answer = await client.SendAsync(request);
        var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        return [.. body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
    }

    /// <summary>Takes a record out of the app.</summary>
    public Task<JsonElement> RemoveAsync(string collection, string record) =>
        AdminAsync(HttpMethod.Delete, $"/api/collections/{collection}/records/{record}");
}

/// <summary>Tests that share the demo's PocketBase, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class DemoApp : ICollectionFixture<DemoServer>
{
    public const string Name = "Demo app";
}
