using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>
/// Appends events. A completed append is on the disk; one that can't be is refused within two seconds, and what it was to record
/// must then not happen. All appends go through one writer that commits together what arrives together.
/// </summary>
/// <remarks>No append takes a cancellation token: that somebody left the page doesn't undo what they did.</remarks>
public sealed partial class AuditTrail : IHostedService, IAsyncDisposable
{
    private const int BatchLimit = 512;
    private const int IndexChunk = 512;

    /// <summary>
    /// Events not indexed yet that a quiet moment is used for. A flood has none; it may leave the second number, which a reader
    /// then waits some seconds for.
    /// </summary>
    private const int Backlog = 200;
    private const int BacklogInFlood = 100_000;

    private const int BusyMilliseconds = 700;

    // Longer than a flood of events needs to be indexed, shorter than anybody waits before a spinner.
    private static readonly TimeSpan IndexLimit = TimeSpan.FromSeconds(20);

    /// <summary>How long an append waits for the writer, and then for the disk: under two seconds together.</summary>
    private static readonly TimeSpan TakeUpLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CommitLimit = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });

    private readonly ConsoleDb _db;
    private readonly ILogger<AuditTrail> _log;
    private readonly ITimer _rest;
    private readonly Task _writing;

    // Used by the writing loop alone.
    private TrailConnection? _connection;
    private AuditEntry? _acknowledged;
    private bool _failing;
    private bool _indexStands;
    private bool _restPlanned;
    private long _committedAt;
    private long _behind;

    public AuditTrail(ConsoleDb db, ILogger<AuditTrail> log)
    {
        _db = db;
        _log = log;
        _rest = TimeProvider.System.CreateTimer(
            _ => _queue.Writer.TryWrite(new Pending(PendingKind.Rest, [], null)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>The name under which this run of this console writes: the machine's, and chance.</summary>
    public string Instance { get; } = $"{Environment.MachineName}/{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>Appends one event.</summary>
    /// <returns>The entry as kept.</returns>
    /// <exception cref="AuditUnavailableException">It isn't certain that the event is on the disk.</exception>
    public async Task<AuditEntry> AppendAsync(AuditEvent occurred) => (await SubmitAsync([occurred], null))[0];

    /// <summary>Appends one event and changes other tables in the same commit: both are there, or neither.</summary>
    /// <param name="occurred">The event.</param>
    /// <param name="alongside">
    /// The change, on the writer's connection inside its transaction; plain statements, no BEGIN or COMMIT, nothing that waits. What
    /// it throws undoes event and change and reaches the caller as it is.
    /// </param>
    /// <exception cref="AuditUnavailableException">It isn't certain that event and change are on the disk.</exception>
    public async Task<AuditEntry> AppendAsync(AuditEvent occurred, Action<SqliteConnection> alongside) =>
        (await SubmitAsync([occurred], alongside))[0];

    /// <summary>Appends several events in their order, all or none, with nothing in between.</summary>
    /// <exception cref="AuditUnavailableException">It isn't certain that they are on the disk.</exception>
    public Task<IReadOnlyList<AuditEntry>> AppendAsync(IReadOnlyList<AuditEvent> occurred) => SubmitAsync(occurred, null);

    /// <summary>As the others: several events and a change, all or nothing.</summary>
    /// <exception cref="AuditUnavailableException">It isn't certain that events and change are on the disk.</exception>
    public Task<IReadOnlyList<AuditEntry>> AppendAsync(
        IReadOnlyList<AuditEvent> occurred, Action<SqliteConnection> alongside) => SubmitAsync(occurred, alongside);

    /// <summary>
    /// Changes other tables through the one writer, without an event: for what is no act of anybody's, such as when a person was
    /// last seen.
    /// </summary>
    /// <exception cref="AuditUnavailableException">It isn't certain that the change is on the disk.</exception>
    public Task ChangeAsync(Action<SqliteConnection> change) => SubmitAsync([], change);

    /// <summary>Whether the writer gets its transaction; what readiness asks.</summary>
    public Task<bool> IsWritableAsync() => SucceedsAsync(() => SubmitAsync([], null));

    /// <summary>Whether the index goes on when events wait for it; what readiness asks.</summary>
    public Task<bool> IsIndexedAsync() => SucceedsAsync(() => AskAsync(new Pending(PendingKind.Step, [], null), CancellationToken.None));

    /// <summary>Brings the index up to the newest event, so that every filter finds it; what a reader asks first.</summary>
    /// <exception cref="AuditUnavailableException">The index can't be written.</exception>
    public Task IndexAsync(CancellationToken cancellationToken) => AskAsync(new Pending(PendingKind.Index, [], null), cancellationToken);

    private static async Task<bool> SucceedsAsync(Func<Task> asked)
    {
        try
        {
            await asked();
            return true;
        }
        catch (AuditUnavailableException)
        {
            return false; // The writer has logged why.
        }
    }

    private async Task AskAsync(Pending pending, CancellationToken cancellationToken)
    {
        Enqueue(pending);
        try
        {
            await pending.Done.Task.WaitAsync(IndexLimit, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new AuditUnavailableException(AuditUnavailableReason.Disk, late);
        }
    }

    /// <summary>Opens the database, so that a file of a newer version stops the start and not the first page.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _db.Prepare();
        }
        catch (SqliteException fault)
        {
            // A lock or a full disk may pass: the console starts, says that it isn't ready and refuses to show anything.
            LogUnavailable(fault, ReasonOf(fault), 0);
        }

        await IsWritableAsync();
    }

    /// <summary>Writes what is waiting and takes no more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _rest.DisposeAsync();
    }

    private async Task<IReadOnlyList<AuditEntry>> SubmitAsync(IReadOnlyList<AuditEvent> occurred, Action<SqliteConnection>? alongside)
    {
        var pending = new Pending(PendingKind.Append, [.. occurred.Select(happened => CanonicalForm.AsKept(happened with { Instance = Instance }))], alongside);
        Enqueue(pending);

        // The machine's clock on purpose: these limits guard against a disk that hangs, whatever time the console believes it is.
        var done = pending.Done.Task;
        if (await InTimeAsync(done, TakeUpLimit))
        {
            return await done;
        }

        if (pending.Abandon())
        {
            LogAbandoned(pending.Events.Count);
            throw new AuditUnavailableException(AuditUnavailableReason.Disk);
        }

        return await InTimeAsync(done, CommitLimit) ? await done : throw new AuditUnavailableException(AuditUnavailableReason.Disk);
    }

    private static async Task<bool> InTimeAsync(Task done, TimeSpan limit)
    {
        await done.WaitAsync(limit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return done.IsCompleted;
    }

    private void Enqueue(Pending pending)
    {
        if (!_queue.Writer.TryWrite(pending))
        {
            throw new AuditUnavailableException(AuditUnavailableReason.Stopped);
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<Pending>(BatchLimit);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchLimit && _queue.Reader.TryRead(out var pending))
            {
                if (pending.Kind != PendingKind.Append || pending.TakeUp())
                {
                    batch.Add(pending);
                }
            }

            Commit([.. batch.Where(pending => pending.Kind == PendingKind.Append)]);
            foreach (var asked in batch.Where(pending => pending.Kind is PendingKind.Index or PendingKind.Step))
            {
                IndexFor(asked);
            }

            if (_behind >= BacklogInFlood && _connection is not null)
            {
                TryIndex([]);
            }

            if (batch.Any(pending => pending.Kind == PendingKind.Rest))
            {
                UseQuietMoment();
            }
        }

        CloseConnection();
    }

    /// <summary>After a while without appends: the work that would slow one down.</summary>
    private void UseQuietMoment()
    {
        _restPlanned = false;
        if (TimeProvider.System.GetElapsedTime(_committedAt) < Quiet)
        {
            PlanRest();
            return;
        }

        while (_behind > Backlog && _connection is not null && !_queue.Reader.TryPeek(out _) && TryIndex([]))
        {
        }

        if (_connection is not null && !_queue.Reader.TryPeek(out _))
        {
            CarryLogOver(_connection);
        }
    }

    private void PlanRest()
    {
        if (!_restPlanned)
        {
            _restPlanned = true;
            _rest.Change(Quiet, Timeout.InfiniteTimeSpan);
        }
    }

    private void Commit(List<Pending> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            Connect();
            _connection!.Begin();
            if (_acknowledged is { } entry && !_connection.Has(entry))
            {
                throw new DatabaseReplacedException(_db.File); // By its content, which keeps the file's identity.
            }

            var added = 0;
            foreach (var pending in batch)
            {
                added += _connection.Add(pending);
            }

            if (added > 0 || batch.Any(pending => pending is { Alongside: not null, Undone: null }))
            {
                _connection.Commit();
                _committedAt = TimeProvider.System.GetTimestamp();
                PlanRest();
                _behind = _connection.Behind();
            }
            else if (_failing)
            {
                _connection.CommitNothing(); // Or a disk that is still full would count as mended.
            }
            else
            {
                _connection.Rollback();
            }

            _db.RequireInPlace();
        }
#pragma warning disable CA1031 // Whatever stopped the commit: nobody in the batch may believe that it was recorded.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(batch, fault);
            return;
        }

        if (_failing)
        {
            _failing = false;
            LogRecovered();
        }

        _acknowledged = batch.SelectMany(pending => pending.Undone is null ? pending.Added : []).LastOrDefault() ?? _acknowledged;
        foreach (var pending in batch)
        {
            pending.Complete();
        }
    }

    private void Connect() => _connection ??= new TrailConnection(_db.OpenWriter(BusyMilliseconds), (sequence, fault) => LogWordless(fault, sequence));

    /// <summary>One piece of the index, then the appends that came meanwhile have their turn: no catching up keeps them waiting.</summary>
    private void IndexFor(Pending asked)
    {
        if (!TryIndex([asked]))
        {
            return;
        }

        asked.Until ??= _connection!.Last;
        if (asked.Kind == PendingKind.Step || _connection!.Last - _behind >= asked.Until)
        {
            asked.Complete();
        }
        else if (!_queue.Writer.TryWrite(asked))
        {
            asked.Refuse(new AuditUnavailableException(AuditUnavailableReason.Stopped));
        }
    }

    /// <summary>One piece of the index; where it can't be written, those who asked for it are told so.</summary>
    private bool TryIndex(List<Pending> asked)
    {
        try
        {
            Connect();
            _behind = _connection!.Index(IndexChunk);
        }
#pragma warning disable CA1031 // Whatever stopped it: a reader must not believe that everything can be found, and the writer goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            CloseConnection();
            var reason = ReasonOf(fault);
            if (!_indexStands)
            {
                LogIndexStands(fault, reason);
            }

            _indexStands = true;
            foreach (var pending in asked)
            {
                // What holds the whole database is said as that.
                pending.Refuse(new AuditUnavailableException(reason == AuditUnavailableReason.Unusable ? AuditUnavailableReason.Index : reason, fault));
            }

            return false;
        }

        if (_indexStands)
        {
            _indexStands = false;
            LogIndexGoesOn();
        }

        return true;
    }

    /// <summary>Carried over in a pause, the write-ahead log starts again at its beginning instead of growing, which is also quicker.</summary>
    private void CarryLogOver(TrailConnection connection)
    {
        try
        {
            connection.CarryLogOver();
        }
#pragma warning disable CA1031 // The writer outlives whatever happens beside the appends.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail([], fault);
        }
    }

    /// <summary>Refuses the batch and closes the connection: the next batch opens another, which is how a recovery is noticed.</summary>
    private void Fail(List<Pending> batch, Exception fault)
    {
        _failing = true;
        CloseConnection();
        var reason = ReasonOf(fault);
        LogUnavailable(fault, reason, batch.Sum(pending => pending.Events.Count));
        foreach (var pending in batch)
        {
            pending.Refuse(new AuditUnavailableException(reason, fault));
        }
    }

    private void CloseConnection()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static AuditUnavailableReason ReasonOf(Exception fault) => fault switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => AuditUnavailableReason.Locked,
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY } => AuditUnavailableReason.ReadOnly,
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => AuditUnavailableReason.DiskFull,
        DatabaseReplacedException => AuditUnavailableReason.Replaced,
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN } or FileNotFoundException => AuditUnavailableReason.Missing,
        UnauthorizedAccessException => AuditUnavailableReason.ReadOnly,
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } or IOException => AuditUnavailableReason.Disk,
        _ => AuditUnavailableReason.Unusable,
    };

    [LoggerMessage(EventId = 3000, Level = LogLevel.Error, Message = "The audit trail can't be written ({Reason}); {Events} events were refused")]
    private partial void LogUnavailable(Exception fault, AuditUnavailableReason reason, int events);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "The audit trail can be written again")]
    private partial void LogRecovered();

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "The audit trail's writer didn't take {Events} events up in time; they were refused")]
    private partial void LogAbandoned(int events);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "The audit trail's index stands still ({Reason}): events are recorded, but the newest can't be found")]
    private partial void LogIndexStands(Exception fault, AuditUnavailableReason reason);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "The audit trail's index goes on again")]
    private partial void LogIndexGoesOn();

    [LoggerMessage(EventId = 3005, Level = LogLevel.Error, Message = "The words of event {Sequence} can't be indexed: it is found by everything else")]
    private partial void LogWordless(Exception fault, long sequence);

    /// <summary>What the writer is asked for.</summary>
    internal enum PendingKind
    {
        /// <summary>Events; none to try whether there could be some.</summary>
        Append,

        /// <summary>That all events so far can be found.</summary>
        Index,

        /// <summary>That some more of them can be found, where any wait for it.</summary>
        Step,

        /// <summary>What waits for a quiet moment.</summary>
        Rest,
    }

    /// <summary>One append on its way: waiting, then either taken up by the writer or abandoned by its caller, never both.</summary>
    internal sealed record Pending(PendingKind Kind, IReadOnlyList<AuditEvent> Events, Action<SqliteConnection>? Alongside)
    {
        private int _decided;

        /// <summary>Answers the caller, on another thread than the writer's.</summary>
        public TaskCompletionSource<IReadOnlyList<AuditEntry>> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The entries, once added; they count when the transaction has.</summary>
        public IReadOnlyList<AuditEntry> Added { get; set; } = [];

        /// <summary>Which event the index is to reach: the newest when the writer first saw the request.</summary>
        public long? Until { get; set; }

        /// <summary>What the caller's own change threw.</summary>
        public Exception? Undone { get; set; }

        public bool TakeUp() => Interlocked.Exchange(ref _decided, 1) == 0;

        public bool Abandon() => TakeUp();

        public void Complete()
        {
            if (Undone is not null)
            {
                Done.TrySetException(Undone);
            }
            else
            {
                Done.TrySetResult(Added);
            }
        }

        public void Refuse(AuditUnavailableException refusal) => Done.TrySetException(Undone ?? refusal);
    }
}
