using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class KeyRevokerTests(DemoServer server) : IAsyncLifetime
{
    private const string Why = "The partner left";
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_revoked_key_is_dead_at_once_and_another_of_the_same_owner_lives()
    {
        using var first = await _console.MakeKeyAsync();
        using var second = await _console.MakeKeyAsync();

        var revoked = await _console.Revoker.RevokeAsync(_console.As(Admin), first.Key.Id, Why, Token);

        Assert.Empty(await server.ListAsync("data", first.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", second.Reveal())).Count);
        Assert.Equal((KeyPhase.Revoked, "Ines Duarte", Why), (revoked.Phase, revoked.Revocation!.ByName, revoked.Revocation.Reason));
        Assert.Contains("401", revoked.Revocation.Proof, StringComparison.Ordinal);
        Assert.Equal([AuditEventTypes.KeyRequested, AuditEventTypes.KeyRevoked], (await _console.TypesAsync())[^2..]);
        Assert.Contains("401", (await _console.EventsAsync())[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wish_is_recorded_before_PocketBase_is_asked()
    {
        using var key = await _console.MakeKeyAsync();
        string[]? known = null;
        _console.Relay.Intercept = async _ =>
        {
            known ??= await _console.TypesAsync();
            return false;
        };

        await _console.Revoker.RevokeAsync(_console.As(Admin), key.Key.Id, Why, Token);

        Assert.Equal(AuditEventTypes.KeyRequested, known![^1]);
    }

    [Fact]
    public async Task A_server_that_only_says_that_it_revoked_is_found_out()
    {
        using var key = await _console.MakeKeyAsync();
        _console.Relay.Intercept = async context =>
        {
            if (context.Request.Method != "PATCH")
            {
                return false;
            }

            await context.Response.WriteAsJsonAsync(new { id = key.Key.Id });
            return true;
        };

        var failure = await Assert.ThrowsAsync<KeyNotProvedException>(() => _console.Revoker.RevokeAsync(_console.As(Admin), key.Key.Id, Why, Token));

        Assert.Contains("goes on accepting", failure.Message, StringComparison.Ordinal);
        Assert.Equal(KeyPhase.Revoking, (await FindAsync(key.Key.Id)).Phase);
        Assert.Equal(AuditEventTypes.KeyChangeFailed, (await _console.EventsAsync())[^1].Type);
    }

    /// <summary>The requests that revoking consists of.</summary>
    public static TheoryData<string, string> Steps => new() { { "impersonate", "may still work" }, { "PATCH", "may still work" }, { "after PATCH", "the proof is missing" } };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task PocketBase_down_at_a_step_is_said_and_the_keeper_brings_it_to_its_end(string step, string said)
    {
        using var key = await _console.MakeKeyAsync();
        var patched = false;
        _console.Relay.Intercept = context =>
        {
            var down = step switch
            {
                "impersonate" => context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal),
                "PATCH" => context.Request.Method == "PATCH",
                _ => patched,
            };
            patched |= context.Request.Method == "PATCH";
            context.Response.StatusCode = down ? 503 : 200;
            return Task.FromResult(down);
        };

        var failure = await Assert.ThrowsAsync<KeyNotProvedException>(() => _console.Revoker.RevokeAsync(_console.As(Admin), key.Key.Id, Why, Token));

        Assert.Contains(said, failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(KeyState.Revoking, (await LineAsync(key.Key.Id)).StateAt(_console.Clock.GetUtcNow()));
        _console.Relay.Intercept = _ => Task.FromResult(false);
        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        var revoked = await FindAsync(key.Key.Id);
        Assert.Equal((KeyPhase.Revoked, "Ines Duarte", Why), (revoked.Phase, revoked.Revocation!.ByName, revoked.Revocation.Reason));
    }

    [Fact]
    public async Task An_outage_is_recorded_once_however_often_it_is_tried()
    {
        using var key = await _console.MakeKeyAsync();
        _console.Relay.AnswerAlways(503, "text/plain", "maintenance");
        await Assert.ThrowsAsync<KeyNotProvedException>(() => _console.Revoker.RevokeAsync(_console.As(Admin), key.Key.Id, Why, Token));

        for (var round = 0; round < 3; round++)
        {
            Assert.False(await _console.Keeper.KeepAsync(includeWaiting: false, Token));
        }

        Assert.Single(await _console.TypesAsync(), AuditEventTypes.KeyChangeFailed);
    }

    [Fact]
    public async Task A_key_whose_account_was_removed_behind_our_back_is_unknown_and_can_be_closed()
    {
        using var key = await _console.MakeKeyAsync();
        await server.RemoveAsync("service_accounts", key.Key.Id);

        Assert.Equal(KeyState.Unknown, (await LineAsync(key.Key.Id)).StateAt(_console.Clock.GetUtcNow()));
        var revoked = await _console.Revoker.RevokeAsync(_console.As(Admin), key.Key.Id, Why, Token);

        Assert.Contains("account is gone", revoked.Revocation!.Proof, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_made_outside_the_console_is_listed_and_can_be_revoked()
    {
        var (account, token) = await server.AddForeignKeyAsync("Legacy exporter");

        var line = await LineAsync(account);
        Assert.Equal(("Legacy exporter", true, KeyState.Unknown), (line.Key.Name, line.Key.IsForeign, line.StateAt(_console.Clock.GetUtcNow())));
        await _console.Revoker.RevokeAsync(_console.As(Admin), account, Why, Token);

        Assert.Empty(await server.ListAsync("data", token));
        Assert.Equal(KeyState.Revoked, (await LineAsync(account)).StateAt(_console.Clock.GetUtcNow()));
    }

    [Theory]
    [InlineData("doesnotexist000")]
    [InlineData("../users/records/u8k2m1c0a3l9x7q")]
    [InlineData("u8k2m1c0a3l9x7q")]
    [InlineData("")]
    public async Task What_is_no_service_account_is_refused_and_nothing_changes(string id)
    {
        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Revoker.RevokeAsync(_console.As(Admin), id, Why, Token));

        Assert.DoesNotContain(_console.Relay.Requests, request => request.Method is "PATCH" or "DELETE");
        Assert.Equal(AuditEventTypes.KeyChangeDenied, (await _console.EventsAsync())[^1].Type);
    }

    [Fact]
    public async Task A_suspended_key_reads_what_is_guarded_no_more_and_resumes()
    {
        using var key = await _console.MakeKeyAsync();

        var report = await _console.Revoker.SuspendAsync(_console.As(Admin), key.Key.Id, Why, Token);

        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        // The demo's rules of posts let everybody read what is published, without testing who is suspended.
        Assert.Contains("posts", report.StillReads);
        Assert.DoesNotContain("data", report.StillReads.Concat(report.Untested));
        Assert.Contains("users", report.Untested);
        Assert.True(report.Looked);
        Assert.Equal(KeyState.Suspended, (await LineAsync(key.Key.Id)).StateAt(_console.Clock.GetUtcNow()));
        Assert.Contains("still reads", (await _console.EventsAsync()).Last(told => told.Type == AuditEventTypes.KeySuspended).Detail, StringComparison.Ordinal);

        await _console.Revoker.ResumeAsync(_console.As(Admin), key.Key.Id, "Settled with the partner", Token);
        Assert.Equal(25, (await server.ListAsync("data", key.Reveal())).Count);
        Assert.Equal(KeyState.Active, (await LineAsync(key.Key.Id)).StateAt(_console.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_suspension_whose_look_fails_is_a_suspension_all_the_same()
    {
        using var key = await _console.MakeKeyAsync();
        var patched = false;
        _console.Relay.Intercept = context =>
        {
            var fails = patched;
            patched |= context.Request.Method == "PATCH";
            context.Response.StatusCode = fails ? 503 : 200;
            return Task.FromResult(fails);
        };

        var report = await _console.Revoker.SuspendAsync(_console.As(Admin), key.Key.Id, Why, Token);

        Assert.False(report.Looked);
        _console.Relay.Intercept = _ => Task.FromResult(false);
        Assert.Equal(KeyState.Suspended, (await LineAsync(key.Key.Id)).StateAt(_console.Clock.GetUtcNow()));
        await _console.Revoker.ResumeAsync(_console.As(Admin), key.Key.Id, Why, Token);
        Assert.Equal(25, (await server.ListAsync("data", key.Reveal())).Count);
    }

    [Fact]
    public async Task A_key_disabled_in_PocketBase_itself_is_shown_as_suspended_and_can_be_resumed()
    {
        using var key = await _console.MakeKeyAsync();
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/service_accounts/records/{key.Key.Id}", new JsonObject { ["disabled"] = true });

        Assert.Equal(KeyState.Suspended, (await LineAsync(key.Key.Id)).StateAt(_console.Clock.GetUtcNow()));
        await _console.Revoker.ResumeAsync(_console.As(Admin), key.Key.Id, Why, Token);

        Assert.Equal(KeyState.Active, (await LineAsync(key.Key.Id)).StateAt(_console.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_collection_that_was_renamed_is_no_proof_that_its_keys_are_dead()
    {
        using var key = await _console.MakeKeyAsync();
        await RenameAsync("service_accounts", "renamed_accounts");
        try
        {
            await Assert.ThrowsAsync<KeyNotProvedException>(() => _console.Revoker.RevokeAsync(_console.As(Admin), key.Key.Id, Why, Token));

            Assert.Equal(KeyPhase.Revoking, (await FindAsync(key.Key.Id)).Phase);
        }
        finally
        {
            await RenameAsync("renamed_accounts", "service_accounts");
        }

        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Equal(KeyPhase.Revoked, (await FindAsync(key.Key.Id)).Phase);
        Assert.Empty(await server.ListAsync("data", key.Reveal()));

        Task RenameAsync(string from, string to) => server.AdminAsync(HttpMethod.Patch, $"/api/collections/{from}", new JsonObject { ["name"] = to });
    }

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
        await _console.Revoker.SuspendAsync(_console.As(Admin), key.Key.Id, Why, Token);

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(
            () => _console.Keys.RotateAsync(_console.As(Admin), key.Key.Id, TimeSpan.Zero, new KeyLife(90), Token));

        Assert.Contains("suspended", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_emergency_gives_up_what_is_not_made_yet()
    {
        var draft = await _console.Keys.PrepareAsync(_console.As(Admin), Wish(), Token);

        await _console.Revoker.RevokeAllAsync(_console.As(Admin), Person(Admin).Id, "Ines Duarte", Why, _ => Task.CompletedTask, Token);

        await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Keys.MintAsync(_console.As(Admin), draft.Key.Id, Token));
        Assert.False(await server.HasAccountAsync(draft.Key.Id));
    }

    [Fact]
    public async Task Suspending_where_no_rule_would_care_is_refused_with_the_way_out()
    {
        using var key = await _console.MakeKeyAsync();
        _console.Relay.Intercept = async context =>
        {
            if (context.Request.Path != "/api/collections")
            {
                return false;
            }

            var collections = await server.AdminAsync(HttpMethod.Get, "/api/collections?perPage=200");
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(collections.GetRawText().Replace("@request.auth.disabled", "@request.auth.verified", StringComparison.Ordinal));
            return true;
        };

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => _console.Revoker.SuspendAsync(_console.As(Admin), key.Key.Id, Why, Token));

        Assert.Contains("auth rule", refusal.Message, StringComparison.Ordinal);
        Assert.False((await server.AccountAsync(key.Key.Id)).GetProperty("disabled").GetBoolean());
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

    [Fact]
    public async Task An_emergency_ends_every_key_of_an_owner_and_nobody_elses()
    {
        using var first = await _console.MakeKeyAsync();
        using var second = await _console.MakeKeyAsync();
        using var others = await _console.MakeKeyAsync(Wish() with { Owner = Person(Manager).Id.Value });
        List<KeyProgressState[]> seen = [];

        var done = await _console.Revoker.RevokeAllAsync(_console.As(Admin), Person(Admin).Id, "ines duarte", Why, SeeAsync, Token);

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
        using var key = await _console.MakeKeyAsync();
        var (account, token) = await server.AddForeignKeyAsync("Forgotten exporter");

        var done = await _console.Revoker.RevokeAllAsync(_console.As(Admin), null, KeyRevoker.EverybodysConfirmation, Why, _ => Task.CompletedTask, Token);

        Assert.Equal(KeyProgressState.Revoked, done.Single(found => found.Key.Id == account).State);
        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        Assert.Empty(await server.ListAsync("data", token));
    }

    [Fact]
    public async Task An_emergency_goes_on_past_a_key_that_can_not_be_proved()
    {
        using var first = await _console.MakeKeyAsync();
        using var second = await _console.MakeKeyAsync();
        _console.Relay.Intercept = context =>
        {
            var fails = context.Request.Path.Value!.Contains(first.Key.Id, StringComparison.Ordinal);
            context.Response.StatusCode = fails ? 503 : 200;
            return Task.FromResult(fails);
        };

        var done = await _console.Revoker.RevokeAllAsync(_console.As(Admin), Person(Admin).Id, "Ines Duarte", Why, _ => Task.CompletedTask, Token);

        Assert.Equal(KeyProgressState.NotProved, done.Single(key => key.Key.Id == first.Key.Id).State);
        Assert.Equal(KeyProgressState.Revoked, done.Single(key => key.Key.Id == second.Key.Id).State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ruth Okafor")]
    [InlineData("revoke all keys")]
    public async Task An_emergency_without_the_right_words_does_nothing(string typed)
    {
        using var key = await _console.MakeKeyAsync();

        await Assert.ThrowsAsync<KeyRefusedException>(
            () => _console.Revoker.RevokeAllAsync(_console.As(Admin), Person(Admin).Id, typed, Why, _ => Task.CompletedTask, Token));

        Assert.Equal(25, (await server.ListAsync("data", key.Reveal())).Count);
    }

    private async Task<ApiKey> FindAsync(string id) => (await _console.Get<KeyBook>().FindAsync(id, Token))!;

    private async Task<KeyLine> LineAsync(string id) =>
        (await _console.Inventory.ListAsync(_console.As(Admin), Token)).Lines.Single(line => line.Key.Id == id);
}
