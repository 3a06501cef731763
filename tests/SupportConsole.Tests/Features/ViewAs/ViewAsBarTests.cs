using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ViewAs;

public sealed class ViewAsBarTests : ConsoleContext
{
    private int _expired;

    public ViewAsBarTests() => Services.AddSingleton<SessionFeed>().AddSingleton<LiveSessions>();

    [Fact]
    public void The_bar_says_whose_eyes_these_are_and_for_how_long()
    {
        var bar = Show(minutes: 15);

        Assert.Equal("Viewing as Ada Lovelace", bar.Find("strong").TextContent);
        Assert.Equal("Read-only, writes blocked by the console · SUP-12 · Draft is missing · every page you open is recorded", bar.Find(".view-bar-who p").TextContent.Trim());
        Assert.StartsWith("15:00", bar.Find("[role=timer]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_left_follows_the_servers_clock()
    {
        var bar = Show(minutes: 60);
        Assert.StartsWith("1:00:00", bar.Find("[role=timer]").TextContent, StringComparison.Ordinal);

        Clock.Advance(TimeSpan.FromSeconds(1));

        await bar.WaitForAssertionAsync(() => Assert.StartsWith("59:59", bar.Find("[role=timer]").TextContent, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(121, "")]
    [InlineData(120, "Two minutes")]
    [InlineData(61, "Two minutes")]
    [InlineData(60, "One minute")]
    [InlineData(31, "One minute")]
    [InlineData(30, "30 seconds")]
    [InlineData(1, "30 seconds")]
    public async Task The_end_is_announced_to_everybody(int secondsLeft, string warning)
    {
        var bar = Show(minutes: 5);

        Clock.Advance(TimeSpan.FromSeconds(300 - secondsLeft));

        await bar.WaitForAssertionAsync(() =>
        {
            Assert.StartsWith($"0{secondsLeft / 60}:{secondsLeft % 60:00}", bar.Find("[role=timer]").TextContent, StringComparison.Ordinal);
            Assert.StartsWith(warning, bar.Find("[aria-live=assertive]").TextContent, StringComparison.Ordinal);
            Assert.Equal(warning.Length == 0, bar.Find("[aria-live=assertive]").TextContent.Length == 0);
        });
    }

    [Theory]
    [InlineData(-3600, "09:00")] // set back: what is really left
    [InlineData(-30, "09:00")]
    [InlineData(120, "07:00")] // set on: what the time of day leaves
    [InlineData(3600, "00:00")]
    public async Task A_host_whose_clock_was_set_shows_the_lesser_of_both(int seconds, string left)
    {
        var clock = new HostClock();
        Services.AddSingleton<TimeProvider>(clock);
        var bar = Show(minutes: 10, clock);

        clock.SetBy = TimeSpan.FromSeconds(seconds);
        clock.Advance(TimeSpan.FromMinutes(1));

        await bar.WaitForAssertionAsync(() => Assert.StartsWith(left, bar.Find("[role=timer]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_is_told_once()
    {
        var bar = Show(minutes: 5);

        Clock.Advance(TimeSpan.FromMinutes(5));
        Clock.Advance(TimeSpan.FromMinutes(5));

        await bar.WaitForAssertionAsync(() => Assert.Equal(1, _expired));
        Assert.StartsWith("00:00", bar.Find("[role=timer]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bar_that_is_gone_tells_nothing()
    {
        Show(minutes: 5);
        await DisposeComponentsAsync();

        Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(0, _expired);
    }

    private IRenderedComponent<ViewAsBar> Show(int minutes, TimeProvider? clock = null) => Render<ViewAsBar>(p => p
        .Add(bar => bar.OnExpired, () => { _expired++; })
        .Add(bar => bar.Session, new ViewAsSession(
            "s1", new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]), ConsoleServices.User("u8k2m1c0a3l9x7q"), "Ada Lovelace",
            "ada@example.com", new ViewAsPurpose("Draft is missing", "Troubleshooting", "SUP-12"), (clock ?? Clock).GetUtcNow(), TimeSpan.FromMinutes(minutes), (clock ?? Clock).GetTimestamp())));
}
