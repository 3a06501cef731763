using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>What is tried on the app that was made for rules, in a server of one version.</summary>
public abstract class RuleAppTest : IAsyncLifetime
{
    protected RuleAppTest(PocketBaseServer server)
    {
        Assert.SkipUnless(server.Executable is not null, $"PocketBase {server.Version} is not installed: run 'npm ci' in tests and in src/SupportConsole/Demo.");
        Server = server;
    }

    protected PocketBaseServer Server { get; }

    private protected PocketBaseAccess Console { get; private set; } = null!;

    private protected RuleApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Console = new PocketBaseAccess(Server.Url);
        App = await RuleApp.OpenAsync(Server, Console);
    }

    public async ValueTask DisposeAsync()
    {
        App?.Dispose();
        if (Console is not null)
        {
            await Console.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
