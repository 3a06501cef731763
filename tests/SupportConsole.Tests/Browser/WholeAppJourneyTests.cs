using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>Through the user's whole app and back, in real windows.</summary>
[Collection(Journeys.Name)]
public sealed class WholeAppJourneyTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    private const string AdasDraft = "p1nv0icetempl8t";
    private readonly List<string> _complaints = [];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task Every_place_has_its_address_and_leads_on_and_back(ColorScheme colours, int width)
    {
        var mia = await OpenAsync("Mia Chen", colours, width, keepsBodies: true);
        await mia.OpenSessionAsync();
        var session = mia.SessionId;

        await Link(mia, "Profile").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Ada Lovelace");
        await Expect(Link(mia, "Profile")).ToHaveAttributeAsync("aria-current", "page");
        await LookAsync(mia, "profile");

        await Link(mia, "All collections").ClickAsync();
        await Expect(mia.Page.Locator("tr[data-collection=_superusers]")).ToContainTextAsync("locked");
        await Expect(mia.Page.GetByText("proved as")).ToBeVisibleAsync();
        await LookAsync(mia, "reach");

        await mia.Page.Locator("tr[data-collection=posts] a").ClickAsync();
        await Expect(mia.Page.Locator("tr[data-record-id]").First).ToBeVisibleAsync();
        await LookAsync(mia, "collection");

        var filter = mia.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter" });
        await filter.FillAsync("titel ~ 'invoice'");
        await filter.PressAsync("Enter");
        await Expect(mia.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Is “title” meant?");
        await LookAsync(mia, "collection, filter refused");
        await filter.FillAsync("title ~ 'invoice template'");
        await filter.PressAsync("Enter");
        await Expect(mia.Page.Locator("tr[data-record-id]")).ToHaveCountAsync(1);
        await Expect(filter).ToHaveValueAsync("title ~ 'invoice template'");
        var listed = mia.Page.Url;

        await mia.Page.Locator($"tr[data-record-id='{AdasDraft}'] a").First.ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Invoice template for freelancers");
        await Expect(mia.Heading).ToBeFocusedAsync();
        await LookAsync(mia, "record");
        var read = mia.Page.Url;

        await mia.Page.Locator(".record-links a", new() { HasText = "Ada Lovelace" }).First.ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Ada Lovelace");
        Assert.Contains("/collections/users?record=", mia.Page.Url, StringComparison.Ordinal);

        await mia.Page.GoBackAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Invoice template for freelancers");
        Assert.Equal(read, mia.Page.Url);
        await mia.Page.GoBackAsync();
        await Expect(mia.Page.Locator("tr[data-record-id]")).ToHaveCountAsync(1);
        Assert.Equal(listed, mia.Page.Url);
        await mia.Page.ReloadAsync();
        await Expect(mia.Page.Locator("tr[data-record-id]")).ToHaveCountAsync(1);
        await Expect(filter).ToHaveValueAsync("title ~ 'invoice template'");

        await mia.Page.Locator($"tr[data-record-id='{AdasDraft}'] a").First.ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Invoice template for freelancers");
        var small = mia.Page.Locator(".attachments img").First;
        await small.ScrollIntoViewIfNeededAsync();
        await Expect(small).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await small.EvaluateAsync<int>("image => image.naturalWidth") > 0, "The small picture isn't shown.");
        var opened = await mia.Page.Context.RunAndWaitForPageAsync(() => mia.Page.Locator(".attachments li:has(img) bdi").First.ClickAsync());
        await opened.WaitForLoadStateAsync();
        Assert.True(await opened.EvaluateAsync<int>("document.images[0].naturalWidth") > 100, "The picture isn't shown.");
        Assert.DoesNotContain("token", opened.Url, StringComparison.Ordinal);
        await opened.CloseAsync();

        await mia.GoAsync($"/sessions/{session}/collections/posts?record=nosuch000000000");
        await Expect(mia.Page.GetByText("can't see this record")).ToBeVisibleAsync();
        await Expect(mia.Heading).ToHaveCountAsync(1);
        await LookAsync(mia, "no such record");
        await mia.GoAsync($"/sessions/{session}/collections/nosuch");
        await Expect(mia.Page.GetByText("There is no such collection")).ToBeVisibleAsync();
        await LookAsync(mia, "no such collection");

        var types = (await App.SessionEventsAsync(session)).Select(entry => entry.Event.Type).ToArray();
        Assert.Contains(AuditEventTypes.ReachViewed, types);
        Assert.Contains(AuditEventTypes.FileViewed, types);
        Assert.DoesNotContain(await mia.TrafficAsync(), Tokens.Real().IsMatch);
        Assert.Empty(App.FilesWith(Tokens.Real()));
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    private static ILocator Link(Window window, string name) =>
        window.Page.GetByRole(AriaRole.Navigation, new() { Name = "Places in this view" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private async Task LookAsync(Window window, string place) => _complaints.AddRange((await FaultsAsync(window)).Select(fault => $"{place}: {fault}"));
}
