using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.Shell;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// The whole console on a real port, with a folder of its own and a PocketBase of its own that holds the demo's app. Nothing
/// in it is replaced.
/// </summary>
public class ConsoleApp : WebApplicationFactory<App>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("console-app-").FullName;

    public ConsoleApp() => UseKestrel(0);

    private protected ConsoleApp(Action<KestrelServerOptions> listen) => UseKestrel(listen);

    public DemoServer PocketBase { get; } = new();

    /// <summary>What differs from the settings of all tests.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

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
            await Services.GetRequiredService<ViewAsDesk>().EndAsync(session.Id, EndReason.ConsoleStopped);
        }
    }

    /// <summary>The sessions that are live in this server.</summary>
    public IReadOnlyList<ViewAsSession> LiveSessions => Services.GetRequiredService<OpenSessions>().All();

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
        [.. (await Services.GetRequiredService<AuditReader>().SessionEventsAsync(session, 1000, CancellationToken.None)).OrderBy(entry => entry.Sequence)];

    /// <summary>The newest events of a type, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> NewestAsync(string type) =>
        (await Services.GetRequiredService<AuditReader>().ReadAsync(new AuditQuery { Type = type }, null, 20, CancellationToken.None)).Entries;

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
        var files = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        Assert.Contains(DatabaseFile, files);
        Assert.Contains(files, file => file.EndsWith(".jsonl", StringComparison.Ordinal));
        return [.. files.Where(file => pattern.IsMatch(ReadShared(file)))];
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
            // All journeys come from one address.
            ("Limits:AnonymousPerMinute", "100000"),
            ("SignIn:Mode", "Demo"),
            ("Demo:Enabled", "false"),
            ("Storage:ConnectionString", $"Data Source={DatabaseFile}"),
            ("DataProtection:KeyFolder", Path.Combine(_folder, "keys")),
            ("Logging:Folder", Path.Combine(_folder, "logs")),
            ("Demo:DataFolder", Path.Combine(_folder, "demo")),
            ("PocketBase:Url", PocketBase.Url.ToString()),
            ("PocketBase:SuperuserEmail", PocketBaseServer.SuperuserEmail),
            ("PocketBase:SuperuserPassword", PocketBaseServer.SuperuserPassword),
            ("ViewAs:ProtectedUsers", "protected = true"),
            .. Settings.Select(setting => (setting.Key, setting.Value)),
        ];
        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
