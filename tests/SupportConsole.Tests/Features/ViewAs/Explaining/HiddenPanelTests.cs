using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>The panel beside a list that compares it with what a superuser finds.</summary>
public sealed class HiddenPanelTests(AnyApp server)
    : WindowContext(Agent, server, ("PocketBase:UserCollections:0", "people"), ("ViewAs:ProtectedUsers", "")), IClassFixture<AnyApp>
{
    private ViewAsSession _session = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await Console.OpenAsync(User(AnyApp.Ann, "people"));
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_button_and_a_page_says_how_much_of_it_is_visible()
    {
        var panel = Panel(new RecordsPlace("mine"));
        Assert.DoesNotContain(await Console.EventsAsync(_session.Id), entry => entry.Type == AuditEventTypes.ReadRequested);

        await PressAsync(panel, "Compare this page");

        await panel.WaitForAssertionAsync(() => Assert.Contains("of 20 visible", panel.Markup, StringComparison.Ordinal));
        var links = panel.FindAll("a[data-record-id]");
        Assert.InRange(links.Count, 5, 15); // Made in turn, some within one millisecond.
        Assert.Contains($"{20 - links.Count} of 20 visible", panel.Markup, StringComparison.Ordinal);
        Assert.Equal($"sessions/{_session.Id}/why/mine?record={links[0].TextContent}", links[0].GetAttribute("href"));

        panel.Render(p => p.Add(v => v.Place, new RecordsPlace("spokes")));
        Assert.Empty(panel.FindAll("a[data-record-id]"));
    }

    [Fact]
    public async Task A_whole_collection_is_counted_and_what_stands_against_it_is_said()
    {
        var panel = Panel(new RecordsPlace("mine"));
        await PressAsync(panel, "Compare the whole collection");
        await panel.WaitForAssertionAsync(() => Assert.Contains("45 of 90 visible, 45 hidden.", panel.Markup, StringComparison.Ordinal));
        Assert.Equal(45, panel.FindAll("a[data-record-id]").Count);

        var locked = Panel(new RecordsPlace("secrets"));
        await PressAsync(locked, "Compare the whole collection");
        await locked.WaitForAssertionAsync(() => Assert.Contains("is locked", locked.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        await PressAsync(locked, "Compare this page");
        await locked.WaitForAssertionAsync(() => Assert.Equal(2, locked.FindAll("[role=alert]").Count));
    }

    [Fact]
    public async Task A_comparison_that_is_cancelled_stops_and_is_recorded_as_abandoned()
    {
        var asked = new TaskCompletionSource();
        var free = new TaskCompletionSource();
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Path.Value!.Contains("/mine/records", StringComparison.Ordinal))
            {
                asked.TrySetResult();
                await free.Task;
            }

            return false;
        };
        var panel = Panel(new RecordsPlace("mine"));
        var pressing = PressAsync(panel, "Compare the whole collection");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Contains("Comparing id by id…", panel.Markup, StringComparison.Ordinal);

        await PressAsync(panel, "Cancel");

        Assert.Contains("Stopped before there was an answer.", panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Cancel", Buttons(panel));
        free.SetResult();
        await pressing;
        await Console.UntilRecordedAsync(entry => entry is { Type: AuditEventTypes.AccessHiddenListed, Outcome: AuditOutcome.Failed, Detail: "abandoned, nothing shown" }, _session.Id);
        Assert.Empty(panel.FindAll("a[data-record-id]"));
    }

    [Fact]
    public async Task It_stands_below_a_list()
    {
        var view = Render<CollectionView>(p => p.Add(v => v.Session, _session).Add(v => v.Place, new RecordsPlace("mine")));

        await view.WaitForAssertionAsync(() => Assert.Contains("Compare this page", Buttons(view)));
    }

    private IRenderedComponent<HiddenPanel> Panel(RecordsPlace place) => Render<HiddenPanel>(p => p.Add(v => v.Session, _session).Add(v => v.Place, place));
}
