using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>A log of its own with its tree, keys and checkpoints, on a real database; started again it goes on where it was.</summary>
internal sealed class ProvenLog : IAsyncDisposable
{
    private readonly SqliteFile _file = new();
    private ConsoleWriter _writer = null!;

    public ProvenLog()
        : this(new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A log at a time of its own: witnesses in other processes go by the machine's.</summary>
    public ProvenLog(DateTimeOffset now)
    {
        Clock = new FakeTimeProvider(now);
        Start();
    }

    public FakeTimeProvider Clock { get; }

    public LogLines Log { get; } = new();

    public AuditOptions Options { get; } = new();

    public ConsoleDb Db { get; private set; } = null!;

    public AuditTrail Trail { get; private set; } = null!;

    public SigningKeys Keys { get; private set; } = null!;

    public CheckpointFolder Folder { get; private set; } = null!;

    public CheckpointDesk Checkpoints { get; private set; } = null!;

    public TrailVerifier Verifier { get; private set; } = null!;

    public Verification Verification { get; private set; } = null!;

    public Witnesses Witnesses { get; private set; } = null!;

    public CheckpointKeeper Keeper { get; private set; } = null!;

    public Retention Retention { get; private set; } = null!;

    /// <summary>The database file.</summary>
    public string File => _file.File;

    /// <summary>Stops this console, has something done to its files, and starts it again.</summary>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await _writer.DisposeAsync();
        Db.Dispose();
        meanwhile?.Invoke();
        Start();
    }

    /// <summary>A console of the same files; the one before goes on beside it.</summary>
    public void Start()
    {
        var place = new Place(Environments.Development, _file.Folder);
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        var logs = LoggerFactory.Create(logging => logging.AddProvider(Log));
        Db = _file.Open();
        _writer = _file.OpenWriter(Db);
        Trail = SqliteFile.TrailOn(_writer, Db);
        Keys = new SigningKeys(options, place, Db);
        Folder = new CheckpointFolder(options, place, Db, Clock);
        Checkpoints = new CheckpointDesk(Db, _writer, Keys, Folder, Clock, logs.CreateLogger<CheckpointDesk>());
        Verifier = new TrailVerifier(Db, Folder, Keys, Clock);
        Verification = new Verification(Verifier, Trail, Db, Clock, logs.CreateLogger<Verification>());
        Witnesses = new Witnesses(Checkpoints, new WitnessClient(Clock), Verification, Db, _writer, options, Clock, logs.CreateLogger<Witnesses>());
        Retention = new Retention(Trail, Verification, Checkpoints, Db, _writer, options, Clock, logs.CreateLogger<Retention>());
        Keeper = new CheckpointKeeper(Trail, Checkpoints, Witnesses, Verification, _writer, options, Clock, logs.CreateLogger<CheckpointKeeper>());
    }

    /// <summary>Appends so many events.</summary>
    public async Task AppendAsync(int count, string reason = "a reason")
    {
        for (var done = 0; done < count; done += 100)
        {
            await Trail.AppendAsync([.. Enumerable.Range(done, Math.Min(100, count - done)).Select(each => Event($"{reason} {each}"))]);
        }
    }

    public AuditEvent Event(string reason) =>
        new(AuditEventTypes.RecordsListed, Clock.GetUtcNow(), new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]))
        {
            Subject = new AuditSubject("users", "ada0000000000000", "Ada Lovelace"), SessionId = "abc123", Reason = reason,
        };

    /// <summary>Signs a checkpoint over all there is, and has it cosigned.</summary>
    public async Task CosignAsync() => await Witnesses.AskAsync((await Checkpoints.MakeAsync())!.Size);

    /// <summary>Makes up for tiles as a start does; whether it would go on with that.</summary>
    public bool GrowTree()
    {
        using var connection = Db.OpenWriter(700);
        return Trail.GrowTree(connection, 65_536);
    }

    /// <summary>What a verification of all of it says.</summary>
    public Task<Verdict> VerifyAsync() => Verifier.VerifyAsync(null, null, TestContext.Current.CancellationToken);

    /// <summary>Does to the file what somebody can who has it in their hands: no trigger stands in the way.</summary>
    public void Tamper(string statements)
    {
        using var connection = _file.Connect();
        SqliteFile.Tamper(connection, statements);
    }

    /// <summary>The files of the checkpoints, by size.</summary>
    public string[] CheckpointFiles() =>
        [.. Directory.EnumerateFiles(Folder.Path, "*.checkpoint", SearchOption.AllDirectories).Where(file => CheckpointFolder.SizeIn(file) is not null).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
