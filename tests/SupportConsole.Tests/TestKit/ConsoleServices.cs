using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Hosting;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// The console without its pages, with the features as the console composes them: a real database file, a real PocketBase behind a relay, and
/// a clock that moves only when told to. The demo people hold the roles of the demo's first start.
/// </summary>
internal sealed class ConsoleServices : IAsyncDisposable
{
    public const string Agent = "mia-chen", OtherAgent = "jan-peeters", Admin = "ines-duarte", Manager = "ruth-okafor",
        OtherManager = "omar-haddad", Nobody = "tom-weber";

    private readonly WebApplication _app;
    private readonly SqliteFile _file;
    private readonly bool _ownsFile;

    private ConsoleServices(WebApplication app, Relay relay, SqliteFile file, bool ownsFile, FakeTimeProvider clock, LogLines log)
    {
        _app = app;
        Relay = relay;
        _file = file;
        _ownsFile = ownsFile;
        Clock = clock;
        Log = log;
    }

    /// <summary>What stands between the console and PocketBase.</summary>
    public Relay Relay { get; }

    public FakeTimeProvider Clock { get; }

    public LogLines Log { get; }

    /// <summary>The database file.</summary>
    public SqliteFile File => _file;

    public RoleBook Roles => Get<RoleBook>();

    public SignInDesk SignIn => Get<SignInDesk>();

    public UserDirectory Directory => Get<UserDirectory>();

    public ViewAsDesk Desk => Get<ViewAsDesk>();

    public SessionEnds Ends => Get<SessionEnds>();

    public PostReader Reader => Get<PostReader>();

    public KeyMaker Keys => Get<KeyMaker>();

    public SuperuserKeys Superusers => Get<SuperuserKeys>();

    public KeyRevoker Revoker => Get<KeyRevoker>();

    public KeySuspension Suspension => Get<KeySuspension>();

    public KeyEmergency Emergency => Get<KeyEmergency>();

    public KeyInventory Inventory => Get<KeyInventory>();

    public KeyKeeper Keeper => Get<KeyKeeper>();

    public LiveSessions Sessions => Get<LiveSessions>();

    public StaffChangeFeed Changes => Get<StaffChangeFeed>();

    public Lifetime Lifetime => Working<Lifetime>();

    public SessionWatch Watch => Working<SessionWatch>();

    public ViewedUserWatch UserWatch => Working<ViewedUserWatch>();

    public RevokedKeyWatch RevokedWatch => Working<RevokedKeyWatch>();

    /// <summary>Composes a console. A file handed in is left to its owner: a restart is a second console on the same file.</summary>
    public static async Task<ConsoleServices> StartAsync(
        AppServer? server = null, SqliteFile? file = null, FakeTimeProvider? clock = null, params (string Key, string Value)[] settings)
    {
        Assert.SkipUnless(server is null || server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        var ownsFile = file is null;
        file ??= new SqliteFile();
        clock ??= new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var log = new LogLines();
        var relay = await Relay.StartAsync(server?.Url);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = Environments.Development, ContentRootPath = file.Folder, ApplicationName = "SupportConsole",
        });
        var values = new Dictionary<string, string?>
        {
            ["PocketBase:Url"] = relay.Url.ToString(),
            ["ViewAs:ProtectedUsers"] = "protected = true",
            ["SignIn:Mode"] = "Demo",
            ["Limits:ReadsPerMinute"] = "100000", // Tests read without a pause.
        };
        if (server is null)
        {
            values["PocketBase:SuperuserEmail"] = PocketBaseServer.SuperuserEmail;
            values["PocketBase:SuperuserPassword"] = PocketBaseServer.SuperuserPassword;
        }
        else
        {
            values["PocketBase:SuperuserToken"] = server.SuperuserToken;
        }

        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(values);
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.AddFeatures();
        builder.Services.AddScoped<AuthenticationStateProvider, Window>();

        var console = new ConsoleServices(builder.Build(), relay, file, ownsFile, clock, log);
        console.Get<ConsoleWriter>().Limits = SqliteFile.Patience;
        await console.Working<DemoRoles>().StartAsync(CancellationToken.None);
        console.SignEverybodyIn();
        return console;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>What works beside the pages; nothing of it has been started but the demo's roles.</summary>
    public T Working<T>()
        where T : IHostedService => Get<IEnumerable<IHostedService>>().OfType<T>().Single();

    /// <summary>A window of a demo person, who has signed in.</summary>
    public CurrentStaff As(string person)
    {
        var scope = _app.Services.CreateScope().ServiceProvider;
        var staff = Person(person);
        ((Window)scope.GetRequiredService<AuthenticationStateProvider>()).User =
            StaffClaims.Principal(staff.Id, staff.Name, staff.Email, SignInOf(person), "Test");
        scope.GetRequiredService<StaffPrincipal>().ClientAddress = "192.0.2.7";
        return scope.GetRequiredService<CurrentStaff>();
    }

    /// <summary>The sign-in of a demo person's windows. It is in the future, so that a test may move its clock as it likes.</summary>
    public static string SignInOf(string person) => $"sign-in of {person}";

    /// <summary>Makes the proof of identity of a demo person's windows as old as that of a sign-in at some instant.</summary>
    public void ProveAt(string person, DateTimeOffset? instant)
    {
        using var connection = _file.Connect();
        using var update = connection.Prepare(
            "UPDATE sign_in SET proven_at = $at WHERE id = $id", ("$id", SignInOf(person)), ("$at", instant is { } at ? StoredTime.From(at) : null));
        Assert.Equal(1, update.ExecuteNonQuery());
    }

    private void SignEverybodyIn()
    {
        using var connection = _file.Connect();
        foreach (var person in DemoPeople.All)
        {
            using var insert = connection.Prepare(
                "INSERT OR IGNORE INTO sign_in (id, staff_id, started_at, proven_at, seen_at) VALUES ($id, $staff, $at, $at, $at)",
                ("$id", SignInOf(person.Key)), ("$staff", person.Id.Value), ("$at", StoredTime.From(Clock.GetUtcNow().AddYears(50))));
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>A window that nobody is signed in to.</summary>
    public CurrentStaff AsNobody() => _app.Services.CreateScope().ServiceProvider.GetRequiredService<CurrentStaff>();

    public static DemoPerson Person(string key) => DemoPeople.All.Single(person => person.Key == key);

    public static AppUserId User(string record, string collection = "users")
    {
        Assert.True(AppUserId.TryCreate(collection, record, out var user));
        return user;
    }

    /// <summary>Everything in the trail, oldest first.</summary>
    public async Task<AuditEvent[]> EventsAsync(string? session = null)
    {
        var page = await Get<AuditReader>().ReadAsync(AuditQuery.All with { SessionId = session }, before: null, 5000, CancellationToken.None);
        return [.. page.Entries.OrderBy(entry => entry.Sequence).Select(entry => entry.Event)];
    }

    /// <summary>The types of the events after those of the demo's first start.</summary>
    public async Task<string[]> TypesAsync(string? session = null) =>
        [.. (await EventsAsync(session)).Where(e => e.Actor.Id != StaffId.System || e.Type != AuditEventTypes.RoleGranted).Select(e => e.Type)];

    /// <summary>Waits until an event is in the trail.</summary>
    public Task UntilRecordedAsync(Func<AuditEvent, bool> isIt, string? session = null) =>
        Waiting.UntilAsync(async () => (await EventsAsync(session)).Any(isIt));

    /// <summary>Sets the clock to the machine's time, which is PocketBase's: the console's stands still otherwise.</summary>
    public void SetToNow() => Clock.SetUtcNow(TimeProvider.System.GetUtcNow());

    /// <summary>Opens a session as a demo person, with everything in order.</summary>
    public async Task<ViewAsSession> OpenAsync(AppUserId user, string person = Agent, int minutes = 15)
    {
        var outcome = await Desk.OpenAsync(As(person), user, Purpose, minutes, TestContext.Current.CancellationToken);
        return Assert.IsType<ViewAsOutcome.Opened>(outcome).Session;
    }

    /// <summary>Lays an ended session beside PocketBase's log until what a test waits for has arrived there; what it is after eight looks, otherwise.</summary>
    internal async Task<LogComparison> ComparedAsync(string session, Func<LogComparison, bool> arrived)
    {
        for (var attempt = 1; ; attempt++)
        {
            // PocketBase writes its log down when nobody has asked for anything for three seconds, or in stretches of 200 lines, which
            // may cut a session in two; asking sooner would only put it off.
            await Task.Delay(TimeSpan.FromSeconds(3.3), TimeProvider.System, TestContext.Current.CancellationToken);
            var compared = (await Get<SessionComparison>().CompareAsync(As(Agent), session, TestContext.Current.CancellationToken))!;
            if (arrived(compared) || attempt == 8)
            {
                return compared;
            }
        }
    }

    public static ViewAsPurpose Purpose { get; } = new("Draft is missing from the list", "Troubleshooting", "SUP-12");

    /// <summary>A key for a month, owned by the admin, with a name that nobody else has.</summary>
    public static KeyWish Wish(string? name = null, int days = 30) =>
        new(name ?? $"importer {Guid.NewGuid():n}", "Imports the catalogue every night", Person(Admin).Id.Value, KeyKind.ScheduledJob, new KeyLife(days));

    /// <summary>Makes a key as a demo person, with everything in order.</summary>
    public async Task<IssuedKey> MakeKeyAsync(KeyWish? wish = null, string person = Admin)
    {
        var draft = await Keys.PrepareAsync(As(person), wish ?? Wish(), TestContext.Current.CancellationToken);
        return await Keys.MintAsync(As(person), draft.Key.Id, TestContext.Current.CancellationToken);
    }

    /// <summary>Holds the database as another program would, until disposed of: nothing can be recorded meanwhile.</summary>
    public IDisposable LockTrail()
    {
        var connection = _file.Connect();
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Lets whatever asks for a role fail, as a damaged file would, until disposed of.</summary>
    public IDisposable DamageRoles()
    {
        Rename("role_grant", "role_grant_lost");
        return new Damage(() => Rename("role_grant_lost", "role_grant"));
    }

    /// <summary>Purges the trail up to a place, as the rule would, and says which event tells of it.</summary>
    public async Task<long> PurgeAsync(long through)
    {
        var (trail, at) = (Get<AuditTrail>(), Clock.GetUtcNow());
        var told = await trail.AppendAsync(new AuditEvent(AuditEventTypes.AuditPurged, at, AuditActor.System) { Target = new AuditTarget(PurgeTable.Target) { Count = (int)through } });
        await trail.IndexAsync(CancellationToken.None);
        using var connection = File.Connect();
        var purge = new Purge(told.Sequence, through);
        PurgeTable.Begin(connection, at, through);
        while (PurgeTable.RemoveSome(connection, purge))
        {
        }

        PurgeTable.Finish(connection, purge);
        return told.Sequence;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Relay.DisposeAsync();
        SqliteConnection.ClearAllPools();
        if (_ownsFile)
        {
            await _file.DisposeAsync();
        }
    }

    private void Rename(string table, string name)
    {
        using var connection = _file.Connect();
        using var rename = connection.Prepare($"ALTER TABLE {table} RENAME TO {name}");
        rename.ExecuteNonQuery();
    }

    private sealed class Damage(Action mend) : IDisposable
    {
        public void Dispose() => mend();
    }

    private sealed class Window : AuthenticationStateProvider
    {
        public ClaimsPrincipal User { get; set; } = new(new ClaimsIdentity());

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(User));
    }
}
