using System.Net;
using System.Text.Json.Nodes;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class SuperuserKeyTests(DemoServer server) : IAsyncLifetime
{
    private const string Why = "Needed for the move", Second = Agent;
    private readonly string _email = $"{Guid.NewGuid():n}@example.test";
    private ConsoleServices _console = null!;
    private string _account = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await StartAsync(_email);
        var password = Guid.NewGuid().ToString("n");
        _account = (await server.AdminAsync(HttpMethod.Post, "/api/collections/_superusers/records", new JsonObject
        {
            ["email"] = _email, ["password"] = password, ["passwordConfirm"] = password,
        })).GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        if (_account.Length > 0)
        {
            await server.RemoveAsync("_superusers", _account);
        }
    }

    [Fact]
    public async Task Superuser_keys_are_off_unless_a_superuser_is_set_aside()
    {
        await using var console = await ConsoleServices.StartAsync(server);

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => console.Superusers.AskAsync(console.As(Admin), Wish(), Token));

        Assert.Contains("switched off", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await console.Get<KeyBook>().AllAsync(Token));
        Assert.Empty(console.Relay.Requests);
    }

    [Fact]
    public async Task Two_admins_make_a_superuser_key_and_all_of_it_is_recorded()
    {
        var asked = await AskAsync();
        await ApproveAsync(asked);
        using var issued = await _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token);

        Assert.Equal(HttpStatusCode.OK, await CollectionsAsync(issued.Reveal()));
        Assert.Equal((KeyPhase.Live, _account, Person(Second).Id), (issued.Key.Phase, issued.Key.Record, issued.Key.ApprovedBy));
        Assert.Empty(issued.Reach);
        Assert.True(TokenClaims.TryRead(issued.Reveal(), out var claims));
        Assert.Equal((_account, "auth"), (claims.Id, claims.Type));
        Assert.Equal(TimeProvider.System.GetUtcNow().AddDays(30), claims.ExpiresAt, TimeSpan.FromSeconds(20));
        Assert.Equal(
            [AuditEventTypes.KeyRequested, AuditEventTypes.KeyApproved, AuditEventTypes.KeyRequested, AuditEventTypes.KeyCreated],
            (await _console.TypesAsync()).Where(type => type.StartsWith("key.", StringComparison.Ordinal)));
        var approved = (await _console.EventsAsync()).Single(told => told.Type == AuditEventTypes.KeyApproved);
        Assert.Equal((Person(Second).Id, Why), (approved.Actor.Id, approved.Reason));
        Assert.Contains("Ines Duarte", approved.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_of_PocketBase_before_the_token_is_made()
    {
        var asked = await AskAsync();
        await ApproveAsync(asked);

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task Nobody_approves_their_own_request()
    {
        var asked = await AskAsync();

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Superusers.ApproveAsync(_console.As(Admin), asked.Id, Why, Token));

        Assert.Contains("Nobody approves their own", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(KeyPhase.Requested, (await FindAsync(asked.Id)).Phase);
        Assert.Equal(AuditEventTypes.KeyChangeDenied, (await _console.EventsAsync())[^1].Type);
        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token));
    }

    [Fact]
    public async Task Only_whoever_asked_has_it_made_and_once()
    {
        var asked = await AskAsync();
        await ApproveAsync(asked);

        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Keys.MintAsync(_console.As(Second), asked.Id, Token));
        using var issued = await _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token);
        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token));

        Assert.Equal(HttpStatusCode.OK, await CollectionsAsync(issued.Reveal()));
    }

    [Fact]
    public async Task Only_an_admin_approves_with_a_fresh_proof_and_a_reason()
    {
        var asked = await AskAsync();
        _console.ProveAt(Second, _console.Clock.GetUtcNow().AddHours(-1));

        await Assert.ThrowsAsync<SupportConsole.Access.DutyRefusedException>(() => _console.Superusers.ApproveAsync(_console.As(Manager), asked.Id, Why, Token));
        await Assert.ThrowsAsync<SupportConsole.Access.ProofTooOldException>(() => _console.Superusers.ApproveAsync(_console.As(Second), asked.Id, Why, Token));
        _console.ProveAt(Second, _console.Clock.GetUtcNow());
        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Superusers.ApproveAsync(_console.As(Second), asked.Id, "ok", Token));

        Assert.Equal(KeyPhase.Requested, (await FindAsync(asked.Id)).Phase);
    }

    [Fact]
    public async Task A_life_of_more_than_30_days_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Superusers.AskAsync(_console.As(Admin), Wish(days: 31), Token));

        Assert.Contains("30 days", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_30_days_count_from_the_request()
    {
        var asked = await AskAsync();
        _console.Clock.Advance(TimeSpan.FromHours(20));
        await ApproveAsync(asked);
        _console.Clock.Advance(TimeSpan.FromHours(20));

        using var issued = await _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token);

        Assert.Equal(asked.CreatedAt.AddDays(30), issued.Key.ExpiresAt!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_key_whose_end_has_come_before_it_was_made_is_refused()
    {
        var asked = await AskAsync(days: 1);
        _console.Clock.Advance(TimeSpan.FromHours(20));
        await ApproveAsync(asked);
        _console.Clock.Advance(TimeSpan.FromHours(5));

        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token));

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task A_revoked_superuser_key_is_dead_and_the_consoles_own_superuser_works_on()
    {
        using var issued = await MakeAsync();

        var revoked = await _console.Revoker.RevokeAsync(_console.As(Admin), issued.Key.Id, Why, Token);

        Assert.Contains("401", revoked.Revocation!.Proof, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.OK, await CollectionsAsync(issued.Reveal()));
        Assert.Equal(HttpStatusCode.OK, await CollectionsAsync(server.SuperuserToken));
        Assert.Null((await _console.Inventory.ListAsync(_console.As(Admin), Token)).Unreachable);
        Assert.Equal(_email, (await server.AdminAsync(HttpMethod.Get, $"/api/collections/_superusers/records/{_account}")).GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_superuser_key_is_listed_as_what_it_is()
    {
        var waiting = await AskAsync();
        Assert.Equal(KeyState.Waiting, await StateAsync(waiting.Id));
        await ApproveAsync(waiting);
        Assert.Equal(KeyState.Waiting, await StateAsync(waiting.Id));

        using var issued = await _console.Keys.MintAsync(_console.As(Admin), waiting.Id, Token);

        Assert.Equal(KeyState.Active, await StateAsync(waiting.Id));

        async Task<KeyState> StateAsync(string id) =>
            (await _console.Inventory.ListAsync(_console.As(Admin), Token)).Lines.Single(line => line.Key.Id == id).StateAt(_console.Clock.GetUtcNow());
    }

    [Fact]
    public async Task The_consoles_own_superuser_is_refused_when_the_token_is_made()
    {
        await using var console = await StartAsync(PocketBaseServer.SuperuserEmail);

        var refusal = await RefusedAsync(console);

        Assert.Contains("console's own", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await CollectionsAsync(server.SuperuserToken));
    }

    [Fact]
    public async Task A_superuser_that_does_not_exist_is_refused_and_nobody_else_taken()
    {
        await using var console = await StartAsync("nobody@example.test");

        var refusal = await RefusedAsync(console);

        Assert.Contains("doesn't exist", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_superuser_key_is_refused_while_the_first_lives()
    {
        using var first = await MakeAsync();
        var asked = await AskAsync();
        await ApproveAsync(asked);

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token));
        Assert.Contains(first.Key.Name, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await CollectionsAsync(first.Reveal()));
        await _console.Revoker.RevokeAsync(_console.As(Admin), first.Key.Id, Why, Token);
        using var second = await _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token);

        Assert.Equal(HttpStatusCode.OK, await CollectionsAsync(second.Reveal()));
    }

    [Fact]
    public async Task A_superuser_key_is_not_made_like_any_other()
    {
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(
            () => _console.Keys.PrepareAsync(_console.As(Admin), Wish() with { Kind = KeyKind.Superuser }, Token));

        Assert.Contains("second admin", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_console.Relay.Requests);
        Assert.Empty(await _console.Get<KeyBook>().AllAsync(Token));
    }

    [Fact]
    public async Task A_superuser_key_is_neither_rotated_nor_suspended()
    {
        using var issued = await MakeAsync();

        var rotation = await Assert.ThrowsAsync<KeyRefusedException>(
            () => _console.Keys.RotateAsync(_console.As(Admin), issued.Key.Id, TimeSpan.FromDays(1), new KeyLife(30), Token));
        var suspension = await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Suspension.SuspendAsync(_console.As(Admin), issued.Key.Id, Why, Token));

        Assert.Contains("can't be rotated", rotation.Message, StringComparison.Ordinal);
        Assert.Contains("can't be suspended", suspension.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await CollectionsAsync(issued.Reveal()));
    }

    [Theory]
    [InlineData(Admin, "given up")]
    [InlineData(Second, "declined by a second admin")]
    public async Task A_request_is_taken_back_or_declined(string person, string said)
    {
        var asked = await AskAsync();

        await _console.Keys.GiveUpAsync(_console.As(person), asked.Id, Token);

        Assert.Equal(KeyPhase.Dropped, (await FindAsync(asked.Id)).Phase);
        Assert.Contains(said, (await _console.EventsAsync())[^1].Detail, StringComparison.Ordinal);
        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Superusers.ApproveAsync(_console.As(Second), asked.Id, Why, Token));
        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task An_approval_that_comes_too_late_is_refused()
    {
        var asked = await AskAsync();
        _console.Clock.Advance(SuperuserKeys.Waiting);

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Superusers.ApproveAsync(_console.As(Second), asked.Id, Why, Token));

        Assert.Contains("older than a day", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approved_key_that_is_made_too_late_is_refused()
    {
        var asked = await AskAsync();
        await ApproveAsync(asked);
        _console.Clock.Advance(SuperuserKeys.Waiting);

        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token));

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task A_token_that_nobody_was_given_is_made_worthless_and_the_superuser_stays()
    {
        using var issued = await MakeAsync();
        await _console.Get<KeyBook>().SaveAsync([], issued.Key with { Phase = KeyPhase.Making });

        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: true, Token));

        Assert.Equal(KeyPhase.Dropped, (await FindAsync(issued.Key.Id)).Phase);
        Assert.NotEqual(HttpStatusCode.OK, await CollectionsAsync(issued.Reveal()));
        Assert.Equal(_email, (await server.AdminAsync(HttpMethod.Get, $"/api/collections/_superusers/records/{_account}")).GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_superuser_who_was_removed_takes_the_unfinished_key_along()
    {
        using var issued = await MakeAsync();
        await _console.Get<KeyBook>().SaveAsync([], issued.Key with { Phase = KeyPhase.Making });
        await server.RemoveAsync("_superusers", _account);
        _account = "";

        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: true, Token));

        Assert.Equal(KeyPhase.Dropped, (await FindAsync(issued.Key.Id)).Phase);
    }

    /// <summary>A console with two admins.</summary>
    private async Task<ConsoleServices> StartAsync(string account)
    {
        var console = await ConsoleServices.StartAsync(server, settings: ("ApiKeys:SuperuserAccount", account));
        await console.Roles.GrantAsync(console.As(Manager), Person(Second).Id, Role.Admin, "Covers the weekend shift", null, Token);
        return console;
    }

    private Task<ApiKey> AskAsync(int days = 30) => _console.Superusers.AskAsync(_console.As(Admin), Wish(days: days), Token);

    private Task ApproveAsync(ApiKey asked) => _console.Superusers.ApproveAsync(_console.As(Second), asked.Id, Why, Token);

    private async Task<IssuedKey> MakeAsync()
    {
        var asked = await AskAsync();
        await ApproveAsync(asked);
        return await _console.Keys.MintAsync(_console.As(Admin), asked.Id, Token);
    }

    private static async Task<KeyRefusedException> RefusedAsync(ConsoleServices console)
    {
        var asked = await console.Superusers.AskAsync(console.As(Admin), Wish(), Token);
        await console.Superusers.ApproveAsync(console.As(Second), asked.Id, Why, Token);
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => console.Keys.MintAsync(console.As(Admin), asked.Id, Token));
        Assert.DoesNotContain(console.Relay.Requests, request => request.Path.Contains("/impersonate/", StringComparison.Ordinal));
        Assert.Equal(AuditEventTypes.KeyChangeDenied, (await console.EventsAsync())[^1].Type);
        return refusal;
    }

    private async Task<ApiKey> FindAsync(string id) => (await _console.Get<KeyBook>().FindAsync(id, Token))!;

    /// <summary>What only a superuser is answered.</summary>
    private async Task<HttpStatusCode> CollectionsAsync(string token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, "/api/collections"));
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using var answer = await client.SendAsync(request, Token);
        return answer.StatusCode;
    }
}
