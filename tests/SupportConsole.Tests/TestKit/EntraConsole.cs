using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Identity.Web;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// The whole console over HTTPS, whose staff sign in at a tenant of their own. The framework's handlers are the real ones; all that
/// differs from production is which certificate they trust.
/// </summary>
public sealed class EntraConsole : ConsoleApp
{
    public static readonly EntraAccount Bo = new("8d2a51de-0000-4000-8000-000000000001", "Bo Strand", "bo@corp.example", "Console.User");
    public static readonly EntraAccount Nora = new("8d2a51de-0000-4000-8000-000000000002", "Nora Lind", "nora@corp.example", "Console.User");
    public static readonly EntraAccount Ravi = new("8d2a51de-0000-4000-8000-000000000003", "Ravi Menon", "ravi@corp.example", "Manager", "Admin", "Agent");
    public static readonly EntraAccount Sven = new("8d2a51de-0000-4000-8000-000000000004", "Sven Holt", "sven@corp.example", "Console.User", "Manager", "Admin", "Agent");

    private const string IssuerClient = "issuer validation";

    private readonly EntraTenant _tenant;

    public EntraConsole()
        : this(EntraTenant.StartAsync().GetAwaiter().GetResult())
    {
    }

    private EntraConsole(EntraTenant tenant)
        : base(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(tenant.Certificate))) => _tenant = tenant;

    public EntraTenant Tenant => _tenant;

    /// <summary>The console with the path that it lies below.</summary>
    public Uri Site => Settings.TryGetValue("Hosting:PathBase", out var path) ? new Uri(Root, $"{path}/") : Root;

    public static StaffId IdOf(EntraAccount account) => new($"{EntraTenant.Id}/{account.ObjectId}");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await _tenant.OpenAsync(Site, [Bo, Nora, Ravi, Sven]);
    }

    /// <summary>The tenant is there and honest, and Nora is an agent; Bo becomes a manager by signing in.</summary>
    public override async Task ResetAsync()
    {
        await EndSessionsAsync();
        await _tenant.ComeBackAsync();
        await _tenant.BeHonestAsync();
        var roles = Services.GetRequiredService<RoleBook>();
        if ((await roles.FindAsync(IdOf(Nora), CancellationToken.None))?.Roles is not [Role.Agent])
        {
            await roles.SeedAsync([(new StaffMember(IdOf(Nora), Nora.Name, Nora.Email, []), Role.Agent)], "Agent for the tests");
        }
    }

    /// <summary>Changes what is kept of the sign-ins of a person, as if time had gone by: a column of the table, and how long ago.</summary>
    public async Task AgeAsync(EntraAccount account, string column, TimeSpan ago)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync();
        await using var update = connection.Prepare(
            $"UPDATE sign_in SET {column} = $at WHERE staff_id = $id AND ended_at IS NULL",
            ("$at", StoredTime.From(TimeProvider.System.GetUtcNow() - ago)), ("$id", IdOf(account).Value));
        Assert.NotEqual(0, await update.ExecuteNonQueryAsync());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _tenant.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("SignIn:Mode", "Entra");
        builder.UseSetting("SignIn:RequiredAppRole", "Console.User");
        builder.UseSetting("SignIn:BootstrapManagers:0", IdOf(Bo).Value);
        builder.UseSetting("AzureAd:Instance", _tenant.Instance.ToString());
        builder.UseSetting("AzureAd:TenantId", EntraTenant.Id);
        builder.UseSetting("AzureAd:ClientId", EntraTenant.ClientId);
        builder.UseSetting("AzureAd:ClientSecret", EntraTenant.ClientSecret);
        builder.ConfigureServices(services =>
        {
            // The tenant's certificate, for the handler's own calls and for those of the issuer's validation.
            services.Configure<OpenIdConnectOptions>(
                OpenIdConnectDefaults.AuthenticationScheme, options => options.BackchannelHttpHandler = Trusting());
            services.AddHttpClient(IssuerClient).ConfigurePrimaryHttpMessageHandler(Trusting);
            services.Configure<AadIssuerValidatorOptions>(options => options.HttpClientName = IssuerClient);
        });
    }

    private SocketsHttpHandler Trusting() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is X509Certificate2 shown && shown.Thumbprint == _tenant.Certificate.Thumbprint,
        },
    };
}
