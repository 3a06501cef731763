using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SupportConsole.PocketBase;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// The adapter as the console registers it, pointed at a server. Its clock stands years away from the server's and moves only
/// when told to.
/// </summary>
internal sealed class PocketBaseAccess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public PocketBaseAccess(Uri url, params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["PocketBase:Url"] = url.ToString(),
            ["PocketBase:SuperuserEmail"] = PocketBaseServer.SuperuserEmail,
            ["PocketBase:SuperuserPassword"] = PocketBaseServer.SuperuserPassword,
            ["PocketBase:UserCollections:0"] = "users",
            ["PocketBase:UserCollections:1"] = "members",
        };
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddSingleton<IHostEnvironment>(new Place(Environments.Development, AppContext.BaseDirectory))
            .AddSingleton<TimeProvider>(Clock)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddPocketBase()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));

    public LogLines Log { get; } = new();

    public SuperuserClient Superuser => _services.GetRequiredService<SuperuserClient>();

    public SuperuserRequests Requests => _services.GetRequiredService<SuperuserRequests>();

    public CompanionHook Companion => _services.GetRequiredService<CompanionHook>();

    public CompanionTrial Trial => _services.GetRequiredService<CompanionTrial>();

    public SetUpReader SetUp => _services.GetRequiredService<SetUpReader>();

    public ServiceAccounts Accounts => _services.GetRequiredService<ServiceAccounts>();

    public RequestLog RequestLog => _services.GetRequiredService<RequestLog>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
