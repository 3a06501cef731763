using System.Diagnostics;
using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>What an open window costs the server, against a page of MudBlazor's parts, and whether closed windows are let go.</summary>
internal sealed class Circuits : Row
{
    private const int Windows = 100;
    private const int OpenedAndClosed = 1000;

    private const string AuditPage = "/audit data-seq";

    public override string Name => "circuits";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await InstallAsync();
        await using var app = await AppServer.StartWithManyFieldsAsync();
        var stockAddress = Address();
        await using var stock = await Helper.HostAsync(Hosts.Stock, stockAddress);
        await using var stockBrowser = await BrowserAsync(stockAddress);
        var (floor, _) = await CostAsync(stock, stockBrowser, "/ mud-table-cell");

        var address = Address();
        await using var console = await Helper.HostAsync(Hosts.Console, address, await CopyOfTrailAsync(), app.Url);
        await using var admin = await BrowserAsync(address, "ines-duarte");
        var (audit, _) = await CostAsync(console, admin, AuditPage);
        yield return Of("audit page", audit, floor);

        await using var agent = await BrowserAsync(address, "mia-chen");
        var session = (await console.AskAsync("session mia-chen")).GetProperty("session").GetString();
        var (posts, _) = await CostAsync(console, agent, $"/sessions/{session} post-open");
        yield return Of("view-as posts page", posts, floor);
        var (wide, _) = await CostAsync(console, agent, $"/sessions/{session}/collections/wide data-record-id");
        yield return new Line(
            "heap a window, list of a collection of 200 fields, against the view-as posts page", Kilobytes(wide), Kilobytes(posts), Line.Times(wide / posts), "≤ 1.00×", wide <= posts);

        var before = await StateAsync(console);
        await admin.AskAsync($"churn {OpenedAndClosed} {AuditPage}");
        var after = await ClosedAsync(console, before);
        var left = after.Circuits - before.Circuits + after.Listeners - before.Listeners;
        yield return new Line(
            $"circuits and listeners left of {OpenedAndClosed} windows opened and closed", left.ToString(CultureInfo.InvariantCulture), "0",
            string.Create(CultureInfo.InvariantCulture, $"heap {(after.Heap - before.Heap) / 1024.0:+#,0;-#,0} kB"), "0", left == 0);
    }

    private static Line Of(string page, double cost, double floor) => new(
        $"heap a window, {page}, against a stock MudBlazor page", Kilobytes(cost), Kilobytes(floor), Line.Times(cost / floor), "≤ 0.60×", cost / floor <= 0.6);

    private static string Kilobytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:N0} kB");

    /// <summary>Bytes a window, and what is left once all are closed.</summary>
    private static async Task<(double Each, HostState Left)> CostAsync(Helper host, Helper browser, string page)
    {
        await browser.AskAsync($"churn 30 {page}");
        var before = await ClosedAsync(host, await StateAsync(host) with { Circuits = 0 });
        await browser.AskAsync($"open {Windows} {page}");
        var open = await StateAsync(host);
        if (open.Circuits != Windows)
        {
            throw new InvalidOperationException($"{open.Circuits} circuits are open instead of {Windows}.");
        }

        await browser.AskAsync("close");
        return ((open.Heap - before.Heap) / (double)Windows, await ClosedAsync(host, before));
    }

    /// <summary>The state once no circuit is left; after a while, the state as it is.</summary>
    private static async Task<HostState> ClosedAsync(Helper host, HostState before)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var state = await StateAsync(host);
            if (state.Circuits <= before.Circuits || waited.Elapsed > TimeSpan.FromSeconds(30))
            {
                return state;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private static async Task<HostState> StateAsync(Helper host)
    {
        var answer = await host.AskAsync("state");
        return new HostState(
            answer.GetProperty("heap").GetInt64(),
            answer.GetProperty("circuits").GetInt32(),
            answer.GetProperty("staffListeners").GetInt32() + answer.GetProperty("sessionListeners").GetInt32());
    }

    private static Task<Helper> BrowserAsync(string address, string? person = null) => Helper.StartAsync(
        "node", person is null ? [Path.Combine(Places.Circuits, "circuits.mjs"), address] : [Path.Combine(Places.Circuits, "circuits.mjs"), address, person]);

    private static async Task<string> CopyOfTrailAsync()
    {
        var folder = Places.Fresh();
        File.Copy(Path.Combine(await TrailFiller.FolderAsync(10_000), "console.db"), Path.Combine(folder, "console.db"));
        return folder;
    }

    private static string Address() => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");

    private static async Task InstallAsync()
    {
        if (Directory.Exists(Path.Combine(Places.Circuits, "node_modules")))
        {
            return;
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Places.Circuits,
            RedirectStandardOutput = true,
        })!;
        await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException("npm couldn't install the protocol client; see above.");
        }
    }

    private sealed record HostState(long Heap, int Circuits, int Listeners);
}
