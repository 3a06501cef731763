namespace SupportConsole.Tests.TestKit;

/// <summary>A PocketBase with some app in it, ready for consoles: the pinned one where nothing else is said.</summary>
public abstract class AppServer(string version = PocketBaseServer.Pinned.Number) : PocketBaseServer(version)
{
    /// <summary>A token of the superuser's that every console of a test can use, so that none of them has to sign in.</summary>
    public string SuperuserToken { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (Executable is not null)
        {
            await UpsertSuperuserAsync(SuperuserPassword);
            SuperuserToken = await StaticSuperuserTokenAsync();
        }
    }
}
