namespace SupportConsole.Tests.TestKit;

/// <summary>A PocketBase with an app that has a field of every type, and whatever else collections and records can be.</summary>
public class AnyApp : AppServer
{
    public const string Ann = "ann000000000000";

    public AnyApp()
    {
    }

    private protected AnyApp(string version)
        : base(version)
    {
    }

    protected override IEnumerable<string> Migrations => [Path.Combine(AppContext.BaseDirectory, "TestKit", "1700000001_any-app.js")];

    protected override IEnumerable<string> Hooks => [Path.Combine(AppContext.BaseDirectory, "TestKit", "any-app.pb.js")];
}

/// <summary>The same on the newest version the suite runs against, which reads filters by the newer grammar.</summary>
public sealed class NewestAnyApp() : AnyApp("0.40.4");
