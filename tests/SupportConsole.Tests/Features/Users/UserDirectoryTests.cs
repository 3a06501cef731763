using System.Text;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Features.Users;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Users;

[Collection(DemoApp.Name)]
public sealed class UserDirectoryTests(DemoServer server) : IAsyncLifetime
{
    private const string Ada = "u8k2m1c0a3l9x7q";
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData("Siobhán O'Brien", "Siobhán O'Brien")]
    [InlineData("siobhan.o'brien@example.com", "Siobhán O'Brien")]
    [InlineData("O'Bri", "Siobhán O'Brien")]
    [InlineData("d'Aub", "François d'Aubigné")]
    [InlineData("\"Bobby\"", "Robert \"Bobby\" Tables")]
    [InlineData("Back\\slash", "Back\\slash Bill")]
    [InlineData("100%", "100% Maya")]
    [InlineData("maya.100%@example.net", "100% Maya")]
    [InlineData("under_score@example.com", "under_score")]
    [InlineData("Kai 🌊", "Kai 🌊 Nakoa")]
    [InlineData("<b>Bold</b>", "<b>Bold</b> Bettina")]
    [InlineData("{{ Curly }}", "{{ Curly }} & Sons")]
    [InlineData("curly+sons@example.org", "{{ Curly }} & Sons")]
    [InlineData("zoë", "Zoë Ångström")]
    [InlineData("ÅNGSTRÖM", "Zoë Ångström")]
    [InlineData("Şimşek", "Çağla Şimşek")]
    [InlineData("παπαδόπουλος", "Γιώργος Παπαδόπουλος")]
    [InlineData("каренина", "Анна Каренина")]
    [InlineData("محمد", "محمد الفارسي")]
    [InlineData("王小明", "王小明")]
    [InlineData("élodie@example.com", "Élodie Béranger")]
    [InlineData("ADA@EXAMPLE.COM", "Ada Lovelace")]
    [InlineData(Ada, "Ada Lovelace")]
    [InlineData("https://harbour.example/members/u8k2m1c0a3l9x7q?tab=posts", "Ada Lovelace")]
    public async Task Somebody_is_found_by_what_they_are_called(string term, string name) =>
        Assert.Equal([name], await NamesAsync(term));

    [Theory]
    [InlineData("%%%")]
    [InlineData("___")]
    [InlineData("a%a")]
    [InlineData("' || 1=1 // ")]
    [InlineData("\" || 1=1 // ")]
    [InlineData("\\\" || 1=1 // ")]
    [InlineData("@request.auth.id")]
    [InlineData("id != ''")]
    [InlineData("password")]
    public async Task What_nobody_is_called_finds_nobody(string term) => Assert.Empty(await NamesAsync(term));

    [Fact]
    public async Task An_exact_hit_stands_first()
    {
        var newer = await server.AddUserAsync("Ada Lovelace the Second");
        try
        {
            Assert.Equal(["Ada Lovelace", "Ada Lovelace the Second"], await NamesAsync("ada lovelace"));
        }
        finally
        {
            await server.RemoveAsync("users", newer);
        }
    }

    [Fact]
    public async Task A_settled_search_is_one_request_once_the_server_is_known()
    {
        await NamesAsync("Lovelace");
        _console.Relay.Clear();

        foreach (var term in new[] { "Lovelace", "Ada", Ada, "ada@example.com", "zoë" })
        {
            await NamesAsync(term);
            Assert.Single(_console.Relay.Requests);
            _console.Relay.Clear();
        }
    }

    [Fact]
    public async Task The_pages_of_a_search_hold_everybody_once()
    {
        var found = new List<string>();
        for (var page = 1; ; page++)
        {
            var part = await SearchAsync("example", page);
            found.AddRange(part.Users.Select(user => user.User.Id.Record));
            Assert.InRange(part.Users.Count, 0, UserDirectory.PageLength);
            if (!part.MayHaveMore)
            {
                break;
            }
        }

        Assert.Equal(found.Distinct().Count(), found.Count);
        // The demo's own, and whomever other tests have added.
        Assert.True(found.Count >= 58, $"{found.Count} were found.");
    }

    [Fact]
    public async Task A_search_is_recorded_before_and_after_with_the_number_of_hits_and_without_the_term()
    {
        const string term = "Lovelace";
        await NamesAsync(term);

        var events = (await _console.EventsAsync())[^2..];
        Assert.Equal([AuditEventTypes.ReadRequested, AuditEventTypes.UsersSearched], events.Select(e => e.Type));
        Assert.Equal(events[0].CorrelationId, events[1].CorrelationId);
        Assert.Equal((null, 1), (events[0].Target?.Count, events[1].Target?.Count));
        Assert.All(events, e => Assert.Equal(("users", Person(Agent).Id), (e.Target?.Collection, e.Actor.Id)));
        Assert.Equal(events[0].Target?.QueryHash, events[1].Target?.QueryHash);
        Assert.Matches("^[0-9a-f]{16}$", events[1].Target?.QueryHash);
    }

    [Fact]
    public async Task A_term_reaches_neither_the_database_nor_the_log()
    {
        const string term = "Qwzzxyterm99";
        await NamesAsync(term);
        await NamesAsync(term);
        await NamesAsync("Othertermzz");
        await _console.EventsAsync();

        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(_console.File.File)!))
        {
            Assert.Equal(-1, (await ReadSharedAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(term)));
        }

        Assert.DoesNotContain(_console.Log.All, line => line.Contains(term, StringComparison.OrdinalIgnoreCase));
        var hashes = (await _console.EventsAsync()).Where(e => e.Type == AuditEventTypes.UsersSearched).Select(e => e.Target?.QueryHash).ToArray();
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [Fact]
    public async Task Whoever_may_not_search_finds_nothing_asks_nobody_and_is_recorded()
    {
        await Assert.ThrowsAsync<DutyRefusedException>(() => SearchAsync("Lovelace", by: Manager));
        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Directory.FindAsync(_console.As(Manager), User(Ada), Token));

        Assert.Empty(_console.Relay.Requests);
        Assert.Equal([AuditEventTypes.PolicyDenied], await _console.TypesAsync());
    }

    [Fact]
    public async Task A_role_taken_away_counts_at_the_next_search()
    {
        var window = _console.As(Agent);
        await _console.Directory.SearchAsync(window, "users", UserQuery.Parse("Lovelace"), "Lovelace", 1, Token);
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, "Left the support team", Token);
        _console.Relay.Clear();

        await Assert.ThrowsAsync<DutyRefusedException>(
            () => _console.Directory.SearchAsync(window, "users", UserQuery.Parse("Lovelace"), "Lovelace", 1, Token));

        Assert.Empty(_console.Relay.Requests);
    }

    [Theory]
    [InlineData("_superusers")]
    [InlineData("service_accounts")]
    [InlineData("posts")]
    [InlineData("users/../_superusers")]
    [InlineData("")]
    public async Task A_collection_that_is_not_listed_is_not_searched(string collection)
    {
        var refusal = await Assert.ThrowsAsync<PocketBaseProblem>(
            () => _console.Directory.SearchAsync(_console.As(Agent), collection, UserQuery.Parse("Newsletter"), "Newsletter", 1, Token));

        Assert.Equal(PocketBaseProblemKind.NotAllowed, refusal.Kind);
        Assert.Empty(_console.Relay.Requests);
        Assert.NotEqual(AuditOutcome.Success, (await _console.EventsAsync())[^1].Outcome);
    }

    [Fact]
    public async Task Nothing_is_asked_while_the_trail_can_not_be_written()
    {
        await NamesAsync("Lovelace");
        _console.Relay.Clear();
        using (_console.LockTrail())
        {
            var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => SearchAsync("Lovelace"));
            Assert.Equal(NotWrittenReason.Locked, refusal.Reason);
            await Assert.ThrowsAsync<NotWrittenException>(() => _console.Directory.FindAsync(_console.As(Agent), User(Ada), Token));
        }

        Assert.Empty(_console.Relay.Requests);
        Assert.Equal(["Ada Lovelace"], await NamesAsync("Lovelace"));
    }

    [Fact]
    public async Task A_search_that_pocketbase_did_not_answer_is_recorded_as_failed_and_the_outage_once()
    {
        _console.Relay.Intercept = context => { context.Abort(); return Task.FromResult(true); };

        await Assert.ThrowsAsync<PocketBaseProblem>(() => SearchAsync("Lovelace"));
        await Assert.ThrowsAsync<PocketBaseProblem>(() => SearchAsync("Lovelace"));

        var events = await _console.EventsAsync();
        Assert.Equal(2, events.Count(e => e.Type == AuditEventTypes.UsersSearched && e.Outcome == AuditOutcome.Failed));
        Assert.Single(events, e => e.Type == AuditEventTypes.PocketBaseUnreachable);
    }

    [Fact]
    public async Task The_page_of_a_user_says_what_is_known_and_that_it_was_opened()
    {
        var facts = await _console.Directory.FindAsync(_console.As(Agent), User(Ada), Token);

        Assert.Equal(("Ada Lovelace", "ada", "ada@example.com", true, true, false),
            (facts!.Summary.Name, facts.Fields.Single(fact => fact.Field == "username").Value, facts.Summary.Email, facts.Summary.Verified, facts.CanSignIn, facts.Summary.IsProtected));
        var events = (await _console.EventsAsync())[^2..];
        Assert.Equal([AuditEventTypes.ReadRequested, AuditEventTypes.UserViewed], events.Select(e => e.Type));
        Assert.Equal(new AuditSubject("users", Ada, "Ada Lovelace"), events[1].Subject);
    }

    [Fact]
    public async Task An_account_that_can_not_sign_in_and_a_protected_one_are_marked()
    {
        var disabled = await _console.Directory.FindAsync(_console.As(Agent), User("d1s4bl3dv1ct0r9"), Token);
        var guarded = await _console.Directory.FindAsync(_console.As(Agent), User("q9w8e7r6t5y4u3i"), Token);

        Assert.False(disabled!.CanSignIn);
        Assert.True(guarded!.Summary.IsProtected);
        Assert.True((await SearchAsync("Adalbert Kiss")).Users.Single().User.IsProtected);
    }

    [Fact]
    public async Task A_user_who_is_not_there_is_null_and_recorded_as_failed()
    {
        Assert.Null(await _console.Directory.FindAsync(_console.As(Agent), User("n0b0dyhasth1s1d"), Token));

        Assert.Equal((AuditEventTypes.UserViewed, AuditOutcome.Failed), ((await _console.EventsAsync())[^1].Type, (await _console.EventsAsync())[^1].Outcome));
    }

    [Fact]
    public async Task A_result_says_who_viewed_last()
    {
        var session = await _console.OpenAsync(User(Ada));

        var own = (await SearchAsync(Ada)).Users.Single().LastView;
        var others = (await SearchAsync(Ada, by: OtherAgent)).Users.Single().LastView;

        Assert.Equal(("you", "Mia Chen"), (own?.By, others?.By));
        var facts = await _console.Directory.FindAsync(_console.As(OtherAgent), User(Ada), Token);
        Assert.Equal(session.Id, Assert.Single(facts!.Sessions).Event.SessionId);
    }

    private async Task<string[]> NamesAsync(string term) => [.. (await SearchAsync(term)).Users.Select(user => user.User.Name)];

    private Task<UserPage> SearchAsync(string term, int page = 1, string by = Agent) =>
        _console.Directory.SearchAsync(_console.As(by), "users", UserQuery.Parse(term), term, page, Token);

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);
        return copy.ToArray();
    }
}
