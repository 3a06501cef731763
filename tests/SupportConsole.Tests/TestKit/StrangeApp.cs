namespace SupportConsole.Tests.TestKit;

/// <summary>A PocketBase with an app that has what no developer of a console expects.</summary>
public sealed class StrangeApp : AppServer
{
    protected override IEnumerable<string> Migrations => [Path.Combine(AppContext.BaseDirectory, "TestKit", "1700000001_strange-app.js")];

    protected override IEnumerable<string> Hooks => [Path.Combine(AppContext.BaseDirectory, "TestKit", "strange-app.pb.js")];
}
