using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Core.Tests.ViewAs;

public sealed class ViewAsSessionTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Box = TimeSpan.FromMinutes(15);
    private static readonly ViewAsSession Session = Make();

    [Fact]
    public void The_time_box_holds_from_its_first_instant_to_the_last_before_its_end()
    {
        Assert.True(Session.IsOpen(After(TimeSpan.Zero)));
        Assert.True(Session.IsOpen(After(Box - Tick)));
        Assert.False(Session.IsOpen(After(Box)));
    }

    [Fact]
    public void The_time_box_is_as_long_as_it_says() => Assert.Equal(Start.AddMinutes(15), Session.EndsAt);

    [Fact]
    public void What_is_left_is_never_negative()
    {
        Assert.Equal(Box, Session.Left(After(TimeSpan.Zero)));
        Assert.Equal(Tick, Session.Left(After(Box - Tick)));
        Assert.Equal(TimeSpan.Zero, Session.Left(After(Box)));
        Assert.Equal(TimeSpan.Zero, Session.Left(new TwoClocks(DateTimeOffset.MaxValue, Box)));
        Assert.Equal(TimeSpan.Zero, Session.Left(new TwoClocks(DateTimeOffset.MinValue, TimeSpan.FromDays(1))));
    }

    [Theory]
    [InlineData(-60 * 24 * 365, 14, 1)] // the clock set back by a year: to before the start
    [InlineData(-1, 14, 1)]
    [InlineData(5, 14, 1)] // set back within the box
    [InlineData(5, 15, 0)]
    [InlineData(14, 5, 1)] // set on, or a host that slept
    [InlineData(15, 5, 0)]
    [InlineData(60 * 24 * 365, 1, 0)]
    public void The_first_of_two_clocks_ends_the_box(int wallMinutes, int elapsedMinutes, int leftMinutes)
    {
        var clock = new TwoClocks(Start.AddMinutes(wallMinutes), TimeSpan.FromMinutes(elapsedMinutes));

        Assert.Equal(TimeSpan.FromMinutes(leftMinutes), Session.Left(clock));
        Assert.Equal(leftMinutes > 0, Session.IsOpen(clock));
    }

    [Fact]
    public void The_zone_in_which_an_instant_is_written_changes_nothing() =>
        Assert.False(Make(Start.ToOffset(TimeSpan.FromHours(-11))).IsOpen(After(Box)));

    private static TwoClocks After(TimeSpan elapsed) => new(Start + elapsed, elapsed);

    private static ViewAsSession Make(DateTimeOffset? start = null)
    {
        Assert.True(AppUserId.TryCreate("users", "u8k2m1c0a3l9x7q", out var user));
        return new ViewAsSession(
            "s1", new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]), user, "Ada Lovelace", "ada@example.com",
            new ViewAsPurpose("Draft is missing", "Troubleshooting", ""), start ?? Start, Box, Began: 0);
    }

    private sealed class TwoClocks(DateTimeOffset now, TimeSpan elapsed) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => elapsed.Ticks;
    }
}
