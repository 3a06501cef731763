using Microsoft.Extensions.Time.Testing;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Access;

/// <summary>What the console does over and over goes on whatever happens, and the log stays readable.</summary>
public sealed class RecurringWorkTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_works_at_once_and_then_at_every_tick()
    {
        using var work = new Chore(_clock);
        await work.StartAsync(Token);
        await work.ReachAsync(1);

        for (var round = 2; round <= 5; round++)
        {
            _clock.Advance(Interval - TimeSpan.FromTicks(1));
            Assert.Equal(round - 1, work.Rounds);
            _clock.Advance(TimeSpan.FromTicks(1));
            await work.ReachAsync(round);
        }

        await work.StopAsync(Token);
        _clock.Advance(10 * Interval);
        Assert.Equal(5, work.Rounds);
    }

    public static TheoryData<Exception> Failures =>
    [
        new Refused(), new InvalidOperationException(), new TaskCanceledException(), new OperationCanceledException(), new AggregateException(),
        new ObjectDisposedException("a socket"), new TimeoutException(), new IOException(), new NotSupportedException(),
    ];

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Whatever_fails_the_next_round_comes_and_the_log_says_it_once(Exception failure)
    {
        using var work = new Chore(_clock) { Work = round => round == 0 ? Task.CompletedTask : Task.FromException(failure) };
        await work.StartAsync(Token);

        await _clock.TickUntilAsync(() => work.Rounds >= 20);
        await work.StopAsync(Token);

        Assert.Same(failure, Assert.Single(work.Told));
    }

    [Fact]
    public async Task What_throws_before_it_waits_is_survived_too()
    {
        using var work = new Chore(_clock) { Work = _ => throw new InvalidOperationException() };
        await work.StartAsync(Token);

        await _clock.TickUntilAsync(() => work.Rounds >= 3);
        await work.StopAsync(Token);

        Assert.Single(work.Told);
    }

    [Fact]
    public async Task Each_kind_is_said_once_until_a_round_works_again()
    {
        using var work = new Chore(_clock)
        {
            Work = round => (round % 10) switch
            {
                < 3 => Task.FromException(new Refused()),
                < 6 => Task.FromException(new IOException()),
                < 9 => Task.FromException(new Refused()),
                _ => Task.CompletedTask,
            },
        };
        await work.StartAsync(Token);

        await _clock.TickUntilAsync(() => work.Rounds >= 20);
        await work.StopAsync(Token);

        Assert.Equal([typeof(Refused), typeof(IOException), typeof(Refused), typeof(IOException)], work.Told.Take(4).Select(told => told.GetType()));
    }

    [Fact]
    public async Task A_step_that_fails_keeps_no_other_from_being_done()
    {
        using var work = new Chore(_clock);
        var done = 0;
        work.Work = async _ =>
        {
            await work.StepAsync(() => throw new IOException());
            await work.StepAsync(() => Task.FromResult(++done));
        };
        await work.StartAsync(Token);

        await _clock.TickUntilAsync(() => done >= 5);
        await work.StopAsync(Token);

        Assert.IsType<IOException>(Assert.Single(work.Told));
    }

    [Fact]
    public async Task What_must_be_done_once_is_tried_in_every_round_until_it_works()
    {
        using var work = new Chore(_clock) { Begin = attempt => attempt < 5 ? Task.FromException(new Refused()) : Task.CompletedTask };
        await work.StartAsync(Token);
        Assert.False(work.Begun);

        await _clock.TickUntilAsync(() => work.Rounds >= 10);
        await work.StopAsync(Token);

        Assert.True(work.Begun);
        Assert.Equal(6, work.Attempts);
        Assert.IsType<Refused>(Assert.Single(work.Told));
    }

    [Fact]
    public async Task What_can_be_done_at_the_start_is_done_before_the_start_is_over()
    {
        using var work = new Chore(_clock);

        await work.StartAsync(Token);

        Assert.True(work.Begun);
        await work.StopAsync(Token);
    }

    [Fact]
    public async Task A_rest_leaves_rounds_out()
    {
        using var work = new Chore(_clock);
        work.Work = round =>
        {
            work.Rest(round == 0 ? 10 * Interval : TimeSpan.Zero);
            return Task.CompletedTask;
        };
        await work.StartAsync(Token);
        await work.ReachAsync(1);
        var began = _clock.GetUtcNow();

        await _clock.TickUntilAsync(() => work.Rounds >= 2);
        await work.StopAsync(Token);

        Assert.True(_clock.GetUtcNow() - began >= 10 * Interval);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_round_is_no_failure()
    {
        using var work = new Chore(_clock);
        work.Work = _ => Task.Delay(Timeout.InfiniteTimeSpan, _clock, work.Stopping);
        await work.StartAsync(Token);
        await work.ReachAsync(1);

        await work.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        Assert.Empty(work.Told);
    }

    private sealed class Refused() : ExplainedException("refused");

    private sealed class Chore(FakeTimeProvider clock) : RecurringWork(Interval, clock)
    {
        private readonly SemaphoreSlim _round = new(0);
        private int _rounds, _reached;

        public Func<int, Task> Work { get; set; } = _ => Task.CompletedTask;

        public Func<int, Task> Begin { get; init; } = _ => Task.CompletedTask;

        public int Rounds => Volatile.Read(ref _rounds);

        public int Attempts { get; private set; }

        public bool Begun => HasBegun;

        public CancellationToken Stopping { get; private set; }

        public List<Exception> Told { get; } = [];

        public Task StepAsync(Func<Task> step) => TryAsync(step, Stopping);

        public void Rest(TimeSpan time) => RestFor(time);

        public async Task ReachAsync(int round)
        {
            for (; _reached < round; _reached++)
            {
                Assert.True(await _round.WaitAsync(TimeSpan.FromSeconds(30), Token));
            }

            Assert.Equal(round, Rounds);
        }

        public override void Dispose()
        {
            _round.Dispose();
            base.Dispose();
        }

        protected override Task BeginAsync(CancellationToken cancellationToken) => Begin(Attempts++);

        protected override Task WorkAsync(CancellationToken cancellationToken)
        {
            Stopping = cancellationToken;
            var round = Interlocked.Increment(ref _rounds) - 1;
            _round.Release();
            return Work(round);
        }

        protected override void LogFailed(Exception failure) => Told.Add(failure);
    }
}
