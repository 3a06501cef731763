using Microsoft.AspNetCore.Components.Server.Circuits;
using SupportConsole.Access;

namespace SupportConsole.Hosting;

/// <summary>How the console runs on its server: what stands before every request, and what operators are told.</summary>
internal static class HostingFeature
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        // Wrong lifetimes and missing registrations fail the start, in every environment.
        builder.Host.UseDefaultServiceProvider(options => options.ValidateScopes = options.ValidateOnBuild = true);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSignInPace();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<CircuitHandler, ConnectionAddress>();
        builder.Services.AddSingleton<MissingSockets>();
        // Singletons, because what they share between callers lies in them.
        builder.Services.AddSingleton<DatabaseHealth>().AddSingleton<TrailHealth>().AddSingleton<SinkHealth>().AddSingleton<CheckpointHealth>().AddSingleton<PocketBaseHealth>().AddSingleton<AppFit>();
        builder.Services.AddHostedService<AppFitWatch>();
        builder.Services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database")
            .AddCheck<TrailHealth>("trail")
            .AddCheck<SinkHealth>("sinks")
            .AddCheck<CheckpointHealth>("checkpoints")
            .AddCheck<PocketBaseHealth>("pocketbase")
            .AddCheck<AppFit>("app");
        builder.Services.AddSecurity();
        builder.AddNetwork();
    }

    public static void UseHosting(this WebApplication app)
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
        app.UseSignInPace();
        app.UseAuthentication();
        // Whoever a request is from acts in it as somebody in a window does.
        app.Use((context, next) =>
        {
            if (context.User.Identity?.IsAuthenticated == true)
            {
                context.RequestServices.GetRequiredService<StaffPrincipal>().Is(context.User, context.Connection.RemoteIpAddress?.ToString());
            }

            return next(context);
        });
        app.UseAuthorization();
        // Before the door, which asks whether a request is one.
        app.UseWebSockets();
        app.UseMiddleware<CircuitDoor>();
        app.UseAntiforgery();
    }

    public static void MapHosting(this WebApplication app) =>
        app.MapGet("/no-socket", (HttpContext context, MissingSockets sockets) => sockets.Report(context));
}
