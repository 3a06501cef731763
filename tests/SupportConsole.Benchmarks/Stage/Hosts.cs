using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using MudBlazor.Services;
using SupportConsole.Access;
using SupportConsole.Benchmarks.Stock;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.Hosting;

namespace SupportConsole.Benchmarks.Stage;

/// <summary>The roles in which this program hosts an application for another process of it, which asks what it costs.</summary>
internal static class Hosts
{
    public const string Console = "host-console";
    public const string Stock = "host-stock";

    /// <summary>Runs the role that the arguments name; null when they name none.</summary>
    public static Task? Run(string[] arguments) => arguments switch
    {
        [Console, var address, var folder, var pocketBase] => RunAsync(ConsoleApp(address, folder, pocketBase)),
        [Stock, var address] => RunAsync(StockPages(address)),
        _ => null,
    };

    private static WebApplication ConsoleApp(string address, string folder, string pocketBase)
    {
        var builder = ConsoleStage.Compose(address, folder, pocketBase);
        builder.Services.AddSingleton<OpenCircuits>();
        builder.Services.AddSingleton<CircuitHandler>(provider => provider.GetRequiredService<OpenCircuits>());
        var app = builder.Build();
        app.MapConsole();
        return app;
    }

    private static WebApplication StockPages(string address)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration["Urls"] = address;
        builder.Logging.ClearProviders();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        builder.Services.AddSingleton<OpenCircuits>();
        builder.Services.AddSingleton<CircuitHandler>(provider => provider.GetRequiredService<OpenCircuits>());
        var app = builder.Build();
        app.UseAntiforgery();
        app.MapRazorComponents<StockApp>().AddInteractiveServerRenderMode();
        return app;
    }

    private static async Task RunAsync(WebApplication app)
    {
        await app.StartAsync();
        Answer(new { ready = true });
        while (await System.Console.In.ReadLineAsync() is { } command)
        {
            Answer(command.Split(' ') switch
            {
                ["state"] => State(app.Services),
                ["session", var person] => new { session = await OpenSessionAsync(app.Services, person) },
                ["agents", var count] => await OpenSessionsAsync(app.Services, int.Parse(count, CultureInfo.InvariantCulture)),
                _ => new { failed = $"{command} is no command." },
            });
        }

        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static async Task<string> OpenSessionAsync(IServiceProvider services, string person)
    {
        await using var window = services.CreateAsyncScope();
        var chosen = DemoPeople.All.Single(known => known.Key == person);
        await ConsoleStage.SignInAsync(window.ServiceProvider, chosen.Id, chosen.Name, chosen.Email);
        return (await ConsoleStage.OpenSessionAsync(window.ServiceProvider)).Id;
    }

    /// <summary>Makes so many agents, each signed in and with a session.</summary>
    private static async Task<object> OpenSessionsAsync(IServiceProvider services, int count)
    {
        var cookies = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        List<object> agents = [];
        foreach (var number in Enumerable.Range(1, count))
        {
            var (id, name, email) = (new StaffId($"bench/agent-{number}"), $"Agent {number}", $"agent-{number}@corp.example");
            await services.GetRequiredService<RoleBook>().SeedAsync([(new StaffMember(id, name, email, []), Role.Agent)], "Role for the benchmarks");
            await using var window = services.CreateAsyncScope();
            await ConsoleStage.SignInAsync(window.ServiceProvider, id, name, email);
            var principal = (await window.ServiceProvider.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;
            agents.Add(new
            {
                session = (await ConsoleStage.OpenSessionAsync(window.ServiceProvider)).Id,
                ticket = cookies.TicketDataFormat.Protect(new AuthenticationTicket(principal, CookieAuthenticationDefaults.AuthenticationScheme)),
            });
        }

        return new { cookie = cookies.Cookie.Name, agents };
    }

    private static object State(IServiceProvider services)
    {
        var busyUntil = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return new
        {
            busyUntil,
            heap = GC.GetTotalMemory(forceFullCollection: true),
            workingSet = Environment.WorkingSet,
            circuits = services.GetRequiredService<OpenCircuits>().Count,
            staffListeners = services.GetService<StaffChangeFeed>()?.Listeners ?? 0,
            sessionListeners = services.GetService<LiveSessions>()?.Changes.Listeners ?? 0,
            busySince = Environment.CpuUsage.TotalTime,
        };
    }

    private static void Answer(object answer) => System.Console.WriteLine(JsonSerializer.Serialize(answer));

    /// <summary>Counts circuits as Blazor opens and disposes of them.</summary>
    private sealed class OpenCircuits : CircuitHandler
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return Task.CompletedTask;
        }

        public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
        {
            Interlocked.Decrement(ref _count);
            return Task.CompletedTask;
        }
    }
}
