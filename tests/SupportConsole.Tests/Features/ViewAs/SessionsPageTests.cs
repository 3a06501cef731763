using AngleSharp.Dom;
using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>Who may see which open sessions, and end them.</summary>
[Collection(DemoApp.Name)]
public sealed class SessionsPageTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string Why = "Covers the weekend shift";
    private ViewAsSession _own = null!, _other = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _own = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), Agent);
        _other = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), OtherAgent);
    }

    [Fact]
    public void An_agent_sees_their_own_session_and_the_way_back_into_it()
    {
        var page = Show(Agent);

        Assert.Equal("My sessions", page.Find("h1").TextContent);
        Assert.Equal([_own.Id], Ids(page));
        Assert.Equal($"sessions/{_own.Id}", Button(page, "Open").GetAttribute("href"));
        Assert.Equal("SUP-12", page.Find("[data-label=Reason] .tag").TextContent.Trim());
    }

    [Theory]
    [InlineData(Admin)]
    [InlineData(Manager)]
    public void Whoever_watches_over_sessions_sees_all_and_opens_none(string person)
    {
        var page = Show(person);

        Assert.Equal("Live sessions", page.Find("h1").TextContent);
        Assert.Equal(new[] { _own.Id, _other.Id }.Order(StringComparer.Ordinal), Ids(page).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Open", Buttons(page));
    }

    [Fact]
    public void Whoever_may_see_none_sees_none()
    {
        var page = Show(Nobody);

        Assert.Empty(Ids(page));
        Assert.DoesNotContain("Ada", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_follows_each_start_and_end()
    {
        var page = Show(Agent);

        await Console.Desk.EndAsync(Console.As(Admin), _own.Id, Token);
        await page.WaitForAssertionAsync(() => Assert.Equal("No live session", page.Find("[role=status] h2").TextContent));
        Assert.Contains("You aren't viewing as anybody.", page.Markup, StringComparison.Ordinal);

        var next = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), Agent);
        await page.WaitForAssertionAsync(() => Assert.Equal([next.Id], Ids(page)));
    }

    [Fact]
    public async Task A_colleague_ends_one_session_and_leaves_the_other()
    {
        var page = Show(Manager);

        await Row(page, _other.Id).QuerySelectorAll("button").Single(button => button.TextContent.Trim() == "End").ClickAsync(new());

        await page.WaitForAssertionAsync(() => Assert.Equal([_own.Id], Ids(page)));
        Assert.Equal((AuditEventTypes.SessionEnded, Person(Manager).Id), ((await Console.EventsAsync(_other.Id))[^1].Type, (await Console.EventsAsync(_other.Id))[^1].Actor.Id));
    }

    [Fact]
    public async Task A_window_that_lost_its_right_ends_nothing_and_says_why()
    {
        var page = Show(Manager);
        await Console.Roles.RevokeAsync(Console.As(OtherManager), Person(Manager).Id, Role.Manager, Why, Token);

        await Row(page, _other.Id).QuerySelector("button")!.ClickAsync(new());

        await page.WaitForAssertionAsync(() => Assert.Contains("Your role doesn't allow this", page.Markup, StringComparison.Ordinal));
        Assert.Empty(Ids(page));
        Assert.Equal(2, Console.Sessions.All().Count);
    }

    [Fact]
    public void While_the_database_does_not_answer_no_session_is_shown_and_none_is_said_to_be_missing()
    {
        using var damage = Console.DamageRoles();

        var page = Show(Agent);

        Assert.NotEmpty(page.FindAll(".mud-alert"));
        Assert.Empty(Ids(page));
        Assert.DoesNotContain("No live session", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stood_in_the_way_once_is_not_said_for_ever()
    {
        IRenderedComponent<SessionsPage> page;
        using (Console.DamageRoles())
        {
            page = Show(Agent);
            Assert.NotEmpty(page.FindAll(".mud-alert"));
        }

        await Console.Desk.EndAsync(Console.As(Admin), _other.Id, Token);

        await page.WaitForAssertionAsync(() => Assert.Equal([_own.Id], Ids(page)));
        Assert.Empty(page.FindAll(".mud-alert"));
    }

    private IRenderedComponent<SessionsPage> Show(string person)
    {
        Me = Console.As(person);
        return Render<SessionsPage>();
    }

    private static IEnumerable<string> Ids(IRenderedComponent<SessionsPage> page) => page.FindAll("[data-session-id]").Select(row => row.GetAttribute("data-session-id")!);

    private static IElement Row(IRenderedComponent<SessionsPage> page, string id) => page.Find($"[data-session-id='{id}']");
}
