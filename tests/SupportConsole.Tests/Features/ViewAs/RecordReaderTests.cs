using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

[Collection(DemoApp.Name)]
public sealed class RecordReaderTests(DemoServer server) : IAsyncLifetime
{
    private const string AdasDraft = "p1nv0icetempl8t", TomsDraft = "pq3pr1celist8k2";
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");
    private ConsoleServices _console = null!;
    private ViewAsSession _session = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server);
        _session = await _console.OpenAsync(Ada);
    }

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Every_collection_has_a_row_and_locked_ones_say_so()
    {
        var rows = (await _console.Get<RecordReader>().ReachAsync(_console.As(Agent), _session.Id, Token).ToListAsync(Token)).SelectMany(part => part).ToArray();

        var official = (await OfficialClient.VisiblePostsAsync(server, Ada.Record))[Ada.Record].Count;
        Assert.Equal(official, Assert.IsType<ReadOutcome<int>.Found>(rows.Single(row => row.Schema.Name == "posts").Listed).Value);
        Assert.IsType<ReadOutcome<int>.Locked>(rows.Single(row => row.Schema.Name == "_superusers").Listed);
        Assert.Equal(rows.OrderBy(row => row.Schema.System).Select(row => row.Schema.Name), rows.Select(row => row.Schema.Name));
        var entries = (await _console.EventsAsync(_session.Id)).Where(entry => entry.Type == AuditEventTypes.ReachViewed).ToArray();
        Assert.Contains($"posts {official}", string.Join(", ", entries.Select(entry => entry.Detail)), StringComparison.Ordinal);
        Assert.Contains("_superusers locked", string.Join(", ", entries.Select(entry => entry.Detail)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_collection_that_fails_hides_no_other()
    {
        _console.Relay.Intercept = context =>
        {
            var isTeams = context.Request.Path.Value!.Contains("/teams/records", StringComparison.Ordinal);
            context.Response.StatusCode = isTeams ? 503 : context.Response.StatusCode;
            return Task.FromResult(isTeams);
        };

        var rows = (await _console.Get<RecordReader>().ReachAsync(_console.As(Agent), _session.Id, Token).ToListAsync(Token)).SelectMany(part => part).ToArray();

        Assert.Null(rows.Single(row => row.Schema.Name == "teams").Listed);
        Assert.NotEmpty(rows.Single(row => row.Schema.Name == "teams").Failure!);
        Assert.All(rows.Where(row => row.Schema.Name != "teams"), row => Assert.NotNull(row.Listed));
    }

    [Fact]
    public async Task A_dead_token_counts_nothing()
    {
        await server.RotateTokenKeyAsync(Ada.Record);

        await Assert.ThrowsAsync<SessionOverException>(async () => await _console.Get<RecordReader>().ReachAsync(_console.As(Agent), _session.Id, Token).ToListAsync(Token));

        Assert.DoesNotContain(await _console.EventsAsync(_session.Id), entry => entry.Type == AuditEventTypes.ReachViewed && entry.Outcome == AuditOutcome.Success);
    }

    [Fact]
    public async Task A_filter_narrows_what_the_user_sees_and_the_trail_keeps_its_hash()
    {
        var all = Found(await ListAsync(new RecordsPlace("posts"))).Rows.Select(row => row.Id);

        var drafts = Found(await ListAsync(new RecordsPlace("posts") { Filter = "status = 'draft' // mine" }));

        Assert.Contains(AdasDraft, drafts.Rows.Select(row => row.Id));
        Assert.DoesNotContain(TomsDraft, drafts.Rows.Select(row => row.Id));
        Assert.NotEqual(all, drafts.Rows.Select(row => row.Id));
        var entry = (await _console.EventsAsync(_session.Id))[^1];
        Assert.NotNull(entry.Target!.QueryHash);
        Assert.DoesNotContain("draft", System.Text.Json.JsonSerializer.Serialize(entry), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("titel = 'x'", "Is “title” meant?")]
    [InlineData("moderation_note != ''", "Users see no field “moderation_note”")]
    [InlineData("!(status = 'draft')", "no “not”")]
    public async Task A_filter_that_PocketBase_refuses_gets_a_hint(string filter, string hint) =>
        Assert.Contains(Assert.IsType<RecordListing.FilterRefused>(await ListAsync(new RecordsPlace("posts") { Filter = filter })).Hints, one => one.Contains(hint, StringComparison.Ordinal));

    [Theory]
    [InlineData("@request.auth.id != ''")]
    [InlineData("author = 'x')")]
    [InlineData("author = 'x') || (1 = 1")]
    public async Task A_filter_that_would_say_something_else_is_not_asked(string filter)
    {
        _console.Relay.Clear();

        Assert.IsType<RecordListing.FilterRefused>(await ListAsync(new RecordsPlace("posts") { Filter = filter }));

        Assert.DoesNotContain(_console.Relay.Requests, request => request.Path.Contains("/posts/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("title")]
    [InlineData("-title")]
    [InlineData("-status")]
    public async Task Any_order_shows_every_record_once(string sort)
    {
        var official = (await OfficialClient.VisiblePostsAsync(server, Ada.Record))[Ada.Record];
        List<string> ids = [];
        for (var place = new RecordsPlace("posts") { Sort = sort }; place is not null;)
        {
            var page = Found(await ListAsync(place));
            ids.AddRange(page.Rows.Select(row => row.Id));
            place = page.Next;
        }

        Assert.Equal(official.Order(), ids.Order());
    }

    [Theory]
    [InlineData("@random")]
    [InlineData("title,-created")]
    [InlineData("moderation_note")]
    public async Task An_order_by_what_users_do_not_see_is_no_order(string sort) =>
        Assert.IsType<RecordListing.FilterRefused>(await ListAsync(new RecordsPlace("posts") { Sort = sort }));

    [Fact]
    public async Task A_record_shows_its_fields_its_relations_and_what_points_to_it()
    {
        var record = Found(await RecordAsync("posts", "pw3lc0met0th3h4"));

        Assert.DoesNotContain(record.Fields, field => field.Name == "moderation_note");
        Assert.DoesNotContain("moderation_note", record.Absent);
        var author = Assert.Single(Assert.IsType<FieldValue.Records>(Value(record, "author")).Links);
        Assert.Equal("users", author.Collection);
        Assert.NotNull(author.Name);
        var comments = record.Related.Single(related => related.Collection == "comments");
        Assert.NotEmpty(comments.Links);
        var entry = (await _console.EventsAsync(_session.Id))[^1];
        Assert.Contains(comments.Links[0].Id, entry.Detail!, StringComparison.Ordinal);
        Assert.Equal(["pw3lc0met0th3h4"], entry.Target!.RecordIds);
    }

    [Fact]
    public async Task The_profile_is_what_the_user_gets_of_themselves()
    {
        var record = Found(await RecordAsync("users", Ada.Record));

        Assert.Equal("Ada Lovelace", record.Name);
        Assert.Equal("ada@example.com", Assert.IsType<ShownBody.Typed>(Assert.IsType<FieldValue.Text>(Value(record, "email")).Body).Text);
        Assert.DoesNotContain(record.Fields, field => field.Name is "internal_note" or "tokenKey" or "password");
    }

    [Theory]
    [InlineData(AdasDraft, true)]
    [InlineData("pw3lc0met0th3h4", false)]
    public async Task What_the_user_could_do_is_decided_by_PocketBase_as_the_user(string post, bool may)
    {
        _console.Relay.Clear();

        Assert.Equal(new RecordRights(may, may), await RightsAsync("posts", post));

        Assert.DoesNotContain(_console.Relay.Requests, request => request.Method is not ("GET" or "POST") || (request.Method == "POST" && request.Path != "/api/files/token"));
        var entry = (await _console.EventsAsync(_session.Id))[^1];
        Assert.Equal((AuditEventTypes.AccessExplained, may ? "update yes, delete yes" : "update no, delete no"), (entry.Type, entry.Detail));
    }

    [Theory]
    [InlineData("users", "u8k2m1c0a3l9x7q")]
    [InlineData("posts", TomsDraft)]
    [InlineData("posts", "n0suchp0stexist")]
    public async Task What_a_user_can_not_ask_stays_undecided(string collection, string id) =>
        Assert.Equal(new RecordRights(null, null), await RightsAsync(collection, id));

    [Theory]
    [InlineData("posts", TomsDraft)]
    [InlineData("posts", "n0suchp0stexist")]
    [InlineData("nosuch", "n0suchp0stexist")]
    [InlineData("../users", "n0suchp0stexist")]
    [InlineData("posts", "../../_superusers/records/x")]
    public async Task What_the_user_can_not_see_is_missing(string collection, string id) =>
        Assert.IsType<ReadOutcome<RecordDetail>.Missing>(await RecordAsync(collection, id));

    [Fact]
    public async Task Drawing_a_place_asks_nothing_with_superuser_rights_but_whether_the_user_is_protected()
    {
        _console.Relay.Clear();

        await ListAsync(new RecordsPlace("comments"));
        await RecordAsync("posts", AdasDraft);

        Assert.All(
            _console.Relay.Requests.Where(request => !request.UserAgent.StartsWith("SupportConsole/1.0 (session", StringComparison.Ordinal)),
            request => Assert.Contains("check-protection", request.UserAgent, StringComparison.Ordinal));
    }

    private Task<RecordListing> ListAsync(RecordsPlace place) => _console.Get<RecordReader>().ListAsync(_console.As(Agent), _session.Id, place, Token);

    private Task<ReadOutcome<RecordDetail>> RecordAsync(string collection, string id) =>
        _console.Get<RecordReader>().RecordAsync(_console.As(Agent), _session.Id, collection, id, Token);

    private Task<RecordRights> RightsAsync(string collection, string id) =>
        _console.Get<RecordReader>().RightsAsync(_console.As(Agent), _session.Id, collection, id, Token);

    private static RecordList Found(RecordListing listing) =>
        Assert.IsType<ReadOutcome<RecordList>.Found>(Assert.IsType<RecordListing.Read>(listing).Outcome).Value;

    private static RecordDetail Found(ReadOutcome<RecordDetail> outcome) => Assert.IsType<ReadOutcome<RecordDetail>.Found>(outcome).Value;

    private static FieldValue Value(RecordDetail record, string field) => record.Fields.Single(one => one.Name == field).Value;
}
