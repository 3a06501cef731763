namespace SupportConsole.Tests.TestKit;

/// <summary>A PocketBase of one version with the companion hook in it.</summary>
public abstract class GuardedServer(string version) : PocketBaseServer(version)
{
    protected override IEnumerable<string> Hooks => [Companion];

    /// <summary>The hook as it stands in the source, which is what the console hands out.</summary>
    public static string Companion { get; } =
        Path.Combine(Checkout.Root, "src", "SupportConsole", "PocketBase", "Companion", "support_console.pb.js");

    /// <summary>The version of the demo.</summary>
    public new sealed class Pinned() : GuardedServer(PocketBaseServer.Pinned.Number);

    /// <summary>The oldest version the suite runs against.</summary>
    public new sealed class Oldest() : GuardedServer("0.36.8");

    /// <summary>The newest version the suite runs against.</summary>
    public new sealed class Newest() : GuardedServer("0.40.4");
}
