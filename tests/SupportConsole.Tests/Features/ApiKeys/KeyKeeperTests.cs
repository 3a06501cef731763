using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class KeyKeeperTests(DemoServer server) : ServicesTest(server, ("ApiKeys:SuperuserAccount", "keys@example.test"))
{
    private const string Why = "The partner left";

    [Fact]
    public async Task A_draft_is_given_up_when_its_time_is_over_and_not_before()
    {
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        Console.Clock.Advance(KeyMaker.DraftLife - TimeSpan.FromSeconds(1));
        await KeepAsync();
        Assert.True(await server.HasAccountAsync(draft.Key.Id));
        Console.Clock.Advance(TimeSpan.FromSeconds(1));
        await KeepAsync();

        Assert.False(await server.HasAccountAsync(draft.Key.Id));
        Assert.Equal(KeyPhase.Dropped, (await FindAsync(draft.Key.Id)).Phase);
        var told = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeyCreateFailed, StaffId.System, draft.Key.Id), (told.Type, told.Actor.Id, told.Subject!.Id));
        Assert.Contains("nothing of it is left", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_that_waits_is_given_up_at_a_start()
    {
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        await KeepAsync(includeWaiting: true);

        Assert.False(await server.HasAccountAsync(draft.Key.Id));
        await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Keys.MintAsync(Console.As(Admin), draft.Key.Id, Token));
    }

    [Fact]
    public async Task A_request_waits_for_a_day_also_over_a_start()
    {
        var asked = await Console.Superusers.AskAsync(Console.As(Admin), Wish(), Token);
        Console.Relay.Clear();

        Console.Clock.Advance(SuperuserKeys.Waiting - TimeSpan.FromSeconds(1));
        await KeepAsync(includeWaiting: true);
        Assert.Equal(KeyPhase.Requested, (await FindAsync(asked.Id)).Phase);
        Console.Clock.Advance(TimeSpan.FromSeconds(1));
        await KeepAsync();

        Assert.Equal(KeyPhase.Dropped, (await FindAsync(asked.Id)).Phase);
        Assert.Contains("more than a day", (await Console.EventsAsync())[^1].Detail, StringComparison.Ordinal);
        Assert.Empty(Console.Relay.Requests);
    }

    [Fact]
    public async Task An_approval_waits_for_a_day_of_its_own()
    {
        await Console.Roles.GrantAsync(Console.As(Manager), Person(Agent).Id, Role.Admin, "Covers the weekend shift", null, Token);
        var asked = await Console.Superusers.AskAsync(Console.As(Admin), Wish(), Token);
        Console.Clock.Advance(TimeSpan.FromHours(23));
        await Console.Superusers.ApproveAsync(Console.As(Agent), asked.Id, "Needed for the move", Token);

        Console.Clock.Advance(SuperuserKeys.Waiting - TimeSpan.FromSeconds(1));
        await KeepAsync(includeWaiting: true);
        Assert.Equal(KeyPhase.Approved, (await FindAsync(asked.Id)).Phase);
        Console.Clock.Advance(TimeSpan.FromSeconds(1));
        await KeepAsync();

        Assert.Equal(KeyPhase.Dropped, (await FindAsync(asked.Id)).Phase);
    }

    [Fact]
    public async Task Each_warning_is_given_once_and_then_the_end_once()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 90));
        Console.Relay.Clear();
        List<string> told = [];

        foreach (var left in (double[])[90, 30.01, 30, 29, 7.01, 7, 6, 1.01, 1, 0.5, 0, -1, -400])
        {
            Console.Clock.SetUtcNow(key.Key.ExpiresAt!.Value.AddDays(-left));
            var before = (await Console.EventsAsync()).Length;
            await KeepAsync();
            await KeepAsync();
            told.AddRange((await Console.EventsAsync())[before..].Select(entry => $"{left.ToString(System.Globalization.CultureInfo.InvariantCulture)}: {entry.Type}"));
        }

        Assert.Equal(["30: key.expiring", "7: key.expiring", "1: key.expiring", "0: key.expired"], told);
        Assert.Equal([30, 7, 1], Lines(8011).Select(line => line.Contains(" 30 days left", StringComparison.Ordinal) ? 30 : line.Contains(" 7 days left", StringComparison.Ordinal) ? 7 : 1));
        Assert.Single(Lines(8012));
        Assert.All(Lines(8011).Concat(Lines(8012)), line => Assert.Contains($"{key.Key.Id} ({key.Key.Name})", line, StringComparison.Ordinal));
        Assert.Empty(Console.Relay.Requests);
    }

    [Fact]
    public async Task A_warning_names_the_owner_and_the_end_to_whoever_reads_the_trail()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 90));
        Console.Clock.SetUtcNow(key.Key.ExpiresAt!.Value.AddHours(-3));

        await KeepAsync();

        var told = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeyExpiring, StaffId.System, key.Key.Name), (told.Type, told.Actor.Id, told.Subject!.Name));
        Assert.StartsWith("1 day or less are left, until ", told.Detail, StringComparison.Ordinal);
        Assert.EndsWith("owner demo/ines-duarte", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_console_that_was_away_gives_the_warning_that_stands_and_no_earlier_one()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 90));
        Console.Clock.SetUtcNow(key.Key.ExpiresAt!.Value.AddDays(-2));

        await KeepAsync();
        await KeepAsync();

        Assert.Contains("7 days or less", Assert.Single(await Console.EventsAsync(), entry => entry.Type == AuditEventTypes.KeyExpiring).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_key_is_warned_of_too()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 90));
        await Console.Suspension.SuspendAsync(Console.As(Admin), key.Key.Id, Why, Token);
        Console.Clock.SetUtcNow(key.Key.ExpiresAt!.Value.AddDays(-30));

        await KeepAsync();

        Assert.Single(await Console.TypesAsync(), AuditEventTypes.KeyExpiring);
        Assert.NotNull((await FindAsync(key.Key.Id)).SuspendedAt);
    }

    [Fact]
    public async Task A_revoked_key_is_not_warned_of()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 90));
        await Console.Revoker.RevokeAsync(Console.As(Admin), key.Key.Id, Why, Token);
        var before = (await Console.EventsAsync()).Length;
        Console.Clock.SetUtcNow(key.Key.ExpiresAt!.Value);

        await KeepAsync();

        Assert.Equal(before, (await Console.EventsAsync()).Length);
    }

    [Fact]
    public async Task A_rotated_key_that_ends_within_its_overlap_expires_and_is_not_revoked()
    {
        using var old = await Console.MakeKeyAsync(Wish(days: 2));
        using var successor = await Console.Keys.RotateAsync(Console.As(Admin), old.Key.Id, TimeSpan.FromDays(7), new KeyLife(90), Token);
        Console.Relay.Clear();
        Console.Clock.SetUtcNow(old.Key.ExpiresAt!.Value);

        await KeepAsync();

        Assert.Equal((await FindAsync(old.Key.Id)).ExpiresAt, (await FindAsync(old.Key.Id)).RevokeAt);
        Assert.Equal(KeyPhase.Live, (await FindAsync(old.Key.Id)).Phase);
        Assert.Equal(AuditEventTypes.KeyExpired, (await Console.EventsAsync())[^1].Type);
        Assert.Empty(Console.Relay.Requests);
    }

    [Fact]
    public async Task Nothing_is_asked_and_nothing_recorded_while_nothing_is_due()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 90));
        await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);
        await Console.Superusers.AskAsync(Console.As(Admin), Wish(), Token);
        var before = (await Console.EventsAsync()).Length;
        Console.Relay.Clear();

        for (var round = 0; round < 3; round++)
        {
            Console.Clock.Advance(TimeSpan.FromMinutes(1));
            await KeepAsync();
        }

        Assert.Empty(Console.Relay.Requests);
        Assert.Equal(before, (await Console.EventsAsync()).Length);
    }

    [Fact]
    public async Task The_keeper_waits_for_nobody_while_nothing_is_due()
    {
        using var key = await Console.MakeKeyAsync(Wish(days: 90));
        using var turn = await Console.Get<KeyGate>().TryEnterAsync(KeyGate.Patience, Token);

        await KeepAsync();
    }

    /// <summary>Where a console may stop, and what becomes of the key with the next one.</summary>
    public static TheoryData<string, KeyPhase> Stops => new()
    {
        { "before the account", KeyPhase.Dropped },
        { "draft", KeyPhase.Dropped },
        { "making", KeyPhase.Dropped },
        { "dropping", KeyPhase.Dropped },
        { "dropped but not recorded", KeyPhase.Dropped },
        { "shown", KeyPhase.Live },
        { "rotated", KeyPhase.Revoked },
        { "revoking", KeyPhase.Revoked },
        { "revoked but not recorded", KeyPhase.Revoked },
        { "revoked", KeyPhase.Revoked },
    };

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task What_a_stop_left_in_between_the_next_console_brings_to_its_end(string stop, KeyPhase expected)
    {
        await using var file = new SqliteFile();
        IssuedKey issued;
        await using (var stopped = await ConsoleServices.StartAsync(server, file))
        {
            issued = await stopped.MakeKeyAsync();
            await LeaveAsync(stopped, issued.Key, stop);
        }

        await using var next = await ConsoleServices.StartAsync(server, file);
        await next.Keeper.StartAsync(Token);
        await next.Clock.TickUntilAsync(async () => (await next.Get<KeyBook>().FindAsync(issued.Key.Id, Token))!.Phase == expected, busy: () => next.Relay.IsAsked);
        await next.Keeper.StopAsync(Token);
        Assert.True(await next.Keeper.KeepAsync(includeWaiting: true, Token));

        Assert.Equal(expected, (await next.Get<KeyBook>().FindAsync(issued.Key.Id, Token))!.Phase);
        Assert.Equal(expected != KeyPhase.Dropped, await server.HasAccountAsync(issued.Key.Id));
        Assert.Equal(expected == KeyPhase.Live ? 25 : 0, (await server.ListAsync("data", issued.Reveal())).Count);
        Assert.DoesNotContain(await next.Get<KeyBook>().UnfinishedAsync(Token), key => key.Phase != KeyPhase.Live);
        issued.Dispose();
    }

    [Fact]
    public async Task An_outage_holds_one_key_up_and_no_other()
    {
        using var first = await Console.MakeKeyAsync();
        using var second = await Console.MakeKeyAsync();
        await LeaveAsync(Console, first.Key, "revoking");
        await LeaveAsync(Console, second.Key, "revoking");
        Console.Relay.Intercept = context =>
        {
            var fails = context.Request.Path.Value!.Contains(first.Key.Id, StringComparison.Ordinal);
            context.Response.StatusCode = fails ? 503 : 200;
            return Task.FromResult(fails);
        };

        Assert.False(await Console.Keeper.KeepAsync(includeWaiting: false, Token));

        Assert.Equal((KeyPhase.Revoking, KeyPhase.Revoked), ((await FindAsync(first.Key.Id)).Phase, (await FindAsync(second.Key.Id)).Phase));
    }

    [Fact]
    public async Task A_keeper_outlives_an_outage_and_a_trail_that_does_not_take_its_entries()
    {
        using var key = await Console.MakeKeyAsync();
        await LeaveAsync(Console, key.Key, "revoking");
        Console.Relay.AnswerAlways(503, "text/plain", "maintenance");
        await Console.Keeper.StartAsync(Token);
        await Console.Clock.TickUntilAsync(() => Lines(8003).Any());
        using (Console.LockTrail())
        {
            Console.Relay.Intercept = _ => Task.FromResult(false);
            await Console.Clock.TickUntilAsync(() => Lines(8010).Any(), busy: () => Console.Relay.IsAsked);
        }

        await Console.Clock.TickUntilAsync(async () => (await FindAsync(key.Key.Id)).Phase == KeyPhase.Revoked, busy: () => Console.Relay.IsAsked);
        await Console.Keeper.StopAsync(Token);

        Assert.Equal(KeyPhase.Revoked, (await FindAsync(key.Key.Id)).Phase);
        Assert.Single(Lines(8010));
        Assert.Single(await Console.TypesAsync(), AuditEventTypes.KeyRevoked);
    }

    [Fact]
    public async Task A_failure_is_followed_by_half_a_minute_of_patience()
    {
        using var key = await Console.MakeKeyAsync();
        await LeaveAsync(Console, key.Key, "revoking");
        Console.Relay.AnswerAlways(503, "text/plain", "maintenance");

        await Console.Keeper.StartAsync(Token);
        var began = Console.Clock.GetUtcNow();
        await Console.Clock.TickUntilAsync(() => Lines(8003).Count() >= 3);
        await Console.Keeper.StopAsync(Token);

        Assert.True(Console.Clock.GetUtcNow() - began >= TimeSpan.FromSeconds(30), "The keeper knocked more often than every half minute.");
    }

    [Fact]
    public async Task Two_consoles_on_one_file_take_turns()
    {
        await using var other = await ConsoleServices.StartAsync(server, Console.File, Console.Clock);
        using var key = await Console.MakeKeyAsync();

        Task<IssuedKey>[] both = [RotateAsync(Console), RotateAsync(other)];
        await Assert.ThrowsAsync<KeyRefusedException>(() => Task.WhenAll(both));

        Assert.Equal(1, both.Count(rotation => rotation.IsCompletedSuccessfully));
        Assert.Single(await other.TypesAsync(), AuditEventTypes.KeyRotated);
        Assert.Equal(2, (await other.Get<KeyBook>().AllAsync(Token)).Count);

        Task<IssuedKey> RotateAsync(ConsoleServices console) =>
            Task.Run(() => console.Keys.RotateAsync(console.As(Admin), key.Key.Id, TimeSpan.FromDays(1), new KeyLife(30), Token));
    }

    [Fact]
    public async Task A_key_in_the_making_is_not_taken_for_one_that_was_left_behind()
    {
        await using var other = await ConsoleServices.StartAsync(server, Console.File, Console.Clock);
        bool? kept = null;
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Method == "POST" && context.Request.Path == "/api/files/token" && (await other.Get<KeyBook>().AllAsync(Token)) is [{ Phase: KeyPhase.Making }])
            {
                kept ??= await other.Keeper.KeepAsync(includeWaiting: true, Token);
                Assert.Equal(KeyPhase.Making, Assert.Single(await other.Get<KeyBook>().AllAsync(Token)).Phase);
            }

            return false;
        };

        using var issued = await Console.MakeKeyAsync();

        Assert.True(kept);
        Assert.Equal(25, (await server.ListAsync("data", issued.Reveal())).Count);
        Assert.True(await other.Keeper.KeepAsync(includeWaiting: true, Token));
        Assert.Equal(KeyPhase.Live, (await FindAsync(issued.Key.Id)).Phase);
    }

    [Fact]
    public async Task A_window_that_is_closed_while_it_waits_for_its_turn_holds_nobody_up()
    {
        using var closing = new CancellationTokenSource();
        using (await Console.Get<KeyGate>().TryEnterAsync(KeyGate.Patience, Token))
        {
            var waiting = Console.Keys.PrepareAsync(Console.As(Admin), Wish(), closing.Token);
            await closing.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        using var issued = await Console.MakeKeyAsync();

        Assert.Equal(KeyPhase.Live, issued.Key.Phase);
    }

    /// <summary>Leaves a key behind as a console does that stops at some step.</summary>
    private async Task LeaveAsync(ConsoleServices console, ApiKey key, string stop)
    {
        var revoking = key with { Phase = KeyPhase.Revoking, Revocation = new KeyRevocation(Person(Admin).Id, "Ines Duarte", Why) };
        switch (stop)
        {
            case "before the account" or "dropped but not recorded":
                await server.RemoveAsync("service_accounts", key.Id);
                await console.Get<KeyBook>().SaveAsync([], key with { Phase = stop == "before the account" ? KeyPhase.Draft : KeyPhase.Dropping });
                break;
            case "draft" or "making" or "dropping":
                await console.Get<KeyBook>().SaveAsync([], key with { Phase = Enum.Parse<KeyPhase>(stop, ignoreCase: true), Fingerprint = null });
                break;
            case "shown":
                break;
            case "rotated":
                await console.Get<KeyBook>().SaveAsync(
                    [],
                    key with { RevokeAt = console.Clock.GetUtcNow() },
                    key with { Id = "successor000000", Record = "successor000000", Replaces = key.Id });
                break;
            case "revoking":
                await console.Get<KeyBook>().SaveAsync([], revoking);
                break;
            case "revoked but not recorded":
                await console.Revoker.RevokeAsync(console.As(Admin), key.Id, Why, Token);
                await console.Get<KeyBook>().SaveAsync([], revoking);
                break;
            default:
                await console.Revoker.RevokeAsync(console.As(Admin), key.Id, Why, Token);
                break;
        }
    }

    private async Task KeepAsync(bool includeWaiting = false) => Assert.True(await Console.Keeper.KeepAsync(includeWaiting, Token));

    private async Task<ApiKey> FindAsync(string id) => (await Console.Get<KeyBook>().FindAsync(id, Token))!;

    private IEnumerable<string> Lines(int number) => Console.Log.All.Where(line => line.Contains($" {number}: ", StringComparison.Ordinal));
}
