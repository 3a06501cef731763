namespace SupportConsole.Tests.TestKit;

/// <summary>The pinned PocketBase with some app in it, ready for consoles.</summary>
public abstract class AppServer() : PocketBaseServer(Pinned.Number)
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
