using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class KeyMakerTests(DemoServer server) : ServicesTest(server)
{
    [Fact]
    public async Task A_key_reads_what_its_rules_let_it_read_and_both_steps_are_recorded()
    {
        var wish = Wish();

        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), wish, Token);
        using var issued = await Console.Keys.MintAsync(Console.As(Admin), draft.Key.Id, Token);

        Assert.Equal(25, (await server.ListAsync("data", issued.Reveal())).Count);
        Assert.Equal(
            (KeyPhase.Live, wish.Name, Person(Admin).Id, KeyFingerprint.Of(issued.Reveal())),
            (issued.Key.Phase, issued.Key.Name, issued.Key.Owner, issued.Key.Fingerprint));
        Assert.Equal(Console.Clock.GetUtcNow().AddDays(30), issued.Key.ExpiresAt!.Value, TimeSpan.FromSeconds(1));
        Assert.Equal([AuditEventTypes.KeyRequested, AuditEventTypes.KeyRequested, AuditEventTypes.KeyCreated], await Console.TypesAsync());
        var created = (await Console.EventsAsync())[^1];
        Assert.Equal(new AuditSubject("service_accounts", issued.Key.Id, wish.Name), created.Subject);
        Assert.Equal((Person(Admin).Id, wish.Purpose, "192.0.2.7"), (created.Actor.Id, created.Reason, created.ClientAddress));
        Assert.Contains(issued.Key.Fingerprint!, created.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_says_what_the_key_would_reach_and_has_no_token_yet()
    {
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        Assert.Equal(KeyVerdict.Reads, VerdictOf("data"));
        Assert.Equal(KeyVerdict.Reads, VerdictOf("posts"));
        Assert.Equal(KeyVerdict.NothingNow, VerdictOf("users"));
        Assert.Equal(KeyVerdict.Closed, VerdictOf("invoices"));
        Assert.Contains(draft.Reach.Single(reached => reached.Name == "data").Rules, rule => rule.Rule.Contains("@request.auth.disabled", StringComparison.Ordinal));
        Assert.All(Mints(), mint => Assert.Equal("""{"duration":60}""", mint.Body));
        Assert.Equal([AuditEventTypes.KeyRequested], await Console.TypesAsync());

        KeyVerdict VerdictOf(string collection) => draft.Reach.Single(reached => reached.Name == collection).Verdict;
    }

    [Fact]
    public async Task The_token_is_asked_for_with_whole_seconds()
    {
        using var issued = await Console.MakeKeyAsync(Wish(days: 365));

        Assert.Equal(365 * 86400, (int)JsonNode.Parse(Mints()[^1].Body)!["duration"]!);
    }

    [Fact]
    public async Task A_key_until_a_leap_day_ends_with_that_day()
    {
        Console.Clock.SetUtcNow(new DateTimeOffset(2027, 12, 1, 8, 0, 0, TimeSpan.Zero));
        var wish = Wish() with { Life = new KeyLife(0, new DateOnly(2028, 2, 29)) };

        using var issued = await Console.MakeKeyAsync(wish);

        Assert.Equal(new DateTimeOffset(2028, 3, 1, 0, 0, 0, TimeSpan.Zero), issued.Key.ExpiresAt);
    }

    [Fact]
    public async Task A_draft_that_is_given_up_leaves_nothing()
    {
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        await Console.Keys.GiveUpAsync(Console.As(Admin), draft.Key.Id, Token);

        await AssertNothingLeftAsync(draft.Key.Id);
        Assert.Equal([AuditEventTypes.KeyRequested, AuditEventTypes.KeyRequested, AuditEventTypes.KeyCreateFailed], await Console.TypesAsync());
        await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Keys.MintAsync(Console.As(Admin), draft.Key.Id, Token));
    }

    [Fact]
    public async Task A_second_press_of_create_makes_no_second_key()
    {
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        Task<IssuedKey>[] presses = [MintAsync(), MintAsync(), MintAsync()];
        await Assert.ThrowsAsync<KeyRefusedException>(() => Task.WhenAll(presses));

        Assert.Equal(1, presses.Count(press => press.IsCompletedSuccessfully));
        Assert.Single(await Console.TypesAsync(), AuditEventTypes.KeyCreated);

        Task<IssuedKey> MintAsync() => Task.Run(() => Console.Keys.MintAsync(Console.As(Admin), draft.Key.Id, Token));
    }

    [Fact]
    public async Task Only_its_maker_has_a_draft_made()
    {
        await Console.Roles.GrantAsync(Console.As(Manager), Person(Agent).Id, Role.Admin, "Covers the weekend shift", null, Token);
        var draft = await Console.Keys.PrepareAsync(Console.As(Admin), Wish(), Token);

        await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Keys.MintAsync(Console.As(Agent), draft.Key.Id, Token));
    }

    public static TheoryData<string, string> BadWishes => new()
    {
        { "no name", "name" },
        { "long name", "name" },
        { "two lines", "name" },
        { "turned around", "name" },
        { "nothing to be seen", "name" },
        { "hidden sign", "name" },
        { "no purpose", "purpose" },
        { "past", "past" },
        { "yesterday", "past" },
        { "beyond policy", "beyond" },
        { "beyond all time", "too far" },
        { "nobody's", "owner" },
        { "owner without a role", "owner" },
    };

    [Theory]
    [MemberData(nameof(BadWishes))]
    public async Task What_no_key_may_be_is_refused_before_PocketBase_is_asked(string what, string word)
    {
        var wish = what switch
        {
            "no name" => Wish("   "),
            "long name" => Wish(new string('n', 500)),
            "two lines" => Wish("importer\nof everything"),
            "turned around" => Wish("importer \u202egnp.exe"),
            "nothing to be seen" => Wish("\u200b\u200b"),
            "hidden sign" => Wish("nightly\u200bimporter"),
            "no purpose" => Wish() with { Purpose = "because" },
            "past" => Wish(days: -1),
            "yesterday" => Wish() with { Life = new KeyLife(0, DateOnly.FromDateTime(Console.Clock.GetUtcNow().UtcDateTime).AddDays(-1)) },
            "beyond policy" => Wish(days: 366),
            "beyond all time" => Wish() with { Life = new KeyLife(int.MinValue) },
            "nobody's" => Wish() with { Owner = "demo/stranger" },
            "owner without a role" => Wish() with { Owner = Person(Nobody).Id.Value },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Keys.PrepareAsync(Console.As(Admin), wish, Token));

        Assert.Contains(word, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Console.Relay.Requests);
        var denied = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeyChangeDenied, AuditOutcome.Denied), (denied.Type, denied.Outcome));
    }

    [Theory]
    [InlineData("O'Brien's \"nightly\" \\ importer")]
    [InlineData("импортёр 🐟 ")]
    [InlineData("=HYPERLINK(\"http://x\")")]
    public async Task Odd_names_arrive_as_they_are(string name)
    {
        name += Guid.NewGuid().ToString("n")[..8];

        using var issued = await Console.MakeKeyAsync(Wish(name));

        Assert.Equal(name, issued.Key.Name);
        Assert.Equal(name, (await server.AccountAsync(issued.Key.Id)).GetProperty("label").GetString());
    }

    [Fact]
    public async Task A_name_is_used_once_while_its_key_lives()
    {
        var name = Wish().Name;
        using var first = await Console.MakeKeyAsync(Wish(name));

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Keys.PrepareAsync(Console.As(Admin), Wish(name.ToUpperInvariant()), Token));
        await Console.Revoker.RevokeAsync(Console.As(Admin), first.Key.Id, "No longer needed", Token);
        using var second = await Console.MakeKeyAsync(Wish(name));

        Assert.Contains("already", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The requests that creating a key consists of, each of which PocketBase may not answer.</summary>
    public static TheoryData<string> Steps => ["records", "look", "mint", "check"];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task PocketBase_down_at_a_step_leaves_nothing_half_made(string step)
    {
        var down = false;
        Console.Relay.Intercept = context =>
        {
            down |= IsStep(context, step);
            return Task.FromResult(AnswerBrokenWhen(context, down));
        };

        await Assert.ThrowsAsync<PocketBaseProblem>(() => Console.MakeKeyAsync());

        var key = Assert.Single(await Console.Get<KeyBook>().AllAsync(Token));
        Assert.Equal(KeyPhase.Dropping, key.Phase);
        Assert.Contains("goes on trying", (await Console.EventsAsync())[^1].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain((await Console.Inventory.ListAsync(Console.As(Admin), Token)).Lines, line => line.Key.Id == key.Id);

        Console.Relay.Intercept = _ => Task.FromResult(false);
        Assert.True(await Console.Keeper.KeepAsync(includeWaiting: false, Token));
        await AssertNothingLeftAsync(key.Id);
    }

    [Fact]
    public async Task A_refused_field_is_named()
    {
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Method != "POST" || !context.Request.Path.Value!.EndsWith("/records", StringComparison.Ordinal))
            {
                return false;
            }

            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(new { status = 400, message = "Failed to create record.", data = new { region = new { code = "validation_required", message = "secret text" } } });
            return true;
        };

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => Console.MakeKeyAsync());

        Assert.Contains("region", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret text", problem.Message, StringComparison.Ordinal);
        Assert.Equal(AuditEventTypes.KeyCreateFailed, (await Console.EventsAsync())[^1].Type);
    }

    [Fact]
    public async Task A_token_for_another_time_than_asked_for_is_not_given_to_anybody()
    {
        Console.Relay.Intercept = async context =>
        {
            if (!IsStep(context, "mint"))
            {
                return false;
            }

            var id = context.Request.Path.Value!.Split('/')[^1];
            var claims = await server.AccountAsync(id);
            var collection = claims.GetProperty("collectionId").GetString()!;
            await context.Response.WriteAsJsonAsync(new
            {
                token = Tokens.Make(id, collection, TimeProvider.System.GetUtcNow().AddDays(3650)),
                record = new { id, collectionId = collection, collectionName = "service_accounts" },
            });
            return true;
        };

        await Assert.ThrowsAsync<PocketBaseProblem>(() => Console.MakeKeyAsync());

        Assert.Empty(await Console.Get<KeyBook>().AllAsync(Token));
        Assert.Equal(AuditEventTypes.KeyCreateFailed, (await Console.EventsAsync())[^1].Type);
    }

    [Fact]
    public async Task Without_a_trail_no_key_is_made_and_PocketBase_not_asked()
    {
        using (Console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => Console.MakeKeyAsync());
        }

        Assert.Empty(Console.Relay.Requests);
    }

    [Fact]
    public async Task A_key_that_can_not_be_recorded_is_not_given_to_anybody()
    {
        IDisposable? held = null;
        Console.Relay.Intercept = context =>
        {
            if (IsStep(context, "check"))
            {
                held ??= Console.LockTrail();
            }

            return Task.FromResult(false);
        };

        await Assert.ThrowsAsync<NotWrittenException>(() => Console.MakeKeyAsync());

        Console.Relay.Intercept = _ => Task.FromResult(false);
        held!.Dispose();
        var left = Assert.Single(await Console.Get<KeyBook>().AllAsync(Token));
        Assert.True(await Console.Keeper.KeepAsync(includeWaiting: false, Token));
        await AssertNothingLeftAsync(left.Id);
    }

    [Fact]
    public async Task An_admin_who_loses_the_role_meanwhile_gets_no_key()
    {
        Console.Relay.Intercept = async context =>
        {
            if (IsStep(context, "mint"))
            {
                await Console.Roles.RevokeAsync(Console.As(Manager), Person(Admin).Id, Role.Admin, "Left the company today", Token);
            }

            return false;
        };

        await Assert.ThrowsAnyAsync<ExplainedException>(() => Console.MakeKeyAsync());

        Assert.Empty(await Console.Get<KeyBook>().AllAsync(Token));
    }

    [Fact]
    public async Task A_key_is_made_only_by_somebody_who_proved_who_they_are_a_short_while_ago()
    {
        Console.ProveAt(Admin, Console.Clock.GetUtcNow().AddHours(-1));

        await Assert.ThrowsAsync<SupportConsole.Access.ProofTooOldException>(() => Console.MakeKeyAsync());

        Assert.Empty(Console.Relay.Requests);
    }

    [Fact]
    public async Task A_gate_that_can_not_be_opened_is_explained_and_no_key_made()
    {
        var gate = Path.Combine(Path.GetDirectoryName(Console.File.File)!, "keys.lock");
        Directory.CreateDirectory(gate);

        var failure = await Assert.ThrowsAsync<StorageException>(() => Console.MakeKeyAsync());

        Assert.Contains(gate, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Console.Relay.Requests);
    }

    [Fact]
    public async Task Nothing_of_a_token_is_kept()
    {
        using var issued = await Console.MakeKeyAsync();
        using var second = await Console.Keys.RotateAsync(Console.As(Admin), issued.Key.Id, TimeSpan.FromDays(1), new KeyLife(30), Token);
        await Console.Revoker.RevokeAsync(Console.As(Admin), second.Key.Id, "No longer needed", Token);

        Assert.All(Console.Log.All, line => Assert.DoesNotMatch(Tokens.Shape(), line));
        Assert.DoesNotMatch(Tokens.Shape(), issued.ToString() + issued.Key + second.Key);
        foreach (var file in Directory.EnumerateFiles(Console.File.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotMatch(Tokens.Shape(), await reader.ReadToEndAsync(Token));
        }
    }

    private async Task AssertNothingLeftAsync(string id)
    {
        Assert.DoesNotContain(await Console.Get<KeyBook>().AllAsync(Token), key => key.Id == id);
        Assert.False(await server.HasAccountAsync(id));
    }

    private Relay.Seen[] Mints() => [.. Console.Relay.Requests.Where(request => request.Path.Contains("/impersonate/", StringComparison.Ordinal))];

    private bool IsStep(HttpContext context, string step) => step switch
    {
        "records" => context.Request.Method == "POST" && context.Request.Path.Value!.EndsWith("/records", StringComparison.Ordinal),
        "look" => context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal),
        "mint" => context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal) && Mints().Length == 2,
        "check" => Mints().Length == 2 && context.Request.Path == "/api/files/token",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    // As a proxy answers whose server is gone.
    private static bool AnswerBrokenWhen(HttpContext context, bool down)
    {
        if (down)
        {
            context.Response.StatusCode = 503;
        }

        return down;
    }
}
