using System.Net;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>What somebody with a cookie and no manners gets.</summary>
[Collection(Attacks.Name)]
public sealed class AttackTests(ConsoleApp app) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await app.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_window_without_a_browser_works()
    {
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        await using var window = await RawCircuit.OpenAsync(mia, "/users?q=ada");

        await window.SeesAsync("Ada Lovelace");
        await window.RoundTripAsync();
        await window.NavigateAsync("/sessions");
        await window.SeesAsync("No live session");
        Assert.Equal(HttpStatusCode.OK, (await mia.LoadAsync("/users")).Status);
    }
}

/// <summary>Attacks have a console of their own: they use its limits up.</summary>
[CollectionDefinition(Name)]
public sealed class Attacks : ICollectionFixture<ConsoleApp>
{
    public const string Name = "Attacks";
}
