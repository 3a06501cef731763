using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>From a record that is missed to why, to what would show it, and to what another rule would do, in real windows.</summary>
[Collection(Journeys.Name)]
public sealed class WhyJourneyTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    private const string TomsDraft = "pq3pr1celist8k2", Tom = "t0m4shw0rth8b3n";

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_hidden_record_is_found_explained_and_tried_otherwise(ColorScheme colours, int width)
    {
        var mia = await OpenAsync("Mia Chen", colours, width, keepsBodies: true);
        await mia.OpenSessionAsync();
        var session = mia.SessionId;

        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Hidden from them?" }).ClickAsync();
        await mia.Page.GetByRole(AriaRole.Button, new() { Name = "Compare this page" }).ClickAsync();
        await Expect(mia.Page.GetByText("of 20 visible")).ToBeVisibleAsync();

        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Why not?", Exact = true }).ClickAsync();
        var record = mia.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Record id or address" });
        await record.FillAsync($"https://harbour.example/p/{TomsDraft}");
        await record.PressAsync("Enter");
        await Expect(mia.Page.GetByRole(AriaRole.Heading, new() { Name = "Ada Lovelace can't see this record" })).ToBeVisibleAsync();
        await Expect(mia.Page.Locator("tr[data-condition=\"status = 'published'\"]")).ToContainTextAsync("draft");
        Assert.EndsWith($"/sessions/{session}/why/posts?record={TomsDraft}", mia.Page.Url, StringComparison.Ordinal);

        await mia.Page.GetByRole(AriaRole.Button, new() { Name = "Find the smallest change" }).ClickAsync();
        await Expect(mia.Page.Locator("[data-change]").First).ToContainTextAsync("published");

        await mia.Page.GetByRole(AriaRole.Textbox, new() { Name = "Other user" }).FillAsync(Tom);
        await mia.Page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Expect(mia.Page.Locator("tr[data-field=team]")).ToContainTextAsync("different");
        await mia.Page.GetByRole(AriaRole.Button, new() { Name = "Count the users" }).ClickAsync();
        await Expect(mia.Page.GetByRole(AriaRole.Region, new() { Name = "Who else" }).GetByRole(AriaRole.Alert)).ToContainTextAsync("companion hook");

        await mia.Page.GetByRole(AriaRole.Textbox, new() { Name = "Rule to try" }).FillAsync("status = 'published' || author != ''");
        await mia.Page.GetByRole(AriaRole.Button, new() { Name = "Try it for Ada Lovelace" }).ClickAsync();
        await Expect(mia.Page.GetByText("would appear and 0 disappear.")).ToBeVisibleAsync();

        Assert.Empty(await FaultsAsync(mia));

        await mia.Page.ReloadAsync();
        await Expect(mia.Page.GetByRole(AriaRole.Heading, new() { Name = "Ada Lovelace can't see this record" })).ToBeVisibleAsync();
        var types = (await App.SessionEventsAsync(session)).Select(entry => entry.Event.Type).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                AuditEventTypes.AccessHiddenListed, AuditEventTypes.AccessLocated, AuditEventTypes.AccessExplained, AuditEventTypes.AccessChangesNamed,
                AuditEventTypes.AccessCompared, AuditEventTypes.AccessAffectedCounted, AuditEventTypes.AccessRuleTried,
            },
            types);
        Assert.DoesNotContain(await mia.TrafficAsync(), Tokens.Real().IsMatch);
    }
}
