using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Users;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Users;

/// <summary>The page over the real services, with a PocketBase that keeps what it finds to itself.</summary>
[Collection(DemoApp.Name)]
public sealed class UserSearchPageTests(DemoServer server) : WindowContext(Agent, server, ("Limits:SearchesPerMinute", $"{Searches}"))
{
    // So few that none becomes free while they are used up.
    private const int Searches = 3;

    private readonly TaskCompletionSource _silence = new();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Path == "/api/collections/users/records")
            {
                await _silence.Task;
            }

            return false;
        };
    }

    [Fact]
    public async Task A_search_overtaken_by_a_newer_one_that_is_refused_leaves_the_refusal()
    {
        var page = await ShowAsync();
        await page.Find("input[type=search]").InputAsync("ada@example.com");
        await Console.UntilRecordedAsync(entry => entry.Type == AuditEventTypes.ReadRequested);
        Assert.Contains("Searching…", page.Markup, StringComparison.Ordinal);
        for (var search = 0; search < Searches; search++)
        {
            Console.Get<Pace>().Take(Person(Agent).Id, Limit.Searches).Dispose();
        }

        await page.Find("input[type=search]").InputAsync("adam@example.com");

        await page.WaitForAssertionAsync(() => Assert.Contains($"{Searches} searches a minute", page.Markup, StringComparison.Ordinal));
        _silence.SetResult();
        // The older search is over once the trail says how it went.
        await Console.UntilRecordedAsync(entry => entry.Type == AuditEventTypes.UsersSearched);
        Assert.Contains($"{Searches} searches a minute", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Searching…", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_follow_within_a_pause_are_searched_for_once_when_the_typing_pauses()
    {
        _silence.SetResult();
        var page = await ShowAsync();
        var older = page.Find("input[type=search]").InputAsync("lovel");
        Console.Clock.Advance(TimeSpan.FromMilliseconds(299));
        var newer = page.Find("input[type=search]").InputAsync("lovelace");
        await older.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        Console.Clock.Advance(TimeSpan.FromMilliseconds(299));
        Assert.Equal("", new Uri(Address).Query);
        Console.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await newer.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        await page.WaitForAssertionAsync(() => Assert.Equal(["u8k2m1c0a3l9x7q"], page.FindAll("tr[data-record-id]").Select(row => row.GetAttribute("data-record-id"))));
        Assert.EndsWith("/users?q=lovelace", Address, StringComparison.Ordinal);
        Assert.Single(await Console.TypesAsync(), type => type == AuditEventTypes.UsersSearched);
    }

    [Fact]
    public async Task Enter_waits_for_no_pause_and_nothing_is_searched_twice()
    {
        _silence.SetResult();
        var page = await ShowAsync();
        var typing = page.Find("input[type=search]").InputAsync("lovelace");

        await page.Find("input[type=search]").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

        await typing.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("tr[data-record-id]")));
        Console.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith("/users?q=lovelace", Address, StringComparison.Ordinal);
        Assert.Single(await Console.TypesAsync(), type => type == AuditEventTypes.UsersSearched);
    }

    [Fact]
    public async Task A_page_that_is_left_within_a_pause_searches_nothing()
    {
        var page = await ShowAsync();
        var typing = page.Find("input[type=search]").InputAsync("lovelace");

        await DisposeComponentsAsync();
        Console.Clock.Advance(TimeSpan.FromSeconds(1));

        await typing.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Equal("", new Uri(Address).Query);
        Assert.DoesNotContain(AuditEventTypes.ReadRequested, await Console.TypesAsync());
    }

    private string Address => Services.GetRequiredService<BunitNavigationManager>().Uri;

    [Fact]
    public async Task A_collection_that_is_not_searched_is_said_and_nobody_of_another_is_shown()
    {
        _silence.SetResult();
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("users?q=lovelace&in=customers");

        var page = Render<UserSearchPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("“customers” is none of the collections of users", page.Find(".state").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("tr[data-record-id]"));
        Assert.DoesNotContain(AuditEventTypes.ReadRequested, await Console.TypesAsync());
        await page.FindAll("button").Single(button => button.TextContent.Trim() == "Search users").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Single(page.FindAll("tr[data-record-id]")));
        Assert.EndsWith("users?q=lovelace", Address, StringComparison.Ordinal);
    }

    private async Task<IRenderedComponent<UserSearchPage>> ShowAsync()
    {
        var page = Render<UserSearchPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("Whom are you looking for?", page.Markup, StringComparison.Ordinal));
        return page;
    }
}
