using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Roles;

/// <summary>The staff with their roles, as they are at this moment.</summary>
[Collection(DemoApp.Name)]
public sealed class StaffPageTests(DemoServer server) : WindowContext(Manager, server)
{
    private const string Why = "Covers the weekend shift";

    [Fact]
    public async Task Everybody_is_listed_with_what_they_hold_and_who_granted_it()
    {
        var end = Console.Clock.GetUtcNow().AddDays(3);
        await Console.Roles.GrantAsync(Console.As(OtherManager), Person(Nobody).Id, Role.Agent, Why, end, Token);

        var page = await ShowAsync();

        Assert.Equal(6, page.FindAll("[data-staff-id]").Count);
        Assert.Contains("Support agent", Row(page, Nobody).QuerySelector("[data-label=Roles]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("by Omar Haddad", Row(page, Nobody).QuerySelector("[data-label=Since]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(end.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Row(page, Nobody).QuerySelector("[data-label=Until] time")!.GetAttribute("datetime")![..10]);
        Assert.Equal("—", Row(page, Agent).QuerySelector("[data-label=Until]")!.TextContent.Trim());
        Assert.Equal("never", Row(page, Agent).QuerySelector("[data-label='Last sign-in']")!.TextContent.Trim());
    }

    [Fact]
    public async Task Nobody_is_offered_a_change_of_their_own_roles()
    {
        var page = await ShowAsync();

        Assert.Equal("you", Row(page, Manager).QuerySelector(".actions")!.TextContent.Trim());
        Assert.Equal(["Grant…", "Revoke"], Row(page, OtherManager).QuerySelectorAll("button").Select(button => button.TextContent.Trim()));
    }

    [Fact]
    public async Task Who_holds_nothing_can_only_be_granted_something()
    {
        var page = await ShowAsync();

        Assert.Contains("no access", Row(page, Nobody).TextContent, StringComparison.Ordinal);
        Assert.Equal(["Grant Tom Weber a role"], Row(page, Nobody).QuerySelectorAll("button").Select(button => button.GetAttribute("aria-label")));
    }

    [Fact]
    public async Task Changes_that_are_made_elsewhere_show_by_themselves()
    {
        var page = await ShowAsync();

        await Console.Roles.RevokeAsync(Console.As(OtherManager), Person(Agent).Id, Role.Agent, Why, Token);
        await page.WaitForAssertionAsync(() => Assert.Contains("no access", Row(page, Agent).TextContent, StringComparison.Ordinal));

        var session = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), OtherAgent);
        await page.WaitForAssertionAsync(() => Assert.Contains("1 live", Row(page, OtherAgent).TextContent, StringComparison.Ordinal));

        await Console.Desk.EndAsync(Console.As(OtherAgent), session.Id, Token);
        await page.WaitForAssertionAsync(() => Assert.DoesNotContain("1 live", Row(page, OtherAgent).TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_can_not_be_read_says_why_and_can_be_tried_again()
    {
        IRenderedComponent<StaffPage> page;
        using (Console.DamageRoles())
        {
            page = Render<StaffPage>();
            await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[role=alert]")));
            Assert.Empty(page.FindAll("[data-staff-id]"));
        }

        await PressAsync(page, "Try again");

        await page.WaitForAssertionAsync(() => Assert.Equal(6, page.FindAll("[data-staff-id]").Count));
    }

    [Fact]
    public async Task Whoever_may_not_is_refused_and_sees_nobody()
    {
        Me = Console.As(Agent);
        var page = Render<StaffPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("Your role doesn't allow this", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        Assert.DoesNotContain("Jan Peeters", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_closed_listens_no_more()
    {
        var before = (Console.Changes.Listeners, Console.Sessions.Changes.Listeners);
        await ShowAsync();
        Assert.Equal((before.Item1 + 1, before.Item2 + 1), (Console.Changes.Listeners, Console.Sessions.Changes.Listeners));

        await DisposeComponentsAsync();

        Assert.Equal(before, (Console.Changes.Listeners, Console.Sessions.Changes.Listeners));
    }

    [Fact]
    public async Task A_form_that_was_left_to_prove_who_one_is_is_taken_up_again_as_it_was()
    {
        await KeepAsync(new RoleForm(Grant: true, Person(Nobody).Id.Value, Role.Admin, new DateOnly(2100, 5, 6), Why));
        var dialogs = RenderDialogs();

        await ResumeAsync();

        await dialogs.WaitForAssertionAsync(() => Assert.Equal("Grant a role", dialogs.Find("h2").TextContent));
        Assert.Equal(Person(Nobody).Id.Value, Field(dialogs, "Staff member").GetAttribute("value"));
        Assert.Equal("Admin", Field(dialogs, "Role").GetAttribute("value"));
        Assert.Equal("2100-05-06", dialogs.Find("input[type=date]").GetAttribute("value"));
        Assert.Equal(Why, Field(dialogs, "Reason").GetAttribute("value"));
    }

    [Theory]
    [InlineData("demo/somebody-else", Role.Agent)]
    [InlineData("demo/tom-weber", Role.Agent)]
    [InlineData("demo/mia-chen", Role.Manager)]
    public async Task A_revocation_of_what_nobody_holds_any_more_is_not_taken_up_again(string staff, Role role)
    {
        await KeepAsync(new RoleForm(Grant: false, staff, role, Until: null, Why));
        var dialogs = RenderDialogs();

        await ResumeAsync();

        Assert.Empty(dialogs.FindAll("h2"));
        Assert.NotEmpty(JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Fact]
    public async Task Nothing_is_taken_up_by_an_address_that_does_not_ask_for_it()
    {
        await KeepAsync(new RoleForm(Grant: true, Person(Nobody).Id.Value, Role.Admin, Until: null, Why));
        var dialogs = RenderDialogs();

        await ShowAsync();

        Assert.Empty(dialogs.FindAll("h2"));
        Assert.Empty(JSInterop.Invocations["sessionStorage.getItem"]);
    }

    [Fact]
    public async Task The_rows_buttons_open_the_dialog_about_their_person()
    {
        var dialogs = RenderDialogs();
        var page = await ShowAsync();

        await Row(page, OtherManager).QuerySelectorAll("button")[1].ClickAsync(new());

        await dialogs.WaitForAssertionAsync(() => Assert.Equal("Revoke a role of Omar Haddad", dialogs.Find("h2").TextContent));
    }

    private async Task KeepAsync(RoleForm form)
    {
        await Services.GetRequiredService<StepUp>().DoAsync(form, "staff?resume=true", () => throw new ProofTooOldException(), beforeLeaving: null, Token);
        BringBack();
    }

    private async Task ResumeAsync()
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("staff?resume=true");
        await ShowAsync();
    }

    private async Task<IRenderedComponent<StaffPage>> ShowAsync()
    {
        var page = Render<StaffPage>();
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[data-staff-id]")));
        return page;
    }

    private static IElement Row(IRenderedComponent<StaffPage> page, string person) => page.Find($"[data-staff-id='{Person(person).Id.Value}']");
}
