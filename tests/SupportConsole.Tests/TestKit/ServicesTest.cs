namespace SupportConsole.Tests.TestKit;

/// <summary>Each test has the console's services to itself, composed over the server that its collection shares.</summary>
public abstract class ServicesTest(AppServer? server = null, params (string Key, string Value)[] settings) : IAsyncLifetime
{
    private protected ConsoleServices Console { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Console = await ConsoleServices.StartAsync(server, settings: settings);

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
