using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Core.Tests.ViewAs;

public sealed class ViewAsSessionTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly ViewAsSession Session = Make();

    [Fact]
    public void The_time_box_holds_from_its_first_instant_to_the_last_before_its_end()
    {
        Assert.False(Session.IsOpenAt(Start - Tick));
        Assert.True(Session.IsOpenAt(Start));
        Assert.True(Session.IsOpenAt(Session.EndsAt - Tick));
        Assert.False(Session.IsOpenAt(Session.EndsAt));
    }

    [Fact]
    public void The_time_box_is_as_long_as_it_says() => Assert.Equal(Start.AddMinutes(15), Session.EndsAt);

    [Fact]
    public void What_is_left_is_never_negative()
    {
        Assert.Equal(TimeSpan.FromMinutes(15), Session.LeftAt(Start));
        Assert.Equal(Tick, Session.LeftAt(Session.EndsAt - Tick));
        Assert.Equal(TimeSpan.Zero, Session.LeftAt(Session.EndsAt));
        Assert.Equal(TimeSpan.Zero, Session.LeftAt(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void The_zone_in_which_an_instant_is_written_changes_nothing() =>
        Assert.False(Session.IsOpenAt(Session.EndsAt.ToOffset(TimeSpan.FromHours(-11))));

    private static ViewAsSession Make()
    {
        Assert.True(AppUserId.TryCreate("users", "u8k2m1c0a3l9x7q", out var user));
        return new ViewAsSession(
            "s1", new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]), user, "Ada Lovelace", "ada@example.com",
            new ViewAsPurpose("Draft is missing", "Troubleshooting", ""), Start, TimeSpan.FromMinutes(15));
    }
}
