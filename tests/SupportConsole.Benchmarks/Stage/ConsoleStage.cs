using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Demo;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Hosting;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Stage;

/// <summary>The whole console in this process, composed as in production, and one person to use it.</summary>
internal sealed class ConsoleStage : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IServiceScope _window;

    private ConsoleStage(WebApplication app)
    {
        _app = app;
        _window = app.Services.CreateScope();
    }

    public CurrentStaff Staff => Get<CurrentStaff>();

    public T Get<T>()
        where T : notnull => _window.ServiceProvider.GetRequiredService<T>();

    /// <summary>Starts the console on a data folder, against a PocketBase or, where none is needed, an address where nobody listens.</summary>
    public static async Task<ConsoleStage> StartAsync(
        string dataFolder, string? pocketBase = null, Role role = Role.Agent, params (string Key, string Value)[] settings)
    {
        var builder = Compose("http://127.0.0.1:0", dataFolder, pocketBase);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddScoped<AuthenticationStateProvider, OnePerson>();
        var app = builder.Build();
        await app.StartAsync();
        var stage = new ConsoleStage(app);
        if (await stage.Get<RoleBook>().FindAsync(OnePerson.Id, CancellationToken.None) is null)
        {
            await stage.Get<RoleBook>().SeedAsync(
                [(new StaffMember(OnePerson.Id, "Bench Person", "bench@corp.example", []), role)], "Role for the benchmarks");
        }

        await SignInAsync(stage._window.ServiceProvider, OnePerson.Id, "Bench Person", "bench@corp.example");
        return stage;
    }

    /// <summary>Signs somebody in and makes a window theirs.</summary>
    public static async Task SignInAsync(IServiceProvider window, StaffId id, string name, string email)
    {
        var person = new ProvenPerson(id, name, email, TimeProvider.System.GetUtcNow());
        var signIn = await window.GetRequiredService<SignInDesk>().BeginAsync(person, clientAddress: null, CancellationToken.None);
        ((IHostEnvironmentAuthenticationStateProvider)window.GetRequiredService<AuthenticationStateProvider>()).SetAuthenticationState(
            Task.FromResult(new AuthenticationState(StaffClaims.Principal(id, name, email, signIn, "Bench"))));
    }

    /// <summary>The console on a data folder, with settings that stand in no measurement's way.</summary>
    public static WebApplicationBuilder Compose(string address, string dataFolder, string? pocketBase)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = Environments.Development,
            ApplicationName = typeof(ConsoleStage).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = address,
            ["Storage:ConnectionString"] = $"Data Source={Path.Combine(dataFolder, "console.db")}",
            ["DataProtection:KeyFolder"] = Path.Combine(dataFolder, "keys"),
            ["SignIn:Mode"] = "Demo",
            ["PocketBase:Url"] = pocketBase ?? "http://127.0.0.1:9",
            ["PocketBase:SuperuserEmail"] = DemoBackend.SuperuserEmail,
            ["PocketBase:SuperuserPassword"] = AppServer.SuperuserPassword,
            ["ViewAs:ProtectedUsers"] = "protected = true",
            // What is measured is the console at work, and one person does it all.
            ["Limits:SearchesPerMinute"] = "1000000",
            ["Limits:ReadsPerMinute"] = "1000000",
            ["Limits:SessionsPerHour"] = "1000000",
            ["Limits:WindowsPerPerson"] = "1000000",
            ["Limits:HandshakesPerMinute"] = "1000000",
            ["Limits:AnonymousPerMinute"] = "1000000",
        });
        builder.Logging.ClearProviders();
        builder.AddConsole();
        return builder;
    }

    /// <summary>Opens a view-as session of the longest time box on a member of the demo's app.</summary>
    public Task<ViewAsSession> OpenSessionAsync() => OpenSessionAsync(_window.ServiceProvider);

    /// <summary>The same for whoever a window's services say it belongs to.</summary>
    public static async Task<ViewAsSession> OpenSessionAsync(IServiceProvider window)
    {
        if (!AppUserId.TryCreate("users", AppServer.Member, out var member))
        {
            throw new InvalidOperationException("The demo's member has no usable id.");
        }

        var outcome = await window.GetRequiredService<ViewAsDesk>().OpenAsync(
            window.GetRequiredService<CurrentStaff>(), member, new ViewAsPurpose("Measuring the posts page", ViewAsPolicy.Categories[0], ""), 60, CancellationToken.None);
        return outcome is ViewAsOutcome.Opened opened ? opened.Session : throw new InvalidOperationException($"No session was opened: {outcome}");
    }

    public async ValueTask DisposeAsync()
    {
        _window.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class OnePerson : ServerAuthenticationStateProvider
    {
        public static StaffId Id { get; } = new("bench/person");
    }
}
