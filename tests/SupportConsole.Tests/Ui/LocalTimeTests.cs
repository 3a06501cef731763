using Bunit;
using Microsoft.AspNetCore.Components;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

public sealed class LocalTimeTests : ConsoleContext
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Europe/Berlin", LocalTime.Shape.DateAndTime, "2 Jan 2030 13:00:00")]
    [InlineData("Asia/Kathmandu", LocalTime.Shape.Time, "17:45:00")]
    [InlineData("Pacific/Kiritimati", LocalTime.Shape.Date, "3 Jan 2030")]
    [InlineData("Europe/Berlin", LocalTime.Shape.Short, "13:00:00")]
    [InlineData(null, LocalTime.Shape.Time, "12:00:00")]
    [InlineData("Not/A_Zone", LocalTime.Shape.Time, "12:00:00")]
    public void A_moment_is_said_in_the_readers_time_with_utc_on_hover(string? zone, LocalTime.Shape shape, string text)
    {
        Clock.SetUtcNow(Noon.AddMinutes(1));

        var time = Show(zone, Noon, shape);

        Assert.Equal(text, time.TextContent);
        Assert.Equal("2030-01-02T12:00:00.000Z", time.GetAttribute("datetime"));
        Assert.Equal("2030-01-02 12:00:00 UTC", time.GetAttribute("title"));
    }

    [Fact]
    public void Yesterday_is_the_readers_yesterday()
    {
        Clock.SetUtcNow(new DateTimeOffset(2030, 1, 2, 23, 30, 0, TimeSpan.Zero));

        Assert.Equal("yesterday 13:00", Show("Europe/Berlin", Noon, LocalTime.Shape.Short).TextContent);
        Assert.Equal("12:00:00", Show("UTC", Noon, LocalTime.Shape.Short).TextContent);
        Assert.Equal("2 Dec 2029 13:00", Show("Europe/Berlin", Noon.AddMonths(-1), LocalTime.Shape.Short).TextContent);
    }

    private AngleSharp.Dom.IElement Show(string? zone, DateTimeOffset at, LocalTime.Shape shape) =>
        Render<CascadingValue<BrowserClock>>(p => p.Add(c => c.Value, BrowserClock.From(zone))
            .AddChildContent<LocalTime>(q => q.Add(t => t.At, at).Add(t => t.As, shape))).Find("time");
}
