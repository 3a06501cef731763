using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>The dialog and the list of sessions over the real services; PocketBase isn't needed for either.</summary>
public sealed class ViewAsComponentsTests() : WindowContext(Agent)
{
    private static readonly UserSummary Ada = new(User("u8k2m1c0a3l9x7q"), "Ada Lovelace", "ada@example.com", Verified: true, Protection: Protection.None, Created: null);

    [Fact]
    public async Task The_button_waits_for_a_reason()
    {
        var page = await ShowDialogAsync(Ada);
        Assert.True(StartButton(page).HasAttribute("disabled"));

        await page.FindAll("input[type=text], input:not([type])")[0].InputAsync("Draft is missing from the list");

        await page.WaitForAssertionAsync(() => Assert.False(StartButton(page).HasAttribute("disabled")));
        Assert.Equal("Start 15-minute session", StartButton(page).TextContent.Trim());
    }

    [Fact]
    public async Task An_old_proof_of_identity_sends_the_agent_away_with_the_form_kept_out_of_the_address()
    {
        Console.ProveAt(Agent, Console.Clock.GetUtcNow().AddYears(-20));
        var page = await ShowDialogAsync(Ada, "Draft is missing from the list");
        Assert.Contains("confirm it", page.Markup, StringComparison.Ordinal);

        await StartButton(page).ClickAsync();

        var address = Services.GetRequiredService<BunitNavigationManager>().Uri;
        Assert.EndsWith("/signin/confirm?returnUrl=%2Fstart%3Fuser%3Dusers%2Fu8k2m1c0a3l9x7q%26resume%3Dtrue", address, StringComparison.Ordinal);
        var kept = Assert.Single(JSInterop.Invocations["sessionStorage.setItem"]);
        Assert.DoesNotContain(kept.Arguments, argument => argument?.ToString()?.Contains("Draft", StringComparison.Ordinal) == true);
        Assert.Empty(Console.Sessions.All());
        Assert.DoesNotContain(AuditEventTypes.PolicyDenied, await Console.TypesAsync());
    }

    [Fact]
    public async Task A_protected_user_keeps_the_button_closed_and_says_why()
    {
        var page = await ShowDialogAsync(Ada with { Protection = Protection.Protected }, "Draft is missing from the list");

        Assert.True(StartButton(page).HasAttribute("disabled"));
        Assert.Contains("a manager has to approve", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_too_many_is_told_in_the_dialog_with_when_to_come_back()
    {
        var page = await ShowDialogAsync(Ada, "Draft is missing from the list");
        for (var session = 0; session < 30; session++)
        {
            Console.Get<Pace>().Take(Person(Agent).Id, Limit.Sessions).Dispose();
        }

        await StartButton(page).ClickAsync(new());

        await page.WaitForAssertionAsync(() => Assert.Contains("30 sessions an hour. Nothing was done. Try again in 2 minutes.", page.Markup, StringComparison.Ordinal));
        Assert.False(StartButton(page).HasAttribute("disabled"));
        Assert.Equal([AuditEventTypes.PolicyDenied], await Console.TypesAsync());
    }

    [Fact]
    public async Task A_name_can_not_turn_the_sentence_around_it()
    {
        var page = await ShowDialogAsync(Ada with { Name = "Ada \u202Eevol" });

        Assert.Equal("Ada \u202Eevol", page.Find("h2 bdi").TextContent);
    }

    [Fact]
    public async Task A_link_fills_the_dialog_in()
    {
        var page = await ShowDialogAsync(Ada, "Draft is missing from the list");

        Assert.False(StartButton(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_page_that_is_closed_listens_no_more()
    {
        Render<SessionsPage>();
        Assert.Equal(1, Console.Sessions.Changes.Listeners);

        await DisposeComponentsAsync();

        Assert.Equal(0, Console.Sessions.Changes.Listeners);
    }

    [Fact]
    public async Task A_link_that_was_followed_twice_opens_one_dialog_however_late_the_first_answer_comes()
    {
        var finder = new SlowFinder();
        Services.AddSingleton<IUserFinder>(finder);
        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        Render<MudPopoverProvider>();
        var dialogs = Render<MudDialogProvider>();
        navigation.NavigateTo("start?user=users/a");
        var page = Render<StartSessionPage>();
        await page.InvokeAsync(() => navigation.NavigateTo("start?user=users/b"));
        await page.InvokeAsync(() => navigation.NavigateTo("start?user=users/a"));
        Assert.Equal(3, finder.Asked.Count);

        await page.InvokeAsync(() => finder.Asked[2].SetResult(Ada));
        await dialogs.WaitForAssertionAsync(() => StartButton(dialogs));
        await page.InvokeAsync(() => finder.Asked[0].SetResult(Ada));
        await page.InvokeAsync(() => finder.Asked[1].SetResult(Ada));

        Assert.Single(dialogs.FindAll("button"), button => button.TextContent.Contains("-minute session", StringComparison.Ordinal));
    }

    private static AngleSharp.Dom.IElement StartButton(IRenderedComponent<MudDialogProvider> page) =>
        page.FindAll("button").Single(button => button.TextContent.Contains("-minute session", StringComparison.Ordinal));

    private async Task<IRenderedComponent<MudDialogProvider>> ShowDialogAsync(UserSummary user, string? reason = null)
    {
        var page = Render<MudDialogProvider>();
        await page.InvokeAsync(() => StartViewAsDialog.ShowAsync(Services.GetRequiredService<IDialogService>(), user, reason is null ? null : new SessionForm(reason, null)));
        await page.WaitForAssertionAsync(() => StartButton(page));
        return page;
    }

    /// <summary>Answers when it is told to, also whoever doesn't wait any more.</summary>
    private sealed class SlowFinder : IUserFinder
    {
        public List<TaskCompletionSource<UserSummary?>> Asked { get; } = [];

        public Task<IReadOnlyList<UserSummary>> FindByTextAsync(CurrentStaff who, string text, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<UserSummary?> FindLinkedAsync(CurrentStaff who, string link, CancellationToken cancellationToken)
        {
            Asked.Add(new TaskCompletionSource<UserSummary?>());
            return Asked[^1].Task;
        }
    }
}
