using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>One run at a time is the newest, and none when all is over.</summary>
public sealed class LatestTests
{
    [Fact]
    public void A_run_ends_with_the_next()
    {
        using var latest = new Latest();
        var older = latest.Begin();

        var newer = latest.Begin();

        Assert.Equal((true, false), (older.IsCancellationRequested, newer.IsCancellationRequested));
        latest.Cancel();
        Assert.True(newer.IsCancellationRequested);
        Assert.False(latest.Begin().IsCancellationRequested);
    }

    [Fact]
    public void When_all_is_over_nothing_begins()
    {
        var latest = new Latest();
        var run = latest.Begin();

        latest.Dispose();

        Assert.True(run.IsCancellationRequested);
        Assert.True(latest.Begin().IsCancellationRequested);
    }

    [Fact]
    public void What_throws_when_its_run_ends_keeps_nothing_from_beginning()
    {
        using var latest = new Latest();
        var older = latest.Begin();
        var told = 0;
        using var first = older.Register(() => told++);
        using var throws = older.Register(() => throw new InvalidOperationException());
        using var last = older.Register(() => told++);

        Assert.False(latest.Begin().IsCancellationRequested);

        Assert.Equal(2, told);
    }
}
