using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class KeyRevokerTests(DemoServer server) : ServicesTest(server)
{
    private const string Why = "The partner left";

    [Fact]
    public async Task A_revoked_key_is_dead_at_once_and_another_of_the_same_owner_lives()
    {
        using var first = await Console.MakeKeyAsync();
        using var second = await Console.MakeKeyAsync();

        var revoked = await Console.Revoker.RevokeAsync(Console.As(Admin), first.Key.Id, Why, Token);

        Assert.Empty(await server.ListAsync("data", first.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", second.Reveal())).Count);
        Assert.Equal((KeyPhase.Revoked, "Ines Duarte", Why), (revoked.Phase, revoked.Revocation!.ByName, revoked.Revocation.Reason));
        Assert.Contains("401", revoked.Revocation.Proof, StringComparison.Ordinal);
        Assert.Equal([AuditEventTypes.KeyRequested, AuditEventTypes.KeyRevoked], (await Console.TypesAsync())[^2..]);
        Assert.Contains("401", (await Console.EventsAsync())[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wish_is_recorded_before_PocketBase_is_asked()
    {
        using var key = await Console.MakeKeyAsync();
        string[]? known = null;
        Console.Relay.Intercept = async _ =>
        {
            known ??= await Console.TypesAsync();
            return false;
        };

        await Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token);

        Assert.Equal(AuditEventTypes.KeyRequested, known![^1]);
    }

    [Fact]
    public async Task A_server_that_only_says_that_it_revoked_is_found_out()
    {
        using var key = await Console.MakeKeyAsync();
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Method != "PATCH")
            {
                return false;
            }

            await context.Response.WriteAsJsonAsync(new { id = key.Key.Id });
            return true;
        };

        var failure = await Assert.ThrowsAsync<KeyNotProvedException>(() => Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token));

        Assert.Contains("goes on accepting", failure.Message, StringComparison.Ordinal);
        Assert.Equal(KeyPhase.Revoking, (await FindAsync(key.Key.Id)).Phase);
        Assert.Equal(AuditEventTypes.KeyChangeFailed, (await Console.EventsAsync())[^1].Type);
    }

    /// <summary>The requests that revoking consists of.</summary>
    public static TheoryData<string, string> Steps => new() { { "impersonate", "may still work" }, { "PATCH", "may still work" }, { "after PATCH", "the proof is missing" } };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task PocketBase_down_at_a_step_is_said_and_the_keeper_brings_it_to_its_end(string step, string said)
    {
        using var key = await Console.MakeKeyAsync();
        var patched = false;
        Console.Relay.Intercept = context =>
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

        var failure = await Assert.ThrowsAsync<KeyNotProvedException>(() => Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token));

        Assert.Contains(said, failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(KeyState.Revoking, (await LineAsync(key.Key.Id)).StateAt(Console.Clock.GetUtcNow()));
        Console.Relay.Intercept = _ => Task.FromResult(false);
        Assert.True(await Console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        var revoked = await FindAsync(key.Key.Id);
        Assert.Equal((KeyPhase.Revoked, "Ines Duarte", Why), (revoked.Phase, revoked.Revocation!.ByName, revoked.Revocation.Reason));
    }

    [Fact]
    public async Task An_outage_is_recorded_once_however_often_it_is_tried()
    {
        using var key = await Console.MakeKeyAsync();
        Console.Relay.AnswerAlways(503, "text/plain", "maintenance");
        await Assert.ThrowsAsync<KeyNotProvedException>(() => Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token));

        for (var round = 0; round < 3; round++)
        {
            Assert.False(await Console.Keeper.KeepAsync(includeWaiting: false, Token));
        }

        Assert.Single(await Console.TypesAsync(), AuditEventTypes.KeyChangeFailed);
    }

    [Fact]
    public async Task A_key_whose_account_was_removed_behind_our_back_is_unknown_and_can_be_closed()
    {
        using var key = await Console.MakeKeyAsync();
        await server.RemoveAsync("service_accounts", key.Key.Id);

        Assert.Equal(KeyState.Unknown, (await LineAsync(key.Key.Id)).StateAt(Console.Clock.GetUtcNow()));
        var revoked = await Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token);

        Assert.Contains("account is gone", revoked.Revocation!.Proof, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_made_outside_the_console_is_listed_and_can_be_revoked()
    {
        var (account, token) = await server.AddForeignKeyAsync("Legacy exporter");

        var line = await LineAsync(account);
        Assert.Equal(("Legacy exporter", true, KeyState.Unknown), (line.Key.Name, line.Key.IsForeign, line.StateAt(Console.Clock.GetUtcNow())));
        await Console.Revoker.RevokeAsync(Console.As(Admin), account, Why, Token);

        Assert.Empty(await server.ListAsync("data", token));
        Assert.Equal(KeyState.Revoked, (await LineAsync(account)).StateAt(Console.Clock.GetUtcNow()));
    }

    [Theory]
    [InlineData("doesnotexist000")]
    [InlineData("../users/records/u8k2m1c0a3l9x7q")]
    [InlineData("u8k2m1c0a3l9x7q")]
    [InlineData("")]
    public async Task What_is_no_service_account_is_refused_and_nothing_changes(string id)
    {
        await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Revoker.RevokeAsync(Console.As(Admin), id, Why, Token));

        Assert.DoesNotContain(Console.Relay.Requests, request => request.Method is "PATCH" or "DELETE");
        Assert.Equal(AuditEventTypes.KeyChangeDenied, (await Console.EventsAsync())[^1].Type);
    }

    [Fact]
    public async Task A_collection_that_was_renamed_is_no_proof_that_its_keys_are_dead()
    {
        using var key = await Console.MakeKeyAsync();
        await RenameAsync("service_accounts", "renamed_accounts");
        try
        {
            await Assert.ThrowsAsync<KeyNotProvedException>(() => Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token));

            Assert.Equal(KeyPhase.Revoking, (await FindAsync(key.Key.Id)).Phase);
        }
        finally
        {
            await RenameAsync("renamed_accounts", "service_accounts");
        }

        Assert.True(await Console.Keeper.KeepAsync(includeWaiting: false, Token));
        Assert.Equal(KeyPhase.Revoked, (await FindAsync(key.Key.Id)).Phase);
        Assert.Empty(await server.ListAsync("data", key.Reveal()));

        Task RenameAsync(string from, string to) => server.AdminAsync(HttpMethod.Patch, $"/api/collections/{from}", new JsonObject { ["name"] = to });
    }

    private async Task<ApiKey> FindAsync(string id) => (await Console.Get<KeyBook>().FindAsync(id, Token))!;

    private async Task<KeyLine> LineAsync(string id) =>
        (await Console.Inventory.ListAsync(Console.As(Admin), Token)).Lines.Single(line => line.Key.Id == id);
}
