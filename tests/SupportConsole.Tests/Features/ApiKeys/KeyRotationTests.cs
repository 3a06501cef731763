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
public sealed class KeyRotationTests(DemoServer server) : IAsyncLifetime
{
    private const string Why = "The partner left";
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_rotated_key_whose_successor_is_gone_goes_on()
    {
        using var old = await _console.MakeKeyAsync();
        using var successor = await _console.Keys.RotateAsync(_console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(90), Token);
        await _console.Revoker.RevokeAsync(_console.As(Admin), successor.Key.Id, "Went into a log by mistake", Token);
        _console.Clock.Advance(TimeSpan.FromHours(1));

        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: false, Token));

        Assert.Equal((KeyPhase.Live, null), ((await FindAsync(old.Key.Id)).Phase, (await FindAsync(old.Key.Id)).RevokeAt));
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
    }

    [Fact]
    public async Task A_window_that_is_closed_while_a_key_is_rotated_leaves_the_old_one_alone()
    {
        using var old = await _console.MakeKeyAsync();
        using var window = new CancellationTokenSource();
        var mints = 0;
        _console.Relay.Answered = async context =>
        {
            if (context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal) && ++mints == 2)
            {
                await window.CancelAsync();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _console.Keys.RotateAsync(_console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(90), window.Token));

        Assert.Equal((KeyPhase.Live, null), ((await FindAsync(old.Key.Id)).Phase, (await FindAsync(old.Key.Id)).RevokeAt));
        Assert.Single(await _console.Get<KeyBook>().AllAsync(Token));
    }

    [Fact]
    public async Task A_suspended_key_is_not_rotated_out_of_its_suspension()
    {
        using var key = await _console.MakeKeyAsync();
        await _console.Suspension.SuspendAsync(_console.As(Admin), key.Key.Id, Why, Token);

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(
            () => _console.Keys.RotateAsync(_console.As(Admin), key.Key.Id, TimeSpan.Zero, new KeyLife(90), Token));

        Assert.Contains("suspended", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_admins_who_rotate_a_key_at_once_make_one_successor()
    {
        await _console.Roles.GrantAsync(_console.As(Manager), Person(Agent).Id, Role.Admin, "Covers the weekend shift", null, Token);
        using var key = await _console.MakeKeyAsync();

        Task<IssuedKey>[] both = [RotateAsync(Admin), RotateAsync(Agent)];
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => Task.WhenAll(both));

        Assert.Contains("rotated already", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await _console.TypesAsync(), AuditEventTypes.KeyRotated);
        Assert.Equal(2, (await _console.Get<KeyBook>().AllAsync(Token)).Count);

        Task<IssuedKey> RotateAsync(string person) =>
            Task.Run(() => _console.Keys.RotateAsync(_console.As(person), key.Key.Id, TimeSpan.FromDays(1), new KeyLife(30), Token));
    }

    [Fact]
    public async Task Both_keys_work_during_the_overlap_and_the_old_one_is_revoked_after_it()
    {
        using var old = await _console.MakeKeyAsync();

        using var successor = await _console.Keys.RotateAsync(_console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(90), Token);

        Assert.Equal(old.Key.Id, successor.Key.Replaces);
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
        Assert.Equal(25, (await server.ListAsync("data", successor.Reveal())).Count);
        _console.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
        _console.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Empty(await server.ListAsync("data", old.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", successor.Reveal())).Count);
        var revoked = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeyRevoked, StaffId.System, old.Key.Id), (revoked.Type, revoked.Actor.Id, revoked.Subject!.Id));
    }

    [Fact]
    public async Task Without_an_overlap_the_old_key_is_dead_when_the_new_one_is_shown()
    {
        using var old = await _console.MakeKeyAsync();

        using var successor = await _console.Keys.RotateAsync(_console.As(Admin), old.Key.Id, TimeSpan.Zero, new KeyLife(90), Token);

        Assert.Null(successor.Warning);
        Assert.Empty(await server.ListAsync("data", old.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", successor.Reveal())).Count);
    }

    [Fact]
    public async Task A_rotation_that_fails_leaves_the_old_key_as_it_was()
    {
        using var old = await _console.MakeKeyAsync();
        _console.Relay.Intercept = context =>
        {
            var refuse = context.Request.Method == "POST" && context.Request.Path.Value!.EndsWith("/records", StringComparison.Ordinal);
            context.Response.StatusCode = refuse ? 503 : 200;
            return Task.FromResult(refuse);
        };

        await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Keys.RotateAsync(_console.As(Admin), old.Key.Id, TimeSpan.Zero, new KeyLife(90), Token));

        Assert.Equal((KeyPhase.Live, null), ((await FindAsync(old.Key.Id)).Phase, (await FindAsync(old.Key.Id)).RevokeAt));
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
    }

    private async Task<ApiKey> FindAsync(string id) => (await _console.Get<KeyBook>().FindAsync(id, Token))!;
}
