using SupportConsole.Access;
using SupportConsole.Demo;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SetUp;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Hosting;
using SupportConsole.PocketBase;
using SupportConsole.Site;
using SupportConsole.Storage;

namespace SupportConsole;

/// <summary>The table of contents: what the console is made of. Program, tests and benchmarks compose it by this one list.</summary>
internal static class Composition
{
    /// <summary>Adds everything that answers requests or works beside them.</summary>
    public static void AddConsole(this WebApplicationBuilder builder)
    {
        builder.AddDemo();
        builder.AddFeatures();
        builder.AddSite();
        builder.AddHosting();
    }

    /// <summary>The features and what they stand on, without pages or a server around them.</summary>
    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        builder.Services.AddStorage();
        // Signs last of all, over the entry of the stop too.
        builder.Services.AddHostedService<CheckpointKeeper>();
        // Starts right after the writer, before all that works beside the pages, and stops after it.
        builder.Services.AddHostedService<Lifetime>();
        builder.Services.AddAudit();
        builder.Services.AddPocketBase();
        builder.Services.AddAccess();
        builder.Services.AddViewAs();
        builder.Services.AddRoles();
        builder.AddSignIn();
        builder.Services.AddUsers();
        builder.Services.AddApiKeys();
        builder.Services.AddSetUp();
    }

    /// <summary>Lays the way of a request through what was added.</summary>
    public static void MapConsole(this WebApplication app)
    {
        app.UseHosting();
        app.MapSignIn();
        app.MapProving();
        app.MapExporting();
        app.MapViewAs();
        app.MapSetUp();
        app.MapSite();
        app.MapHosting();
    }
}
