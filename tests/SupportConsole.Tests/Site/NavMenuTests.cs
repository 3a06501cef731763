using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Site;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Site;

/// <summary>The menu shows what the reader's duties open at this moment.</summary>
[Collection(DemoApp.Name)]
public sealed class NavMenuTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string Why = "Covers the weekend shift";

    [Theory]
    [InlineData(Agent, "Find a user, My sessions")]
    [InlineData(Admin, "Find a user, Live sessions, Audit trail, API keys, Set-up")]
    [InlineData(Manager, "Live sessions, Staff & roles")]
    [InlineData(Nobody, "")]
    public void Everybody_sees_their_own_places(string person, string places) => Assert.Equal(places, PlacesOf(Show(person)));

    [Fact]
    public async Task A_role_that_changes_changes_the_menu()
    {
        var announced = AddAuthorization().SetAuthorized("Mia Chen");
        var menu = Show(Agent);

        await Console.Roles.GrantAsync(Console.As(Manager), Person(Agent).Id, Role.Admin, Why, until: null, Token);
        await menu.InvokeAsync(() => announced.SetAuthorized("Mia Chen"));

        await menu.WaitForAssertionAsync(() => Assert.Equal("Find a user, Live sessions, Audit trail, API keys, Set-up", PlacesOf(menu)));
    }

    [Fact]
    public void While_the_database_does_not_answer_there_are_no_places()
    {
        using var damage = Console.DamageRoles();

        Assert.Equal("", PlacesOf(Show(Agent)));
    }

    [Fact]
    public async Task Sessions_are_counted_everybodys_or_the_readers_own()
    {
        var (own, all) = (Show(Agent), Show(Manager));
        Assert.Empty(own.FindAll("[aria-label]:not(nav)"));

        await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), OtherAgent);

        await all.WaitForAssertionAsync(() => Assert.Equal("1", all.Find("[aria-label='1 live session']").TextContent));
        Assert.Empty(own.FindAll("[aria-label]:not(nav)"));

        await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), Agent);

        await all.WaitForAssertionAsync(() => Assert.Equal("2", all.Find("[aria-label='2 live sessions']").TextContent));
        await own.WaitForAssertionAsync(() => Assert.Equal("1", own.Find("[aria-label='1 live session']").TextContent));
    }

    [Fact]
    public async Task A_trail_that_is_not_in_order_is_marked_for_whoever_may_read_it_from_the_next_place_on()
    {
        const string mark = "The last verification found it not in order";
        var (agent, admin) = (Show(Agent), Show(Admin));
        await admin.WaitForStateAsync(() => admin.RenderCount >= 2); // It has asked for the last verdict by then.
        var verification = Console.Get<Verification>();
        await verification.KeepAsync(
            new Verdict(5, Clock.GetUtcNow(), [new TrailFault(TrailFaultKind.Altered, 3, "Event 3 isn't what was written.")], 1, 0, 0),
            new AuditEvent(AuditEventTypes.AuditVerified, Clock.GetUtcNow(), AuditActor.System));
        Assert.DoesNotContain(mark, admin.Markup, StringComparison.Ordinal);

        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("keys");

        await admin.WaitForAssertionAsync(() => Assert.Equal(mark, Button(admin, $"Audit trail!{mark}").QuerySelector(".visually-hidden")!.TextContent));
        using (var connection = Console.File.Connect())
        {
            SqliteFile.Tamper(connection, "UPDATE audit_verification SET verdict = '{}'");
        }

        var later = Show(Admin);
        await later.WaitForAssertionAsync(() => Assert.Contains(mark, later.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(mark, agent.Markup, StringComparison.Ordinal); // Which was asked long before.
        await verification.KeepAsync(new Verdict(5, Clock.GetUtcNow(), [], 0, 0, 0), new AuditEvent(AuditEventTypes.AuditVerified, Clock.GetUtcNow(), AuditActor.System));

        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("users");

        await admin.WaitForAssertionAsync(() => Assert.DoesNotContain(mark, admin.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void The_place_where_the_reader_is_is_marked()
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("users?q=ada");

        Assert.Equal("Find a user", Show(Agent).Find("[aria-current=page]").TextContent.Trim());
    }

    [Fact]
    public async Task A_menu_that_is_gone_listens_no_more()
    {
        Show(Agent);
        Assert.Equal(1, Console.Sessions.Changes.Listeners);

        await DisposeComponentsAsync();

        Assert.Equal(0, Console.Sessions.Changes.Listeners);
    }

    private IRenderedComponent<NavMenu> Show(string person)
    {
        Me = Console.As(person);
        return Render<NavMenu>();
    }

    private static string PlacesOf(IRenderedComponent<NavMenu> menu) =>
        string.Join(", ", menu.FindAll("a > span:first-child").Select(place => place.TextContent));
}
