using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>Every place in a session has its address: Back, Forward and a reload lead where a person expects them to.</summary>
[Collection(Journeys.Name)]
public sealed class PlacesTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    [Fact]
    public async Task Back_leads_from_a_post_to_its_list_and_from_older_posts_to_newer_ones()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var newest = await mia.PostIdsAsync();
        await mia.Button("Older posts").ClickAsync();
        await Expect(mia.Posts.First).Not.ToHaveAttributeAsync("data-record-id", newest[0]);
        var older = await mia.PostIdsAsync();
        Assert.Empty(newest.Intersect(older));

        await mia.Posts.Nth(2).Locator("h2 button").ClickAsync();
        await Expect(mia.Page).ToHaveURLAsync(new Regex($"post={older[2]}"));
        await Expect(mia.Page.Locator(".post-body").First).ToBeVisibleAsync();

        await mia.Page.GoBackAsync();
        await Expect(mia.Posts).ToHaveCountAsync(older.Count);
        Assert.Equal(older, await mia.PostIdsAsync());
        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();

        await mia.Page.GoBackAsync();
        await Expect(mia.Posts.First).ToHaveAttributeAsync("data-record-id", newest[0]);

        await mia.Page.GoForwardAsync();
        await Expect(mia.Posts.First).ToHaveAttributeAsync("data-record-id", older[0]);
        await mia.Page.GoForwardAsync();
        await Expect(mia.Heading).ToBeVisibleAsync();
        await Expect(mia.Posts).ToHaveCountAsync(1);
        Assert.Single(App.LiveSessions);
    }

    [Fact]
    public async Task A_reload_stays_at_the_post_and_at_the_page_of_the_list()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var newest = await mia.PostIdsAsync();
        await mia.Button("Older posts").ClickAsync();
        await Expect(mia.Posts.First).Not.ToHaveAttributeAsync("data-record-id", newest[0]);
        var older = await mia.PostIdsAsync();

        await mia.Page.ReloadAsync();
        await Expect(mia.Posts).ToHaveCountAsync(older.Count);
        Assert.Equal(older, await mia.PostIdsAsync());
        await Expect(mia.Button("Newest posts")).ToBeVisibleAsync();

        await mia.Posts.First.Locator("h2 button").ClickAsync();
        await Expect(mia.Posts).ToHaveCountAsync(1);
        await mia.Page.ReloadAsync();
        await Expect(mia.Posts).ToHaveCountAsync(1);
        await mia.Page.GetByRole(AriaRole.Button, new() { Name = "All posts" }).ClickAsync();
        await Expect(mia.Posts).ToHaveCountAsync(older.Count);
        Assert.Equal(older, await mia.PostIdsAsync());
    }
}
