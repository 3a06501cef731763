using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>A link from a ticket fills the dialog in, and starts nothing.</summary>
[Collection(DemoApp.Name)]
public sealed class StartSessionPageTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string Ada = "users/u8k2m1c0a3l9x7q", Reason = "Draft is missing from the list";

    [Theory]
    [InlineData(Ada)]
    [InlineData("u8k2m1c0a3l9x7q")]
    public async Task A_link_opens_the_dialog_with_what_it_says_and_no_session(string user)
    {
        var (page, dialogs) = Follow($"user={user}&ticket=SUP-9&reason={Uri.EscapeDataString(Reason)}");

        await dialogs.WaitForAssertionAsync(() => Assert.Equal("View as Ada Lovelace", dialogs.Find("h2").TextContent));
        Assert.Equal((Reason, "SUP-9"), (Field(dialogs, "Reason").GetAttribute("value"), Field(dialogs, "Ticket").GetAttribute("value")));
        Assert.Equal("Ada Lovelace", page.WaitForElement(".person-name").TextContent);
        Assert.Empty(Console.Sessions.All());
    }

    [Theory]
    [InlineData("users/n0suchus3rex1st")]
    [InlineData("_superusers/u8k2m1c0a3l9x7q")]
    [InlineData("users/../posts")]
    [InlineData("")]
    [InlineData("' || id != '")]
    public async Task A_link_to_nobody_says_so_and_opens_nothing(string user)
    {
        var (page, dialogs) = Follow($"user={Uri.EscapeDataString(user)}");

        await page.WaitForAssertionAsync(() => Assert.Equal("No such user", page.Find("[role=status] h2").TextContent));
        Assert.Empty(dialogs.FindAll("h2"));
        Assert.Equal("users", Button(page, "Find a user").GetAttribute("href"));
    }

    [Fact]
    public async Task The_dialog_can_be_opened_again_after_it_was_closed()
    {
        var (page, dialogs) = Follow($"user={Ada}&ticket=SUP-9");
        await dialogs.WaitForAssertionAsync(() => Assert.NotEmpty(dialogs.FindAll("h2")));
        await PressAsync(dialogs, "Cancel");
        await dialogs.WaitForAssertionAsync(() => Assert.Empty(dialogs.FindAll("h2")));

        await PressAsync(page, "View as");

        await dialogs.WaitForAssertionAsync(() => Assert.Equal("SUP-9", Field(dialogs, "Ticket").GetAttribute("value")));
    }

    [Fact]
    public async Task Without_PocketBase_it_says_why_and_can_be_tried_again()
    {
        Console.Relay.Intercept = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        var (page, dialogs) = Follow($"user={Ada}");
        await page.WaitForAssertionAsync(() => Assert.Contains("Try again", Buttons(page)));
        Assert.Empty(dialogs.FindAll("h2"));
        Console.Relay.Intercept = _ => Task.FromResult(false);

        await PressAsync(page, "Try again");

        await dialogs.WaitForAssertionAsync(() => Assert.Equal("View as Ada Lovelace", dialogs.Find("h2").TextContent));
    }

    [Fact]
    public async Task Whoever_comes_back_finds_what_they_typed_and_not_what_the_link_says()
    {
        await Services.GetRequiredService<StepUp>().DoAsync(new SessionForm(Reason, "SUP-1", "Troubleshooting", 5), $"start?user={Ada}&resume=true", () => throw new ProofTooOldException(), beforeLeaving: null, Token);
        BringBack();

        var (_, dialogs) = Follow($"user={Ada}&resume=true&reason=Another+reason+altogether&ticket=SUP-2");

        await dialogs.WaitForAssertionAsync(() => Assert.Contains("Start 5-minute session", Buttons(dialogs)));
        Assert.Equal((Reason, "SUP-1"), (Field(dialogs, "Reason").GetAttribute("value"), Field(dialogs, "Ticket").GetAttribute("value")));
        Assert.Empty(Console.Sessions.All());
    }

    [Fact]
    public async Task Whoever_may_not_find_users_is_refused_and_sees_nobody()
    {
        Me = Console.As(Manager);

        var (page, dialogs) = Follow($"user={Ada}");

        await page.WaitForAssertionAsync(() => Assert.Contains("Your role doesn't allow this", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(dialogs.FindAll("h2"));
        Assert.Equal([AuditEventTypes.PolicyDenied], await Console.TypesAsync());
    }

    private (IRenderedComponent<StartSessionPage> Page, IRenderedComponent<MudDialogProvider> Dialogs) Follow(string query)
    {
        var dialogs = RenderDialogs();
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo($"start?{query}");
        return (Render<StartSessionPage>(), dialogs);
    }
}
