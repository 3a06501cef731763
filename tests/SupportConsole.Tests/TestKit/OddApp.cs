namespace SupportConsole.Tests.TestKit;

/// <summary>A PocketBase with an app that is shaped like no demo, and with hooks of its own.</summary>
public sealed class OddApp : AppServer
{
    protected override IEnumerable<string> Migrations => [Path.Combine(AppContext.BaseDirectory, "TestKit", "1700000001_odd-app.js")];

    protected override IEnumerable<string> Hooks => [Path.Combine(AppContext.BaseDirectory, "TestKit", "odd-app.pb.js")];
}
