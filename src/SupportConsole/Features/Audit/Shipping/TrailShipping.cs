using System.Security.Cryptography;
using SupportConsole.Access;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>
/// Takes the trail out of the house as it grows: gives each sink the events after its place, in their order, and moves the place when the
/// sink has them. So each comes at least once, whatever ends the console in between. No append waits for any of it.
/// </summary>
internal sealed partial class TrailShipping(
    IEnumerable<IEventSink> sinks, ConsoleDb db, ConsoleWriter writer, TimeProvider clock, ILogger<TrailShipping> logger)
    : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    /// <summary>Events that are read at once.</summary>
    private const int Batch = 256;

    /// <summary>Events that are looked through at once for those that a sink takes.</summary>
    private const int Looked = 4096;

    /// <summary>Pieces that a sink is given a second while new events come: sending is work too, and what is being appended comes first.</summary>
    private const int PiecesInFlood = 128;

    private static readonly TimeSpan KeptEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Shipped[] _all = [.. sinks.Where(sink => sink.IsConfigured).Select(sink => new Shipped(sink))];

    /// <summary>Ends when no sink has a round under way.</summary>
    internal Task Rounds => Task.WhenAll(_all.Select(shipped => shipped.Round));

    protected override bool GoesOn => _all.Length > 0 || !HasBegun;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Rounds.WaitAsync(cancellationToken);
    }

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        IEventSink[] configured = [.. _all.Select(shipped => shipped.Sink)];
        if (!await db.ReadAsync(connection => SinkTable.AreConfigured(connection, configured.Select(sink => sink.Name)), cancellationToken))
        {
            await writer.WriteAsync(connection => SinkTable.Configure(connection, configured));
        }

        foreach (var shipped in _all)
        {
            var (row, end, start) = await db.ReadAsync(
                connection => (SinkTable.Of(connection, shipped.Sink.Name)!, TrailTable.Bounds(connection).Newest, SinkTable.BeforeNewestStart(connection)), cancellationToken);
            (shipped.Come, shipped.Kept, shipped.Fault, shipped.KeptFault) = (row.Position, row.Position, row.Fault, row.Fault);
            if (row.Position > end)
            {
                // What stood in the places between was another trail's. What this start has written since must not be taken for it.
                LogBeyond(shipped.Sink.Label, row.Position, end, start + 1);
                shipped.Come = start;
            }
        }
    }

    protected override Task WorkAsync(CancellationToken cancellationToken)
    {
        foreach (var shipped in _all.Where(shipped => HasBegun && shipped.Round.IsCompleted && Clock.GetElapsedTime(shipped.RestBegan) >= shipped.Rest))
        {
            shipped.Round = ShipAsync(shipped, cancellationToken);
        }

        return Task.CompletedTask;
    }

    /// <summary>One sink's round, beside the others': ends, always well, when it has everything or doesn't take more.</summary>
    private async Task ShipAsync(Shipped shipped, CancellationToken stopping)
    {
        try
        {
            shipped.Rest = TimeSpan.Zero;
            try
            {
                (shipped.Pieces, var seen) = (0, (long?)null);
                while (await ShipSomeAsync(shipped, stopping) is { } newest && (shipped.Pieces < PiecesInFlood || (seen ?? newest) == newest))
                {
                    seen = newest;
                }
            }
            catch (SinkException refusal)
            {
                Rest(shipped, refusal.Pause);
                if (shipped.Fault != refusal.Message)
                {
                    LogRefused(shipped.Sink.Label, refusal.ForLog, shipped.Come);
                }

                shipped.Fault = refusal.Message;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The next start goes on here.
            }

            await KeepAsync(shipped);
            shipped.IsUnkept = false;
        }
        catch (Exception failure)
        {
            // Whatever it was: nobody waits for this, so it is told here or nowhere; once, until a round works again.
            Rest(shipped, null);
            shipped.Fault ??= "it failed in a way that nobody expected, which the log tells";
            if (!shipped.IsUnkept)
            {
                LogUnshipped(failure, shipped.Sink.Label);
            }

            shipped.IsUnkept = true;
        }
    }

    /// <summary>Gives a sink the next events. The trail's newest one at that moment, or null when none is left.</summary>
    private async Task<long?> ShipSomeAsync(Shipped shipped, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        var (come, sink) = (shipped.Come, shipped.Sink);
        var (first, to, end, entries) = await db.ReadAsync(
            connection =>
            {
                var (first, newest) = TrailTable.Bounds(connection);
                var after = Math.Max(come, first - 1);
                var to = Math.Min(newest, after + Looked);
                var found = after >= to ? [] : TrailTable.Between(connection, after, to, sink.Types, Batch);
                return (first, found.Count == Batch ? found[^1].Sequence : Math.Max(after, to), newest, found);
            },
            stopping);
        if (first - 1 > come)
        {
            LogNeverSent(sink.Label, first - 1 - come, first);
            shipped.Come = first - 1;
        }

        foreach (var piece in entries.Chunk(sink.Piece))
        {
            await sink.TakeAsync(piece, stopping);
            shipped.Pieces++;
            await TookAsync(shipped, piece[^1].Sequence);
        }

        shipped.Come = to;
        return to < end ? end : null;
    }

    private async Task TookAsync(Shipped shipped, long sequence)
    {
        shipped.Come = sequence;
        shipped.Failures = 0;
        if (shipped.Fault is not null)
        {
            shipped.Fault = null;
            LogTakesAgain(shipped.Sink.Label, sequence);
        }

        if (shipped.KeptFault is not null || Clock.GetElapsedTime(shipped.KeptAt) >= KeptEvery)
        {
            await KeepAsync(shipped);
        }
    }

    /// <summary>Writes the place down, at most once a second while all is well. What a kill takes from it is sent again.</summary>
    private async Task KeepAsync(Shipped shipped)
    {
        var (come, fault) = (shipped.Come, shipped.Fault);
        if (come != shipped.Kept || fault != shipped.KeptFault)
        {
            await writer.WriteAsync(connection => SinkTable.Set(connection, shipped.Sink.Name, come, fault, Clock.GetUtcNow()));
            (shipped.Kept, shipped.KeptFault) = (come, fault);
        }

        shipped.KeptAt = Clock.GetTimestamp();
    }

    /// <summary>Leaves a sink alone for a while: twice as long each time, up to five minutes, and not all consoles at the same moment.</summary>
    private void Rest(Shipped shipped, TimeSpan? asked)
    {
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(shipped.Failures, 10)));
        pause *= RandomNumberGenerator.GetInt32(75, 101) / 100.0;
        shipped.Failures++;
        (shipped.Rest, shipped.RestBegan) = (asked > pause ? asked.Value : pause, Clock.GetTimestamp());
    }

    [LoggerMessage(EventId = 3020, Level = LogLevel.Error, Message = "Where sinks of the audit trail are can't be read or kept; trying again")]
    protected override partial void LogFailed(Exception failure);

    [LoggerMessage(EventId = 3021, Level = LogLevel.Warning, Message = "{Sink} takes no events after {Sequence}, and is asked again: {Why}")]
    private partial void LogRefused(string sink, string why, long sequence);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Warning, Message = "{Sink} takes events again, now {Sequence}")]
    private partial void LogTakesAgain(string sink, long sequence);

    [LoggerMessage(EventId = 3023, Level = LogLevel.Error, Message = "{Sink} can't be given events, or its place can't be kept; trying again")]
    private partial void LogUnshipped(Exception failure, string sink);

    [LoggerMessage(EventId = 3024, Level = LogLevel.Error, Message = "{Sink} never got {Count} events: they were removed before it took them. It goes on with event {First}")]
    private partial void LogNeverSent(string sink, long count, long first);

    [LoggerMessage(
        EventId = 3025, Level = LogLevel.Critical,
        Message = "ALERT: {Sink} has event {Position}, and the trail ends with {End}: this database is older than what it was given, or another. It goes on with event {Next}")]
    private partial void LogBeyond(string sink, long position, long end, long next);

    /// <summary>A sink, and how it stands in this run.</summary>
    private sealed class Shipped(IEventSink sink)
    {
        public IEventSink Sink { get; } = sink;

        public Task Round { get; set; } = Task.CompletedTask;

        /// <summary>The newest event that it has, and the one that is written down.</summary>
        public long Come { get; set; }

        public long Kept { get; set; }

        public string? Fault { get; set; }

        public string? KeptFault { get; set; }

        public long KeptAt { get; set; }

        public int Failures { get; set; }

        /// <summary>How many pieces this round has given to it.</summary>
        public int Pieces { get; set; }

        public TimeSpan Rest { get; set; }

        public long RestBegan { get; set; }

        public bool IsUnkept { get; set; }
    }
}
