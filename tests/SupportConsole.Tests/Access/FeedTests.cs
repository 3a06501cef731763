using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Access;

/// <summary>Whoever tells waits for who listens, and for nobody who is stuck.</summary>
public sealed class FeedTests : IDisposable
{
    private static readonly StaffChange News = new(new StaffId("demo/mia-chen"));

    private readonly FakeTimeProvider _clock = new();
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _logging;
    private readonly StaffChangeFeed _feed;
    private readonly List<string> _heard = [];

    public FeedTests()
    {
        _logging = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _feed = new StaffChangeFeed(_logging.CreateLogger<StaffChangeFeed>(), _clock);
    }

    public void Dispose() => _logging.Dispose();

    [Fact]
    public async Task Everybody_hears_and_whoever_tells_waits_until_they_have()
    {
        var slow = new TaskCompletionSource();
        using var one = Listen("one");
        using var other = _feed.Subscribe(async news =>
        {
            await slow.Task;
            _heard.Add($"other {news.Staff}");
        });

        var telling = _feed.PublishAsync(News);
        Assert.False(telling.IsCompleted);
        slow.SetResult();
        await telling;

        Assert.Equal(["one demo/mia-chen", "other demo/mia-chen"], _heard);
        Assert.Empty(_log.All);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listener_that_fails_keeps_nobody_from_hearing(bool atOnce)
    {
        using var failing = _feed.Subscribe(atOnce ? _ => throw new InvalidOperationException("broken") : async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("broken");
        });
        using var next = Listen("next");

        await _feed.PublishAsync(News);

        Assert.Equal(["next demo/mia-chen"], _heard);
        Assert.Contains("1001", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_is_stuck_is_left_after_two_seconds()
    {
        using var stuck = _feed.Subscribe(_ => new TaskCompletionSource().Task);
        using var next = Listen("next");

        var telling = _feed.PublishAsync(News);
        Assert.Single(_heard);
        _clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.False(telling.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        await telling.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Contains("took too long", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_stopped_listening_hears_nothing_and_takes_nobody_along()
    {
        var gone = Listen("gone");
        using var stays = Listen("stays");
        Assert.Equal(2, _feed.Listeners);

        gone.Dispose();
        gone.Dispose();
        await _feed.PublishAsync(News);

        Assert.Equal(["stays demo/mia-chen"], _heard);
        Assert.Equal(1, _feed.Listeners);
    }

    [Fact]
    public async Task A_listener_may_stop_listening_while_it_is_told()
    {
        IDisposable? once = null;
        once = _feed.Subscribe(news =>
        {
            _heard.Add("once");
            once!.Dispose();
            return Task.CompletedTask;
        });
        using var next = Listen("next");

        await _feed.PublishAsync(News);
        await _feed.PublishAsync(News);

        Assert.Equal(["once", "next demo/mia-chen", "next demo/mia-chen"], _heard);
        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task The_same_listener_twice_is_two_who_stop_one_by_one()
    {
        Task OnNews(StaffChange news)
        {
            _heard.Add("it");
            return Task.CompletedTask;
        }

        using var first = _feed.Subscribe(OnNews);
        _feed.Subscribe(OnNews).Dispose();

        await _feed.PublishAsync(News);

        Assert.Equal(["it"], _heard);
    }

    private IDisposable Listen(string name) => _feed.Subscribe(news =>
    {
        _heard.Add($"{name} {news.Staff}");
        return Task.CompletedTask;
    });
}
