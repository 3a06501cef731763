using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>From the filled-in dialog to the open session, and everything that can stand in between.</summary>
[Collection(DemoApp.Name)]
public sealed class StartViewAsDialogTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string Reason = "Draft is missing from the list", Start = "Start 15-minute session";
    private static readonly UserSummary Ada = new(User("u8k2m1c0a3l9x7q"), "Ada Lovelace", "ada@example.com", Verified: true, Protection: Protection.None, Created: null);

    [Fact]
    public async Task A_session_is_opened_as_it_was_asked_for_and_gone_to()
    {
        var dialog = await ShowAsync();
        await Field(dialog, "Reason").InputAsync(Reason);
        await Field(dialog, "Ticket").InputAsync("SUP-77");
        await Radio(dialog, "5 min").ChangeAsync("5 min");

        await PressAsync(dialog, "Start 5-minute session");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        var session = Assert.Single(Console.Sessions.All());
        Assert.Equal((Reason, "SUP-77", TimeSpan.FromMinutes(5)), (session.Purpose.Reason, session.Purpose.Ticket, session.Limit));
        Assert.EndsWith($"/sessions/{session.Id}", Services.GetRequiredService<BunitNavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_views_already_can_end_that_first()
    {
        var before = await Console.OpenAsync(Ada.Id);
        var dialog = await ShowAsync(Reason);
        Assert.True(IsOff(Button(dialog, Start)));

        await PressAsync(dialog, $"End the session as {before.UserName}");

        await dialog.WaitForAssertionAsync(() => Assert.False(IsOff(Button(dialog, Start))));
        Assert.Empty(Console.Sessions.All());
        Assert.DoesNotContain(Buttons(dialog), button => button.StartsWith("End the session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_window_that_was_quicker_leaves_the_button_closed()
    {
        var dialog = await ShowAsync(Reason);
        var quicker = await Console.OpenAsync(Ada.Id);

        await PressAsync(dialog, Start);

        await dialog.WaitForAssertionAsync(() => Assert.True(IsOff(Button(dialog, Start))));
        Assert.Equal([quicker.Id], Console.Sessions.All().Select(session => session.Id));
    }

    [Fact]
    public async Task Without_PocketBase_the_dialog_stays_with_the_reason_typed_and_can_be_tried_again()
    {
        Console.Relay.Intercept = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        var dialog = await ShowAsync(Reason);
        await PressAsync(dialog, Start);
        await dialog.WaitForAssertionAsync(() => Assert.NotEmpty(dialog.FindAll(".mud-alert")));
        Assert.Equal(Reason, Field(dialog, "Reason").GetAttribute("value"));
        Assert.Empty(Console.Sessions.All());
        Console.Relay.Intercept = _ => Task.FromResult(false);

        await PressAsync(dialog, Start);

        await dialog.WaitForAssertionAsync(() => Assert.Single(Console.Sessions.All()));
    }

    [Fact]
    public async Task A_role_that_was_taken_away_meanwhile_opens_nothing()
    {
        var dialog = await ShowAsync(Reason);
        await Console.Roles.RevokeAsync(Console.As(Manager), Person(Agent).Id, Role.Agent, "Covers no shift any more", Token);

        await PressAsync(dialog, Start);

        await dialog.WaitForAssertionAsync(() => Assert.Contains("Your role doesn't allow this", dialog.Markup, StringComparison.Ordinal));
        Assert.Empty(Console.Sessions.All());
    }

    [Theory]
    [InlineData("Nonsense", 15)]
    [InlineData(null, 7)]
    [InlineData("", -1)]
    public async Task What_a_kept_form_holds_beyond_policy_is_not_taken_up(string? category, int minutes)
    {
        var dialog = await OpenAsync(dialogs => StartViewAsDialog.ShowAsync(dialogs, Ada, new SessionForm(Reason, null, category, minutes)));

        await dialog.WaitForAssertionAsync(() => Assert.False(IsOff(Button(dialog, Start))));
        Assert.Equal("Troubleshooting", Field(dialog, "Category").GetAttribute("value"));
    }

    [Fact]
    public async Task Cancelling_opens_nothing_and_records_nothing()
    {
        var dialog = await ShowAsync(Reason);

        await PressAsync(dialog, "Cancel");

        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
        Assert.DoesNotContain(AuditEventTypes.SessionRequested, await Console.TypesAsync());
    }

    [Fact]
    public async Task A_letter_typed_asks_once_who_the_person_is()
    {
        var rights = WatchRights();
        var dialog = await ShowAsync();
        Assert.Equal(1, rights.Askings);

        await Field(dialog, "Reason").InputAsync(Reason);

        Assert.Equal(2, rights.Askings);
        Assert.False(IsOff(Button(dialog, Start)));
    }

    [Fact]
    public async Task What_is_typed_last_owns_the_rules_though_an_older_answer_comes_later()
    {
        var rights = WatchRights();
        var dialog = await ShowAsync();
        var late = rights.Delay = new TaskCompletionSource();
        var older = Field(dialog, "Reason").InputAsync(Reason[..^1]);
        await dialog.WaitForAssertionAsync(() => Assert.Null(rights.Delay));
        await Console.Roles.RevokeAsync(Console.As(Manager), Person(Agent).Id, Role.Agent, "Covers no shift any more", Token);

        await Field(dialog, "Reason").InputAsync(Reason);
        Assert.True(IsOff(Button(dialog, Start)));
        late.SetResult();
        await older;

        Assert.True(IsOff(Button(dialog, Start)));
        Assert.Equal(Reason, Field(dialog, "Reason").GetAttribute("value"));
    }

    private WatchedRights WatchRights()
    {
        var rights = new WatchedRights(Console.Get<IStaffRights>());
        var principal = new StaffPrincipal(Services);
        var person = Person(Agent);
        principal.Is(StaffClaims.Principal(person.Id, person.Name, person.Email, SignInOf(Agent), "Test"), clientAddress: null);
        Me = new CurrentStaff(principal, new StandingStaff(Console.Get<ISignIns>(), rights), Console.Get<IRefusalRecord>());
        return rights;
    }

    private async Task<IRenderedComponent<MudDialogProvider>> ShowAsync(string? reason = null)
    {
        var dialog = await OpenAsync(dialogs => StartViewAsDialog.ShowAsync(dialogs, Ada, reason is null ? null : new SessionForm(reason, null)));
        await dialog.WaitForAssertionAsync(() => Assert.NotEmpty(dialog.FindAll(".checklist li")));
        return dialog;
    }

    /// <summary>Counts how often somebody's roles are asked for, and can keep one answer back after it was read.</summary>
    private sealed class WatchedRights(IStaffRights rights) : IStaffRights
    {
        public int Askings { get; private set; }

        /// <summary>What the next answer waits for.</summary>
        public TaskCompletionSource? Delay { get; set; }

        public async Task<StaffMember?> FindAsync(StaffId id, CancellationToken cancellationToken)
        {
            Askings++;
            var delay = Delay;
            var found = await rights.FindAsync(id, CancellationToken.None);
            Delay = null;
            await (delay?.Task ?? Task.CompletedTask);
            return found;
        }

        public Task<IReadOnlyList<StaffMember>> AllAsync(CancellationToken cancellationToken) => rights.AllAsync(cancellationToken);
    }
}
