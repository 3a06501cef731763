using System.Diagnostics;
using System.Text.Json;

namespace SupportConsole.Tests.TestKit;

/// <summary>PocketBase's own JavaScript client, in a process of its own.</summary>
internal static class OfficialClient
{
    /// <summary>The posts that each of the users sees, newest first.</summary>
    public static async Task<Dictionary<string, List<string>>> VisiblePostsAsync(PocketBaseServer server, params string[] users) =>
        (await VisibleAsync(server, [("posts", "-created,-id")], users.Select(user => $"users/{user}")))["posts"]
            .ToDictionary(seen => seen.Key["users/".Length..], seen => seen.Value!);

    /// <summary>What each of the users (<c>collection/id</c>) sees of each collection, in the order of its sort; null where the server refuses the list.</summary>
    /// <param name="server">Where.</param>
    /// <param name="lists">The collections, each with its sort.</param>
    /// <param name="users">As whom.</param>
    /// <param name="filter">What of each collection is asked for; null for all of it.</param>
    public static Task<Dictionary<string, Dictionary<string, List<string>?>>> VisibleAsync(
        PocketBaseServer server, IEnumerable<(string Collection, string Sort)> lists, IEnumerable<string> users, string? filter = null) =>
        RunAsync<Dictionary<string, Dictionary<string, List<string>?>>>(
            ["official-client.mjs", "--url", server.Url.ToString(), .. lists.SelectMany(list => (string[])["--list", $"{list.Collection}={list.Sort}"]), .. filter is null ? [] : (string[])["--filter", filter], .. users],
            ("SUPERUSER_EMAIL", PocketBaseServer.SuperuserEmail), ("SUPERUSER_PASSWORD", PocketBaseServer.SuperuserPassword));

    /// <summary>What a service gets that uses a key: how many records of a collection, and whether the server takes the key for alive.</summary>
    public static Task<KeyUse> UseKeyAsync(PocketBaseServer server, string key, string collection = "data") =>
        RunAsync<KeyUse>(["key-client.mjs", "--url", server.Url.ToString(), "--collection", collection], ("API_KEY", key));

    private static async Task<T> RunAsync<T>(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var tests = Path.Combine(Checkout.Root, "tests");
        Assert.SkipUnless(Directory.Exists(Path.Combine(tests, "node_modules", "pocketbase")), "The official client is not installed: run 'npm ci' in tests.");
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = tests, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<T>(output, JsonSerializerOptions.Web)!;
    }

    /// <param name="Items">Records of the first page.</param>
    /// <param name="Alive">Whether the server takes the key for a token that lives.</param>
    internal sealed record KeyUse(int Items, bool Alive);
}
