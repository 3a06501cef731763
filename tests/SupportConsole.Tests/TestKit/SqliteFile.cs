using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>A folder of its own for one test's database, removed with everything in it at the end.</summary>
public sealed class SqliteFile : IAsyncDisposable
{
    private readonly List<ConsoleWriter> _writers = [];
    private readonly List<ConsoleDb> _opened = [];

    /// <summary>Limits for a writer that no disk comes near which stalls beside other tests; SQLite's own, before a locked file, stays.</summary>
    internal static (TimeSpan TakeUp, TimeSpan Commit) Patience { get; } = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    /// <summary>The folder that plays the content root.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("console-").FullName;

    /// <summary>The database file.</summary>
    public string File => Path.Combine(Folder, "data", "console.db");

    /// <summary>Opens the database as the console does.</summary>
    public ConsoleDb Open(string connectionString = "Data Source=data/console.db")
    {
        var db = new ConsoleDb(
            Options.Create(new StorageOptions { ConnectionString = connectionString }),
            new Place(Environments.Development, Folder),
            NullLogger<ConsoleDb>.Instance);
        _opened.Add(db);
        return db;
    }

    /// <summary>A trail on the database.</summary>
    public AuditTrail OpenTrail(ConsoleDb db) => TrailOn(OpenWriter(db), db);

    /// <summary>The trail of a writer.</summary>
    public static AuditTrail TrailOn(ConsoleWriter writer, ConsoleDb db) => new(writer, db, NullLogger<AuditTrail>.Instance);

    /// <summary>A writer with patience, which is its caller's to end.</summary>
    public static ConsoleWriter WriterOn(ConsoleDb db) => new(db, NullLogger<ConsoleWriter>.Instance) { Limits = Patience };

    /// <summary>A writer on the database, with patience.</summary>
    public ConsoleWriter OpenWriter(ConsoleDb db)
    {
        var writer = WriterOn(db);
        _writers.Add(writer);
        return writer;
    }

    /// <summary>A connection past the console's own, as another program would open.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

    /// <summary>Does to a database what somebody can who has its file in their hands: no trigger stands in the way.</summary>
    public static void Tamper(SqliteConnection connection, string statements)
    {
        List<string> triggers = [];
        using (var command = connection.Prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                triggers.Add(rows.GetString(0));
            }
        }

        triggers.ForEach(trigger => connection.Run($"DROP TRIGGER {trigger}"));
        connection.Run(statements);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.DisposeAsync();
        }

        foreach (var db in _opened)
        {
            db.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
