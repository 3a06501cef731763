using System.Text.Json;
using System.Text.Json.Nodes;
using Bunit;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

/// <summary>A revoked key whose account comes back in PocketBase.</summary>
[Collection(DemoApp.Name)]
public sealed class KeyReturnsTests(DemoServer server) : ServicesTest(server)
{
    private const string Why = "The partner left";

    private KeyReturns Returns => Console.Get<KeyReturns>();

    [Fact]
    public async Task A_restored_backup_raises_the_alarm_and_the_key_can_be_revoked_again()
    {
        await using var restored = new DemoServer();
        await restored.InitializeAsync();
        await using var console = await ConsoleServices.StartAsync(restored);
        using var key = await console.MakeKeyAsync();
        await restored.BackUpAsync();
        await console.Revoker.RevokeAsync(console.As(Admin), key.Key.Id, Why, Token);
        await console.Get<KeyReturns>().LookAsync(Token);
        Assert.DoesNotContain(AuditEventTypes.KeyRevived, await console.TypesAsync());

        await restored.RestoreAsync();
        Assert.NotEmpty(await restored.ListAsync("data", key.Reveal())); // It works again.
        await console.Get<KeyReturns>().LookAsync(Token);
        await console.Get<KeyReturns>().LookAsync(Token);

        var line = (await console.Inventory.ListAsync(console.As(Admin), Token)).Lines.Single(line => line.Key.Id == key.Key.Id);
        Assert.Equal((KeyState.Revived, true), (line.StateAt(console.Clock.GetUtcNow()), line.MayWork(console.Clock.GetUtcNow())));
        var alarm = Assert.Single(await console.EventsAsync(), e => e.Type == AuditEventTypes.KeyRevived);
        Assert.Equal((StaffId.System, AuditOutcome.Failed, key.Key.Id), (alarm.Actor.Id, alarm.Outcome, alarm.Subject?.Id));
        Assert.Single(console.Log.All, logged => logged.Contains("may work again", StringComparison.Ordinal) && logged.Contains(key.Key.Id, StringComparison.Ordinal));

        var revoked = await console.Revoker.RevokeAsync(console.As(Admin), key.Key.Id, "Came back with a backup", Token);
        Assert.Equal((KeyPhase.Revoked, null), (revoked.Phase, revoked.RevivedAt));
        Assert.Empty(await restored.ListAsync("data", key.Reveal()));
        await console.Get<KeyReturns>().LookAsync(Token);
        Assert.Single(await console.TypesAsync(), AuditEventTypes.KeyRevived);
    }

    [Fact]
    public async Task An_account_made_again_under_the_same_id_is_noticed()
    {
        using var removed = await Console.MakeKeyAsync();
        await server.RemoveAsync("service_accounts", removed.Key.Record);
        await RevokeAsync(removed.Key.Id);
        await Returns.LookAsync(Token);
        Assert.Equal(KeyState.Revoked, await StateAsync(removed.Key.Id));

        await MakeAgainAsync(removed.Key.Record);
        await Returns.LookAsync(Token);

        Assert.Equal(KeyState.Revived, await StateAsync(removed.Key.Id));
    }

    [Fact]
    public async Task A_token_key_put_back_is_noticed_within_a_minute()
    {
        const string before = "abcdefghijabcdefghijabcdefghijabcdefghij";
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);
        await SetTokenKeyAsync(draft.Key.Record, before);
        using var key = await Console.Keys.MintAsync(Console.As(Admin), draft.Key.Id, Token);
        await RevokeAsync(key.Key.Id);
        await Console.RevokedWatch.StartAsync(Token);
        await SetTokenKeyAsync(key.Key.Record, before);
        Assert.NotEmpty(await server.ListAsync("data", key.Reveal()));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var began = Console.Clock.GetUtcNow();
        for (var second = 1; second <= 60 && await StateAsync(key.Key.Id) != KeyState.Revived; second++)
        {
            Console.Clock.Advance(TimeSpan.FromSeconds(1));
            do
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
            while (Console.Relay.IsAsked);
        }

        await Console.RevokedWatch.StopAsync(Token);
        Assert.Equal(KeyState.Revived, await StateAsync(key.Key.Id));
        Assert.True(Console.Clock.GetUtcNow() - began <= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_alarm_ends_with_the_keys_own_end()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 2));
        await RevokeAsync(key.Key.Id);
        await SetTokenKeyAsync(key.Key.Record, Guid.NewGuid().ToString("n") + "00");
        await Returns.LookAsync(Token);
        Assert.Equal(KeyState.Revived, await StateAsync(key.Key.Id));

        Console.Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(KeyState.Revoked, await StateAsync(key.Key.Id));
        await Assert.ThrowsAsync<KeyRefusedException>(() => RevokeAsync(key.Key.Id));
    }

    [Fact]
    public async Task A_key_made_outside_the_console_is_watched_too()
    {
        var (account, _) = await server.AddForeignKeyAsync("Legacy exporter");
        await RevokeAsync(account);
        await server.RemoveAsync("service_accounts", account);
        await MakeAgainAsync(account);

        await Returns.LookAsync(Token);

        Assert.Equal(KeyState.Revived, await StateAsync(account));
    }

    [Fact]
    public async Task An_emergency_revokes_what_came_back_along_with_the_rest()
    {
        using var key = await Console.MakeKeyAsync(Wish() with { Owner = Person(Manager).Id.Value });
        await RevokeAsync(key.Key.Id);
        await SetTokenKeyAsync(key.Key.Record, Guid.NewGuid().ToString("n") + "00");
        await Returns.LookAsync(Token);

        await Console.Emergency.RevokeAllAsync(
            Console.As(Admin), Person(Manager).Id, Person(Manager).Name, "Everything of hers has to go", _ => Task.CompletedTask, Token);

        Assert.Equal(KeyState.Revoked, await StateAsync(key.Key.Id));
    }

    [Fact]
    public async Task Many_revoked_keys_are_looked_for_and_one_collection_that_is_gone_hides_none()
    {
        List<string> keys = [];
        for (var made = 0; made < ServiceAccounts.MostReturned + 2; made++)
        {
            using var key = await Console.MakeKeyAsync();
            keys.Add(key.Key.Id);
            await RevokeAsync(key.Key.Id);
        }

        using (var connection = Console.File.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"UPDATE api_key SET collection = 'a_gone_collection' WHERE id = '{keys[0]}'";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await SetTokenKeyAsync(keys[^1], Guid.NewGuid().ToString("n") + "00");
        await Assert.ThrowsAsync<PocketBaseProblem>(() => Returns.LookAsync(Token));

        Assert.Equal(keys[^1], Assert.Single(await Console.EventsAsync(), e => e.Type == AuditEventTypes.KeyRevived).Subject?.Id);
    }

    private Task<ApiKey> RevokeAsync(string id) => Console.Revoker.RevokeAsync(Console.As(Admin), id, Why, Token);

    private async Task<KeyState> StateAsync(string id)
    {
        var key = await Console.Get<KeyBook>().FindAsync(id, Token);
        return KeyStates.Of(key!, AccountPresence.There, Console.Clock.GetUtcNow());
    }

    private Task<JsonElement> SetTokenKeyAsync(string record, string tokenKey) => server.AdminAsync(
        HttpMethod.Patch, $"/api/collections/service_accounts/records/{record}", new JsonObject { ["tokenKey"] = tokenKey });

    private Task<JsonElement> MakeAgainAsync(string record) => server.AdminAsync(HttpMethod.Post, "/api/collections/service_accounts/records", new JsonObject
    {
        ["id"] = record, ["label"] = "made again", ["password"] = "a-long-password-1", ["passwordConfirm"] = "a-long-password-1",
    });
}

/// <summary>What the page says of them.</summary>
public sealed class KeyReturnsNoticeTests : ConsoleContext
{
    [Fact]
    public void Revoked_keys_that_may_work_again_are_the_first_thing_on_the_page()
    {
        var now = Clock.GetUtcNow();
        var key = new ApiKey(
            "k00000000000001", "service_accounts", "k00000000000001", KeyKind.Service, "importer", "Imports the catalogue", new StaffId("demo/ines-duarte"),
            now, new StaffId("demo/ines-duarte"), "Ines Duarte", now.AddDays(90), KeyPhase.Revoked)
        {
            RevivedAt = now,
        };

        var notices = Render<KeyNotices>(p => p
            .Add(page => page.Now, now)
            .Add(page => page.List, new KeyList([new KeyLine(key, AccountPresence.There, new KeyOwner("Ines", HoldsRole: true))], [], null, null, null, CanSuspend: false)));

        Assert.Contains("1 revoked key may work again:", notices.Markup, StringComparison.Ordinal);
        Assert.Contains("importer", notices.Markup, StringComparison.Ordinal);
        Assert.Equal("keys?state=revived", notices.Find(".mud-alert a").GetAttribute("href"));
    }
}
