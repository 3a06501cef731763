using Bunit;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.SetUp;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
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

    [Fact]
    public async Task A_test_says_who_blocks_writes_and_that_somebody_tested_it()
    {
        var page = await TestedAsync();

        Assert.StartsWith("Writes blocked by the console and by PocketBase. ", ResultOf(page), StringComparison.Ordinal);
        Assert.Contains("note-good", page.Find("[data-self-test]").ClassName, StringComparison.Ordinal);
        var events = (await Console.EventsAsync()).Where(e => AuditEventTypes.SetUpTested == (e.Type == AuditEventTypes.ReadRequested ? e.Detail : e.Type)).ToArray();
        Assert.Equal([AuditEventTypes.ReadRequested, AuditEventTypes.SetUpTested], events.Select(e => e.Type));
        Assert.Equal((Person(Admin).Id, AuditOutcome.Success, "writes blocked by the console and by PocketBase"), (events[1].Actor.Id, events[1].Outcome, events[1].Detail));
        Assert.DoesNotContain(Console.Relay.Requests, request => request.Path.Contains("/users/impersonate", StringComparison.Ordinal));
        Assert.DoesNotContain("eyJ", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Writes blocked by the console. Not there.", AuditOutcome.Success)]
    [InlineData("0.9", "Writes blocked by the console. Version 0.9 is there, too old", AuditOutcome.Success)]
    [InlineData("1.1", "Not provable at the moment. Version 1.1 of the companion is there, which only a session can test", AuditOutcome.Failed)]
    public async Task Without_a_hook_that_can_be_tested_it_says_so_and_what_to_do(string? version, string words, AuditOutcome outcome)
    {
        await server.SetHookAsync(CompanionScript.FileName, version is null ? null : CompanionScript.Text.Replace($"\"{CompanionScript.Version}\"", $"\"{version}\"", StringComparison.Ordinal));
        try
        {
            var page = await TestedAsync();

            Assert.StartsWith(words, ResultOf(page), StringComparison.Ordinal);
            Assert.Contains("Download", ResultOf(page), StringComparison.Ordinal);
            Assert.Equal(outcome, (await Console.EventsAsync()).Last(e => e.Type == AuditEventTypes.SetUpTested).Outcome);
            Assert.DoesNotContain(Console.Relay.Requests, request => request.Method == "DELETE" || request.Path.Contains("/impersonate/", StringComparison.Ordinal));
        }
        finally
        {
            await server.SetHookAsync(CompanionScript.FileName, CompanionScript.Text);
        }
    }

    [Fact]
    public async Task A_PocketBase_that_goes_away_in_between_is_named_and_nothing_is_claimed()
    {
        Console.Relay.Intercept = context =>
        {
            if (context.Request.Method == "DELETE")
            {
                context.Abort();
            }

            return Task.FromResult(context.Request.Method == "DELETE");
        };
        var page = Render<SetUpPage>();
        await PressAsync(page, "Test now");

        await page.WaitForAssertionAsync(() => Assert.StartsWith("Not tested. PocketBase can't be reached.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[data-self-test]"));
        Assert.Equal(AuditOutcome.Failed, (await Console.EventsAsync()).Single(e => e.Type == AuditEventTypes.SetUpTested).Outcome);
    }

    [Fact]
    public async Task Nobody_tests_without_the_duty_without_a_trail_or_too_often()
    {
        await using var console = await ConsoleServices.StartAsync(server, settings: ("Limits:ReadsPerMinute", "1"));
        var desk = console.Get<SetUpDesk>();
        await Assert.ThrowsAsync<DutyRefusedException>(() => desk.TestAsync(console.As(Agent), Token));
        using (console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => desk.TestAsync(console.As(Admin), Token));
        }

        await Assert.ThrowsAsync<TooOftenException>(() => desk.TestAsync(console.As(Admin), Token));

        Assert.Empty(console.Relay.Requests);
    }

    private async Task<IRenderedComponent<SetUpPage>> TestedAsync()
    {
        var page = Render<SetUpPage>();
        await PressAsync(page, "Test now");
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[data-self-test]")));
        return page;
    }

    private static string ResultOf(IRenderedComponent<SetUpPage> page) => page.Find("[data-self-test] p").TextContent;

    private static string StateOf(IRenderedComponent<SetUpPage> page, string check) => page.Find($"tr[data-check=\"{check}\"] .tag").TextContent;
}
