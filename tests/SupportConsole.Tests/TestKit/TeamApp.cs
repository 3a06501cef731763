namespace SupportConsole.Tests.TestKit;

/// <summary>People, teams and posts, with the companion hook.</summary>
public sealed class TeamApp : AppServer
{
    protected override IEnumerable<string> Migrations => [Path.Combine(AppContext.BaseDirectory, "TestKit", "1700000001_team-app.js")];

    protected override IEnumerable<string> Hooks => [GuardedServer.Companion];
}
