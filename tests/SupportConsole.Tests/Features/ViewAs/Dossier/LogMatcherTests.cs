using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.PocketBase;

namespace SupportConsole.Tests.Features.ViewAs.Dossier;

/// <summary>Two logs of one session laid beside each other: what agrees, what is missing in one, and what is in neither of the console's books.</summary>
public sealed class LogMatcherTests
{
    private const string User = "u8k2m1c0a3l9x7q";
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Caller Agent = new("0123456789abcdef", "0123456789abcdef0123");
    private static readonly SessionOutline Session = new()
    {
        SessionId = Agent.SessionId!, Agent = Mia, Requested = Entry(1, 0, AuditEventTypes.SessionRequested), Opened = Entry(2, 1, AuditEventTypes.SessionOpened),
        Ended = Entry(99, 600, AuditEventTypes.SessionEnded),
    };

    private static AuditActor Mia => new(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]);

    [Fact]
    public void Reads_find_their_requests_and_the_consoles_own_are_named()
    {
        var compared = Compare(
            [Listed(4, 10), Viewed(6, 20, "post1")],
            [
                AsSuperuser(0, "GET", "/api/collections/users/records?page=1&perPage=1&filter=x", "impersonate"),
                AsSuperuser(0, "GET", "/api/collections/users/records?page=1&perPage=1&filter=x", "check-protection"),
                Minted(0.5),
                AsUser(0.6, "POST", "/api/files/token"),
                AsUser(0.7, "GET", "/api/collections/posts/records?page=1&perPage=1&skipTotal=1&fields=id&once=a"),
                AsUser(0.8, "GET", "/api/collections/posts/records?page=1&perPage=2&skipTotal=1&fields=id&once=b"),
                AsUser(10, "GET", "/api/collections/posts/records?page=1&perPage=21&sort=-created"),
                AsUser(10, "POST", "/api/files/token"),
                AsUser(20, "GET", "/api/collections/posts/records/post1"),
            ]);

        Assert.Equal((2, 0, 0, 0), (compared.Expected, compared.Missing, compared.Different, compared.UnexpectedCount));
        Assert.Equal([4, 6], compared.Matches.Keys.Order());
        Assert.Equal([1, 1, 1, 2, 2], compared.Own.Select(own => own.Count).Order());
        Assert.Contains(compared.Own, own => own.What.Contains("files/token", StringComparison.Ordinal) && own.Count == 2);
        Assert.Contains(compared.Own, own => own.What.Contains("probe", StringComparison.Ordinal) && own.Count == 2);
        Assert.Contains(compared.Own, own => own.What.Contains("impersonate/", StringComparison.Ordinal) && own.Count == 1);
    }

    [Fact]
    public void What_the_log_lacks_is_missing_unless_PocketBase_may_never_have_been_asked()
    {
        var compared = Compare([Listed(4, 10), Listed(6, 60), Viewed(8, 70, "post1", LineState.Failed), Viewed(10, 80, "post2", LineState.Refused)], [AsUser(60, "GET", "/api/collections/posts/records?page=1")]);

        Assert.Equal((3, 2), (compared.Expected, compared.Missing));
        Assert.Equal([6], compared.Matches.Keys);
    }

    [Theory]
    [InlineData(30, "GET", "/api/collections/secrets/records", "no read")] // Another collection.
    [InlineData(10, "GET", "/api/collections/posts/records/post1", "no read")] // A record where a list was read.
    [InlineData(100, "GET", "/api/collections/posts/records?page=1", "no read")] // The right one at another time.
    [InlineData(10, "GET", "/api/collections/posts/records?page=1&perPage=1&skipTotal=1&fields=id", null)] // Looks like a probe, and is the read's.
    [InlineData(100, "GET", "/api/collections/posts/records?page=1&perPage=1&skipTotal=1&fields=id", "no read")] // A probe comes before the opening.
    [InlineData(10, "PATCH", "/api/collections/posts/records/post1", "only reads")]
    [InlineData(10, "POST", "/api/collections/posts/records", "only reads")]
    [InlineData(10, "DELETE", "/api/collections/posts/records/post1", "only reads")]
    [InlineData(10, "POST", "/api/batch", "only reads")]
    [InlineData(10, "GET", "/api/realtime", "no read")]
    [InlineData(700, "POST", "/api/files/token", "after the session's end")]
    [InlineData(700, "GET", "/api/collections/posts/records?page=1", "after the session's end")]
    public void What_the_trail_does_not_explain_is_unexpected(double at, string method, string url, string? why)
    {
        var compared = Compare([Listed(4, 10)], [AsUser(at, method, url)]);

        Assert.Equal(why is null ? 0 : 1, compared.UnexpectedCount);
        Assert.Contains(why ?? "", string.Join(' ', compared.Unexpected.Select(request => request.Why)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SupportConsole/1.0 (session 0123456789abcdef0123; actor fedcba9876543210)")]
    [InlineData("SupportConsole/1.0 (IMPERSONATE; session 0123456789abcdef0123; actor 0123456789abcdef)")]
    [InlineData("curl (session 0123456789abcdef0123; actor 0123456789abcdef)")]
    public void Somebody_else_under_the_sessions_mark_is_unexpected(string agent)
    {
        var compared = Compare([Listed(4, 10)], [Line(10, "GET", "/api/collections/posts/records?page=1", "users", agent)]);

        Assert.Equal((1, 1), (compared.UnexpectedCount, compared.Missing));
        Assert.Contains("isn't signed", compared.Unexpected[0].Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATCH", "/api/collections/users/records/u8k2m1c0a3l9x7q")]
    [InlineData("POST", "/api/collections/users/impersonate/somebodyelse000")]
    [InlineData("POST", "/api/sql")]
    public void A_change_with_superuser_rights_is_unexpected(string method, string url) =>
        Assert.Equal(1, Compare([], [AsSuperuser(10, method, url, "check-protection")]).UnexpectedCount);

    [Fact]
    public void A_second_token_is_unexpected() => Assert.Equal(1, Compare([], [Minted(0.5), Minted(30)]).UnexpectedCount);

    [Fact]
    public void A_read_that_took_two_requests_is_one_match()
    {
        var compared = Compare([Listed(4, 10)], [AsUser(10, "GET", "/api/collections/posts/records?page=1"), AsUser(10.1, "GET", "/api/collections/posts/records?page=1")]);

        Assert.Equal((0, 0, 2), (compared.Missing, compared.UnexpectedCount, compared.Matches[4].Requests));
    }

    [Fact]
    public void Two_reads_of_one_record_take_a_line_each_in_their_order()
    {
        var compared = Compare(
            [Viewed(4, 10, "post1"), Viewed(6, 12, "post1")],
            [AsUser(10, "GET", "/api/collections/posts/records/post1"), AsUser(12, "GET", "/api/collections/posts/records/post1")]);

        Assert.Equal([(4L, Noon.AddSeconds(10)), (6L, Noon.AddSeconds(12))], compared.Matches.Select(match => (match.Key, match.Value.At)));
    }

    [Theory]
    [InlineData(404, "users", "404")]
    [InlineData(200, "", "a guest")]
    [InlineData(200, "members", "members")]
    public void What_was_shown_and_answered_otherwise_is_a_difference(int status, string auth, string difference)
    {
        var compared = Compare([Viewed(4, 10, "post1")], [AsUser(10, "GET", "/api/collections/posts/records/post1") with { Status = status, Auth = auth }]);

        Assert.Equal(1, compared.Different);
        Assert.Contains(difference, compared.Matches[4].Difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1200)]
    [InlineData(1200)]
    public void Clocks_that_differ_are_told_by_the_token_that_was_made_between_two_entries(double ahead)
    {
        var compared = Compare([Viewed(4, 300, "post1")], [Minted(0.5 + ahead), AsUser(300 + ahead, "GET", "/api/collections/posts/records/post1")]);

        Assert.Equal((0, 0), (compared.Missing, compared.UnexpectedCount));
    }

    [Fact]
    public void A_flood_of_unexpected_requests_is_counted_and_the_first_are_kept()
    {
        var compared = Compare([], [.. Enumerable.Range(0, 1000).Select(_ => AsUser(10, "DELETE", "/api/collections/posts/records/post1"))]);

        Assert.Equal((1000, LogMatcher.MostUnexpected), (compared.UnexpectedCount, compared.Unexpected.Count));
        Assert.Contains("The first 200 of them", ComparisonWords.UnexpectedOf(compared), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_followed_live_comes_by_one_connection_and_no_line_of_it_is_missing()
    {
        var (begun, batch) = (Read(4, 10, AuditEventTypes.RecordsFollowed, LineState.Done, []), Read(6, 20, AuditEventTypes.RecordsFollowed, LineState.Done, ["post1"]));

        var compared = Compare([begun, batch], [AsUser(10, "POST", "/api/realtime"), AsUser(10, "POST", "/api/files/token"), AsUser(601, "GET", "/api/realtime")]);

        Assert.Equal((0, 0, 0), (compared.Expected, compared.Missing, compared.UnexpectedCount));
        Assert.All([begun, batch], line => Assert.Equal((true, ""), (line.IsRead, ComparisonWords.CellOf(line, compared))));
    }

    [Fact]
    public void Counting_every_collection_is_one_read_of_many_requests()
    {
        var compared = Compare(
            [Read(4, 10, AuditEventTypes.ReachViewed, LineState.Done, [])],
            [AsUser(10, "GET", "/api/collections/posts/records?page=1&perPage=1&skipTotal=0&fields=id"), AsUser(10, "GET", "/api/collections/teams/records?page=1&perPage=1&skipTotal=0&fields=id")]);

        Assert.Equal((1, 0, 0), (compared.Expected, compared.Missing, compared.UnexpectedCount));
        Assert.Equal(2, compared.Matches[4].Requests);
    }

    [Theory]
    [InlineData(AuditEventTypes.RecordsListed)]
    [InlineData(AuditEventTypes.FileViewed)]
    [InlineData(AuditEventTypes.ReachViewed)]
    [InlineData(AuditEventTypes.AccessExplained)]
    public void An_answer_whose_question_is_damaged_is_a_read_all_the_same(string type) =>
        Assert.True(new SessionLine(Entry(4, 10, type), null, LineState.Done).IsRead);

    private static LogComparison Compare(SessionLine[] reads, RequestLogLine[] lines)
    {
        var matcher = new LogMatcher(Session, Agent);
        foreach (var read in reads)
        {
            matcher.Await(read);
        }

        foreach (var line in lines)
        {
            matcher.Take(line);
        }

        return matcher.End(Noon);
    }

    private static RequestLogLine Minted(double at) => AsSuperuser(at, "POST", $"/api/collections/users/impersonate/{User}?fields=token", "impersonate");

    private static RequestLogLine AsUser(double at, string method, string url) => Line(at, method, url, "users", Agent.AsUserAgent());

    private static RequestLogLine AsSuperuser(double at, string method, string url, string use) =>
        Line(at, method, url, "_superusers", $"SupportConsole/1.0 ({use}; session {Agent.SessionId}; actor {Agent.ActorHash})");

    private static RequestLogLine Line(double at, string method, string url, string auth, string agent)
    {
        var (path, parameters) = RequestLogLine.Read(url);
        return new RequestLogLine(Noon.AddSeconds(at), method, path, 200, auth, agent) { Parameters = parameters };
    }

    private static SessionLine Listed(long sequence, double at) => Read(sequence, at, AuditEventTypes.RecordsListed, LineState.Done, ["post1", "post2"]);

    private static SessionLine Viewed(long sequence, double at, string id, LineState state = LineState.Done) => Read(sequence, at, AuditEventTypes.RecordViewed, state, [id]);

    private static SessionLine Read(long sequence, double at, string type, LineState state, string[] ids)
    {
        var answer = Entry(sequence, at + 0.2, type);
        return new SessionLine(
            answer with { Event = answer.Event with { Target = new AuditTarget("posts") { RecordIds = [.. ids] } } }, Entry(sequence - 1, at, AuditEventTypes.ReadRequested), state);
    }

    private static AuditEntry Entry(long sequence, double at, string type) =>
        new(sequence, new AuditEvent(type, Noon.AddSeconds(at), Mia) { SessionId = Agent.SessionId, Subject = new AuditSubject("users", User, "Ada Lovelace") }, []);
}
