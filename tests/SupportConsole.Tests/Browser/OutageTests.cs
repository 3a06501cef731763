using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>When the trail can't be written or PocketBase is away: a clear message, nothing shown, and no reload needed afterwards.</summary>
[Collection(Journeys.Name)]
public sealed class OutageTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    private const string TrailAway = "The audit trail can't be written, so nothing is shown.";
    private const string PocketBaseAway = "PocketBase can't be reached.";

    [Fact]
    public async Task Locked_database_means_no_search_until_it_is_free_again()
    {
        var mia = await OpenAsync("Mia Chen");
        await using (await App.LockDatabaseAsync())
        {
            await mia.SearchBox.FillAsync("ada");
            await Expect(mia.Page.GetByText(TrailAway)).ToBeVisibleAsync();
            await Expect(mia.UserRows).ToHaveCountAsync(0);
            Assert.DoesNotContain("Lovelace", await mia.Page.ContentAsync(), StringComparison.Ordinal);
        }

        await mia.Button("Try again").ClickAsync();

        await Expect(mia.UserRows.First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Locked_database_means_no_session_until_it_is_free_again()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenUserAsync();
        await mia.Button("View as").ClickAsync();
        await using (await App.LockDatabaseAsync())
        {
            await mia.StartAsync();
            await Expect(mia.Dialog.GetByText(TrailAway)).ToBeVisibleAsync();
            Assert.Empty(App.LiveSessions);
        }

        await mia.Button("Start 15-minute session").ClickAsync();

        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        await Expect(mia.Posts.First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Locked_database_means_that_a_post_stays_closed()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        await using (await App.LockDatabaseAsync())
        {
            await mia.Posts.First.Locator("h2 button").ClickAsync();
            await Expect(mia.Page.GetByText(TrailAway)).ToBeVisibleAsync();
            await Expect(mia.Page.Locator(".post-body")).ToHaveCountAsync(0);
        }

        await mia.Button("Try again").ClickAsync();

        await Expect(mia.Page.Locator(".post-body")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task PocketBase_away_is_explained_and_the_session_goes_on_when_it_is_back()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        await App.PocketBase.StopAsync();
        try
        {
            await mia.Posts.First.Locator("h2 button").ClickAsync();
            await Expect(mia.Page.GetByText(PocketBaseAway)).ToBeVisibleAsync();
            await Expect(mia.Page.Locator(".post-body")).ToHaveCountAsync(0);
            await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        }
        finally
        {
            await App.PocketBase.StartAsync();
        }

        await mia.Button("Try again").ClickAsync();

        await Expect(mia.Page.Locator(".post-body")).ToBeVisibleAsync();
        Assert.Single(App.LiveSessions);
    }
}
