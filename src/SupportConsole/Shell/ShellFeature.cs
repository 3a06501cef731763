using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using MudBlazor.Services;

namespace SupportConsole.Shell;

internal static class ShellFeature
{
    public static void AddShell(this WebApplicationBuilder builder)
    {
        // Wrong lifetimes and missing registrations fail the start, in every environment.
        builder.Host.UseDefaultServiceProvider(options => options.ValidateScopes = options.ValidateOnBuild = true);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSignInPace();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.Configure<CircuitOptions>(options =>
        {
            options.DetailedErrors = builder.Environment.IsDevelopment();
            // A window that lost its connection keeps its state for a minute: long enough for a tunnel, short enough that
            // what a revoked person had on the screen doesn't live on here.
            options.DisconnectedCircuitMaxRetained = 50;
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            // Later than that a window is loaded again, with a sentence, rather than rebuilt from what was kept of it.
            options.PersistedCircuitInMemoryMaxRetained = 0;
        });
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<CircuitHandler, ConnectionAddress>();
        builder.Services.AddMudServices();
        builder.Services.AddSingleton<MissingSockets>();
        // Singletons, because what they share between callers lies in them.
        builder.Services.AddSingleton<DatabaseHealth>().AddSingleton<TrailHealth>().AddSingleton<PocketBaseHealth>().AddSingleton<AppFit>();
        builder.Services.AddHostedService<AppFitWatch>();
        builder.Services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database")
            .AddCheck<TrailHealth>("trail")
            .AddCheck<PocketBaseHealth>("pocketbase")
            .AddCheck<AppFit>("app");
        builder.Services.AddSecurity();
        builder.AddHosting();
    }

    public static void UseShell(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseSecurityHeaders();
        app.UsePrivatePages();
        if (!app.Environment.IsDevelopment())
        {
            app.UseExceptionHandler("/error", createScopeForErrors: true);
            app.UseHsts(); // After the error handler, which starts a failed response anew and comes by here again.
        }

        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        // Before the door, which asks whether a request is one.
        app.UseWebSockets();
        app.UseMiddleware<CircuitDoor>();
        app.UseAntiforgery();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            // The response carries its own policy; a second one here would only differ from it one day.
            options.ContentSecurityFrameAncestorsPolicy = null;
            // A page shows what strangers wrote beside what they mustn't learn, and compression tells one from the other by length.
            options.DisableWebSocketCompression = true;
        });
        app.MapGet("/no-socket", (HttpContext context, MissingSockets sockets) => sockets.Report(context));
    }
}
