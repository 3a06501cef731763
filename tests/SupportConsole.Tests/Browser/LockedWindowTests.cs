using Microsoft.Playwright;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>What lies over a page goes with it, however the page comes to be locked.</summary>
[Collection(Journeys.Name)]
public sealed class LockedWindowTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    [Fact]
    public async Task A_key_on_the_screen_goes_when_the_role_is_taken_away_and_is_not_sent_again()
    {
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/keys");
        var key = await ShowKeyAsync(ines);
        var ruth = await OpenAsync("Ruth Okafor");
        await ruth.GoAsync("/staff");
        await ruth.ChangeRoleAsync("Revoke", "demo/ines-duarte", "Left the support team today");
        var before = ines.FramesReceived.Count;

        await ruth.Button("Revoke role").ClickAsync();

        await AssertLockedAsync(ines, "This page is locked for you");
        Assert.DoesNotContain(key, await WholePageAsync(ines), StringComparison.Ordinal);
        Assert.DoesNotContain(ines.FramesReceived.Skip(before), frame => frame.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dialog_goes_with_the_duty_of_its_page_though_another_role_is_left()
    {
        var ruth = await OpenAsync("Ruth Okafor");
        await ruth.GoAsync("/staff");
        await ruth.Button("Grant a role").ClickAsync();
        await ruth.Dialog.Locator("select").First.SelectOptionAsync("demo/ines-duarte");
        await ruth.Dialog.Locator("select").Last.SelectOptionAsync("Agent");
        await ruth.Field("Reason").FillAsync("Covers the weekend");
        await ruth.Button("Grant role").ClickAsync();
        await Expect(ruth.Dialog).ToHaveCountAsync(0);
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/audit");
        await ines.Page.Locator("tr[data-seq]").First.ClickAsync();
        await Expect(ines.Dialog).ToBeVisibleAsync();
        await ruth.ChangeRoleAsync("Revoke", "demo/ines-duarte", "Left the support team today");
        await ruth.Dialog.Locator("select").Last.SelectOptionAsync("Admin");

        await ruth.Button("Revoke role").ClickAsync();

        await AssertLockedAsync(ines, "This page is locked for you");
        await Expect(ines.Page.GetByRole(AriaRole.Link, new() { Name = "Find a user" })).ToBeVisibleAsync();
        await ines.OpenUserAsync();
        await ines.Button("View as").ClickAsync();
        await Expect(ines.Field("Reason")).ToBeVisibleAsync();
        await ruth.ChangeRoleAsync("Revoke", "demo/ines-duarte", "The weekend is over");
        await ruth.Button("Revoke role").ClickAsync();
        await AssertLockedAsync(ines, "This page is locked for you");
    }

    [Fact]
    public async Task A_dialog_goes_with_the_sign_in()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenUserAsync();
        await mia.Button("View as").ClickAsync();
        await mia.Dialog.GetByLabel("Category").SelectOptionAsync("Account question");
        await Expect(mia.Page.GetByText("Category: Account question.")).ToBeVisibleAsync();
        var second = await OpenTabAsync(mia.Page.Context);
        await second.GoAsync("/users");

        await second.Button("Sign out").ClickAsync();

        await AssertLockedAsync(mia, "You are signed out");
        await Expect(mia.Page.GetByText("Account question")).ToHaveCountAsync(0);
        Assert.Equal("visible", await mia.Page.EvaluateAsync<string>("getComputedStyle(document.body).overflowY"));
    }

    [Fact]
    public async Task A_page_that_opens_again_opens_without_the_dialog_and_can_open_another()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenUserAsync();
        await mia.Button("View as").ClickAsync();
        await mia.Field("Reason").FillAsync(Window.Reason);
        var ruth = await OpenAsync("Ruth Okafor");
        await ruth.GoAsync("/staff");
        await ruth.ChangeRoleAsync("Revoke", "demo/mia-chen", "Left the support team today");
        await ruth.Button("Revoke role").ClickAsync();
        await AssertLockedAsync(mia, "This page is locked for you");
        await Expect(ruth.Dialog).ToHaveCountAsync(0);

        await ruth.ChangeRoleAsync("Grant", "demo/mia-chen", "Back in the support team");
        await ruth.Button("Grant role").ClickAsync();

        await Expect(mia.Heading).ToHaveTextAsync("Ada Lovelace");
        await Expect(mia.Dialog).ToHaveCountAsync(0);
        await mia.Button("View as").ClickAsync();
        await mia.StartAsync();
        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
    }

    private static async Task AssertLockedAsync(Window window, string heading)
    {
        await Expect(window.Heading).ToHaveTextAsync(heading);
        await Expect(window.Dialog).ToHaveCountAsync(0);
        await Expect(window.Page.Locator(".mud-dialog, .mud-overlay, .mud-popover-open")).ToHaveCountAsync(0);
    }

    private static async Task<string> ShowKeyAsync(Window window)
    {
        await window.Button("Create a key").ClickAsync();
        // The dialog begins in this field: a focus that comes late would take the next one's text.
        await Expect(window.Field("Name")).ToBeFocusedAsync();
        await window.Field("Name").FillAsync($"locked-{Guid.NewGuid():n}"[..20]);
        await window.Field("Purpose").FillAsync("Goes with the page that it is shown on");
        await window.Button("Continue").ClickAsync();
        await window.Button("Create key").ClickAsync();
        return await window.Field("Key (shown once)").InputValueAsync();
    }

    /// <summary>The page's text, and what its fields hold.</summary>
    private static Task<string> WholePageAsync(Window window) => window.Page.EvaluateAsync<string>(
        "document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map(field => field.value).join('\\n')");
}
