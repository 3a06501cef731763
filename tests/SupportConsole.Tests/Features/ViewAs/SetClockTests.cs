using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>A session on a host whose time of day somebody sets, or that slept.</summary>
[Collection(DemoApp.Name)]
public sealed class SetClockTests(DemoServer server) : IAsyncLifetime
{
    private readonly HostClock _clock = new();
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server, clock: _clock);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData(-1)]
    [InlineData(-60)]
    [InlineData(-60 * 24 * 30)]
    public async Task A_clock_set_back_extends_nothing_and_ends_nothing_early(int minutes)
    {
        var session = await OpenAsync(5);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _clock.SetBy = TimeSpan.FromMinutes(minutes);

        await ReadAsync(session);
        _clock.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromTicks(1));
        await ReadAsync(session);
        _clock.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAsync<SessionOverException>(() => ReadAsync(session));
        await AssertEndsAsync(session, EndReason.Expired);
    }

    [Fact]
    public async Task A_clock_set_on_or_a_host_that_slept_ends_it_at_the_time_of_day()
    {
        var session = await OpenAsync(5);
        _clock.SetBy = TimeSpan.FromMinutes(5);

        await Assert.ThrowsAsync<SessionOverException>(() => ReadAsync(session));
        await AssertEndsAsync(session, EndReason.Expired);
    }

    [Fact]
    public async Task A_clock_set_back_while_an_answer_is_on_its_way_shows_nothing_past_the_end()
    {
        var session = await OpenAsync(5);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        _console.Relay.Intercept = _ =>
        {
            _clock.SetBy -= TimeSpan.FromHours(1);
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(false);
        };

        await Assert.ThrowsAsync<SessionOverException>(() => ReadAsync(session));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(0)]
    [InlineData(9)]
    public async Task Idleness_is_counted_on_both_clocks_too(int minutes)
    {
        var session = await OpenAsync(60);
        _clock.SetBy = TimeSpan.FromMinutes(minutes);
        await ReadAsync(session);
        _clock.Advance(TimeSpan.FromMinutes(10));

        await AssertEndsAsync(session, EndReason.Idle);
    }

    [Fact]
    public async Task A_session_opened_after_the_clock_was_set_is_as_long_as_any()
    {
        _clock.SetBy = TimeSpan.FromDays(-1);
        var session = await OpenAsync(5);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await ReadAsync(session);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<SessionOverException>(() => ReadAsync(session));
    }

    private Task<ViewAsSession> OpenAsync(int minutes) => _console.OpenAsync(User("u8k2m1c0a3l9x7q"), minutes: minutes);

    private Task<ReadOutcome<PostList>> ReadAsync(ViewAsSession session) => _console.Reader.PostsAsync(_console.As(Agent), session.Id, after: null, Token);

    private async Task AssertEndsAsync(ViewAsSession session, EndReason reason)
    {
        await _console.Watch.StartAsync(Token);
        await _clock.TickUntilAsync(() => _console.Sessions.Find(session.Id) is null);
        await _console.Watch.StopAsync(Token);
        Assert.Equal(reason, EndReasons.Parse((await _console.EventsAsync(session.Id))[^1].Detail));
    }
}
