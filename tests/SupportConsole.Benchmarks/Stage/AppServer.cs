using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using SupportConsole.Demo;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Stage;

/// <summary>A real PocketBase with the demo's app in it; it ends with this process.</summary>
internal sealed class AppServer : IAsyncDisposable
{
    public const string SuperuserPassword = "bench-superuser-password";

    /// <summary>The member of the demo's app who is viewed as.</summary>
    public const string Member = "u8k2m1c0a3l9x7q";

    private readonly DemoBackend _server;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private string? _token;

    private AppServer(DemoBackend server) => _server = server;

    public string Url => _server.Url;

    /// <summary>The demo's app as it is at its first start, without the companion hook.</summary>
    public static Task<AppServer> StartAsync() => StartAsync(Places.DemoApp, Places.Fresh());

    /// <summary>The same with the companion hook in it.</summary>
    public static Task<AppServer> StartWithCompanionAsync() => StartAsync(Places.DemoApp, Places.Fresh(), hasCompanion: true);

    /// <summary>The same with a thousand members more.</summary>
    public static Task<AppServer> StartWithCompanionAndUsersAsync() => StartAsync(
        AppWith(Places.Fresh(), "1800000001_users.js", ManyUsers.Replace("i < 100000", "i < 1000", StringComparison.Ordinal)), Places.Fresh(), hasCompanion: true);

    /// <summary>The demo's app with a hundred thousand members more, made once.</summary>
    public static Task<AppServer> StartWithManyUsersAsync() =>
        StartAsync(AppWith(Places.Kept("many-users-app"), "1800000001_many_users.js", ManyUsers), Places.Kept("many-users-data"));

    /// <summary>The demo's app with collections up to twenty-five, each of the added ones with twenty thousand records under a rule, and one for files of a hundred megabytes.</summary>
    public static Task<AppServer> StartWithManyCollectionsAsync() =>
        StartAsync(AppWith(Places.Fresh(), "1800000001_many_collections.js", ManyCollections), Places.Fresh());

    /// <summary>The demo's app with one collection more, of two hundred fields, whose list fills a page.</summary>
    public static Task<AppServer> StartWithManyFieldsAsync() =>
        StartAsync(AppWith(Places.Fresh(), "1800000001_many_fields.js", ManyFields), Places.Fresh());

    /// <summary>Adds a record with a file of random bytes to the collection for files.</summary>
    /// <returns>The record and the file's name.</returns>
    public async Task<(string Record, string Name)> AddFileAsync(int bytes)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(System.Security.Cryptography.RandomNumberGenerator.GetBytes(bytes)), "file", "large.bin" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Url}/api/collections/archive/records") { Content = form };
        request.Headers.TryAddWithoutValidation("Authorization", await SuperuserTokenAsync());
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var record = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (record.GetProperty("id").GetString()!, record.GetProperty("file").GetString()!);
    }

    /// <summary>A token that reads as a member, as the console would get one.</summary>
    public async Task<string> ImpersonateAsync(string user) =>
        (await PostAsync($"/api/collections/users/impersonate/{user}", new { duration = 3600 }, await SuperuserTokenAsync()))
            .GetProperty("token").GetString()!;

    public async Task<string> SuperuserTokenAsync() => _token ??=
        (await PostAsync(
            "/api/collections/_superusers/auth-with-password", new { identity = DemoBackend.SuperuserEmail, password = SuperuserPassword }, null))
        .GetProperty("token").GetString()!;

    /// <summary>Removes the plain index on users' addresses that the set-up notes advise and the demo has, or puts it back.</summary>
    public async Task IndexEmailsAsync(bool wanted)
    {
        const string name = "idx_users_email_exact";
        var token = await SuperuserTokenAsync();
        using var read = new HttpRequestMessage(HttpMethod.Get, $"{Url}/api/collections/users");
        read.Headers.TryAddWithoutValidation("Authorization", token);
        using var answer = await _http.SendAsync(read);
        var indexes = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("indexes").EnumerateArray()
            .Select(index => index.GetString()!).Where(index => !index.Contains(name, StringComparison.Ordinal)).ToList();
        if (wanted)
        {
            indexes.Add($"CREATE INDEX `{name}` ON `users` (`email`)");
        }

        using var write = new HttpRequestMessage(HttpMethod.Patch, $"{Url}/api/collections/users") { Content = JsonContent.Create(new { indexes }) };
        write.Headers.TryAddWithoutValidation("Authorization", token);
        using var changed = await _http.SendAsync(write);
        changed.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
    }

    /// <summary>Makes the demo's app in a folder, with one migration more.</summary>
    private static string AppWith(string folder, string name, string migration)
    {
        var migrations = Directory.CreateDirectory(Path.Combine(folder, "pb_migrations")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Places.DemoApp, "pb_migrations")))
        {
            File.Copy(file, Path.Combine(migrations, Path.GetFileName(file)), overwrite: true);
        }

        File.WriteAllText(Path.Combine(migrations, name), migration);
        return folder;
    }

    private static async Task<AppServer> StartAsync(string app, string data, bool hasCompanion = false)
    {
        var server = new DemoBackend(
            DemoBackend.PinnedExecutable(Path.Combine(Places.Repository, "src", "SupportConsole")), app, data, Ports.Free(), SuperuserPassword)
        {
            HasCompanion = hasCompanion,
        };
        await server.StartAsync(CancellationToken.None);
        return new AppServer(server);
    }

    private async Task<JsonElement> PostAsync(string path, object body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url + path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private const string ManyCollections =
        """
        migrate((app) => {
          app.save(new Collection({ type: "base", name: "archive", listRule: "@request.auth.id != ''", viewRule: "@request.auth.id != ''",
            fields: [{ type: "file", name: "file", protected: true, maxSelect: 1, maxSize: 104857600 }] }));
          for (let i = 1; i <= 12; i++) {
            app.save(new Collection({ type: "base", name: "things" + i, listRule: "owner = @request.auth.id || open = true", viewRule: "open = true",
              fields: [{ type: "text", name: "owner" }, { type: "bool", name: "open" }, { type: "text", name: "name" }] }));
            app.db().newQuery("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
              + "INSERT INTO things" + i + " (id, owner, open, name) SELECT printf('t%014d', i), 'u8k2m1c0a3l9x7q', i % 2, 'Thing ' || i FROM n").execute();
          }
        }, () => {});
        """;

    private const string ManyFields =
        """
        migrate((app) => {
          const names = [...Array(200)].map((_, at) => `field_${at}`);
          app.save(new Collection({ type: "base", name: "wide", listRule: "", viewRule: "", fields: names.map((name) => ({ type: "text", name })) }));
          for (let row = 0; row < 30; row++) {
            const record = new Record(app.findCollectionByNameOrId("wide"));
            names.forEach((name) => record.set(name, `${name} of record ${row}`));
            app.save(record);
          }
        }, () => {});
        """;

    // One statement, and one password hash for all: nobody signs in as them.
    private const string ManyUsers =
        """
        migrate((app) => {
          app.db().newQuery(`
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000),
              first(i, name) AS (VALUES (0,'Anna'),(1,'Boris'),(2,'Clara'),(3,'David'),(4,'Emine'),(5,'Farid'),(6,'Greta'),(7,'Hugo'),(8,'Ines'),(9,'Jonas'),(10,'Keiko')),
              last(i, name) AS (VALUES (0,'Anderson'),(1,'Bakker'),(2,'Costa'),(3,'Dubois'),(4,'Eriksson'),(5,'Fischer'),(6,'Garcia'),(7,'Horvat'),(8,'Ivanova'),(9,'Jensen'),(10,'Kaya'),(11,'Lambert'),(12,'Moreau'))
            INSERT INTO users (id, email, name, username, emailVisibility, verified, password, tokenKey, created, updated)
            SELECT printf('m%014d', n.i), lower(first.name) || '.' || lower(last.name) || n.i || '@example.com', first.name || ' ' || last.name || ' ' || n.i,
              'member' || n.i, FALSE, n.i % 7 > 0, (SELECT password FROM users LIMIT 1), printf('key%047d', n.i),
              strftime('%Y-%m-%d %H:%M:%fZ', '2020-01-01', '+' || (n.i * 25) || ' minutes'), strftime('%Y-%m-%d %H:%M:%fZ', '2026-01-01')
            FROM n JOIN first ON first.i = n.i % 11 JOIN last ON last.i = n.i % 13`).execute();
        }, () => {});
        """;
}
