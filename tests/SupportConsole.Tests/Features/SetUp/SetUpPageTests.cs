using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Features.SetUp;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.SetUp;

/// <summary>The page an admin looks at after installing the console.</summary>
public sealed class SetUpPageTests(GuardedApp server) : WindowContext(Admin, server), IClassFixture<GuardedApp>
{
    [Fact]
    public async Task It_says_of_each_thing_how_it_is_and_that_somebody_looked()
    {
        var page = Render<SetUpPage>();
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("tr[data-check]")));

        Assert.Equal("good", StateOf(page, "Companion hook"));
        Assert.Equal("good", StateOf(page, "Self-test"));
        Assert.Equal("unknown", StateOf(page, "The console's superuser"));
        Assert.Equal("advice", StateOf(page, "Superusers' addresses"));
        var download = Button(page, $"Download the companion {CompanionScript.Version}");
        Assert.Equal(("setup/support_console.pb.js", "support_console.pb.js"), (download.GetAttribute("href"), download.GetAttribute("download")));
        var events = (await Console.EventsAsync()).Where(e => e.Actor.Id == Person(Admin).Id).ToArray();
        Assert.Equal([AuditEventTypes.ReadRequested, AuditEventTypes.SetUpViewed], events.Select(e => e.Type));
        Assert.Equal("_settings", events[1].Target?.Collection);
        Assert.DoesNotContain(Console.Relay.Requests, request => request.Path.Contains("/records", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_takes_the_file_away_or_puts_it_back_sees_it_at_once()
    {
        await server.SetHookAsync(CompanionScript.FileName, null);
        var page = Render<SetUpPage>();
        await page.WaitForAssertionAsync(() => Assert.Equal("advice", StateOf(page, "Companion hook")));

        await server.SetHookAsync(CompanionScript.FileName, CompanionScript.Text);
        await PressAsync(page, "Check again");

        await page.WaitForAssertionAsync(() => Assert.Equal("good", StateOf(page, "Companion hook")));
    }

    [Fact]
    public async Task Without_a_trail_PocketBase_is_asked_nothing()
    {
        Console.Relay.Clear();
        using (Console.LockTrail())
        {
            var page = Render<SetUpPage>();
            await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[role=alert]")));
        }

        Assert.Empty(Console.Relay.Requests);
    }

    private static string StateOf(IRenderedComponent<SetUpPage> page, string check) => page.Find($"tr[data-check=\"{check}\"] .tag").TextContent;
}
