using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>One address, and what stands under it: the user's view for its agent alone, its end for those who may know of it.</summary>
[Collection(DemoApp.Name)]
public sealed class ViewAsPageTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string Why = "Covers the weekend shift";
    private ViewAsSession _session = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        AddAuthorization().SetAuthorized("Mia Chen");
        _session = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), Agent);
    }

    [Fact]
    public async Task Its_agent_sees_what_the_user_sees()
    {
        var page = Show(Agent, _session.Id);

        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("article[data-record-id]")));
        Assert.StartsWith("Viewing as ", page.Find("section.view-frame").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Admin)]
    [InlineData(Manager)]
    public async Task Whoever_watches_over_sessions_sees_that_it_is_open_and_nothing_of_what_it_shows(string person)
    {
        Console.Relay.Clear();
        var page = Show(person, _session.Id);

        await page.WaitForAssertionAsync(() => Assert.Equal("Live session of Mia Chen", page.Find("h1").TextContent));

        Assert.Empty(page.FindAll("article"));
        Assert.Empty(Console.Relay.Requests);
        Assert.Contains("End session", Buttons(page));
    }

    [Theory]
    [InlineData(OtherAgent)]
    [InlineData(Agent, "00000000000000000000000000000000")]
    [InlineData(Agent, "")]
    [InlineData(Agent, "' OR 1=1 --")]
    public async Task Somebody_elses_and_none_look_the_same(string person, string? id = null)
    {
        var page = Show(person, id ?? _session.Id);

        await page.WaitForAssertionAsync(() => Assert.Equal("No such session", page.Find("h1").TextContent));
        Assert.DoesNotContain("Ada", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_ends_elsewhere_takes_what_it_showed_away_and_says_why()
    {
        var page = Show(Agent, _session.Id);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("article")));

        await Console.Desk.EndAsync(Console.As(Manager), _session.Id, Token);

        await page.WaitForAssertionAsync(() => Assert.Equal("Session ended", page.Find("h1").TextContent));
        Assert.Empty(page.FindAll("article, section.view-frame"));
        Assert.Contains("ended by", page.Markup, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Its_agent_ends_it_here()
    {
        var page = Show(Agent, _session.Id);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("article")));

        await PressAsync(page, "End session");

        await page.WaitForAssertionAsync(() => Assert.Equal("Session ended", page.Find("h1").TextContent));
        Assert.Null(Console.Sessions.Find(_session.Id));
        Assert.Single(await Console.EventsAsync(_session.Id), occurred => occurred.Type == AuditEventTypes.SessionEnded);
    }

    [Fact]
    public async Task The_time_box_ends_it_in_this_window_too()
    {
        var page = Show(Agent, _session.Id);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("article")));

        Console.Clock.Advance(TimeSpan.FromMinutes(15));

        await page.WaitForAssertionAsync(() => Assert.Equal("Session ended", page.Find("h1").TextContent));
        var ended = Assert.Single(await Console.EventsAsync(_session.Id), occurred => occurred.Type == AuditEventTypes.SessionEnded);
        Assert.StartsWith(EndReasons.CodeOf(EndReason.Expired), ended.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_box_of_somebody_whose_role_goes_in_that_second_ends_without_a_refusal()
    {
        var page = Show(Agent, _session.Id);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("article")));
        await Console.Roles.RevokeAsync(Console.As(Manager), Person(Agent).Id, Role.Agent, Why, Token);

        Console.Clock.Advance(TimeSpan.FromMinutes(15));

        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll("article, section.view-frame")));
        Assert.Null(Console.Sessions.Find(_session.Id));
        Assert.DoesNotContain(AuditEventTypes.PolicyDenied, await Console.TypesAsync());
    }

    [Fact]
    public async Task Another_address_in_the_same_window_leaves_nothing_of_the_first()
    {
        var page = Show(Agent, _session.Id);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("article")));

        page.Render(p => p.Add(view => view.Id, "00000000000000000000000000000000"));

        await page.WaitForAssertionAsync(() => Assert.Equal("No such session", page.Find("h1").TextContent));
        Assert.Empty(page.FindAll("article, section.view-frame"));
        Assert.DoesNotContain("Ada", page.Markup, StringComparison.Ordinal);
        Assert.NotNull(Console.Sessions.Find(_session.Id));
    }

    [Fact]
    public async Task A_colleague_who_lost_the_right_meanwhile_ends_nothing()
    {
        var page = Show(Manager, _session.Id);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("h1")));
        await Console.Roles.RevokeAsync(Console.As(OtherManager), Person(Manager).Id, Role.Manager, Why, Token);

        await PressAsync(page, "End session");

        await page.WaitForAssertionAsync(() => Assert.Contains("Your role doesn't allow this", page.Markup, StringComparison.Ordinal));
        Assert.NotNull(Console.Sessions.Find(_session.Id));
        Assert.DoesNotContain("Ada", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_can_not_be_read_back_says_why_and_can_be_tried_again()
    {
        await Console.Desk.EndAsync(Console.As(Agent), _session.Id, Token);
        IRenderedComponent<ViewAsPage> page;
        using (Console.DamageRoles())
        {
            page = Show(Agent, _session.Id);
            await page.WaitForAssertionAsync(() => Assert.Contains("Try again", Buttons(page)));
        }

        await PressAsync(page, "Try again");

        await page.WaitForAssertionAsync(() => Assert.Equal("Session ended", page.Find("h1").TextContent));
    }

    [Fact]
    public async Task A_page_that_is_closed_listens_no_more()
    {
        Show(Agent, _session.Id);
        Assert.Equal(1, Console.Sessions.Changes.Listeners);

        await DisposeComponentsAsync();

        Assert.Equal(0, Console.Sessions.Changes.Listeners);
        Assert.NotNull(Console.Sessions.Find(_session.Id));
    }

    private IRenderedComponent<ViewAsPage> Show(string person, string id)
    {
        Me = Console.As(person);
        return Render<ViewAsPage>(p => p.Add(view => view.Id, id));
    }
}
