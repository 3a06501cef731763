using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace SupportConsole.Storage;

/// <summary>
/// The console's SQLite file: makes it, brings its schema up to date and hands out connections. Writing belongs to one writer
/// (<see cref="ConsoleWriter"/>); everybody reads.
/// </summary>
public sealed partial class ConsoleDb : IDisposable
{
    private const int ReadersKept = 8;

    /// <summary>SQLite's own steps between two looks at the cancellation token: well under a millisecond.</summary>
    private const int StepsBetweenLooks = 10_000;

    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly Lock _preparing = new();
    private readonly Lock _looking = new();
    private readonly ILogger<ConsoleDb> _log;
    private readonly string _connectionString;
    private FileIdentity? _identity;
    private long _length;
    private bool _prepared;
    private bool _disposed;

    /// <summary>Settles which file it is; nothing is opened or made before the first use.</summary>
    public ConsoleDb(IOptions<StorageOptions> options, IHostEnvironment environment, ILogger<ConsoleDb> log)
    {
        _log = log;
        var source = new SqliteConnectionStringBuilder(options.Value.ConnectionString);
        source.DataSource = File = options.Value.FileUnder(environment.ContentRootPath);
        if (source.Mode == SqliteOpenMode.ReadWriteCreate)
        {
            source.Mode = SqliteOpenMode.ReadWrite; // The file is made here, with its mode; a lost one isn't made again.
        }

        source.Pooling = false; // Connections live as long as their owner here, and closing one closes the file.
        source.DefaultTimeout = 1; // Seconds that the library repeats a busy statement; the trail answers within two.
        _connectionString = source.ToString();
    }

    /// <summary>The database file's full path.</summary>
    public string File { get; }

    /// <summary>Lets a test put a full disk or a read-only file under the writer.</summary>
    internal Action<SqliteConnection>? WriterOpened { get; set; }

    /// <summary>
    /// Makes this process the one console on the database until the result is disposed of, or the process ends in whatever way. A second
    /// one would write down the ends of sessions that go on. Commands that run beside the console don't need it.
    /// </summary>
    /// <exception cref="StorageException">Another process is it; nothing was written.</exception>
    public IDisposable Own()
    {
        PrivateFile.MakeFolder(Path.GetDirectoryName(File)!);
        if (FileStatus.Of(RealFile) is { Names: > 1 and var names })
        {
            throw new StorageException(
                $"The database {File} has {names} names (hard links), and another console could run on it by another one. Nothing was changed. Remove the others, or copy the file while nothing runs.");
        }

        return PrivateFile.TryHold($"{RealFile}.owner", "A running Support Console holds this file, so that no second one runs on the same database. Don't remove it.\n") ?? throw new StorageException(
            $"Another Support Console runs on the database {File}, and one database has one console. Nothing was changed. Stop the other one, or give this one a database of its own in Storage:ConnectionString.");
    }

    /// <summary>Makes folder and file when there are none, and brings the schema up to date.</summary>
    /// <exception cref="StorageException">The file was written by a newer version, or has vanished since it was opened.</exception>
    /// <exception cref="SqliteException">The file can't be opened or written.</exception>
    public void Prepare()
    {
        lock (_preparing)
        {
            if (_prepared)
            {
                return; // A file lost since then isn't made again: empty, it would say that nothing ever happened.
            }

            MakeFile();
            using var connection = Open();
            ApplySchema(connection);
            _identity = FileStatus.Of(File)?.Identity;
            _prepared = true;
        }
    }

    /// <summary>
    /// That the database's name still leads to the file that was opened first: an open connection goes on with a file that was taken
    /// away, and nobody could ever read what it wrote there.
    /// </summary>
    /// <exception cref="FileNotFoundException">It leads to none.</exception>
    /// <exception cref="DatabaseReplacedException">It leads to another.</exception>
    public void RequireInPlace()
    {
        lock (_looking)
        {
            if (FileStatus.Of(File) is not { } found)
            {
                // Gone, or on a system that tells no more than that.
                if (!System.IO.File.Exists(File))
                {
                    throw new FileNotFoundException("The database is gone.", File);
                }

                return;
            }

            if (_identity is not { } opened)
            {
                return;
            }

            // The console never shrinks its file: one that is shorter than it was has been written over.
            if (found.Identity != opened || found.Length < _length)
            {
                throw new DatabaseReplacedException(File);
            }

            _length = found.Length;
        }
    }

    /// <summary>Runs a query on a connection that can't write, off the caller's thread.</summary>
    /// <typeparam name="T">What the query finds.</typeparam>
    /// <param name="query">The query; it must not keep the connection.</param>
    /// <param name="cancellationToken">Interrupts the query where it is.</param>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken) =>
        Task.Run(() => Read(query, cancellationToken), cancellationToken);

    /// <summary>A connection for the one writer: durable when a commit returns.</summary>
    internal SqliteConnection OpenWriter(int busyMilliseconds)
    {
        Prepare();
        var connection = Open();
        try
        {
            // FULL, because an event that a power cut can take back was never recorded. The write-ahead log is carried over in
            // quiet moments by the writer, so the automatic carrying-over is only the limit of a busy hour.
            // What is deleted is overwritten, or an erased name would stay in the file until its page is used again.
            connection.Run("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -32768; PRAGMA secure_delete = ON");
            raw.sqlite3_busy_timeout(connection.Handle, busyMilliseconds);
            WriterOpened?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    /// <summary>
    /// Runs a look-up by key on a connection that can't write, on the caller's thread: it takes less time than a change of threads
    /// would, and whoever awaits it goes on without a pause.
    /// </summary>
    /// <typeparam name="T">What the query finds.</typeparam>
    /// <param name="query">The query; it must not keep the connection.</param>
    /// <param name="cancellationToken">Interrupts the query where it is.</param>
    /// <exception cref="DatabaseUnreadableException">The database doesn't answer.</exception>
    public T Read<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out var connection))
        {
            connection = OpenReaderOrExplain();
        }

        try
        {
            // Asked by SQLite while it works, unlike an interruption from outside, which is lost when it comes before the statement.
            raw.sqlite3_progress_handler(
                connection.Handle, StepsBetweenLooks, _ => cancellationToken.IsCancellationRequested ? 1 : 0, null);
            var found = query(connection);
            GiveBack(connection);
            return found;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            GiveBack(connection);
            throw new OperationCanceledException("The query was interrupted.", fault, cancellationToken);
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new DatabaseUnreadableException(fault);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Looks into the file as it is, without the write-ahead log beside it and whatever connections remember of it.
    /// </summary>
    /// <typeparam name="T">What is found.</typeparam>
    /// <exception cref="SqliteException">The file is no database.</exception>
    internal T ReadFileAlone<T>(Func<SqliteConnection, T> query)
    {
        // As nothing ever changes, SQLite asks neither the log nor for a lock (https://sqlite.org/uri.html).
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = $"file:{Uri.EscapeDataString(File)}?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false,
        }.ToString());
        connection.Open();
        return query(connection);
    }

    private void GiveBack(SqliteConnection connection)
    {
        if (_disposed || _readers.Count >= ReadersKept)
        {
            connection.Dispose();
        }
        else
        {
            _readers.Add(connection);
        }
    }

    /// <summary>The file that the name leads to, be it through symbolic links: another link to it is no other database.</summary>
    private string RealFile =>
        System.IO.File.Exists(File) && System.IO.File.ResolveLinkTarget(File, returnFinalTarget: true) is { } target ? target.FullName : File;

    private SqliteConnection OpenReaderOrExplain()
    {
        try
        {
            return OpenReader();
        }
        catch (Exception fault) when (fault is SqliteException or FileNotFoundException or DatabaseReplacedException)
        {
            throw new DatabaseUnreadableException(fault);
        }
    }

    private SqliteConnection OpenReader()
    {
        Prepare();
        var connection = Open();
        connection.Run("PRAGMA query_only = ON; PRAGMA cache_size = -16384");
        return connection;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            if (_prepared)
            {
                RequireInPlace();
            }

            raw.sqlite3_busy_timeout(connection.Handle, 700);
            connection.Run("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void MakeFile()
    {
        var folder = Path.GetDirectoryName(File)!;
        if (!Directory.Exists(folder))
        {
            PrivateFile.MakeFolder(folder);
        }

        if (!System.IO.File.Exists(File))
        {
            // SQLite gives the log beside it the mode of the file itself.
            PrivateFile.Make(File);
            LogMade(File);
        }
    }

    private void ApplySchema(SqliteConnection connection)
    {
        var scripts = SchemaScripts();
        var newest = scripts[^1].Version;
        var version = connection.Number("PRAGMA user_version");
        if (version > newest)
        {
            throw new StorageException(
                $"The database {File} has schema {version} of a newer console; this one knows {newest}. Start the newer version, or restore the backup made before the update.");
        }

        if (version == newest)
        {
            return;
        }

        connection.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            version = connection.Number("PRAGMA user_version"); // Another instance may have been quicker.
            foreach (var script in scripts.Where(script => script.Version > version))
            {
                connection.Run(script.Text);
                connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {script.Version}"));
            }

            connection.Run("COMMIT");
        }
        catch
        {
            raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            throw;
        }

        LogSchema(newest);
    }

    private static List<(long Version, string Text)> SchemaScripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from name in assembly.GetManifestResourceNames()
               where name.EndsWith(".sql", StringComparison.Ordinal)
               let version = long.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture)
               orderby version
               select (version, TextOf(assembly, name)),
        ];
    }

    private static string TextOf(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [LoggerMessage(EventId = 7000, Level = LogLevel.Information, Message = "Made the database {File}")]
    private partial void LogMade(string file);

    [LoggerMessage(EventId = 7001, Level = LogLevel.Information, Message = "The database has schema {Version}")]
    private partial void LogSchema(long version);
}
