using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class KeyEmergencyTests(DemoServer server) : ServicesTest(server)
{
    private const string Why = "The partner left";

    [Fact]
    public async Task An_emergency_gives_up_what_is_not_made_yet()
    {
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        await Console.Emergency.RevokeAllAsync(Console.As(Admin), Person(Admin).Id, "Ines Duarte", Why, _ => Task.CompletedTask, Token);

        await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Keys.MintAsync(Console.As(Admin), draft.Key.Id, Token));
        Assert.False(await server.HasAccountAsync(draft.Key.Id));
    }

    [Fact]
    public async Task An_emergency_ends_every_key_of_an_owner_and_nobody_elses()
    {
        using var first = await Console.MakeKeyAsync();
        using var second = await Console.MakeKeyAsync();
        using var others = await Console.MakeKeyAsync(Wish() with { Owner = Person(Manager).Id.Value });
        List<KeyProgressState[]> seen = [];

        var done = await Console.Emergency.RevokeAllAsync(Console.As(Admin), Person(Admin).Id, "ines duarte", Why, SeeAsync, Token);

        Assert.All(done, key => Assert.Equal(KeyProgressState.Revoked, key.State));
        Assert.Equal(2, done.Count);
        Assert.Empty(await server.ListAsync("data", first.Reveal()));
        Assert.Empty(await server.ListAsync("data", second.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", others.Reveal())).Count);
        Assert.Equal([KeyProgressState.Working, KeyProgressState.Waiting], seen[0]);
        Assert.Equal([KeyProgressState.Revoked, KeyProgressState.Revoked], seen[^1]);

        Task SeeAsync(IReadOnlyList<KeyProgress> keys)
        {
            seen.Add([.. keys.Select(key => key.State)]);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task An_emergency_for_everybody_reaches_keys_made_outside_the_console_too()
    {
        using var key = await Console.MakeKeyAsync();
        var (account, token) = await server.AddForeignKeyAsync("Forgotten exporter");

        var done = await Console.Emergency.RevokeAllAsync(Console.As(Admin), null, KeyEmergency.EverybodysConfirmation, Why, _ => Task.CompletedTask, Token);

        Assert.Equal(KeyProgressState.Revoked, done.Single(found => found.Key.Id == account).State);
        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        Assert.Empty(await server.ListAsync("data", token));
    }

    [Fact]
    public async Task An_emergency_goes_on_past_a_key_that_can_not_be_proved()
    {
        using var first = await Console.MakeKeyAsync();
        using var second = await Console.MakeKeyAsync();
        Console.Relay.Intercept = context =>
        {
            var fails = context.Request.Path.Value!.Contains(first.Key.Id, StringComparison.Ordinal);
            context.Response.StatusCode = fails ? 503 : 200;
            return Task.FromResult(fails);
        };

        var done = await Console.Emergency.RevokeAllAsync(Console.As(Admin), Person(Admin).Id, "Ines Duarte", Why, _ => Task.CompletedTask, Token);

        Assert.Equal(KeyProgressState.NotProved, done.Single(key => key.Key.Id == first.Key.Id).State);
        Assert.Equal(KeyProgressState.Revoked, done.Single(key => key.Key.Id == second.Key.Id).State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ruth Okafor")]
    [InlineData("revoke all keys")]
    public async Task An_emergency_without_the_right_words_does_nothing(string typed)
    {
        using var key = await Console.MakeKeyAsync();

        await Assert.ThrowsAsync<KeyRefusedException>(
            () => Console.Emergency.RevokeAllAsync(Console.As(Admin), Person(Admin).Id, typed, Why, _ => Task.CompletedTask, Token));

        Assert.Equal(25, (await server.ListAsync("data", key.Reveal())).Count);
    }
}
