using SupportConsole;
using SupportConsole.Hosting;

return await ConsoleHost.RunAsync(
    args,
    builder =>
    {
        builder.AddConsoleLog();
        builder.AddConsole();
    },
    app => app.MapConsole());
