namespace SupportConsole.Tests.TestKit;

/// <summary>The pinned PocketBase with the demo's app and the companion hook in it.</summary>
public sealed class GuardedApp : AppServer
{
    protected override IEnumerable<string> Migrations =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", "SupportConsole", "Demo", "pb_migrations"), "*.js");

    protected override IEnumerable<string> Hooks => [GuardedServer.Companion];
}
