using Bunit;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

public sealed class TimeLeftTests : ConsoleContext
{
    private int _asked;

    [Fact]
    public async Task It_goes_down_by_the_second_to_nothing_and_stays_there()
    {
        var left = Show(TimeSpan.FromSeconds(3602));
        Assert.Equal("1:00:02", left.Find("[role=timer]").TextContent);

        Clock.Advance(TimeSpan.FromSeconds(3));
        await left.WaitForAssertionAsync(() => Assert.Equal("0:59:59", left.Find("[role=timer]").TextContent));

        Clock.Advance(TimeSpan.FromHours(1));
        await left.WaitForAssertionAsync(() => Assert.Equal("0:00:00", left.Find("[role=timer]").TextContent));
    }

    [Fact]
    public void What_is_over_from_the_beginning_is_nothing() => Assert.Equal("0:00:00", Show(TimeSpan.FromSeconds(-5)).Find("[role=timer]").TextContent);

    [Fact]
    public void Whoever_owns_it_can_have_it_measure_something_else()
    {
        var left = Show(TimeSpan.FromMinutes(1));

        left.Render(p => p.Add(l => l.Left, () => TimeSpan.FromMinutes(2)));

        Assert.Equal("0:02:00", left.Find("[role=timer]").TextContent);
    }

    [Fact]
    public async Task One_that_is_gone_asks_no_more()
    {
        Show(TimeSpan.FromMinutes(1));
        await DisposeComponentsAsync();
        var before = _asked;

        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(before, _asked);
    }

    private IRenderedComponent<TimeLeft> Show(TimeSpan left)
    {
        var end = Clock.GetUtcNow() + left;
        return Render<TimeLeft>(p => p.Add(l => l.Left, () =>
        {
            _asked++;
            return end - Clock.GetUtcNow();
        }));
    }
}
