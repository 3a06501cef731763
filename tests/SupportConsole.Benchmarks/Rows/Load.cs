using System.Globalization;
using System.Net;
using System.Text.Json;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// Sixty-four agents who page through posts at once, each in a session and a window of their own, against as many bare clients that
/// send PocketBase the same requests a page. The windows rest at half-time and at the end, to have the console's memory taken.
/// They work for as many seconds as the variable LOAD_SECONDS says, by itself for a minute.
/// </summary>
internal sealed class Load : Row
{
    private const int Agents = 64;

    public override string Name => "load";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var time = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("LOAD_SECONDS") ?? "60", CultureInfo.InvariantCulture));
        await using var app = await AppServer.StartAsync();
        var pages = await PagesAsync(app);
        using var clients = new Clients(app.Url, await app.ImpersonateAsync(AppServer.Member), await app.SuperuserTokenAsync());
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        await using var console = await Helper.HostAsync(Hosts.Console, address.ToString(), Places.Fresh(), app.Url);
        await using var windows = await Windows.OpenAsync(address, await console.AskAsync(string.Create(CultureInfo.InvariantCulture, $"agents {Agents}")), pages);
        var subject = new Crowd(Agents, (agent, turn) => windows.TurnToAsync(agent, pages[(agent + turn) % pages.Length]));
        var floor = new Crowd(Agents, (client, turn) => clients.AskAsync(client, pages[(client + turn) % pages.Length]));

        await subject.WorkAsync(TimeSpan.FromSeconds(10));
        await floor.WorkAsync(TimeSpan.FromSeconds(3));
        subject.Forget();
        floor.Forget();
        var begun = await StateAsync(console);

        // In turns, so that whatever else the machine does meets both.
        await floor.WorkAsync(time / 6);
        await subject.WorkAsync(time / 2);
        var middle = await StateAsync(console);
        await floor.WorkAsync(time / 6);
        await subject.WorkAsync(time / 2);
        var ended = await StateAsync(console);
        await floor.WorkAsync(time / 6);

        var busy = middle.BusyUntil - begun.BusySince + ended.BusyUntil - middle.BusySince;
        var (ratio, ratio99) = (subject.PerSecond / floor.PerSecond, subject.Taken.P99 / floor.Taken.P99);
        yield return new Line(
            $"load: pages a second in {Agents} windows at once, against bare clients",
            string.Create(CultureInfo.InvariantCulture, $"{Rate(subject)}, {busy.TotalMilliseconds / subject.Taken.Count:0.0} ms of the console's processor each"), Rate(floor), Line.Times(ratio), "≥ 0.80×", ratio >= 0.8);
        yield return new Line("load: from the click to the whole page", Times(subject), Times(floor), $"p99 {Line.Times(ratio99)}", "p99 ≤ 2.00×", ratio99 <= 2);
        yield return new Line(
            string.Create(CultureInfo.InvariantCulture, $"load: live heap and working set, from half-time to the end of {time.TotalSeconds:0} s"),
            $"{middle.Memory} → {ended.Memory}", $"at first {begun.Memory}", Line.Times((double)ended.Heap / middle.Heap), "heap ≤ 1.05×", ended.Heap <= middle.Heap * 1.05);
    }

    private static string Rate(Crowd crowd) => string.Create(CultureInfo.InvariantCulture, $"{crowd.PerSecond:0}/s");

    private static string Times(Crowd crowd) => string.Create(CultureInfo.InvariantCulture, $"{crowd.Taken.P50:0} / {crowd.Taken.P99:0} ms");

    private static async Task<State> StateAsync(Helper console) => (await console.AskAsync("state")).Deserialize<State>(JsonSerializerOptions.Web)!;

    /// <summary>All pages of the member's posts, and what the console asks for each.</summary>
    private static async Task<Page[]> PagesAsync(AppServer app)
    {
        await using var relay = await Relay.StartAsync(new Uri(app.Url));
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh(), relay.Url.ToString());
        var session = await stage.OpenSessionAsync();
        List<Page> pages = [];
        RecordCursor? after = null;
        do
        {
            relay.Clear();
            if (await stage.Get<PostReader>().PostsAsync(stage.Staff, session.Id, after, CancellationToken.None) is not ReadOutcome<PostList>.Found { Value: var list })
            {
                throw new InvalidOperationException("The demo's member sees no posts.");
            }

            string PathOf(string part) => relay.Requests.Single(request => request.Path.Contains(part, StringComparison.Ordinal)).Path;
            pages.Add(new Page(after?.ToString(), list.Posts[^1].Id, PathOf("/collections/posts/"), PathOf("/files/token"), PathOf("/collections/users/")));
            after = list.Older;
        }
        while (after is not null);
        return [.. pages];
    }

    /// <param name="After">Its place in the address; null for the first.</param>
    /// <param name="Last">Its last post.</param>
    /// <param name="List">The request for its posts.</param>
    /// <param name="Proof">The request that proves the token.</param>
    /// <param name="Policy">The request whether the member may be viewed, which the console's superuser sends meanwhile.</param>
    private sealed record Page(string? After, string Last, string List, string Proof, string Policy);

    private sealed record State(long Heap, long WorkingSet, TimeSpan BusyUntil, TimeSpan BusySince)
    {
        public string Memory => string.Create(CultureInfo.InvariantCulture, $"{Heap / 1e6:0.0}, {WorkingSet / 1e6:0} MB");
    }

    private sealed class Clients(string url, string member, string superuser) : IDisposable
    {
        private readonly (BareClient Member, BareClient Superuser)[] _clients =
            [.. Enumerable.Range(0, Agents).Select(_ => (new BareClient(url, member), new BareClient(url, superuser)))];

        public async Task AskAsync(int client, Page page)
        {
            var policy = _clients[client].Superuser.GetAsync(page.Policy);
            await _clients[client].Member.GetAsync(page.List);
            await _clients[client].Member.PostAsync(page.Proof);
            await policy;
        }

        public void Dispose()
        {
            foreach (var (member, superuser) in _clients)
            {
                member.Dispose();
                superuser.Dispose();
            }
        }
    }

    private sealed class Windows : IAsyncDisposable
    {
        private readonly List<(string Session, RawBrowser Browser, RawCircuit Circuit)> _windows = [];

        public static async Task<Windows> OpenAsync(Uri console, JsonElement agents, Page[] pages)
        {
            var windows = new Windows();
            foreach (var agent in agents.GetProperty("agents").EnumerateArray())
            {
                var (session, page) = (agent.GetProperty("session").GetString()!, pages[windows._windows.Count % pages.Length]);
                var browser = new RawBrowser(console);
                browser.Cookies.Add(console, new Cookie(agents.GetProperty("cookie").GetString()!, agent.GetProperty("ticket").GetString()));
                var circuit = await RawCircuit.OpenAsync(browser, AddressOf(session, page));
                windows._windows.Add((session, browser, circuit));
                await circuit.SeesAsync(page.Last);
            }

            return windows;
        }

        public async Task TurnToAsync(int agent, Page page)
        {
            var (session, _, circuit) = _windows[agent];
            circuit.Forget();
            await circuit.NavigateAsync(AddressOf(session, page));
            await circuit.SeesAsync(page.Last);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (_, browser, circuit) in _windows)
            {
                await circuit.DisposeAsync();
                browser.Dispose();
            }
        }

        private static string AddressOf(string session, Page page) =>
            $"/sessions/{session}{(page.After is { } after ? $"?after={Uri.EscapeDataString(after)}" : "")}";
    }
}
