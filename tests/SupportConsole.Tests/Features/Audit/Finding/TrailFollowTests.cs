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
        await follow.FindAll("button").Single(button => button.TextContent == "Go on").ClickAsync();
        Assert.Equal(3, _renewed);
        // Nothing of it was a look of its own.
        Assert.Equal(known + 2 + 13 + 1, (await Console.EventsAsync()).Length);
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
    private async Task TickUntilAsync(IRenderedComponent<TrailFollow> follow, Action assertion)
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
