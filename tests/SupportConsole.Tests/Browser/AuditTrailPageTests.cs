using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>The trail in a browser: filters in the address, the detail of a row, and rows that come while scrolling.</summary>
[Collection(Journeys.Name)]
public sealed class AuditTrailPageTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    [Fact]
    public async Task Filters_are_in_the_address_and_survive_a_reload()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/audit");
        await Expect(Rows(ines).First).ToBeVisibleAsync();

        await Select(ines, "Event").SelectOptionAsync(AuditEventTypes.SignedIn);
        await Expect(ines.Page).ToHaveURLAsync(new Regex(@"/audit\?event=auth\.signed_in$"));
        await Select(ines, "Staff member").SelectOptionAsync("demo/ines-duarte");
        await Expect(ines.Page).ToHaveURLAsync(new Regex(@"staff=demo%2Fines-duarte"));
        await AssertFilteredAsync(ines);

        await ines.Page.ReloadAsync();

        await Expect(Select(ines, "Event")).ToHaveValueAsync(AuditEventTypes.SignedIn);
        await Expect(Select(ines, "Staff member")).ToHaveValueAsync("demo/ines-duarte");
        await AssertFilteredAsync(ines);
        await ines.Page.GoBackAsync();
        await Expect(Select(ines, "Staff member")).ToHaveValueAsync("");
    }

    [Theory]
    [InlineData("from=01.12.2026", "is no day")]
    [InlineData("outcome=refused", "is no outcome")]
    [InlineData("event=x", "is no event")]
    [InlineData("from=2026-01-01&zone=Nowhere", "is no time zone")]
    [InlineData("text=...", "no letter or digit")]
    [InlineData("user=nobody-is-called-so@example.test", "Nobody is found by this")]
    public async Task Filter_that_cannot_be_read_says_so_and_shows_nothing(string query, string sentence)
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync($"/audit?{query}");

        await Expect(ines.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(sentence);
        await Expect(ines.Page.GetByText("No event is shown")).ToBeVisibleAsync();
        await Expect(Rows(ines)).ToHaveCountAsync(0);
        Assert.StartsWith("nothing", (await App.NewestAsync(AuditEventTypes.AuditViewed))[0].Event.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ada@example.com")]
    [InlineData(" Ada Lovelace ")]
    [InlineData(Window.AdaId)]
    public async Task User_is_found_by_address_name_and_id(string typed)
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenUserAsync();
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/audit");
        await Expect(Rows(ines).First).ToBeVisibleAsync();

        await ines.Field("User: e-mail, name or id").FillAsync(typed);
        await ines.Field("User: e-mail, name or id").PressAsync("Enter");

        await Expect(ines.Page).ToHaveURLAsync(new Regex($@"/audit\?user=users%2F{Window.AdaId}$"));
        await Expect(Rows(ines).First).ToBeVisibleAsync();
        await Expect(Rows(ines).Filter(new() { HasNotText = "Ada Lovelace" }).Filter(new() { HasNotText = Window.AdaId })).ToHaveCountAsync(0);
        Assert.Equal($"user users/{Window.AdaId}", (await App.NewestAsync(AuditEventTypes.AuditViewed))[0].Event.Detail);
    }

    [Fact]
    public async Task A_query_is_typed_with_proposals_and_the_chart_narrows_its_time()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/audit");
        await Expect(Rows(ines).First).ToBeVisibleAsync();
        var query = ines.Page.GetByRole(AriaRole.Combobox, new() { Name = "Query" });

        await query.PressSequentiallyAsync("-event:role.g");
        await Expect(ines.Page.GetByRole(AriaRole.Listbox, new() { Name = "Proposals" }).GetByRole(AriaRole.Option)).ToHaveTextAsync(["-event:role.granted"]);
        await query.PressAsync("ArrowDown");
        await query.PressAsync("Enter");
        await Expect(query).ToHaveValueAsync("-event:role.granted ");
        await query.PressAsync("Enter");
        await Expect(ines.Page).ToHaveURLAsync(new Regex(@"/audit\?q=-event"));
        await Expect(ines.Page.Locator("tr[data-event='role.granted']")).ToHaveCountAsync(0);

        var bars = ines.Page.Locator(".bars button");
        await bars.Last.FocusAsync();
        await ines.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(bars.Nth(await bars.CountAsync() - 2)).ToBeFocusedAsync();
        await ines.Page.Keyboard.PressAsync("End");
        await Expect(bars.Last).ToBeFocusedAsync();
        await Expect(bars.Last).ToHaveCSSAsync("outline-style", "solid");
        await ines.Page.Keyboard.PressAsync("Enter");
        await Expect(ines.Page).ToHaveURLAsync(new Regex("after"));
        await Expect(bars).ToHaveCountAsync(1);
        await Expect(query).ToHaveValueAsync(new Regex("^-event:role.granted after:.* before:"));
        await bars.First.FocusAsync();
        await ines.Page.Keyboard.PressAsync("Escape");
        await Expect(query).ToHaveValueAsync("-event:role.granted");
        await Expect(bars.Nth(5)).ToBeVisibleAsync();
        await ines.Page.Keyboard.PressAsync("ArrowLeft"); // Bars that were drawn again can still be walked.
        await Expect(ines.Page.GetByText("This page failed")).ToHaveCountAsync(0);

        var last = await bars.CountAsync() - 1;
        await bars.Nth(last - 2).HoverAsync();
        await ines.Page.Mouse.DownAsync();
        await bars.Nth(last).HoverAsync();
        await Expect(bars.Nth(last - 1)).Not.ToHaveCSSAsync("background-color", "rgba(0, 0, 0, 0)"); // What lies between is marked.
        await ines.Page.Mouse.UpAsync();
        await Expect(bars).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Row_opens_its_entry_by_click_and_by_key()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/audit?event=auth.signed_in");

        await Expect(ines.Page.Locator($"tr[data-seq]:not([data-event='{AuditEventTypes.SignedIn}'])")).ToHaveCountAsync(0);
        await Expect(Rows(ines).First).ToBeVisibleAsync();
        await Rows(ines).First.ClickAsync();
        await Expect(ines.Dialog).ToContainTextAsync("auth.signed_in");
        await Expect(ines.Dialog).ToContainTextAsync("demo/");
        await Expect(ines.Dialog).ToContainTextAsync(new Regex("[0-9a-f]{64}"));
        await ines.EscapeDialogAsync();
        // On the button itself: a dialog that closes hands the focus back in its own time.
        await Rows(ines).First.GetByRole(AriaRole.Button).PressAsync("Enter");
        await Expect(ines.Dialog).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_read_and_a_session_unfold_by_key()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var session = mia.SessionId;
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync($"/audit?session={session}");
        var question = ines.Page.Locator("tr[data-event='read.requested']");
        var fold = ines.Page.Locator("tr[data-event='records.listed']").First.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Question and answer: #[0-9]+, #[0-9]+$") });
        await Expect(fold).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(question).ToHaveCountAsync(0);

        await fold.PressAsync("Enter");

        await Expect(question).ToContainTextAsync("Mia Chen asked for posts as Ada Lovelace");
        await Expect(fold).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(fold).ToBeFocusedAsync();
        await fold.PressAsync("Enter");
        await Expect(question).ToHaveCountAsync(0);

        await ines.Page.GetByRole(AriaRole.Switch, new() { Name = "Fold sessions" }).ClickAsync();

        await Expect(ines.Page).ToHaveURLAsync(new Regex($@"/audit\?session={session}&fold=sessions$"));
        var line = ines.Page.Locator($"tr[data-session-line='{session}']");
        await Expect(line).ToContainTextAsync("Mia Chen has been viewing as Ada Lovelace: 1 list");
        await Expect(Rows(ines)).ToHaveCountAsync(0);
        await line.GetByRole(AriaRole.Button, new() { Name = "Events of this session" }).PressAsync("Enter");
        await Expect(ines.Page.Locator($"tr[data-event='{AuditEventTypes.SessionOpened}']")).ToContainTextAsync("Mia Chen opened a session as Ada Lovelace for 15 min");
        await ines.Page.ReloadAsync();
        await Expect(line).ToBeVisibleAsync();
        await line.GetByRole(AriaRole.Link, new() { Name = "Mia Chen" }).ClickAsync();
        await Expect(ines.Page).ToHaveURLAsync(new Regex(@"staff=demo%2Fmia-chen&session=.*&fold=sessions$"));
    }

    [Fact]
    public async Task An_export_is_told_of_on_the_page_until_it_is_whole_and_after_a_reload()
    {
        await App.FillTrailAsync(1204);
        var ines = await OpenAsync("Ines Duarte", ColorScheme.Dark, width: 390);
        await ines.GoAsync("/audit?event=users.searched");
        await Expect(Rows(ines).First).ToBeVisibleAsync();
        await ines.Button("Export").ClickAsync();
        await ines.Dialog.GetByRole(AriaRole.Radio, new() { Name = "CSV" }).CheckAsync();

        var download = await ines.Page.RunAndWaitForDownloadAsync(() => ines.Dialog.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());

        var events = PlainCsv.Rows(await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).Count - 1;
        var exports = ines.Page.GetByRole(AriaRole.Region, new() { Name = "Your exports" });
        await Expect(exports).ToContainTextAsync($"event users.searched{events:N0} events, done.");
        await Expect(ines.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = $"{events:N0} events, done." })).ToHaveCountAsync(1);
        await Expect(ines.Dialog).ToHaveCountAsync(0);
        Assert.Equal([], await FaultsAsync(ines));
        await ines.Page.ReloadAsync();
        await Expect(exports).ToContainTextAsync($"{events:N0} events, done.");
        await ines.Button("Dismiss the export as CSV").ClickAsync();
        await Expect(exports).ToHaveCountAsync(0);
        await Expect(ines.Heading).ToBeFocusedAsync();
    }

    [Fact]
    public async Task In_a_narrow_window_rows_are_cards_that_begin_with_the_sentence()
    {
        await App.FillTrailAsync(30);
        var ines = await OpenAsync("Ines Duarte", width: 390);
        await ines.GoAsync("/audit?event=users.searched,read.requested,auth.signed_in,audit.viewed");
        await Expect(Rows(ines).First).ToBeVisibleAsync();

        var list = ines.Page.GetByRole(AriaRole.Region, new() { Name = "Events, newest first" });
        Assert.True(await list.EvaluateAsync<bool>("list => list.scrollWidth <= list.clientWidth"));
        Assert.True(await Rows(ines).First.EvaluateAsync<bool>(
            "row => [...row.cells].every(cell => cell.getBoundingClientRect().bottom <= row.getBoundingClientRect().bottom + 1)"));
        Assert.Equal(
            ["audit-what", "audit-time", "audit-event"],
            await Rows(ines).First.EvaluateAsync<string[]>(
                """
                row => [...row.cells].map(cell => [cell.getBoundingClientRect(), cell.className.split(' ')[0]])
                  .sort(([one], [other]) => one.bottom - other.bottom > 8 ? 1 : other.bottom - one.bottom > 8 ? -1 : one.left - other.left).map(([, name]) => name)
                """));
    }

    [Fact]
    public async Task Scrolling_brings_the_older_rows()
    {
        const int events = 400;
        await App.FillTrailAsync(events);
        var first = (await App.NewestAsync(AuditEventTypes.UsersSearched))[0].Sequence - events + 1;
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/audit?event=users.searched");
        await Expect(Rows(ines).First).ToBeVisibleAsync();
        var oldest = $"tr[data-seq='{first}']";
        await Expect(ines.Page.Locator(oldest)).ToHaveCountAsync(0);

        var reached = await ScrollBackToAsync(ines, first);

        Assert.True(reached <= first);
        // Virtualised: far fewer rows are in the page than were scrolled past.
        Assert.True(await Rows(ines).CountAsync() < 150);
    }

    private static ILocator Select(Window window, string name) => window.Page.GetByRole(AriaRole.Combobox, new() { Name = name, Exact = true });

    private static ILocator Rows(Window window) => window.Page.Locator("tr[data-seq]");

    private static async Task AssertFilteredAsync(Window window)
    {
        await Expect(Rows(window).First).ToBeVisibleAsync();
        await Expect(window.Page.Locator($"tr[data-seq]:not([data-event='{AuditEventTypes.SignedIn}'])")).ToHaveCountAsync(0);
        await Expect(Rows(window).Filter(new() { HasNotText = "Ines Duarte" })).ToHaveCountAsync(0);
    }

    // The list learns how long it is while it is read, so one jump to its end isn't enough. What is drawn while it scrolls may be
    // replaced at the next frame, hence the answer is what was seen and not what still stands there. A list that goes on slowly, as in a
    // browser that draws a few frames a second, goes on; one that brings nothing older for a while has stopped.
    private static Task<long> ScrollBackToAsync(Window window, long sequence) =>
        window.Page.GetByRole(AriaRole.Region, new() { Name = "Events, newest first" }).EvaluateAsync<long>(
            """
            (list, wanted) => new Promise((resolve, reject) => {
              let oldest = Infinity;
              let until = 0;
              const step = () => {
                const rows = [...list.querySelectorAll('tbody tr:not([aria-hidden])')];
                const heights = rows.slice(0, -1).map(row => row.getBoundingClientRect().height);
                const seen = Math.min(...rows.filter(row => row.dataset.seq).map(row => Number(row.dataset.seq)));
                if (seen < oldest) { oldest = seen; until = performance.now() + 15000; }
                if (Math.max(...heights) - Math.min(...heights) > 1) { reject(new Error(`Rows are ${Math.min(...heights)} to ${Math.max(...heights)} px high.`)); }
                else if (oldest <= wanted) { resolve(oldest); }
                else if (performance.now() > until) { reject(new Error(`No row at or before ${wanted} came, only ${oldest}.`)); }
                else { list.scrollTop += 200; requestAnimationFrame(step); }
              };
              step();
            })
            """,
            sequence);
}
