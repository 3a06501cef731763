namespace SupportConsole.Tests.TestKit;

/// <summary>The pinned PocketBase with the demo's app in it, for tests that change its rules.</summary>
public sealed class PlainApp : AppServer
{
    protected override IEnumerable<string> Migrations =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", "SupportConsole", "Demo", "pb_migrations"), "*.js");
}
