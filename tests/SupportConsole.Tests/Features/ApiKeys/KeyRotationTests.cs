using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

/// <summary>A successor beside a key, and what becomes of the key.</summary>
[Collection(DemoApp.Name)]
public sealed class KeyRotationTests(DemoServer server) : ServicesTest(server)
{
    private const string Why = "The partner left";

    [Fact]
    public async Task A_rotated_key_whose_successor_is_gone_goes_on()
    {
        using var old = await Console.MakeKeyAsync();
        using var successor = await Console.Keys.RotateAsync(Console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(90), Token);
        await Console.Revoker.RevokeAsync(Console.As(Admin), successor.Key.Id, "Went into a log by mistake", Token);
        Console.Clock.Advance(TimeSpan.FromHours(1));

        Assert.True(await Console.Keeper.KeepAsync(includeWaiting: false, Token));

        Assert.Equal((KeyPhase.Live, null), ((await FindAsync(old.Key.Id)).Phase, (await FindAsync(old.Key.Id)).RevokeAt));
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
    }

    [Fact]
    public async Task A_window_that_is_closed_while_a_key_is_rotated_leaves_the_old_one_alone()
    {
        using var old = await Console.MakeKeyAsync();
        using var window = new CancellationTokenSource();
        var mints = 0;
        Console.Relay.Answered = async context =>
        {
            if (context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal) && ++mints == 2)
            {
                await window.CancelAsync();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Console.Keys.RotateAsync(Console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(90), window.Token));

        Assert.Equal((KeyPhase.Live, null), ((await FindAsync(old.Key.Id)).Phase, (await FindAsync(old.Key.Id)).RevokeAt));
        Assert.Single(await Console.Get<KeyBook>().AllAsync(Token));
    }

    [Fact]
    public async Task A_suspended_key_is_not_rotated_out_of_its_suspension()
    {
        using var key = await Console.MakeKeyAsync();
        await Console.Suspension.SuspendAsync(Console.As(Admin), key.Key.Id, Why, Token);

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(
            () => Console.Keys.RotateAsync(Console.As(Admin), key.Key.Id, TimeSpan.Zero, new KeyLife(90), Token));

        Assert.Contains("suspended", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_admins_who_rotate_a_key_at_once_make_one_successor()
    {
        await Console.Roles.GrantAsync(Console.As(Manager), Person(Agent).Id, Role.Admin, "Covers the weekend shift", null, Token);
        using var key = await Console.MakeKeyAsync();

        Task<IssuedKey>[] both = [RotateAsync(Admin), RotateAsync(Agent)];
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => Task.WhenAll(both));

        Assert.Contains("rotated already", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await Console.TypesAsync(), AuditEventTypes.KeyRotated);
        Assert.Equal(2, (await Console.Get<KeyBook>().AllAsync(Token)).Count);

        Task<IssuedKey> RotateAsync(string person) =>
            Task.Run(() => Console.Keys.RotateAsync(Console.As(person), key.Key.Id, TimeSpan.FromDays(1), new KeyLife(30), Token));
    }

    [Fact]
    public async Task Both_keys_work_during_the_overlap_and_the_old_one_is_revoked_after_it()
    {
        using var old = await Console.MakeKeyAsync();

        using var successor = await Console.Keys.RotateAsync(Console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(90), Token);

        Assert.Equal(old.Key.Id, successor.Key.Replaces);
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
        Assert.Equal(25, (await server.ListAsync("data", successor.Reveal())).Count);
        Console.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await Console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
        Console.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await Console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Empty(await server.ListAsync("data", old.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", successor.Reveal())).Count);
        var revoked = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeyRevoked, StaffId.System, old.Key.Id), (revoked.Type, revoked.Actor.Id, revoked.Subject!.Id));
    }

    [Fact]
    public async Task Without_an_overlap_the_old_key_is_dead_when_the_new_one_is_shown()
    {
        using var old = await Console.MakeKeyAsync();

        using var successor = await Console.Keys.RotateAsync(Console.As(Admin), old.Key.Id, TimeSpan.Zero, new KeyLife(90), Token);

        Assert.Null(successor.Warning);
        Assert.Empty(await server.ListAsync("data", old.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", successor.Reveal())).Count);
    }

    [Fact]
    public async Task A_rotation_that_fails_leaves_the_old_key_as_it_was()
    {
        using var old = await Console.MakeKeyAsync();
        Console.Relay.Intercept = context =>
        {
            var refuse = context.Request.Method == "POST" && context.Request.Path.Value!.EndsWith("/records", StringComparison.Ordinal);
            context.Response.StatusCode = refuse ? 503 : 200;
            return Task.FromResult(refuse);
        };

        await Assert.ThrowsAsync<PocketBaseProblem>(() => Console.Keys.RotateAsync(Console.As(Admin), old.Key.Id, TimeSpan.Zero, new KeyLife(90), Token));

        Assert.Equal((KeyPhase.Live, null), ((await FindAsync(old.Key.Id)).Phase, (await FindAsync(old.Key.Id)).RevokeAt));
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
    }

    private async Task<ApiKey> FindAsync(string id) => (await Console.Get<KeyBook>().FindAsync(id, Token))!;
}
