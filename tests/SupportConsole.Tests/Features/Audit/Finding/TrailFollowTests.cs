using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Finding;

/// <summary>New events come by themselves, unless somebody reads; and following ends with the right to.</summary>
public sealed class TrailFollowTests() : WindowContext(Admin)
{
    private int _renewed;
    private bool _isRead;

    [Fact]
    public async Task News_are_shown_as_they_come_and_wait_while_somebody_reads()
    {
        var (follow, trail) = await FollowAsync(new AuditAddress(Event: AuditEventTypes.SignedIn) { Follow = true });
        var known = (await Console.EventsAsync()).Length;

        await trail.AppendAsync([Event(AuditEventTypes.SignedIn), Event(AuditEventTypes.SignedOut)]);
        await TickUntilAsync(follow, () => Assert.Equal(1, _renewed));

        _isRead = true;
        await trail.AppendAsync([.. Enumerable.Repeat(Event(AuditEventTypes.SignedIn), 12), Event(AuditEventTypes.SignedOut)]);
        await TickUntilAsync(follow, () => Assert.Equal("12 new events", follow.Find(".news").TextContent));
        Assert.Equal(1, _renewed);
        await follow.Find(".news").ClickAsync();
        Assert.Equal(2, _renewed);
        Assert.Empty(follow.FindAll(".news"));

        _isRead = false;
        await follow.FindAll("button").Single(button => button.TextContent == "Pause").ClickAsync();
        await trail.AppendAsync(Event(AuditEventTypes.SignedIn));
        await TickUntilAsync(follow, () => Assert.Equal("1 new event", follow.Find(".news").TextContent));
        _isRead = true; // No round takes them up, only the button does.
        await follow.FindAll("button").Single(button => button.TextContent == "Go on").ClickAsync();
        Assert.Equal(3, _renewed);
        // Nothing of it was a look of its own.
        Assert.Equal(known + 2 + 13 + 1, (await Console.EventsAsync()).Length);
    }

    [Fact]
    public async Task What_came_is_told_by_its_place_wherever_its_time_puts_it_in_the_list()
    {
        var (desk, trail) = (Console.Get<AuditDesk>(), Console.Get<AuditTrail>());
        await trail.AppendAsync([.. Enumerable.Repeat(Event(AuditEventTypes.SignedIn), AuditDesk.MostNews)]);
        var query = new AuditQuery { Types = [AuditEventTypes.SignedIn] };
        var (_, head) = await desk.NewsAsync(Me, query, 0, Token);

        // A clock was set back: in the list it stands below all others.
        await trail.AppendAsync([Event(AuditEventTypes.SignedIn) with { At = Console.Clock.GetUtcNow().AddMinutes(-10), Ticket = "SUP-1" }, Event(AuditEventTypes.SignedOut)]);

        Assert.Equal((1, head + 2), await desk.NewsAsync(Me, query, head, Token));
        Assert.Equal((1, head + 2), await desk.NewsAsync(Me, query with { Ticket = "SUP-1" }, head, Token));
        Assert.Equal((0, head + 2), await desk.NewsAsync(Me, query with { Ticket = "SUP-1" }, head + 1, Token));
        Assert.Equal((AuditDesk.MostNews, head + 2), await desk.NewsAsync(Me, query, 0, Token));
    }

    [Theory]
    [InlineData("audit?follow=1")]
    [InlineData("audit?staff=system&event=auth.signed_in&follow=1")]
    public async Task The_count_and_the_chart_come_along(string address)
    {
        JSInterop.Setup<bool>("supportConsole.isScrolled", _ => true).SetResult(false);
        await Console.Get<AuditTrail>().AppendAsync(Event(AuditEventTypes.SignedIn));
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo(address);
        var page = Render<AuditTrailPage>();
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll(".bars button")));
        var (known, drawn) = ((await Console.EventsAsync()).Length, Drawn());

        await Console.Get<AuditTrail>().AppendAsync([Event(AuditEventTypes.SignedIn), Event(AuditEventTypes.SignedIn)]);

        await TickUntilAsync(page, () => Assert.Contains($"{known + 2} events", page.Markup, StringComparison.Ordinal));
        await page.WaitForAssertionAsync(() => Assert.Equal(drawn + 2, Drawn()));

        long Drawn() => page.FindAll("details tbody tr").Sum(row => long.Parse(row.LastElementChild!.TextContent, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task It_ends_with_the_right_and_is_refused_once()
    {
        var (follow, _) = await FollowAsync(new AuditAddress { Follow = true });
        await Console.Roles.RevokeAsync(Console.As(Manager), Person(Admin).Id, SupportConsole.Core.Staff.Role.Admin, "Left the support team", Token);

        await TickUntilAsync(follow, () => Assert.Contains("Your role doesn't allow this", follow.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Console.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Single(await Console.EventsAsync(), occurred => occurred.Type == AuditEventTypes.PolicyDenied);
    }

    [Fact]
    public async Task The_switch_is_in_the_address_and_begins_one_look()
    {
        JSInterop.Setup<bool>("supportConsole.isScrolled", _ => true).SetResult(false);
        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        navigation.NavigateTo("audit?outcome=success");
        var page = Render<AuditTrailPage>();
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll(".follow input[role=switch]")));

        await page.Find(".follow input[role=switch]").ChangeAsync(true);
        await page.WaitForAssertionAsync(() => Assert.Contains("New events appear by themselves", page.Markup, StringComparison.Ordinal));

        Assert.EndsWith("audit?outcome=success&follow=1", navigation.Uri, StringComparison.Ordinal);
        Assert.Equal(["outcome success", "outcome success, and what comes"],
            (await Console.EventsAsync()).Where(occurred => occurred.Type == AuditEventTypes.AuditViewed).Select(occurred => occurred.Detail));
    }

    private async Task<(IRenderedComponent<TrailFollow>, AuditTrail)> FollowAsync(AuditAddress filter)
    {
        var look = await Console.Get<AuditDesk>().BeginAsync(Me, filter, Token);
        return (Render<TrailFollow>(p => p.Add(f => f.Filter, filter).Add(f => f.Question, look.Question).Add(f => f.Head, look.Head)
            .Add(f => f.IsRead, () => Task.FromResult(_isRead)).Add(f => f.OnNews, () => _renewed++)), Console.Get<AuditTrail>());
    }

    /// <summary>Seconds pass until it is so; a round that still works when the next second comes misses it.</summary>
    private async Task TickUntilAsync<T>(IRenderedComponent<T> follow, Action assertion)
        where T : Microsoft.AspNetCore.Components.IComponent
    {
        for (var i = 0; i < 200; i++)
        {
            Console.Clock.Advance(TimeSpan.FromSeconds(1));
            try
            {
                await follow.WaitForAssertionAsync(assertion, TimeSpan.FromMilliseconds(150));
                return;
            }
            catch (Bunit.Extensions.WaitForHelpers.WaitForFailedException) when (i < 199)
            {
            }
        }
    }

    private AuditEvent Event(string type) => new(type, Console.Clock.GetUtcNow(), AuditActor.System);
}
