using System.Text.Json.Nodes;
using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class KeyInventoryTests(DemoServer server) : ServicesTest(server, ("ApiKeys:SuperuserAccount", "keys@example.test"))
{
    private const string Why = "The partner left";

    [Fact]
    public async Task Every_key_is_listed_with_its_state()
    {
        using var expired = await Console.MakeKeyAsync(Wish("expired one", days: 1));
        Console.Clock.Advance(TimeSpan.FromDays(1));
        var expiring = await Console.MakeKeyAsync(Wish("expiring one", days: 8));
        Console.Clock.Advance(TimeSpan.FromDays(2));
        using var active = await Console.MakeKeyAsync(Wish("active one"));
        using var suspended = await Console.MakeKeyAsync(Wish("suspended one"));
        await Console.Suspension.SuspendAsync(Console.As(Admin), suspended.Key.Id, Why, Token);
        using var revoked = await Console.MakeKeyAsync(Wish("revoked one"));
        await Console.Revoker.RevokeAsync(Console.As(Admin), revoked.Key.Id, Why, Token);
        using var revoking = await Console.MakeKeyAsync(Wish("revoking one"));
        await Console.Get<KeyBook>().SaveAsync([], revoking.Key with { Phase = KeyPhase.Revoking, Revocation = new KeyRevocation(Person(Admin).Id, "Ines Duarte", Why) });
        using var gone = await Console.MakeKeyAsync(Wish("unknown one"));
        await server.RemoveAsync("service_accounts", gone.Key.Id);
        await Console.Superusers.AskAsync(Console.As(Admin), Wish("waiting one"), Token);

        var lines = (await ListAsync()).Lines.Where(line => !line.Key.IsForeign).ToList();

        Assert.Equal(8, lines.Count);
        Assert.All(lines, line => Assert.Equal($"{line.StateAt(Console.Clock.GetUtcNow())} one", line.Key.Name, ignoreCase: true));
        Assert.Equal(
            ["active one", "expiring one", "revoking one", "suspended one", "unknown one"],
            lines.Where(line => line.MayWork(Console.Clock.GetUtcNow())).Select(line => line.Key.Name).Order());
        expiring.Dispose();
    }

    [Fact]
    public async Task Without_PocketBase_the_own_keys_are_listed_as_unknown_with_the_reason()
    {
        using var key = await Console.MakeKeyAsync();
        using var revoked = await Console.MakeKeyAsync();
        await Console.Revoker.RevokeAsync(Console.As(Admin), revoked.Key.Id, Why, Token);
        Console.Relay.Intercept = context => { context.Abort(); return Task.FromResult(true); };

        var list = await ListAsync();

        Assert.Contains("can't be reached", list.Unreachable, StringComparison.Ordinal);
        Assert.Equal((AccountPresence.NotKnown, KeyState.Unknown), (Line(list, key.Key.Id).Account, Line(list, key.Key.Id).StateAt(Console.Clock.GetUtcNow())));
        Assert.Equal(KeyState.Revoked, Line(list, revoked.Key.Id).StateAt(Console.Clock.GetUtcNow()));
        Assert.Equal(2, list.Lines.Count);
        Assert.Null(list.Fault);
        Assert.False(list.CanSuspend);
        Assert.Equal((AuditEventTypes.KeysListed, AuditOutcome.Failed), (await Console.EventsAsync()) is [.., var failed, { Type: AuditEventTypes.PocketBaseUnreachable }] ? (failed.Type, failed.Outcome) : default);
    }

    [Fact]
    public async Task A_key_whose_owner_lost_every_role_is_flagged_while_it_may_work()
    {
        using var key = await Console.MakeKeyAsync(Wish() with { Owner = Person(OtherManager).Id.Value });
        using var revoked = await Console.MakeKeyAsync(Wish() with { Owner = Person(OtherManager).Id.Value });
        await Console.Revoker.RevokeAsync(Console.As(Admin), revoked.Key.Id, Why, Token);
        using var others = await Console.MakeKeyAsync();
        Assert.False(Line(await ListAsync(), key.Key.Id).IsOrphaned(Console.Clock.GetUtcNow()));

        await Console.Roles.RevokeAsync(Console.As(Manager), Person(OtherManager).Id, Role.Manager, "Left the company today", Token);
        var list = await ListAsync();

        Assert.Equal(new KeyOwner("Omar Haddad", HoldsRole: false), Line(list, key.Key.Id).Owner);
        Assert.Equal([key.Key.Id], list.Lines.Where(line => line.IsOrphaned(Console.Clock.GetUtcNow())).Select(line => line.Key.Id));
        Assert.Equal(["Ines Duarte", "Jan Peeters", "Mia Chen", "Ruth Okafor"], list.Owners.Select(owner => owner.Name).Order());
        Assert.False(Line(list, key.Key.Id).IsOrphaned(key.Key.ExpiresAt!.Value));
    }

    [Fact]
    public async Task An_account_made_outside_the_console_is_listed_without_an_owner()
    {
        var (account, _) = await server.AddForeignKeyAsync("Legacy exporter");
        var (suspended, _) = await server.AddForeignKeyAsync("Suspended exporter");
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/service_accounts/records/{suspended}", new JsonObject { ["disabled"] = true });
        using var own = await Console.MakeKeyAsync();

        var list = await ListAsync();

        Assert.Equal(("Legacy exporter", true, false), (Line(list, account).Key.Name, Line(list, account).Key.IsForeign, Line(list, account).IsOrphaned(Console.Clock.GetUtcNow())));
        Assert.NotNull(Line(list, suspended).Key.SuspendedAt);
        Assert.Equal(own.Key.Id, list.Lines[0].Key.Id);
        Assert.All(list.Lines.Skip(1), line => Assert.True(line.Key.IsForeign));
    }

    [Fact]
    public async Task What_is_not_a_key_yet_is_listed_neither_as_one_nor_as_foreign()
    {
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        var list = await ListAsync();

        Assert.True(await server.HasAccountAsync(draft.Key.Id));
        Assert.DoesNotContain(list.Lines, line => line.Key.Id == draft.Key.Id);
    }

    [Fact]
    public async Task Another_collection_than_before_leaves_the_keys_of_the_old_one_unknown()
    {
        using var key = await Console.MakeKeyAsync();
        await using var moved = await ConsoleServices.StartAsync(server, Console.File, Console.Clock, ("ApiKeys:Collection", "nothing_here"));

        var list = await moved.Inventory.ListAsync(moved.As(Admin), Token);

        Assert.Contains("nothing_here", list.Fault!.Sentence, StringComparison.Ordinal);
        Assert.Null(list.Unreachable);
        Assert.Equal(AccountPresence.Elsewhere, Assert.Single(list.Lines).Account);
    }

    [Fact]
    public async Task A_listing_is_recorded_before_PocketBase_is_asked_and_completed_after_it()
    {
        using var key = await Console.MakeKeyAsync();
        string[]? known = null;
        Console.Relay.Intercept = async _ =>
        {
            known ??= await Console.TypesAsync();
            return false;
        };

        var list = await ListAsync();

        Assert.Equal(AuditEventTypes.ReadRequested, known![^1]);
        var listed = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeysListed, Person(Admin).Id, "service_accounts"), (listed.Type, listed.Actor.Id, listed.Target!.Collection));
        Assert.Equal(list.Lines.Count, listed.Target.Count);
    }

    [Fact]
    public async Task Without_a_trail_nothing_is_listed()
    {
        using (Console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(ListAsync);
        }

        Assert.Empty(Console.Relay.Requests);
    }

    [Theory]
    [InlineData(Agent)]
    [InlineData(Manager)]
    [InlineData(Nobody)]
    public async Task Only_admins_look_at_keys(string person)
    {
        using var key = await Console.MakeKeyAsync();
        Console.Relay.Clear();

        await Assert.ThrowsAsync<DutyRefusedException>(() => Console.Inventory.ListAsync(Console.As(person), Token));
        await Assert.ThrowsAsync<DutyRefusedException>(() => Console.Inventory.UsageAsync(Console.As(person), [key.Key], Token));
        await Assert.ThrowsAsync<DutyRefusedException>(() => Console.Inventory.ExportingAsync(Console.As(person), new KeyFilter(), 1, Token));

        Assert.Empty(Console.Relay.Requests);
    }

    [Fact]
    public async Task Uses_of_a_key_are_counted_and_the_consoles_own_looks_are_not()
    {
        using var used = await Console.MakeKeyAsync();
        using var idle = await Console.MakeKeyAsync();
        for (var request = 0; request < 3; request++)
        {
            await server.ListAsync("data", used.Reveal());
        }

        var usage = await UsageOnceSeenAsync(used.Key, [used.Key, idle.Key]);

        Assert.True(usage.Recorded);
        Assert.Equal(7, usage.Days);
        Assert.Equal(3, usage.Uses[used.Key.Id].PerDay);
        Assert.Equal(TimeProvider.System.GetUtcNow(), usage.Uses[used.Key.Id].LastSeen!.Value, TimeSpan.FromSeconds(60));
        Assert.Equal(new KeyUse(null, 0), usage.Uses[idle.Key.Id]);
        var told = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeysListed, "_logs", 2), (told.Type, told.Target!.Collection, told.Target.Count));
    }

    [Fact]
    public async Task A_superuser_key_that_was_not_made_was_not_used_by_anybody()
    {
        var asked = await Console.Superusers.AskAsync(Console.As(Admin), Wish(), Token);

        var usage = await Console.Inventory.UsageAsync(Console.As(Admin), [asked], Token);

        Assert.Equal(new KeyUse(null, 0), usage.Uses[asked.Id]);
        Assert.DoesNotContain(Console.Relay.Requests, request => request.Path.StartsWith("/api/logs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"logs":{"logAuthId":false}}""")]
    [InlineData("""{"logs":{"maxDays":0}}""")]
    public async Task Without_a_log_of_accounts_that_is_said_and_nothing_counted(string settings)
    {
        using var key = await Console.MakeKeyAsync();
        await server.AdminAsync(HttpMethod.Patch, "/api/settings", JsonNode.Parse(settings)!.AsObject());
        try
        {
            var usage = await Console.Inventory.UsageAsync(Console.As(Admin), [key.Key], Token);

            Assert.False(usage.Recorded);
            Assert.Empty(usage.Uses);
            Assert.DoesNotContain(Console.Relay.Requests, request => request.Path.StartsWith("/api/logs", StringComparison.Ordinal));
        }
        finally
        {
            await server.AdminAsync(HttpMethod.Patch, "/api/settings", new JsonObject { ["logs"] = new JsonObject { ["logAuthId"] = true, ["maxDays"] = 7 } });
        }
    }

    [Fact]
    public async Task An_export_is_recorded_with_what_it_held_and_not_with_what_was_searched()
    {
        await Console.Inventory.ExportingAsync(Console.As(Admin), new KeyFilter("secret text", "expiring"), 42, Token);

        var told = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeysExported, 42, "state expiring, a text"), (told.Type, told.Target!.Count, told.Detail));
        Assert.Empty(Console.Relay.Requests);
    }

    private Task<KeyList> ListAsync() => Console.Inventory.ListAsync(Console.As(Admin), Token);

    private static KeyLine Line(KeyList list, string id) => list.Lines.Single(line => line.Key.Id == id);

    // PocketBase writes some requests down together, and the last ones later.
    private async Task<KeyUsage> UsageOnceSeenAsync(ApiKey used, ApiKey[] keys)
    {
        for (var attempt = 1; ; attempt++)
        {
            await server.FillLogAsync();
            var usage = await Console.Inventory.UsageAsync(Console.As(Admin), keys, Token);
            if (usage.Uses[used.Id].PerDay >= 3 || attempt == 5)
            {
                return usage;
            }
        }
    }
}
