using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>What a window says and does when there is no connection, or none any more.</summary>
[Collection(Lines.Name)]
public sealed class ConnectionTests(ForgetfulConsole app, Browsers browsers) : BrowserTest(app, browsers)
{
    private const string NoSocket = "This window gets no WebSocket connection";

    public enum Fault
    {
        Closed,
        Silent,
        NegotiateRefused,
        NegotiateFailed,
        NegotiateUnanswered,
    }

    [Theory]
    [InlineData(Fault.Closed)]
    [InlineData(Fault.Silent)]
    [InlineData(Fault.NegotiateRefused)]
    [InlineData(Fault.NegotiateFailed)]
    [InlineData(Fault.NegotiateUnanswered)]
    public async Task A_window_without_a_web_socket_says_so_within_ten_seconds_and_works_once_there_is_one(Fault fault)
    {
        var mia = await OpenAsync("Mia Chen");
        mia.ExpectedFault = "console:";
        var window = await OpenTabAsync(mia.Page.Context);
        window.ExpectedFault = "";
        await BreakAsync(window.Page, fault);

        var reports = new List<int>();
        window.Page.Response += (_, response) =>
        {
            if (response.Url.EndsWith("/no-socket", StringComparison.Ordinal))
            {
                reports.Add(response.Status);
            }
        };

        await window.Page.Clock.InstallAsync(); // The ten seconds are the window's own; its question to the server takes what it takes.
        await window.GoAsync("/users?q=ada");
        await window.Page.Clock.FastForwardAsync(10_000);
        await Expect(window.Heading).ToHaveTextAsync(NoSocket);

        await Expect(window.Page.GetByText($"one to {App.Root.Authority}")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("This window failed")).ToBeHiddenAsync();
        Assert.Equal([204], reports);
        await window.Page.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.IgnoreErrors });
        if (fault is Fault.NegotiateRefused or Fault.NegotiateFailed or Fault.NegotiateUnanswered)
        {
            await window.Button("Try again").ClickAsync();
            await Expect(window.UserRows.First).ToBeVisibleAsync();
            await Expect(window.Page.GetByText(NoSocket)).ToBeHiddenAsync();
        }
    }

    [Fact]
    public async Task A_console_that_went_away_meanwhile_is_not_blamed_on_the_web_socket()
    {
        var mia = await OpenAsync("Mia Chen");
        mia.ExpectedFault = "";
        await BreakAsync(mia.Page, Fault.NegotiateFailed);
        await mia.Page.RouteAsync("**/no-socket", route => route.AbortAsync());

        await mia.Page.Clock.InstallAsync();
        await mia.GoAsync("/users");
        await mia.Page.Clock.FastForwardAsync(10_000);

        await Expect(mia.Heading).ToHaveTextAsync("The console doesn't answer any more");
    }

    [Fact]
    public async Task A_browser_without_scripts_is_told_that_the_console_needs_them()
    {
        var mia = await OpenAsync("Mia Chen");
        var cookies = await mia.Page.Context.CookiesAsync();
        await using var profile = await mia.Page.Context.Browser!.NewContextAsync(new() { JavaScriptEnabled = false });
        await profile.AddCookiesAsync(cookies.Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = App.Root.ToString() }));
        var page = await profile.NewPageAsync();

        await page.GotoAsync(new Uri(App.Root, "/users").ToString());

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The console needs JavaScript");
    }

    [Fact]
    public async Task A_short_loss_is_bridged_and_nothing_typed_is_lost()
    {
        var mia = await OpenAsync("Ruth Okafor");
        var line = await Line.PutAsync(mia);
        await mia.GoAsync("/staff");
        await mia.Button("Grant a role").ClickAsync();
        await mia.Field("Reason").FillAsync("Covers the weekend");

        await line.DropAsync();

        await Expect(mia.Page.Locator(".reconnect[open]")).ToHaveCountAsync(0);
        await Expect(mia.Field("Reason")).ToHaveValueAsync("Covers the weekend");
        await mia.Button("Cancel").ClickAsync();
        await Expect(mia.Dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_window_whose_first_attempts_to_come_back_fail_has_not_failed()
    {
        await using var patient = new ConsoleApp();
        await patient.InitializeAsync();
        var profile = (await OpenAsync()).Page.Context;
        var mia = new Window(await profile.NewPageAsync(), patient.Root);
        var line = await Line.PutAsync(mia);
        await mia.SignInAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var attempts = 0;
        mia.Page.Request += (_, request) => attempts += request.Url.Contains("negotiate", StringComparison.Ordinal) ? 1 : 0;

        await line.CutAsync();
        await mia.Page.WaitForRequestAsync(new Regex("negotiate"));
        await mia.Page.WaitForRequestAsync(new Regex("negotiate"));
        await Expect(mia.Page.Locator(".reconnect[open]")).ToBeVisibleAsync();
        await Expect(mia.Page.GetByText("This window failed")).ToBeHiddenAsync();
        line.Mend();

        await Expect(mia.Page.Locator(".reconnect[open]")).ToHaveCountAsync(0);
        await Expect(mia.Page.GetByText("This window failed")).ToBeHiddenAsync();
        await mia.Posts.First.Locator("h2 button").ClickAsync();
        await Expect(mia.Page.Locator(".post-body")).ToBeVisibleAsync();
        Assert.InRange(attempts, 2, int.MaxValue);
        await mia.Page.CloseAsync(); // A server waits for its windows before it stops.
    }

    [Fact]
    public async Task A_window_that_was_given_up_says_so_over_its_dialog_and_brings_back_what_was_typed()
    {
        var ruth = await OpenAsync("Ruth Okafor");
        var line = await Line.PutAsync(ruth);
        await ruth.GoAsync("/staff");
        await ruth.ChangeRoleAsync("Revoke", "demo/mia-chen", "Left the support team today");

        await line.CutAsync();
        await Expect(ruth.Page.GetByText("Trying again by itself.")).ToBeVisibleAsync();
        await ruth.Button("Load the page again").ClickAsync(); // The line is dead and the server isn't: a reload, without waiting.
        await Expect(ruth.Heading).ToHaveTextAsync(NoSocket, new() { Timeout = 30_000 });
        line.Mend();
        await ruth.Button("Try again").ClickAsync();

        await Expect(ruth.Page.GetByRole(AriaRole.Status, new() { Name = "What you had typed" })).ToContainTextAsync("Left the support team today");
        await Expect(ruth.Page.GetByText("when you open “Revoke a role of Mia Chen” again")).ToBeVisibleAsync();
        await ruth.Page.Locator("tr[data-staff-id='demo/mia-chen']").GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(ruth.Field("Reason")).ToHaveValueAsync("Left the support team today");
        await Expect(ruth.Button("Revoke role")).ToBeEnabledAsync();
        await Expect(ruth.Page.GetByText("You had typed this")).ToBeHiddenAsync();
        Assert.Null(await ruth.Page.EvaluateAsync<string?>("sessionStorage.getItem('typed')"));
    }

    [Fact]
    public async Task A_console_that_was_restarted_is_told_in_a_sentence_with_a_button_that_works()
    {
        var mia = await OpenAsync("Mia Chen");
        var line = await Line.PutAsync(mia);
        await mia.OpenUserAsync();
        await mia.Button("View as").ClickAsync();
        // The dialog begins in this field: a focus that comes late would take the next one's text.
        await Expect(mia.Field("Reason")).ToBeFocusedAsync();
        await mia.Field("Reason").FillAsync(Window.Reason);
        await mia.Field("Ticket").FillAsync("SUP-4711");
        await mia.Page.GetByLabel("30 min").CheckAsync();
        await Expect(mia.Button("Start 30-minute session")).ToBeEnabledAsync();

        await line.LoseAsync();

        await Expect(mia.Page.GetByText("The console was restarted, or gave this window up")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await mia.Page.Keyboard.PressAsync("Escape");
        await mia.Button("Load the page again").ClickAsync();
        await Expect(mia.Page.GetByRole(AriaRole.Status, new() { Name = "What you had typed" })).ToContainTextAsync("SUP-4711");
        await mia.Button("View as").ClickAsync();
        await Expect(mia.Field("Reason")).ToHaveValueAsync(Window.Reason);
        await Expect(mia.Field("Ticket")).ToHaveValueAsync("SUP-4711");
        await mia.Button("Start 30-minute session").ClickAsync();
        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_key_on_the_screen_is_emptied_when_the_window_is_given_up_and_never_kept()
    {
        var ines = await OpenAsync("Ines Duarte");
        var line = await Line.PutAsync(ines);
        await ines.GoAsync("/keys");
        await ines.Button("Create a key").ClickAsync();
        // The dialog begins in this field: a focus that comes late would take the next one's text.
        await Expect(ines.Field("Name")).ToBeFocusedAsync();
        await ines.Field("Name").FillAsync($"lost-{Guid.NewGuid():n}"[..20]);
        await ines.Field("Purpose").FillAsync("Is emptied when the line is lost");
        await ines.Button("Continue").ClickAsync();
        await ines.Button("Create key").ClickAsync();
        var field = ines.Page.Locator("#shown-key");
        Assert.NotEmpty(await field.InputValueAsync());

        await line.LoseAsync(() => Expect(field).ToBeHiddenAsync());

        await Expect(ines.Page.GetByText("The console was restarted, or gave this window up")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(field).ToHaveValueAsync("");
        await ines.Button("Load the page again").ClickAsync();
        await Expect(field).ToHaveCountAsync(0); // The page before had the heading too.
        await Expect(ines.Heading).ToHaveTextAsync("API keys");
        Assert.Null(await ines.Page.EvaluateAsync<string?>("sessionStorage.getItem('typed')"));
    }

    [Fact]
    public async Task What_one_person_typed_is_not_filled_in_for_another()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.GoAsync("/users");
        await mia.Page.EvaluateAsync("""
            sessionStorage.setItem('typed', JSON.stringify({ person: 'somebody else', path: '/users', at: Date.now(), typed: [{ place: '', name: 'Find a user by e-mail, name or id', value: 'lovelace', words: true }] }))
            """);

        await mia.Page.ReloadAsync();

        await Expect(mia.SearchBox).ToHaveValueAsync("");
        Assert.Null(await mia.Page.EvaluateAsync<string?>("sessionStorage.getItem('typed')"));
    }

    private static Task BreakAsync(IPage page, Fault fault) => fault switch
    {
        Fault.Closed => page.RouteWebSocketAsync("**/_blazor*", socket => _ = socket.CloseAsync()),
        Fault.Silent => page.RouteWebSocketAsync("**/_blazor*", _ => { }), // Opens, and nobody answers.
        Fault.NegotiateRefused => page.RouteAsync("**/_blazor/negotiate*", route => route.FulfillAsync(new() { Status = 403, Body = "Forbidden by policy" })),
        Fault.NegotiateFailed => page.RouteAsync("**/_blazor/negotiate*", route => route.FulfillAsync(new() { Status = 502, Body = "<html>Bad gateway</html>" })),
        _ => page.RouteAsync("**/_blazor/negotiate*", _ => { }),
    };

    /// <summary>The wire between a window and the console, to be cut.</summary>
    private sealed class Line
    {
        private readonly List<(IWebSocketRoute Page, IWebSocketRoute Server)> _open = [];
        private bool _cut;

        public static async Task<Line> PutAsync(Window window)
        {
            window.ExpectedFault = "";
            var line = new Line();
            await window.Page.RouteWebSocketAsync("**/_blazor*", socket =>
            {
                if (line._cut)
                {
                    _ = socket.CloseAsync();
                }
                else
                {
                    line._open.Add((socket, socket.ConnectToServer()));
                }
            });
            return line;
        }

        /// <summary>Once; the next socket works.</summary>
        public async Task DropAsync()
        {
            foreach (var (page, server) in _open.ToArray())
            {
                await server.CloseAsync();
                await page.CloseAsync();
            }

            _open.Clear();
        }

        /// <summary>Until it is mended.</summary>
        public Task CutAsync()
        {
            _cut = true;
            return DropAsync();
        }

        public void Mend() => _cut = false;

        /// <summary>For longer than the server keeps a window.</summary>
        public async Task LoseAsync(Func<Task>? meanwhile = null)
        {
            await CutAsync();
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            await Task.Delay(ForgetfulConsole.Memory * 2, TimeProvider.System, TestContext.Current.CancellationToken);
            Mend();
        }
    }
}

/// <summary>A console that keeps a window without a connection for a moment only, as if a minute had gone by.</summary>
public sealed class ForgetfulConsole : ConsoleApp
{
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    public ForgetfulConsole() => KeepsLostWindows = Memory;
}

/// <summary>Tests about connections have a console of their own.</summary>
[CollectionDefinition(Name)]
public sealed class Lines : ICollectionFixture<ForgetfulConsole>, ICollectionFixture<Browsers>
{
    public const string Name = "Lines";
}
