using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>
/// Appends events. A completed append is on the disk; one that can't be is refused within two seconds, and what it was to record
/// must then not happen.
/// </summary>
/// <remarks>No append takes a cancellation token: that somebody left the page doesn't undo what they did.</remarks>
public sealed partial class AuditTrail
{
    private const int IndexChunk = 512;

    /// <summary>
    /// Events not indexed yet that a quiet moment is used for. A flood has none; it may leave the second number, which a reader
    /// then waits some seconds for.
    /// </summary>
    private const int Backlog = 200;
    private const int BacklogInFlood = 100_000;

    /// <summary>How long another program may take for carrying the log over while a change waits, which itself is refused after 900 ms.</summary>
    private static readonly TimeSpan s_carriedOverWithin = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_lookedAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly ConsoleWriter _writer;
    private readonly ConsoleDb _db;
    private readonly ILogger<AuditTrail> _log;
    private readonly TrailTable _table;

    private volatile AuditEntry? _acknowledged;
    private AuditEntry? _carriedOver; // The newest one that the file alone is known to hold; the writing loop's.
    private bool _isWrittenOver;
    private volatile bool _catchingUp;
    private long _indexedTo;
    private int _indexStands;
    private long _lastSessionEnd;

    /// <summary>Makes the writer look after the trail.</summary>
    public AuditTrail(ConsoleWriter writer, ConsoleDb db, ILogger<AuditTrail> log)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(db);
        _writer = writer;
        _db = db;
        _log = log;
        _table = new TrailTable((sequence, fault) => LogWordless(fault, sequence));
        writer.Begun = RequireContinuity;
        writer.Quiet = CatchUpQuietly;
    }

    /// <summary>The name under which this run of this console writes: the machine's, and chance.</summary>
    public string Instance { get; } = $"{Environment.MachineName}/{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>How long a reader waits for the index: as a rule longer than a flood of events needs, and no longer than anybody watches a spinner. Another one is for tests.</summary>
    internal TimeSpan IndexLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The newest event that this run wrote; 0 before the first.</summary>
    internal long End => _acknowledged?.Sequence ?? 0;

    /// <summary>The newest end of a session that this run wrote; 0 before the first.</summary>
    internal long LastSessionEnd => Volatile.Read(ref _lastSessionEnd);

    /// <summary>Appends one event, and may change other tables in the same commit: both are there, or neither.</summary>
    /// <param name="occurred">The event.</param>
    /// <param name="alongside">
    /// The change, on the writer's connection inside its transaction; plain statements, no BEGIN or COMMIT, nothing that waits. What
    /// it throws undoes event and change and reaches the caller as it is. Null for none.
    /// </param>
    /// <returns>The entry as kept.</returns>
    /// <exception cref="NotWrittenException">It isn't certain that event and change are on the disk.</exception>
    public async Task<AuditEntry> AppendAsync(AuditEvent occurred, Action<SqliteConnection>? alongside = null) =>
        (await AppendAsync([occurred], alongside))[0];

    /// <summary>Appends several events in their order, all or none, with nothing in between; and a change with them, as above.</summary>
    /// <exception cref="NotWrittenException">It isn't certain that they are on the disk.</exception>
    public Task<IReadOnlyList<AuditEntry>> AppendAsync(IReadOnlyList<AuditEvent> occurred, Action<SqliteConnection>? alongside = null)
    {
        var kept = Kept(occurred);
        return _writer.WriteAsync(
            alongside is null ? WorkKind.Change : WorkKind.RefusableChange, connection => Append(connection, kept, alongside), Acknowledge);
    }

    /// <summary>Changes other tables and appends what has happened by that, which only the change itself can tell; it may be nothing.</summary>
    /// <param name="change">The change, as above; it answers with the events.</param>
    /// <exception cref="NotWrittenException">It isn't certain that change and events are on the disk.</exception>
    internal Task<IReadOnlyList<AuditEntry>> AppendAsync(Func<SqliteConnection, IEnumerable<AuditEvent>> change) =>
        _writer.WriteAsync(WorkKind.RefusableChange, connection => Append(connection, Kept(change(connection)), alongside: null), Acknowledge);

    /// <summary>Whether the index goes on when events wait for it; what readiness asks.</summary>
    public async Task<bool> IsIndexedAsync()
    {
        try
        {
            await IndexSomeAsync().WaitAsync(IndexLimit, TimeProvider.System);
            return true;
        }
        catch (Exception failure) when (failure is NotWrittenException or TimeoutException)
        {
            return false; // What stands in the way is logged.
        }
    }

    /// <summary>Brings the index up to the newest event, so that every filter finds it; what a reader asks first.</summary>
    /// <exception cref="NotWrittenException">The index can't be written, or isn't that far after <see cref="IndexLimit" />; the reason tells these apart.</exception>
    public async Task IndexAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(IndexLimit, TimeProvider.System);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var before = Volatile.Read(ref _indexedTo);
        try
        {
            // A piece at a time: no catching up keeps appends waiting that came meanwhile, and none of them moves the end.
            var (indexedTo, end) = await IndexSomeAsync().WaitAsync(until.Token);
            while (indexedTo < end)
            {
                (indexedTo, _) = await IndexSomeAsync().WaitAsync(until.Token);
            }
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotWrittenException(Volatile.Read(ref _indexedTo) > before ? NotWrittenReason.IndexBehind : NotWrittenReason.Disk, late);
        }
    }

    /// <summary>Counts every event up to the newest, in pieces between which other work has its turn.</summary>
    /// <exception cref="NotWrittenException">The counts can't be written.</exception>
    internal async Task CountAsync(CancellationToken cancellationToken)
    {
        await IndexAsync(cancellationToken);
        while (await _writer.InTurnAsync(TrailCounts.CountSome).WaitAsync(cancellationToken))
        {
        }
    }

    /// <summary>Makes up for the tree of events from before there was one, so many at most; on the writer's connection. Whether there are more.</summary>
    internal bool GrowTree(SqliteConnection connection, long limit) => _table.GrowTree(connection, limit);

    private AuditEvent[] Kept(IEnumerable<AuditEvent> occurred) => [.. occurred.Select(happened => CanonicalForm.AsKept(happened with { Instance = Instance }))];

    private IReadOnlyList<AuditEntry> Append(SqliteConnection connection, IReadOnlyList<AuditEvent> events, Action<SqliteConnection>? alongside)
    {
        try
        {
            var added = _table.Append(connection, events);
            alongside?.Invoke(connection);
            return added;
        }
        catch
        {
            _table.ForgetAppended();
            throw;
        }
    }

    /// <summary>At the beginning of a transaction: the trail goes on where it was left.</summary>
    private void RequireContinuity(SqliteConnection connection)
    {
        _table.ForgetEnd();
        if (_acknowledged is { } entry && !_table.Has(connection, entry))
        {
            throw new DatabaseReplacedException(_db.File); // By its content, which keeps the file's identity.
        }

        if (_writer.Foreign.AreThere)
        {
            // Found once it stays so until the next start: what connections carry over when they close mixes the two.
            _isWrittenOver |= _carriedOver is { } known && !IsInFile(known);
            if (_isWrittenOver)
            {
                throw new DatabaseReplacedException(_db.File); // By a copy, put into the file past every connection.
            }

            _writer.Foreign.Forgive();
        }
    }

    private bool IsInFile(AuditEntry entry)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; Task.Delay(s_lookedAgainAfter, TimeProvider.System).GetAwaiter().GetResult())
        {
            try
            {
                if (_db.ReadFileAlone(connection => TrailTable.HasAlone(connection, entry)))
                {
                    return true;
                }
            }
            catch (SqliteException)
            {
                // What stands there is no trail.
            }

            // Or another program is carrying the log over at this moment, and the file is in pieces until it has.
            if (TimeProvider.System.GetElapsedTime(began) >= s_carriedOverWithin)
            {
                return false;
            }
        }
    }

    private void Acknowledge(IReadOnlyList<AuditEntry> written)
    {
        if (written is [.., var newest])
        {
            _acknowledged = newest;
            if (written.LastOrDefault(entry => entry.Event.Type == AuditEventTypes.SessionEnded) is { } ended)
            {
                Volatile.Write(ref _lastSessionEnd, ended.Sequence);
            }

            CatchUp(newest, BacklogInFlood, until: 0);
        }
    }

    private void CatchUpQuietly(bool isWhole)
    {
        if (_acknowledged is { } newest)
        {
            _carriedOver = isWhole ? newest : _carriedOver;
            CatchUp(newest, Backlog + 1, until: Backlog);
        }
    }

    /// <summary>Where so many events wait, takes up a piece of them, and then one after the other while nothing new comes.</summary>
    private void CatchUp(AuditEntry newest, long from, long until)
    {
        if (newest.Sequence - Volatile.Read(ref _indexedTo) >= from && !_catchingUp)
        {
            _catchingUp = true;
            _ = CatchUpAsync(newest, until);
        }
    }

    private async Task CatchUpAsync(AuditEntry newest, long until)
    {
        try
        {
            long left;
            do
            {
                var (indexedTo, end) = await IndexSomeAsync();
                left = end - indexedTo;
            }
            while (left > until && ReferenceEquals(newest, _acknowledged));
        }
        catch (NotWrittenException)
        {
            // Logged where the index is written; the next quiet moment asks again.
        }
        finally
        {
            _catchingUp = false;
        }
    }

    /// <summary>One piece of the index. What stands in its way is told once, until it goes on.</summary>
    private async Task<(long IndexedTo, long End)> IndexSomeAsync()
    {
        try
        {
            var come = await _writer.InTurnAsync(connection => _table.IndexSome(connection, IndexChunk));
            Volatile.Write(ref _indexedTo, come.IndexedTo);
            if (Interlocked.Exchange(ref _indexStands, 0) == 1)
            {
                LogIndexGoesOn();
            }

            return come;
        }
        catch (NotWrittenException refusal) when (refusal.Reason != NotWrittenReason.Stopped)
        {
            if (Interlocked.Exchange(ref _indexStands, 1) == 0)
            {
                LogIndexStands(refusal.InnerException, refusal.Reason);
            }

            // What holds the whole database is said as that; otherwise it is only the index.
            throw refusal.Reason == NotWrittenReason.Unusable ? new NotWrittenException(NotWrittenReason.Index, refusal.InnerException) : refusal;
        }
    }

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "The audit trail's index stands still ({Reason}): events are recorded, but the newest can't be found")]
    private partial void LogIndexStands(Exception? fault, NotWrittenReason reason);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "The audit trail's index goes on again")]
    private partial void LogIndexGoesOn();

    [LoggerMessage(EventId = 3005, Level = LogLevel.Error, Message = "The words of event {Sequence} can't be indexed: it is found by everything else")]
    private partial void LogWordless(Exception fault, long sequence);
}
