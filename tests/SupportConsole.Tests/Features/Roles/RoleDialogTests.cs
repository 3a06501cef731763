using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Roles;

/// <summary>The dialog asks for what a change needs, makes it, and keeps what was typed where it couldn't.</summary>
public sealed class RoleDialogTests() : WindowContext(Manager)
{
    private const string Why = "Covers the weekend shift";

    [Theory]
    [InlineData("", false)]
    [InlineData("too short", false)]
    [InlineData(".......... ,,,,,,,,,,", false)]
    [InlineData("Covers the weekend shift", true)]
    public async Task The_button_waits_for_a_reason(string reason, bool on)
    {
        var dialog = await GrantAsync();

        await Field(dialog, "Reason").InputAsync(reason);

        Assert.Equal(on, !IsOff(Button(dialog, "Grant role")));
    }

    [Fact]
    public async Task A_grant_is_made_as_it_was_chosen_and_closes_the_dialog()
    {
        var dialog = await GrantAsync(Nobody);
        await Field(dialog, "Role").ChangeAsync("Admin");
        await dialog.Find("input[type=date]").ChangeAsync("2090-12-31");
        await Field(dialog, "Reason").InputAsync($"  {Why} ");

        await PressAsync(dialog, "Grant role");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        var granted = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.RoleGranted, Person(Nobody).Id.Value, Why), (granted.Type, granted.Subject!.Id, granted.Reason));
        // The whole last day, as the field says.
        Assert.Equal("Admin, until 2091-01-01 00:00 UTC", granted.Detail);
    }

    [Fact]
    public async Task A_role_is_taken_away_of_those_the_person_holds()
    {
        await Console.Roles.GrantAsync(Console.As(OtherManager), Person(Agent).Id, Role.Admin, Why, until: null, Token);
        var dialog = await RevokeAsync(Agent);
        Assert.Equal(["Support agent", "Admin"], Field(dialog, "Role").Children.Select(role => role.TextContent));
        Assert.Empty(dialog.FindAll("input[type=date]"));
        await Field(dialog, "Role").ChangeAsync("Admin");
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Revoke role");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.Equal([Role.Agent], (await Console.Roles.FindAsync(Person(Agent).Id, Token))!.Roles);
    }

    [Fact]
    public async Task A_role_that_is_not_offered_can_not_be_chosen()
    {
        var dialog = await RevokeAsync(Agent);

        await Field(dialog, "Role").ChangeAsync("Manager");
        await Field(dialog, "Reason").InputAsync(Why);
        await PressAsync(dialog, "Revoke role");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.Equal((AuditEventTypes.RoleRevoked, "Support agent"), ((await Console.EventsAsync())[^1].Type, (await Console.EventsAsync())[^1].Detail));
    }

    [Fact]
    public async Task A_refusal_stands_in_the_dialog_with_what_was_typed()
    {
        var dialog = await GrantAsync(Agent);
        await Field(dialog, "Role").ChangeAsync("Agent");
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Grant role");

        await dialog.WaitForAssertionAsync(() => Assert.Contains("Mia Chen already holds the role Support agent.", dialog.Markup, StringComparison.Ordinal));
        Assert.Equal(Why, Field(dialog, "Reason").GetAttribute("value"));
        Assert.False(IsOff(Button(dialog, "Grant role")));
    }

    [Fact]
    public async Task What_was_refused_can_be_put_right_and_the_refusal_goes()
    {
        var dialog = await GrantAsync(Nobody);
        await dialog.Find("input[type=date]").ChangeAsync("2001-01-01");
        await Field(dialog, "Reason").InputAsync(Why);
        await PressAsync(dialog, "Grant role");
        await dialog.WaitForAssertionAsync(() => Assert.Contains("The end date has passed already.", dialog.Markup, StringComparison.Ordinal));

        await dialog.Find("input[type=date]").ChangeAsync("");
        await PressAsync(dialog, "Grant role");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.Equal([Role.Agent], (await Console.Roles.FindAsync(Person(Nobody).Id, Token))!.Roles);
    }

    [Fact]
    public async Task Cancelling_changes_nothing()
    {
        var dialog = await RevokeAsync(Agent);
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Cancel");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.Empty(await Console.TypesAsync());
    }

    [Fact]
    public async Task An_old_proof_sends_the_manager_away_with_the_form_and_changes_nothing()
    {
        Console.ProveAt(Manager, Console.Clock.GetUtcNow().AddYears(-20));
        var dialog = await GrantAsync(Nobody);
        Assert.Contains("It is a while since you proved who you are.", dialog.Find("[role=note]").TextContent, StringComparison.Ordinal);
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Grant role");

        Assert.EndsWith("/signin/confirm?returnUrl=%2Fstaff%3Fresume%3Dtrue", Services.GetRequiredService<BunitNavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal("kept:RoleForm", Assert.Single(JSInterop.Invocations["sessionStorage.setItem"]).Arguments[0]);
        Assert.Empty(await Console.TypesAsync());
    }

    [Fact]
    public async Task A_dialog_that_can_not_tell_whether_a_proof_is_needed_says_why()
    {
        var row = await RowAsync(Nobody);
        using var damage = Console.DamageRoles();

        var dialog = await OpenAsync(dialogs => RoleDialog.ShowAsync(dialogs, grant: true, row, [row]));

        await dialog.WaitForAssertionAsync(() => Assert.NotEmpty(dialog.FindAll(".mud-alert")));
    }

    private async Task<StaffRow> RowAsync(string person) =>
        (await Console.Roles.ListAsync(Console.As(OtherManager), Token)).Single(row => row.Member.Id == Person(person).Id);

    private async Task<IRenderedComponent<MudDialogProvider>> GrantAsync(string person = Nobody)
    {
        var people = (await Console.Roles.ListAsync(Console.As(OtherManager), Token)).Where(row => row.Member.Id != Person(Manager).Id).ToList();
        return await OpenAsync(dialogs => RoleDialog.ShowAsync(dialogs, grant: true, people.Single(row => row.Member.Id == Person(person).Id), people));
    }

    private async Task<IRenderedComponent<MudDialogProvider>> RevokeAsync(string person)
    {
        var row = await RowAsync(person);
        return await OpenAsync(dialogs => RoleDialog.ShowAsync(dialogs, grant: false, row, [row]));
    }
}
