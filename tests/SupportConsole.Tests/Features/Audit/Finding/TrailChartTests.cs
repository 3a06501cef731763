using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Finding;

/// <summary>The chart's bars can be read, walked and pressed.</summary>
public sealed class TrailChartTests() : WindowContext(Admin)
{
    private static readonly DateTimeOffset Noon = new(2026, 12, 3, 12, 0, 0, TimeSpan.Zero);

    private readonly List<AuditAddress> _zoomed = [];

    [Fact]
    public async Task Bars_have_names_are_walked_with_the_arrows_and_narrow_the_time()
    {
        var chart = await ShowAsync(new AuditAddress(From: "2026-11-30", To: "2026-12-05", Outcome: "success"));

        Assert.Equal(
            ["30 November: 0 events", "1 December: 1 event", "2 December: 0 events", "3 December: 1,204 events", "4 December: 0 events", "5 December: 0 events"],
            chart.FindAll(".bars button").Select(bar => bar.GetAttribute("aria-label")));
        Assert.Equal([.. Enumerable.Repeat("-1", 5), "0"], chart.FindAll(".bars button").Select(bar => bar.GetAttribute("tabindex")));
        await chart.Find(".bars").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowLeft" });
        await chart.Find(".bars").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowLeft" });
        Assert.Equal("3 December: 1,204 events", chart.Find(".bars button[tabindex='0']").GetAttribute("aria-label"));
        await chart.Find(".bars button[tabindex='0']").ClickAsync(); // What Enter does.
        Assert.Equal(new AuditAddress(From: "2026-12-03", To: "2026-12-03", Outcome: "success", Zone: "UTC"), _zoomed[^1]);

        await chart.FindAll(".bars button")[4].TriggerEventAsync("onpointerdown", new PointerEventArgs());
        await chart.FindAll(".bars button")[1].TriggerEventAsync("onpointerup", new PointerEventArgs());
        Assert.Equal(new AuditAddress(From: "2026-12-01", To: "2026-12-04", Outcome: "success", Zone: "UTC"), _zoomed[^1]);

        await chart.Find(".bars").KeyDownAsync(new KeyboardEventArgs { Key = "Escape" });
        Assert.Equal(new AuditAddress(Outcome: "success"), _zoomed[^1]);
        await chart.FindAll("button").Single(button => button.TextContent == "Whole range").ClickAsync();
        Assert.Equal((4, new AuditAddress(Outcome: "success")), (_zoomed.Count, _zoomed[^1]));
        Assert.Equal(6, chart.FindAll("details tbody tr").Count);
    }

    [Fact]
    public async Task A_short_time_has_hours_and_an_hour_stands_in_the_query()
    {
        var chart = await ShowAsync(new AuditAddress(From: "2026-12-03", To: "2026-12-03", Query: "-event:audit.viewed"));

        Assert.Equal(24, chart.FindAll(".bars button").Count);
        Assert.Equal(["3 December, 00:00", "events an hour", "3 December, 23:00"], chart.FindAll(".axis span").Select(mark => mark.TextContent));
        await chart.FindAll(".bars button")[14].ClickAsync();

        Assert.Equal([new AuditAddress(Zone: "UTC", Query: "-event:audit.viewed after:2026-12-03T14:00 before:2026-12-03T15:00")], _zoomed);
    }

    [Fact]
    public async Task It_is_drawn_anew_once_the_readers_zone_is_known_and_its_bars_can_be_walked_then()
    {
        // Within the next years, which have months.
        await Console.Get<AuditTrail>().AppendAsync(new AuditEvent(AuditEventTypes.SignedIn, new DateTimeOffset(2060, 1, 31, 12, 0, 0, TimeSpan.Zero), AuditActor.System));
        var question = FilterReading.Read(new AuditAddress());
        var page = Render<CascadingValue<BrowserClock>>(p => In(TimeZoneInfo.Utc, p));
        var chart = page.FindComponent<TrailChart>();
        await chart.WaitForAssertionAsync(() => Assert.Equal("January 2060", chart.FindAll(".axis span").Skip(2).FirstOrDefault()?.TextContent));

        page.Render(p => In(TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati"), p)); // 14 hours ahead.

        await chart.WaitForAssertionAsync(() => Assert.Equal("February 2060", chart.FindAll(".axis span").Skip(2).FirstOrDefault()?.TextContent));
        await chart.Find(".bars").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowLeft" });
        Assert.Equal("January 2060: 0 events", chart.Find(".bars button[tabindex='0']").GetAttribute("aria-label"));

        void In(TimeZoneInfo zone, ComponentParameterCollectionBuilder<CascadingValue<BrowserClock>> parameters) => parameters
            .Add(c => c.Value, new BrowserClock(zone))
            .AddChildContent<TrailChart>(drawn => drawn.Add(c => c.Filter, new AuditAddress()).Add(c => c.Question, question));
    }

    [Fact]
    public async Task Whoever_walks_its_bars_stays_where_they_are_while_it_grows()
    {
        var chart = await ShowAsync(new AuditAddress(From: "2026-12-01", To: "2026-12-05"));
        await chart.Find(".bars").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowLeft" });

        await Console.Get<AuditTrail>().AppendAsync(new AuditEvent(AuditEventTypes.SignedIn, Noon.AddDays(1), AuditActor.System));
        chart.Render(p => p.Add(c => c.Head, 9_999));

        await chart.WaitForAssertionAsync(() => Assert.Equal("4 December: 1 event", chart.Find(".bars button[tabindex='0']").GetAttribute("aria-label")));
    }

    [Theory]
    [InlineData("after:2026-12-03T10:07 before:2026-12-03T12:40", 0, "after:2026-12-03T10:07 before:2026-12-03T11:00")]
    [InlineData("after:2026-12-03T10:07 before:2026-12-03T12:40", 1, "after:2026-12-03T11:00 before:2026-12-03T12:00")]
    [InlineData("after:2026-12-03T10:07 before:2026-12-03T12:40", 2, "after:2026-12-03T12:00 before:2026-12-03T12:40")]
    [InlineData("after:2026-11-30T10:07 before:2026-12-04T12:40", 0, "after:2026-11-30T10:07 before:2026-12-01T00:00")]
    [InlineData("after:2026-11-30T10:07 before:2026-12-04T12:40", 1, "after:2026-12-01 before:2026-12-02")]
    [InlineData("after:2026-11-30T10:07 before:2026-12-04T12:40", 4, "after:2026-12-04T00:00 before:2026-12-04T12:40")]
    [InlineData("after:2026-08-15 before:2027-01-15", 0, "after:2026-08-15 before:2026-09-01")]
    [InlineData("after:2026-08-15 before:2027-01-15", 5, "after:2027-01-01 before:2027-01-15")]
    public async Task Bars_narrow_to_no_time_outside_of_the_one_that_was_given(string typed, int bar, string narrowed)
    {
        var chart = await ShowAsync(AskedFilter.AddressOf($"{typed} -refund", new AuditAddress(), TimeZoneInfo.Utc));

        await chart.FindAll(".bars button")[bar].ClickAsync();

        Assert.Equal(narrowed, AskedFilter.TextOf(_zoomed[^1]).Replace("-refund", "", StringComparison.Ordinal).Trim());
    }

    [Fact]
    public async Task One_bar_is_named_once()
    {
        var chart = await ShowAsync(new AuditAddress(Query: "after:2026-12-03T12:00 before:2026-12-03T13:00"));

        Assert.Equal(["3 December, 12:00", "events an hour", ""], chart.FindAll(".axis span").Select(mark => mark.TextContent));
    }

    [Theory]
    [InlineData("-event:audit.viewed  refund", null)] // As somebody typed it, and not as it would be written.
    [InlineData("  ", null)]
    [InlineData(null, "Europe/Berlin")]
    public async Task Without_a_time_there_is_no_way_back_from_it(string? query, string? zone)
    {
        var chart = await ShowAsync(new AuditAddress(From: "", Query: query, Zone: zone));

        Assert.DoesNotContain("Whole range", chart.Markup, StringComparison.Ordinal);
        await chart.Find(".bars").KeyDownAsync(new KeyboardEventArgs { Key = "Escape" });
        Assert.Empty(_zoomed);
    }

    private async Task<IRenderedComponent<TrailChart>> ShowAsync(AuditAddress filter)
    {
        await Console.Get<AuditTrail>().AppendAsync(
            [.. Enumerable.Repeat(new AuditEvent(AuditEventTypes.SignedIn, Noon, AuditActor.System), 1204), new(AuditEventTypes.SignedIn, Noon.AddDays(-2), AuditActor.System)]);
        var chart = Render<TrailChart>(p => p.Add(c => c.Filter, filter).Add(c => c.Question, FilterReading.Read(filter)).Add(c => c.OnZoom, _zoomed.Add));
        await chart.WaitForAssertionAsync(() => Assert.NotEmpty(chart.FindAll(".bars button")));
        return chart;
    }
}
