using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.Site;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// The whole console on a real port, with a folder of its own and a PocketBase of its own that holds the demo's app. Nothing
/// in it is replaced; it only has more patience with a disk that others keep busy.
/// </summary>
public class ConsoleApp : WebApplicationFactory<App>, IAsyncLifetime
{
    /// <summary>The superuser that is set aside for superuser keys.</summary>
    public const string SuperuserOfKeys = "superuser-keys@example.test";

    private readonly string _folder = Directory.CreateTempSubdirectory("console-app-").FullName;

    public ConsoleApp() => UseKestrel(0);

    private protected ConsoleApp(Action<KestrelServerOptions> listen) => UseKestrel(listen);

    public DemoServer PocketBase { get; } = new();

    /// <summary>What differs from the settings of all tests.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the server keeps a window whose connection is lost; null for as long as it does by itself.</summary>
    public TimeSpan? KeepsLostWindows { get; init; }

    public Uri Root => ClientOptions.BaseAddress;

    private protected string DatabaseFile => Path.Combine(_folder, "console.db");

    public virtual async ValueTask InitializeAsync()
    {
        await PocketBase.InitializeAsync();
        if (PocketBase.Executable is null)
        {
            throw new InvalidOperationException("The demo's PocketBase isn't there: the build fetches it with Node.js on linux-x64.");
        }

        StartServer();
        Services.GetRequiredService<ConsoleWriter>().Limits = SqliteFile.Patience;
    }

    /// <summary>Everybody holds the demo's roles, and no session is live.</summary>
    public virtual async Task ResetAsync()
    {
        await EndSessionsAsync();
        var roles = Services.GetRequiredService<RoleBook>();
        var missing = new List<(StaffMember, Role?)>();
        foreach (var person in DemoPeople.All)
        {
            if (person.Role is { } role && (await roles.FindAsync(person.Id, CancellationToken.None))?.Roles.Contains(role) != true)
            {
                missing.Add((new StaffMember(person.Id, person.Name, person.Email, []), role));
            }
        }

        await roles.SeedAsync(missing, "Back to the demo's roles");
    }

    private protected async Task EndSessionsAsync()
    {
        foreach (var session in LiveSessions)
        {
            await Services.GetRequiredService<SessionEnds>().EndAsync(session.Id, EndReason.ConsoleStopped);
        }
    }

    /// <summary>The sessions that are live in this server.</summary>
    public IReadOnlyList<ViewAsSession> LiveSessions => Services.GetRequiredService<LiveSessions>().All();

    /// <summary>A window of a demo person, who has signed in, without a page.</summary>
    public async Task<CurrentStaff> AsAsync(string person)
    {
        var window = Services.CreateScope().ServiceProvider;
        var staff = DemoPeople.All.Single(known => known.Key == person);
        var signIn = await window.GetRequiredService<SignInDesk>().BeginAsync(
            new ProvenPerson(staff.Id, staff.Name, staff.Email, TimeProvider.System.GetUtcNow()), clientAddress: null, CancellationToken.None);
        ((IHostEnvironmentAuthenticationStateProvider)window.GetRequiredService<AuthenticationStateProvider>()).SetAuthenticationState(Task.FromResult(
            new AuthenticationState(StaffClaims.Principal(staff.Id, staff.Name, staff.Email, signIn, "Test"))));
        return window.GetRequiredService<CurrentStaff>();
    }

    /// <summary>What the trail holds of a session, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> SessionEventsAsync(string session) =>
        [.. (await Services.GetRequiredService<AuditReader>().ReadAsync(new AuditQuery { SessionId = session }, null, 1000, CancellationToken.None)).Entries.OrderBy(entry => entry.Sequence)];

    /// <summary>The newest events of a type, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> NewestAsync(string type) =>
        (await Services.GetRequiredService<AuditReader>().ReadAsync(new AuditQuery { Types = [type ]}, null, 20, CancellationToken.None)).Entries;

    /// <summary>Makes the proof of identity of a demo person's windows older than any operation takes.</summary>
    public async Task AgeProofAsync(string person)
    {
        await using var other = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await other.OpenAsync();
        await using var update = other.CreateCommand();
        update.CommandText = "UPDATE sign_in SET proven_at = 0 WHERE staff_id = $staff";
        update.Parameters.AddWithValue("$staff", $"demo/{person}");
        Assert.NotEqual(0, await update.ExecuteNonQueryAsync());
    }

    /// <summary>Writes keys down as if years had gone by: one in each state that the console itself decides.</summary>
    public async Task<IReadOnlyList<ApiKey>> FillKeysAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (ines, omar) = (new StaffId("demo/ines-duarte"), new StaffId("demo/omar-haddad"));
        ApiKey[] keys =
        [
            Key("nightly-importer", "Imports the partner's catalogue every night", 300, 65),
            Key("billing", "Reads what is to be billed at the end of a month", 340, 25) with { Kind = KeyKind.Service },
            Key("status-page", "Shows on the status page whether the app answers", 29, 1) with { Owner = new StaffId("demo/tom-weber") },
            Key("newsletter", "Sends the newsletter to those who want it", 100, 80) with { SuspendedAt = now.AddDays(-2) },
            Key("search-index", "Feeds the search engine of the help pages", 400, -35),
            Key("crm-sync", "Brings new contacts over to the sales people", 200, 165) with
            {
                Phase = KeyPhase.Revoked,
                Revocation = new KeyRevocation(omar, "Omar Haddad", "The contract ended", now.AddDays(-20), "a token of the same account, accepted before, was refused (401) at 08:12:40 UTC"),
            },
            Key("=cmd|' /C calc'!A0 \"quoted\"", "A name that somebody meant ill with", 10, 80),
            Key("migration-tool", "Moves the archive to the new server in one go", 0, 7) with
            {
                Collection = "_superusers", Kind = KeyKind.Superuser, Phase = KeyPhase.Requested, WaitsUntil = now.AddHours(20), Fingerprint = null,
                CreatedBy = new StaffId("demo/mia-chen"), CreatedByName = "Mia Chen", Record = "",
            },
            Key("restore-drill", "Checks once a month that a backup can be read", 5, 20) with { Collection = "_superusers", Kind = KeyKind.Superuser, ApprovedBy = omar },
        ];
        foreach (var key in keys.Where(key => key.Collection != "_superusers" && key.Name != "search-index"))
        {
            await PocketBase.AdminAsync(HttpMethod.Post, "/api/collections/service_accounts/records", new JsonObject
            {
                ["id"] = key.Record, ["label"] = key.Name, ["password"] = key.Record, ["passwordConfirm"] = key.Record, ["disabled"] = key.SuspendedAt is not null,
            });
        }

        await Services.GetRequiredService<KeyBook>().SaveAsync([], keys);
        return keys;

        ApiKey Key(string name, string purpose, int daysAgo, int daysLeft)
        {
            var id = System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 15);
            return new ApiKey(id, "service_accounts", id, KeyKind.ScheduledJob, name, purpose, ines, now.AddDays(-daysAgo), ines, "Ines Duarte", now.AddDays(daysLeft), KeyPhase.Live)
            {
                Fingerprint = KeyFingerprint.Of(id), WarnedDays = 0,
            };
        }
    }

    /// <summary>Appends events as if a busy day had gone by.</summary>
    public Task FillTrailAsync(int events) => Services.GetRequiredService<AuditTrail>().AppendAsync(
        [.. Enumerable.Range(1, events).Select(number =>
            new AuditEvent(AuditEventTypes.UsersSearched, TimeProvider.System.GetUtcNow(), AuditActor.System) { Detail = $"filler {number} of {events}" })]);

    /// <summary>Holds the console's database as another program would, until the result is disposed.</summary>
    public async Task<IAsyncDisposable> LockDatabaseAsync()
    {
        var other = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await other.OpenAsync();
        await using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        return other;
    }

    /// <summary>The console's own files (database with its write-ahead log, key, logs) in which something matches.</summary>
    public IReadOnlyList<string> FilesWith(Regex pattern)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return FilesNowWith(pattern);
            }
            catch (FileNotFoundException) when (tries < 10)
            {
                // One was written under another name first, and has its own now.
            }
        }
    }

    private List<string> FilesNowWith(Regex pattern)
    {
        var files = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        Assert.Contains(DatabaseFile, files);
        Assert.Contains(files, file => file.EndsWith(".jsonl", StringComparison.Ordinal));
        // The mark of whose database it is is empty, and held against everybody.
        return [.. files.Where(file => !file.EndsWith(".owner", StringComparison.Ordinal)).Where(file => pattern.IsMatch(ReadShared(file)))];
    }

    /// <summary>Stops the server, then its PocketBase, and removes what they wrote.</summary>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await PocketBase.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // Development makes the server find MudBlazor's files and Blazor's script in an unpublished build.
        builder.UseEnvironment("Development");
        (string Key, string Value)[] settings =
        [
            // All journeys come from one address, and a few people do in minutes what others do in a week.
            ("Limits:AnonymousPerMinute", "100000"),
            ("Limits:ReadsPerMinute", "10000"),
            ("Limits:SessionsPerHour", "1000"),
            ("Limits:SearchesPerMinute", "1000"),
            ("SignIn:Mode", "Demo"),
            ("Demo:Enabled", "false"),
            ("Storage:ConnectionString", $"Data Source={DatabaseFile}"),
            ("Audit:CheckpointFolder", Path.Combine(_folder, "checkpoints")),
            ("DataProtection:KeyFolder", Path.Combine(_folder, "keys")),
            ("Logging:Folder", Path.Combine(_folder, "logs")),
            ("Demo:DataFolder", Path.Combine(_folder, "demo")),
            ("PocketBase:Url", PocketBase.Url.ToString()),
            ("PocketBase:SuperuserEmail", PocketBaseServer.SuperuserEmail),
            ("PocketBase:SuperuserPassword", PocketBaseServer.SuperuserPassword),
            ("ViewAs:ProtectedUsers", "protected = true"),
            ("ApiKeys:SuperuserAccount", SuperuserOfKeys),
            .. Settings.Select(setting => (setting.Key, setting.Value)),
        ];
        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }

        if (KeepsLostWindows is { } time)
        {
            builder.ConfigureServices(services => services.PostConfigure<CircuitOptions>(options => options.DisconnectedCircuitRetentionPeriod = time));
        }
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
