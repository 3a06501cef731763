using SupportConsole.Access;
using SupportConsole.Demo;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.PocketBase;
using SupportConsole.Shell;
using SupportConsole.Storage;

return await ConsoleHost.RunAsync(
    args,
    builder =>
    {
        builder.AddConsoleLog();
        builder.AddDemo();
        builder.Services.AddStorage();
        builder.Services.AddAudit();
        builder.Services.AddPocketBase();
        builder.Services.AddAccess();
        builder.Services.AddRoles();
        builder.AddSignIn();
        builder.Services.AddViewAs();
        builder.Services.AddUsers();
        builder.Services.AddApiKeys();
        builder.AddShell();
    },
    app =>
    {
        app.UseShell();
        app.MapSignIn();
        app.MapShell();
    });
