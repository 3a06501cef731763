using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>A trail on a real database and what takes it out of the house, started again as often as a test wants.</summary>
internal sealed class ShippedTrail : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly List<IDisposable> _opened = [];
    private ConsoleWriter _writer;
    private TrailShipping? _shipping;

    public ShippedTrail()
    {
        Db = File.Open();
        _writer = File.OpenWriter(Db);
        Trail = SqliteFile.TrailOn(_writer, Db);
        System.IO.File.WriteAllText(SecretFile, $"{Secret}\n");
    }

    public SqliteFile File { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero));

    public LogLines Log { get; } = new();

    public ConsoleDb Db { get; private set; }

    public AuditTrail Trail { get; private set; }

    public string SecretFile => Path.Combine(File.Folder, "webhook.secret");

    /// <summary>The environment that sinks are made in.</summary>
    public string Environment { get; set; } = Environments.Development;

    private IHostEnvironment Place => new Place(Environment, File.Folder);

    /// <summary>Waits for an answer by the machine's clock, or by this one.</summary>
    public WebhookSink Webhook(Uri url, string from = SinkStart.Start, TimeProvider? clock = null, params string[] events)
    {
        var sink = new WebhookSink(
            Options.Create(new WebhookOptions { Url = url.ToString(), SecretFile = SecretFile, From = from, Events = events.Length > 0 ? events : ["*"] }), Place,
            clock ?? TimeProvider.System);
        _opened.Add(sink);
        return sink;
    }

    /// <summary>Waits for a write by the machine's clock, or by this one.</summary>
    public MirrorSink Mirror(string path, int megabytes = 100, TimeProvider? clock = null) => new(Options.Create(new MirrorOptions { Path = path, From = SinkStart.Start, FileMegabytes = megabytes }), Place, clock ?? TimeProvider.System);

    public OtlpSink Otlp(Uri url)
    {
        var sink = new OtlpSink(Options.Create(new OtlpOptions { Endpoint = url.ToString(), From = SinkStart.Start }), Clock);
        _opened.Add(sink);
        return sink;
    }

    /// <summary>Begins to ship, instead of whatever shipped before.</summary>
    public async Task ShipAsync(params IEventSink[] sinks)
    {
        await StopAsync();
        var logs = LoggerFactory.Create(logging => logging.AddProvider(Log));
        _opened.Add(logs);
        _shipping = new TrailShipping(sinks, Db, _writer, Clock, logs.CreateLogger<TrailShipping>());
        _opened.Add(_shipping);
        await _shipping.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        if (_shipping is not null)
        {
            await _shipping.StopAsync(CancellationToken.None);
            _shipping = null;
        }
    }

    /// <summary>Stops, has something done to the files, and opens the trail again; nothing ships yet.</summary>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await StopAsync();
        await _writer.DisposeAsync();
        Db.Dispose();
        meanwhile?.Invoke();
        Db = File.Open();
        _writer = File.OpenWriter(Db);
        Trail = SqliteFile.TrailOn(_writer, Db);
    }

    public AuditEvent Event(string reason, string type = AuditEventTypes.RoleGranted) =>
        new(type, Clock.GetUtcNow(), new AuditActor(new StaffId("demo/ruth-okafor"), "Ruth Okafor", [Role.Manager]))
        {
            Subject = new AuditSubject("users", "ada0000000000000", "Ada Lovelace"), SessionId = "abc123", Reason = reason, Ticket = "SUP-12", ClientAddress = "192.0.2.7",
        };

    /// <summary>Appends so many events, in one commit.</summary>
    public Task AppendAsync(int count, string type = AuditEventTypes.RoleGranted) => Trail.AppendAsync([.. Enumerable.Range(1, count).Select(each => Event($"reason {each}", type))]);

    public SinkRow Row(string sink) => Db.Read(connection => SinkTable.Of(connection, sink), CancellationToken.None)!;

    /// <summary>Lets the clock go on until a sink's place is written down there and nothing is wrong with it.</summary>
    public Task ReachesAsync(string sink, long position, Func<bool>? busy = null) => Clock.TickUntilAsync(() => Row(sink) is { Fault: null } row && row.Position == position, busy);

    /// <summary>Waits for that by a clock that stands still: there is one round, and whoever is asked has all the time that it needs.</summary>
    public async Task ReachesInOneRoundAsync(string sink, long position)
    {
        while (Row(sink).Position != position)
        {
            Assert.Equal(0, Logged(3021));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends when no sink has a round under way.</summary>
    public Task Rounds => _shipping!.Rounds;

    /// <summary>Lets the clock go on until it is written down that a sink takes nothing.</summary>
    public Task FailsAsync(string sink, string fault) => Clock.TickUntilAsync(() => Row(sink).Fault?.Contains(fault, StringComparison.Ordinal) == true);

    public int Logged(int number) => Log.All.Count(line => line.Contains($" {number}: ", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var opened in _opened)
        {
            opened.Dispose();
        }

        await File.DisposeAsync();
    }
}
