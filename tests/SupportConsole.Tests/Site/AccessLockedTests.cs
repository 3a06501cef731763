using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SupportConsole.Site;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Site;

/// <summary>Where a page is locked, nothing lies over it any more.</summary>
public sealed class AccessLockedTests : ConsoleContext
{
    private readonly BunitAuthorizationContext _rights;

    public AccessLockedTests() => _rights = AddAuthorization().SetAuthorized("Mia Chen");

    [Fact]
    public async Task A_locked_page_takes_the_open_dialog_along_and_opens_no_other()
    {
        var frame = Show(locked: false);
        await AskAsync(frame, "Opened before");
        await frame.WaitForAssertionAsync(() => Assert.Contains("Opened before", frame.Markup, StringComparison.Ordinal));

        Lock(frame, true);

        Assert.Equal("This page is locked for you", frame.Find("[role=alert] h1").TextContent);
        Assert.DoesNotContain("Opened before", frame.Markup, StringComparison.Ordinal);
        await AskAsync(frame, "Opened while locked");
        Assert.Empty(frame.FindComponents<MudDialogProvider>());
        Assert.DoesNotContain("Opened while locked", frame.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_opens_again_has_dialogs_again_and_none_from_before()
    {
        var frame = Show(locked: true);
        await AskAsync(frame, "Opened while locked");

        Lock(frame, false);
        Assert.DoesNotContain("Opened while locked", frame.Markup, StringComparison.Ordinal);
        await AskAsync(frame, "Opened after");

        await frame.WaitForAssertionAsync(() => Assert.Contains("Opened after", frame.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sign_in_that_ended_is_told_apart()
    {
        _rights.SetNotAuthorized();

        var frame = Show(locked: true);

        Assert.Equal("You are signed out", frame.Find("[role=alert] h1").TextContent);
        // By a load of the page: the sign-in is plain HTML, without this window's circuit.
        Assert.Equal("false", frame.Find("a[href=signin]").GetAttribute("data-enhance-nav"));
    }

    private IRenderedComponent<ConsoleProviders> Show(bool locked)
    {
        Render<MudPopoverProvider>();
        var facts = new WindowFacts(isDark: false);
        facts.Learn(BrowserClock.From("UTC"), isDark: false);
        return Render<ConsoleProviders>(p => p
            .AddCascadingValue(facts)
            .Add(providers => providers.ChildContent, Page(locked)));
    }

    private static void Lock(IRenderedComponent<ConsoleProviders> frame, bool locked) => frame.Render(p => p.Add(providers => providers.ChildContent, Page(locked)));

    private static RenderFragment Page(bool locked) => builder =>
    {
        if (locked)
        {
            builder.OpenComponent<AccessLocked>(0);
            builder.CloseComponent();
        }
    };

    // Not awaited to its end: while the page is locked, nobody is there who would open it.
    private Task AskAsync(IRenderedComponent<ConsoleProviders> frame, string words) => frame.InvokeAsync(() =>
    {
        _ = Services.GetRequiredService<IDialogService>().ShowMessageBoxAsync("Question", words);
    });
}
