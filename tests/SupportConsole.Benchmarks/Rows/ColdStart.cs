using System.Diagnostics;
using System.Globalization;
using System.Net;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Demo;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// From the start of the process to being ready, with a trail of a million events and PocketBase elsewhere, against the first
/// page of the Blazor template, published as it comes; the console as its README says. The number of events can be set by <c>START_EVENTS</c>.
/// </summary>
internal sealed class ColdStart : Row
{
    private const int Starts = 8;

    public override string Name => "cold-start";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var length = int.Parse(Environment.GetEnvironmentVariable("START_EVENTS") ?? "1000000", CultureInfo.InvariantCulture);
        await using var app = await AppServer.StartAsync();
        var data = Places.Fresh();
        File.Copy(Path.Combine(await TrailFiller.FolderAsync(length), "console.db"), Path.Combine(data, "console.db"));
        var console = Path.Combine(await PublishAsync(Path.Combine(Places.Repository, "src", "SupportConsole"), "published-console", "-r", "linux-x64", "--no-self-contained"), "SupportConsole.dll");
        var template = Path.Combine(await PublishAsync(await TemplateAsync(), "published-template"), "Template.dll");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var (ours, theirs) = (new Samples(), new Samples());
        for (var start = 0; start <= Starts; start++)
        {
            var mine = await StartAsync(http, console, "/health/ready", new()
            {
                ["SignIn__Mode"] = "Demo",
                ["PocketBase__Url"] = app.Url,
                ["PocketBase__SuperuserEmail"] = DemoBackend.SuperuserEmail,
                ["PocketBase__SuperuserPassword"] = AppServer.SuperuserPassword,
                ["Storage__ConnectionString"] = $"Data Source={Path.Combine(data, "console.db")}",
                ["DataProtection__KeyFolder"] = Path.Combine(data, "keys"),
                ["Logging__Folder"] = Path.Combine(data, "logs"),
            });
            var plain = await StartAsync(http, template, "/", []);
            if (start > 0) // The first start of each reads its files from the disk.
            {
                ours.Add(mine);
                theirs.Add(plain);
            }
        }

        var many = length.ToString("N0", CultureInfo.InvariantCulture);
        yield return Line.Of($"start to /health/ready, {many} events, against the template's first page", ours, theirs, length > 1_000_000 ? 1.25 : 1.5);
    }

    private static async Task<TimeSpan> StartAsync(HttpClient http, string assembly, string path, Dictionary<string, string> settings)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");
        var start = new ProcessStartInfo("dotnet", [assembly]) { WorkingDirectory = Path.GetDirectoryName(assembly), RedirectStandardOutput = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = start.Environment["Urls"] = address;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (!await AnswersAsync(http, address + path))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"{Path.GetFileName(assembly)} doesn't answer.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        var took = Stopwatch.GetElapsedTime(begun);
        process.Kill();
        await process.WaitForExitAsync();
        return took;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string address)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> TemplateAsync()
    {
        var folder = Places.Kept("template");
        if (!File.Exists(Path.Combine(folder, "Template.csproj")))
        {
            await DotnetAsync(["new", "blazor", "--name", "Template", "--output", folder, "--no-restore", "--force"]);
        }

        return folder;
    }

    // Without servers that outlive the command: they would keep its output open, and nobody would see its end.
    private static async Task<string> PublishAsync(string project, string name, params string[] platform)
    {
        var folder = Places.Kept(name);
        await DotnetAsync(["publish", project, "--configuration", "Release", "--output", folder, "-nodeReuse:false", "-p:UseSharedCompilation=false", .. platform]);
        return folder;
    }

    private static async Task DotnetAsync(string[] arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var said = await dotnet.StandardOutput.ReadToEndAsync();
        await dotnet.WaitForExitAsync();
        if (dotnet.ExitCode != 0)
        {
            throw new InvalidOperationException(said);
        }
    }
}
