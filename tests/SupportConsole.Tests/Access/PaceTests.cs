using System.Net;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Users;
using SupportConsole.Hosting;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Access;

/// <summary>What one person may do only so often.</summary>
[Collection(DemoApp.Name)]
public sealed class PaceTests(DemoServer server) : IAsyncLifetime
{
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(
        server, settings: [("Limits:SearchesPerMinute", "3"), ("Limits:SessionsPerHour", "2"), ("Limits:WindowsPerPerson", "2"), ("Limits:ReadsPerMinute", "4")]);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task One_search_too_many_is_refused_in_words_and_asks_nobody()
    {
        for (var search = 0; search < 3; search++)
        {
            await SearchAsync(Agent);
        }

        _console.Relay.Clear();
        var refusal = await Assert.ThrowsAsync<TooOftenException>(() => SearchAsync(Agent));

        Assert.Matches("^You have reached what one person may do: 3 searches a minute. Nothing was done. Try again in 20 seconds.$", refusal.Message);
        Assert.Equal(TimeSpan.FromSeconds(20), refusal.RetryAfter);
        Assert.Empty(_console.Relay.Requests);
        await SearchAsync(OtherAgent);
    }

    [Fact]
    public async Task All_windows_of_a_person_share_the_limit()
    {
        var refused = 0;
        await Parallel.ForAsync(0, 20, Token, async (_, _) =>
        {
            try
            {
                await SearchAsync(Agent);
            }
            catch (TooOftenException)
            {
                Interlocked.Increment(ref refused);
            }
        });

        Assert.Equal(17, refused);
    }

    [Fact]
    public async Task A_flood_leaves_one_entry_a_person_and_limit()
    {
        for (var search = 0; search < 3; search++)
        {
            await SearchAsync(Agent);
            await SearchAsync(OtherAgent);
        }

        for (var search = 0; search < 100; search++)
        {
            await Assert.ThrowsAsync<TooOftenException>(() => SearchAsync(Agent));
        }

        await Assert.ThrowsAsync<TooOftenException>(() => SearchAsync(OtherAgent));

        var denied = (await _console.EventsAsync()).Where(e => e.Type == AuditEventTypes.PolicyDenied).ToArray();
        Assert.Equal([Person(Agent).Id, Person(OtherAgent).Id], denied.Select(e => e.Actor.Id));
        Assert.All(denied, e => Assert.Equal((AuditOutcome.Denied, "3 searches a minute", "192.0.2.7"), (e.Outcome, e.Detail, e.ClientAddress)));
    }

    [Fact]
    public async Task One_session_too_many_is_refused_before_it_is_asked_for()
    {
        for (var session = 0; session < 2; session++)
        {
            var opened = await _console.OpenAsync(User("u8k2m1c0a3l9x7q"));
            await _console.Desk.EndAsync(_console.As(Agent), opened.Id, Token);
        }

        _console.Relay.Clear();
        await Assert.ThrowsAsync<TooOftenException>(() => _console.OpenAsync(User("u8k2m1c0a3l9x7q")));

        Assert.Empty(_console.Relay.Requests);
        Assert.Empty(_console.Sessions.All());
        Assert.Equal(AuditEventTypes.PolicyDenied, (await _console.TypesAsync())[^1]);
    }

    [Fact]
    public async Task Pages_that_leave_entries_share_a_limit_and_a_colleague_notices_nothing()
    {
        var ada = User("u8k2m1c0a3l9x7q");
        for (var page = 0; page < 2; page++)
        {
            await _console.Directory.FindAsync(_console.As(Admin), ada, Token);
            await _console.Inventory.ListAsync(_console.As(Admin), Token);
        }

        _console.Relay.Clear();
        var before = (await _console.EventsAsync()).Length;
        Func<CurrentStaff, Task>[] reads =
        [
            who => _console.Directory.FindAsync(who, ada, Token),
            who => _console.Inventory.ListAsync(who, Token),
            who => _console.Inventory.UsageAsync(who, [], Token),
            who => _console.Inventory.ExportingAsync(who, new KeyFilter(), 1, Token),
            who => _console.Get<AuditDesk>().BeginAsync(who, new AuditAddress(), Token),
        ];
        foreach (var read in reads)
        {
            var refusal = await Assert.ThrowsAsync<TooOftenException>(() => read(_console.As(Admin)));
            Assert.Contains("4 pages a minute", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_console.Relay.Requests);
        Assert.Equal(before + 1, (await _console.EventsAsync()).Length);
        Assert.NotNull(await _console.Directory.FindAsync(_console.As(Agent), ada, Token));
    }

    [Fact]
    public async Task Posts_are_pages_too()
    {
        var session = await _console.OpenAsync(User("u8k2m1c0a3l9x7q"));
        for (var page = 0; page < 4; page++)
        {
            await _console.Reader.PostsAsync(_console.As(Agent), session.Id, null, Token);
        }

        await Assert.ThrowsAsync<TooOftenException>(() => _console.Reader.PostsAsync(_console.As(Agent), session.Id, null, Token));
        await Assert.ThrowsAsync<TooOftenException>(() => _console.Reader.PostAsync(_console.As(Agent), session.Id, "pw3lc0met0th3h4", Token));
        Assert.Equal(session, Assert.Single(_console.Sessions.All()));
    }

    [Fact]
    public async Task Whoever_lacks_the_role_uses_nothing_up()
    {
        for (var search = 0; search < 5; search++)
        {
            await Assert.ThrowsAsync<DutyRefusedException>(() => SearchAsync(Manager));
        }
    }

    [Fact]
    public async Task A_refusal_stands_also_when_the_trail_can_not_be_written()
    {
        for (var search = 0; search < 3; search++)
        {
            await SearchAsync(Agent);
        }

        _console.Relay.Clear();
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => SearchAsync(Agent));
        }

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public void A_window_gives_its_place_back()
    {
        var pace = _console.Get<Pace>();
        var mia = Person(Agent).Id;
        var first = pace.Take(mia, Limit.Windows);
        using var second = pace.Take(mia, Limit.Windows);
        using var third = pace.Take(mia, Limit.Windows);
        Assert.Equal((true, true, false, 0), (first.IsAcquired, second.IsAcquired, third.IsAcquired, pace.Left(mia, Limit.Windows)));

        first.Dispose();

        Assert.Equal((1, 2), (pace.Left(mia, Limit.Windows), pace.Left(Person(OtherAgent).Id, Limit.Windows)));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010DB800010002")]
    [InlineData("2001:db8:1:2::1", "20010DB800010002")]
    [InlineData("2001:db8:1:3::1", "20010DB800010003")]
    public void An_ipv6_network_counts_as_one_address(string client, string counted) => Assert.Equal(counted, SignInPace.AddressOf(IPAddress.Parse(client)));

    [Theory]
    [InlineData("/signin", true)]
    [InlineData("/signin/demo", true)]
    [InlineData("/signin-oidc", true)]
    [InlineData("/SignOut", true)]
    [InlineData("/signout-callback-oidc", true)]
    [InlineData("/signed-out", false)]
    [InlineData("/users", false)]
    [InlineData("/console.css", false)]
    [InlineData("/", false)]
    public void What_signs_in_and_out_is_counted(string path, bool counted) => Assert.Equal(counted, SignInPace.IsAboutSigningIn(path));

    private Task<UserPage> SearchAsync(string person) => _console.Directory.SearchAsync(_console.As(person), "users", UserQuery.Parse("ada"), "ada", 1, Token);
}
