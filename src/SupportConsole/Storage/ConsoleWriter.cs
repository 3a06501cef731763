using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SupportConsole.Storage;

/// <summary>
/// The database's one writer: commits together what arrives together. A completed change is on the disk; one that can't be is refused
/// within two seconds.
/// </summary>
/// <remarks>No change takes a cancellation token: that somebody left the page doesn't undo what they did.</remarks>
public sealed partial class ConsoleWriter : IHostedService, IAsyncDisposable
{
    private const int BatchLimit = 512;
    private const int BusyMilliseconds = 700;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Says, among the work, that there may be a quiet moment now.</summary>
    private static readonly WriterWork<bool> Rest = new(WorkKind.Rest, _ => true);

    private readonly Channel<WriterWork> _queue = Channel.CreateUnbounded<WriterWork>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });

    private readonly ConsoleDb _db;
    private readonly ILogger<ConsoleWriter> _log;
    private readonly ITimer _rest;
    private readonly Task _writing;

    // Used by the writing loop alone.
    private SqliteConnection? _connection;
    private bool _failing;
    private bool _restPlanned;
    private long _committedAt;

    /// <summary>Begins to take changes; the database is opened with the first one.</summary>
    public ConsoleWriter(ConsoleDb db, ILogger<ConsoleWriter> log)
    {
        _db = db;
        Foreign = new ForeignWrites(db.File);
        _log = log;
        _rest = TimeProvider.System.CreateTimer(_ => _queue.Writer.TryWrite(Rest), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Asked at the beginning of each transaction of changes, before the first of them; what it throws refuses them all.</summary>
    internal Action<SqliteConnection>? Begun { get; set; }

    /// <summary>How long a change waits for the writer, and then for the disk. Others than the console's are for tests.</summary>
    internal (TimeSpan TakeUp, TimeSpan Commit) Limits { get; set; } = UnderTwoSeconds;

    /// <summary>The console's, which keep the writer's promise together.</summary>
    internal static (TimeSpan TakeUp, TimeSpan Commit) UnderTwoSeconds { get; } = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(900));

    /// <summary>
    /// Told in a moment without changes, for work that would slow one down; it comes in turn and must not wait here. Told is whether the
    /// file alone holds all there is by then, as it does unless somebody still reads what stood there before.
    /// </summary>
    internal Action<bool>? Quiet { get; set; }

    /// <summary>What others wrote to the file, for whoever can say whether it is still the same database; asked in <see cref="Begun" /> alone.</summary>
    internal ForeignWrites Foreign { get; }

    /// <summary>Changes the database. Nothing of a change that throws is kept, and what it throws reaches the caller as it is.</summary>
    /// <param name="change">
    /// The change, inside the writer's transaction: plain statements, no BEGIN or COMMIT, nothing that waits.
    /// </param>
    /// <exception cref="NotWrittenException">It isn't certain that the change is on the disk.</exception>
    public Task WriteAsync(Action<SqliteConnection> change) => WriteAsync(WorkKind.RefusableChange, connection =>
    {
        change(connection);
        return true;
    });

    /// <summary>Whether the writer gets its transaction; what readiness asks.</summary>
    public async Task<bool> IsWritableAsync()
    {
        try
        {
            await WriteAsync(WorkKind.Probe, _ => true);
            return true;
        }
        catch (NotWrittenException)
        {
            return false; // The writer has logged why.
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

    /// <summary>The same for a change that answers.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="kind">Which kind of change.</param>
    /// <param name="change">The change.</param>
    /// <param name="written">Told by the writer, once the change is on the disk and before anybody else hears of it.</param>
    /// <exception cref="NotWrittenException">It isn't certain that the change is on the disk.</exception>
    internal async Task<T> WriteAsync<T>(WorkKind kind, Func<SqliteConnection, T> change, Action<T>? written = null)
    {
        var work = new WriterWork<T>(kind, change, written);
        Enqueue(work);

        // The machine's clock on purpose: these limits guard against a disk that hangs, whatever time the console believes it is.
        var done = work.Done.Task;
        if (await InTimeAsync(done, Limits.TakeUp))
        {
            return await done;
        }

        if (work.TryDecide())
        {
            LogAbandoned();
            throw new NotWrittenException(NotWrittenReason.Disk);
        }

        return await InTimeAsync(done, Limits.Commit) ? await done : throw new NotWrittenException(NotWrittenReason.Disk);
    }

    /// <summary>Does a piece of work in a transaction of its own, when its turn has come; changes that came meanwhile come next.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <exception cref="NotWrittenException">It couldn't be done.</exception>
    internal Task<T> InTurnAsync<T>(Func<SqliteConnection, T> piece)
    {
        var work = new WriterWork<T>(WorkKind.Piece, piece);
        Enqueue(work);
        return work.Done.Task;
    }

    /// <summary>Carries the write-ahead log over and empties its file: nothing of what the database no longer holds is left in it.</summary>
    /// <returns>False while somebody still reads what the log alone has.</returns>
    /// <exception cref="NotWrittenException">It couldn't be done.</exception>
    internal Task<bool> EmptyLogAsync()
    {
        var work = new WriterWork<bool>(WorkKind.BarePiece, connection => connection.Number("PRAGMA wal_checkpoint(TRUNCATE)") == 0);
        Enqueue(work);
        return work.Done.Task;
    }

    private static async Task<bool> InTimeAsync(Task done, TimeSpan limit)
    {
        await done.WaitAsync(limit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return done.IsCompleted;
    }

    private void Enqueue(WriterWork work)
    {
        if (!_queue.Writer.TryWrite(work))
        {
            throw new NotWrittenException(NotWrittenReason.Stopped);
        }
    }

    private async Task WriteAsync()
    {
        var changes = new List<WriterWork>(BatchLimit);
        var pieces = new List<WriterWork>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            changes.Clear();
            pieces.Clear();
            var rests = false;
            while (changes.Count < BatchLimit && _queue.Reader.TryRead(out var work))
            {
                switch (work.Kind)
                {
                    case WorkKind.Rest:
                        rests = true;
                        break;
                    case WorkKind.Piece or WorkKind.BarePiece:
                        pieces.Add(work);
                        break;
                    default:
                        if (work.TryDecide())
                        {
                            changes.Add(work);
                        }

                        break;
                }
            }

            Foreign.Look();
            Commit(changes);
            foreach (var piece in pieces)
            {
                DoInTurn(piece);
            }

            if (rests)
            {
                UseQuietMoment();
            }

            Foreign.TakeAsOwn();
        }

        CloseConnection();
    }

    private void Commit(List<WriterWork> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        try
        {
            var connection = Connect();
            Execute(connection, "BEGIN IMMEDIATE");
            Begun?.Invoke(connection);
            var kept = false;
            foreach (var change in changes)
            {
                kept |= Make(connection, change);
            }

            if (kept)
            {
                Execute(connection, "COMMIT");
                _committedAt = TimeProvider.System.GetTimestamp();
                PlanRest();
            }
            else if (_failing)
            {
                CommitNothing(connection); // Or a disk that is still full would count as mended.
            }
            else
            {
                Execute(connection, "ROLLBACK");
            }

            _db.RequireInPlace();
        }
#pragma warning disable CA1031 // Whatever stopped the commit: nobody may believe that a change of it was kept.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(changes, fault);
            return;
        }

        if (_failing)
        {
            _failing = false;
            LogRecovered();
        }

        foreach (var change in changes)
        {
            change.Tell();
        }

        foreach (var change in changes)
        {
            change.Complete();
        }
    }

    /// <summary>Makes one change in the transaction; false where nothing of it is to be kept: a probe's, or one that refused.</summary>
    private static bool Make(SqliteConnection connection, WriterWork change)
    {
        switch (change.Kind)
        {
            case WorkKind.Probe:
                return false;
            case WorkKind.Change:
                change.Do(connection);
                return true;
        }

        Execute(connection, "SAVEPOINT change");
        try
        {
            change.Do(connection);
        }
#pragma warning disable CA1031 // Whatever a change throws belongs to its caller, and to nobody else in the batch.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            change.Undone = fault;
        }

        if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            // Grave errors end the whole transaction, and so would a COMMIT in the change: nothing of the batch is certain then.
            throw new InvalidOperationException("A change ended the writer's transaction.", change.Undone);
        }

        if (change.Undone is not null)
        {
            Execute(connection, "ROLLBACK TO change");
        }

        Execute(connection, "RELEASE change");
        return change.Undone is null;
    }

    /// <summary>Commits what changes nothing: what only a commit tells, such as a full disk, is told.</summary>
    private static void CommitNothing(SqliteConnection connection)
    {
        connection.Run($"PRAGMA user_version = {connection.Number("PRAGMA user_version")}");
        Execute(connection, "COMMIT");
    }

    private void DoInTurn(WriterWork piece)
    {
        try
        {
            if (piece.Kind == WorkKind.BarePiece)
            {
                piece.Do(Connect());
            }
            else
            {
                InTransaction(piece.Do);
            }
        }
#pragma warning disable CA1031 // Whoever asked for the piece is told, and the writer goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            CloseConnection();
            piece.Refuse(new NotWrittenException(ReasonOf(fault), fault));
            return;
        }

        piece.Complete();
    }

    private void InTransaction(Action<SqliteConnection> work)
    {
        var connection = Connect();
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            work(connection);
            Execute(connection, "COMMIT");
        }
        catch
        {
            raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            throw;
        }
    }

    /// <summary>After a while without changes: the work that would slow one down.</summary>
    private void UseQuietMoment()
    {
        _restPlanned = false;
        if (TimeProvider.System.GetElapsedTime(_committedAt) < Pause)
        {
            PlanRest();
            return;
        }

        // Carried over in a pause, the write-ahead log starts again at its beginning instead of growing, which is also quicker.
        var isWhole = false;
        if (_connection is not null && !_queue.Reader.TryPeek(out _))
        {
            try
            {
                isWhole = CarryOver(_connection);
            }
#pragma warning disable CA1031 // The writer outlives whatever happens beside the changes.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Fail([], fault);
            }
        }

        Quiet?.Invoke(isWhole);
    }

    /// <summary>Carries the write-ahead log over as far as nobody reads the file; whether that was all of it.</summary>
    private static bool CarryOver(SqliteConnection connection)
    {
        using var command = connection.Prepare("PRAGMA wal_checkpoint(PASSIVE)");
        using var result = command.ExecuteReader();
        return result.Read() && result.GetInt64(0) == 0 && result.GetInt64(1) == result.GetInt64(2);
    }

    private void PlanRest()
    {
        if (!_restPlanned)
        {
            _restPlanned = true;
            _rest.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private SqliteConnection Connect() => _connection ??= _db.OpenWriter(BusyMilliseconds);

    /// <summary>Refuses the changes and closes the connection: the next ones open another, which is how a recovery is noticed.</summary>
    private void Fail(List<WriterWork> changes, Exception fault)
    {
        _failing = true;
        CloseConnection();
        var reason = ReasonOf(fault);
        LogUnavailable(fault, reason, changes.Count(change => change.Kind != WorkKind.Probe));
        foreach (var change in changes)
        {
            change.Refuse(new NotWrittenException(reason, fault));
        }
    }

    private void CloseConnection()
    {
        _connection?.Dispose();
        _connection = null;
    }

    /// <summary>Past the library, which would repeat a busy statement for a second or more: SQLite's own limit is the exact one.</summary>
    private static void Execute(SqliteConnection connection, string statement)
    {
        var code = raw.sqlite3_exec(connection.Handle, statement);
        SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }

    private static NotWrittenReason ReasonOf(Exception fault) => fault switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => NotWrittenReason.Locked,
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY } => NotWrittenReason.ReadOnly,
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => NotWrittenReason.DiskFull,
        DatabaseReplacedException => NotWrittenReason.Replaced,
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN } or FileNotFoundException => NotWrittenReason.Missing,
        UnauthorizedAccessException => NotWrittenReason.ReadOnly,
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } or IOException => NotWrittenReason.Disk,
        _ => NotWrittenReason.Unusable,
    };

    [LoggerMessage(EventId = 7010, Level = LogLevel.Error, Message = "The console's database can't be written ({Reason}); {Changes} changes were refused")]
    private partial void LogUnavailable(Exception fault, NotWrittenReason reason, int changes);

    [LoggerMessage(EventId = 7011, Level = LogLevel.Warning, Message = "The console's database can be written again")]
    private partial void LogRecovered();

    [LoggerMessage(EventId = 7012, Level = LogLevel.Error, Message = "The database's writer didn't take a change up in time; it was refused")]
    private partial void LogAbandoned();
}
