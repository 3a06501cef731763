using System.Collections.Concurrent;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// A person's browser window. It remembers whatever went wrong in it, and can keep everything that reached it.
/// </summary>
internal sealed class Window
{
    public const string AdaId = "u8k2m1c0a3l9x7q";
    public const string Reason = "Customer cannot find the post she published";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Uri _root;
    private readonly string[] _origins;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<string> _received = new();
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly ConcurrentQueue<Task> _reading = new();
    private bool _keepsBodies;

    /// <param name="page">The page to watch.</param>
    /// <param name="root">The console, with the path that it lies below.</param>
    /// <param name="others">Where else the window may go: the sign-in provider.</param>
    public Window(IPage page, Uri root, params Uri[] others)
    {
        Page = page;
        _root = root;
        _origins = [.. others.Append(root).Select(OriginOf)];
        page.Request += (_, request) => CheckOrigin(request.Url);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _faults.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _faults.Enqueue($"script: {error}");
        page.WebSocket += (_, socket) =>
        {
            CheckOrigin(socket.Url);
            socket.FrameReceived += (_, frame) => _received.Enqueue(TextOf(frame));
            socket.FrameSent += (_, frame) => _sent.Enqueue(TextOf(frame));
        };
    }

    public IPage Page { get; }

    /// <summary>Console errors, script errors and requests to elsewhere.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>The text of a console error that belongs to what is being tested.</summary>
    public string? ExpectedFault { get; set; }

    public IReadOnlyCollection<string> FramesReceived => _received;

    public IReadOnlyCollection<string> FramesSent => _sent;

    public ILocator SearchBox => Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a user by e-mail, name or id" });

    public ILocator UserRows => Page.Locator("tr[data-record-id]");

    public ILocator Posts => Page.Locator("article");

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>The session whose address the window shows.</summary>
    public string SessionId => new Uri(Page.Url).AbsolutePath.Split('/')[^1];

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Field(string name) => Page.GetByRole(AriaRole.Textbox, new() { Name = name });

    public ILocator ViewOf(string name) => Page.GetByRole(AriaRole.Region, new() { Name = $"Viewing as {name}" });

    public Task GoAsync(string path) => Page.GotoAsync(_root.AbsoluteUri.TrimEnd('/') + path);

    public async Task SignInAsync(string name)
    {
        await GoAsync("/signin");
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Sign in as {name}" }).ClickAsync();
        await Expect(Page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("signin"));
        await Expect(Heading).ToBeVisibleAsync();
    }

    public async Task OpenUserAsync(string record = AdaId, string name = "Ada Lovelace")
    {
        await GoAsync($"/users/users/{record}");
        await Expect(Heading).ToHaveTextAsync(name);
    }

    /// <summary>Opens a session as Ada, from her page, and waits for her posts.</summary>
    public async Task OpenSessionAsync(string reason = Reason)
    {
        await OpenUserAsync();
        await Button("View as").ClickAsync();
        await StartAsync(reason);
        await Expect(ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        await Expect(Posts.First).ToBeVisibleAsync();
    }

    /// <summary>Fills the open dialog in and starts.</summary>
    public async Task StartAsync(string reason = Reason, string? ticket = null)
    {
        await Field("Reason").FillAsync(reason);
        if (ticket is not null)
        {
            await Field("Ticket").FillAsync(ticket);
        }

        await Button("Start 15-minute session").ClickAsync();
    }

    /// <summary>The ids of the posts shown, from the top.</summary>
    public async Task<IReadOnlyList<string>> PostIdsAsync() =>
        await Posts.EvaluateAllAsync<string[]>("articles => articles.map(article => article.dataset.recordId)");

    /// <summary>Closes a dialog that has just opened with Escape, pressed again where it came before the dialog listened.</summary>
    public async Task EscapeDialogAsync()
    {
        for (var presses = 0; presses < 10 && await Dialog.CountAsync() > 0; presses++)
        {
            await Page.Keyboard.PressAsync("Escape");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }

        await Expect(Dialog).ToHaveCountAsync(0);
    }

    /// <summary>Chooses somebody in a staff row's dialog: <paramref name="verb"/> is "Grant" or "Revoke".</summary>
    public async Task ChangeRoleAsync(string verb, string staff, string reason)
    {
        var button = Page.Locator($"tr[data-staff-id='{staff}']").GetByRole(AriaRole.Button, new() { Name = verb });
        await button.ClickAsync();
        await Field("Reason").FillAsync(reason);
        await Expect(Button($"{verb} role")).ToBeEnabledAsync();
    }

    /// <summary>
    /// Keeps the bodies of responses too from now on, which costs a quarter of all that a window does: to be called before its first page.
    /// </summary>
    public void KeepBodies()
    {
        _keepsBodies = true;
        Page.Response += (_, response) => _reading.Enqueue(KeepAsync(response));
    }

    /// <summary>Everything that reached the browser or left it so far: bodies of responses and the circuit's messages.</summary>
    public async Task<IReadOnlyList<string>> TrafficAsync()
    {
        Assert.True(_keepsBodies, "Only a window that keeps bodies knows them.");
        await Task.WhenAll(_reading);
        return [.. _received, .. _sent, .. _bodies];
    }

    private readonly ConcurrentQueue<string> _bodies = new();

    private async Task KeepAsync(IResponse response)
    {
        try
        {
            _bodies.Enqueue($"{response.Url}\n{string.Join('\n', response.Headers)}\n{Encoding.Latin1.GetString(await response.BodyAsync().WaitAsync(Patience, TimeProvider.System))}");
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException)
        {
            // A redirect has no body, and the page may be gone before its last one is read; then Chromium may also say nothing at all.
            _bodies.Enqueue($"{response.Url}\n{string.Join('\n', response.Headers)}");
        }
    }

    private void CheckOrigin(string url)
    {
        var asked = new Uri(url);
        var scheme = asked.Scheme switch { "ws" => "http", "wss" => "https", var other => other };
        if (scheme is "http" or "https" && !_origins.Contains($"{scheme}://{asked.Authority}"))
        {
            _faults.Enqueue($"asked elsewhere: {url}");
        }
    }

    private static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static string TextOf(IWebSocketFrame frame) => frame.Binary is { } bytes ? Encoding.Latin1.GetString(bytes) : frame.Text ?? "";
}
