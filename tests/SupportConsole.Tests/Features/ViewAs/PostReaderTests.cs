using System.Text;
using AngleSharp.Html.Parser;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

[Collection(DemoApp.Name)]
public sealed class PostReaderTests(DemoServer server) : IAsyncLifetime
{
    private const string AdasDraft = "p1nv0icetempl8t", TomsDraft = "pq3pr1celist8k2", Hostile = "ph0stile5mark7x";
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task The_users_own_draft_is_shown_and_recorded()
    {
        var session = await _console.OpenAsync(Ada);

        var post = Assert.IsType<ReadOutcome<PostDetail>.Found>(await PostAsync(session.Id, AdasDraft)).Value;

        Assert.Equal(("Invoice template for freelancers", "Ada Lovelace", "draft"), (post.Summary.Title, post.Summary.Author, post.Summary.Status));
        Assert.Equal(["invoice_preview_k3v9t2m1qa.png", "fields_for_the_tax_office_p8w2x5c7rd.txt"], post.AttachmentNames);
        Assert.Contains("<table>", MarkupOf(post), StringComparison.Ordinal);
        var events = (await _console.EventsAsync(session.Id))[^2..];
        Assert.Equal([AuditEventTypes.ReadRequested, AuditEventTypes.RecordViewed], events.Select(e => e.Type));
        Assert.Equal([AdasDraft], events[1].Target!.RecordIds);
    }

    [Theory]
    [InlineData(TomsDraft)]
    [InlineData("n0suchp0stexist")]
    public async Task Hidden_and_missing_look_the_same_and_are_recorded_as_refused(string post)
    {
        var session = await _console.OpenAsync(Ada);

        Assert.IsType<ReadOutcome<PostDetail>.Missing>(await PostAsync(session.Id, post));

        Assert.Equal(AuditOutcome.Denied, (await _console.EventsAsync(session.Id))[^1].Outcome);
    }

    [Theory]
    [InlineData("../../_superusers/records/x")]
    [InlineData("a/b")]
    [InlineData("a?expand=author")]
    [InlineData("'\"\\")]
    [InlineData("\0")]
    [InlineData("")]
    public async Task What_is_no_id_is_not_asked_for(string post)
    {
        var session = await _console.OpenAsync(Ada);
        _console.Relay.Clear();

        Assert.IsType<ReadOutcome<PostDetail>.Missing>(await PostAsync(session.Id, post));

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task Reading_uses_the_users_token_and_the_superusers_only_to_ask_whether_the_user_is_protected()
    {
        var session = await _console.OpenAsync(Ada);
        _console.Relay.Clear();

        await PostsAsync(session.Id);
        await PostAsync(session.Id, AdasDraft);

        var asked = _console.Relay.Requests.ToLookup(request => request.Authorization == server.SuperuserToken);
        Assert.Equal(["GET", "POST /api/files/token", "GET", "POST /api/files/token"], asked[false].Select(
            request => request.Method == "GET" ? "GET" : $"{request.Method} {request.Path}"));
        Assert.Equal(2, asked[true].Count());
        Assert.All(asked[true], request => Assert.Contains("check-protection", request.UserAgent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_token_is_in_the_database_the_log_or_any_text()
    {
        var session = await _console.OpenAsync(Ada);
        await PostsAsync(session.Id);
        var token = _console.Relay.Requests.Last(request => request.Method == "GET").Authorization;
        Assert.NotEmpty(token);

        Assert.DoesNotContain(_console.Log.All, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(token, _console.Sessions.Find(session.Id)!.ToString() + session, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(_console.File.File)!))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, Token);
            Assert.Equal(-1, copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(token.Split('.')[2])));
        }
    }

    [Fact]
    public async Task Every_user_sees_what_pocketbases_own_client_sees_in_the_same_order()
    {
        var users = (await server.AdminAsync(HttpMethod.Get, "/api/collections/users/records?perPage=60&sort=id&filter=" + Uri.EscapeDataString("protected = false")))
            .GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetString()!).Where((_, i) => i % 6 == 0).Take(10).ToArray();
        Assert.Equal(10, users.Length);

        var expected = await OfficialClient.VisiblePostsAsync(server, users);

        foreach (var user in users)
        {
            var session = await _console.OpenAsync(User(user));
            Assert.Equal(expected[user], await AllPostsAsync(session.Id));
            await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);
        }
    }

    [Fact]
    public async Task Posts_of_the_same_instant_are_neither_lost_nor_shown_twice()
    {
        var made = new List<string>();
        try
        {
            for (var i = 0; i < 45; i++)
            {
                made.Add(await server.AddPostAsync($"One of many {i}", "<p>Same</p>"));
            }

            var session = await _console.OpenAsync(Ada);
            var shown = await AllPostsAsync(session.Id);

            Assert.Equal(shown.Distinct().Count(), shown.Count);
            Assert.Subset(shown.ToHashSet(), made.ToHashSet());
        }
        finally
        {
            foreach (var post in made)
            {
                await server.RemoveAsync("posts", post);
            }
        }
    }

    [Fact]
    public async Task Posts_that_arrive_while_paging_shift_nothing()
    {
        var session = await _console.OpenAsync(Ada);
        var first = await PostsAsync(session.Id);
        var before = first.Posts.Select(post => post.Id).ToArray();
        var newer = await server.AddPostAsync("Arrived in between", "<p>New</p>");
        try
        {
            var second = await PostsAsync(session.Id, first.Older);

            Assert.Empty(before.Intersect(second.Posts.Select(post => post.Id)));
        }
        finally
        {
            await server.RemoveAsync("posts", newer);
        }
    }

    [Fact]
    public async Task A_post_says_when_its_author_is_missing_or_gone()
    {
        var leaver = await server.AddUserAsync("Somebody Leaving");
        var orphan = await server.AddPostAsync("Nobody wrote this", "<p>x</p>");
        var left = await server.AddPostAsync("Somebody who left wrote this", "<p>x</p>", leaver);
        await server.RemoveAsync("users", leaver);
        try
        {
            var session = await _console.OpenAsync(Ada);

            Assert.Equal("no author", (await DetailAsync(session.Id, orphan)).Summary.Author);
            Assert.Contains((await DetailAsync(session.Id, left)).Summary.Author, (string[])["no author", "an author this user can't see"]);
        }
        finally
        {
            await server.RemoveAsync("posts", orphan);
            await server.RemoveAsync("posts", left);
        }
    }

    [Fact]
    public async Task A_hostile_body_is_disarmed()
    {
        var session = await _console.OpenAsync(Ada);

        var body = MarkupOf(await DetailAsync(session.Id, Hostile));

        using var parsed = await new HtmlParser().ParseDocumentAsync(body, Token);
        Assert.Empty(parsed.QuerySelectorAll(
            "script, style, iframe, object, embed, svg, math, form, input, button, base, meta, link, img, a, video, audio, template, noscript"));
        Assert.All(parsed.All.SelectMany(element => element.Attributes), attribute =>
        {
            Assert.DoesNotContain(attribute.Name, (string[])["href", "src", "style", "srcset", "action", "xlink:href", "class", "id"]);
            Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), attribute.Name);
        });
        Assert.Contains("last, harmless paragraph", parsed.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_five_megabytes_is_cut_and_says_so()
    {
        var post = await server.AddPostAsync("Long", "<p>😀 " + string.Concat(Enumerable.Repeat("<p>Long 😀 story.</p>", 5 * 1024 * 1024 / 24)));
        try
        {
            var session = await _console.OpenAsync(Ada);

            var detail = await DetailAsync(session.Id, post);
            var listed = (await PostsAsync(session.Id)).Posts.Single(p => p.Id == post);

            Assert.Contains("are left out", detail.Body!.Note, StringComparison.Ordinal);
            var shown = detail.Body switch { ShownBody.Formatted formatted => formatted.Markup.Value, ShownBody.Typed typed => typed.Text, _ => "" };
            Assert.Contains("Long 😀 story.", shown, StringComparison.Ordinal);
            Assert.InRange(shown.Length, 1000, ShownBody.MaximumLength * 2);
            Assert.InRange(listed.Excerpt.Length, 1, 300);
        }
        finally
        {
            await server.RemoveAsync("posts", post);
        }
    }

    [Theory]
    [InlineData(500, "application/json", "{}", nameof(PocketBaseProblemKind.Failed))]
    [InlineData(503, "text/html", "<h1>Bad gateway</h1>", nameof(PocketBaseProblemKind.Failed))]
    [InlineData(429, "application/json", "{\"status\":429}", nameof(PocketBaseProblemKind.RateLimited))]
    [InlineData(200, "text/html", "<html>Welcome to the captive portal</html>", nameof(PocketBaseProblemKind.NotPocketBase))]
    [InlineData(200, "application/json", "{\"items\":[{\"id\":\"p1nv0", nameof(PocketBaseProblemKind.NotPocketBase))]
    [InlineData(200, "application/json", "[]", nameof(PocketBaseProblemKind.NotPocketBase))]
    [InlineData(302, "text/html", "", nameof(PocketBaseProblemKind.NotPocketBase))]
    public async Task An_unusable_answer_is_explained_recorded_and_leaves_the_session_open(
        int status, string type, string body, string kind)
    {
        var session = await _console.OpenAsync(Ada);
        _console.Relay.AnswerAlways(status, type, body);

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => PostsAsync(session.Id));

        Assert.Equal(kind, problem.Kind.ToString());
        Assert.DoesNotContain("portal", problem.Message, StringComparison.Ordinal);
        var failed = (await _console.EventsAsync(session.Id))[^1];
        Assert.Equal((AuditEventTypes.RecordsListed, AuditOutcome.Failed, kind), (failed.Type, failed.Outcome, failed.Detail));
        _console.Relay.Intercept = _ => Task.FromResult(false);
        Assert.NotEmpty((await PostsAsync(session.Id)).Posts);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_waited_for_as_long_as_configured()
    {
        var session = await _console.OpenAsync(Ada);
        var (arrived, both) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _console.Relay.Intercept = async context =>
        {
            if (Interlocked.Increment(ref arrived) == 2)
            {
                both.SetResult();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            return true;
        };

        // The list, and whether the user is protected: a request that is sent after the clock was set on would be waited for until it is set on again.
        var reading = PostsAsync(session.Id);
        await both.Task.WaitAsync(Token);
        _console.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(PocketBaseProblemKind.TimedOut, (await Assert.ThrowsAsync<PocketBaseProblem>(() => reading)).Kind);
        Assert.Single(_console.Sessions.All());
    }

    [Fact]
    public async Task A_view_that_is_not_proved_is_not_shown()
    {
        var session = await _console.OpenAsync(Ada);
        _console.Relay.Intercept = context =>
        {
            var proof = context.Request.Path == "/api/files/token";
            context.Response.StatusCode = proof ? 500 : 200;
            return Task.FromResult(proof);
        };

        await Assert.ThrowsAsync<PocketBaseProblem>(() => PostsAsync(session.Id));

        Assert.DoesNotContain(await _console.EventsAsync(session.Id), e => e.Type == AuditEventTypes.RecordsListed && e.Outcome == AuditOutcome.Success);
    }

    [Fact]
    public async Task A_token_killed_mid_session_shows_nothing_and_ends_the_session()
    {
        var user = await server.AddUserAsync("Signs Out Everywhere");
        var session = await _console.OpenAsync(User(user));
        await PostsAsync(session.Id);
        await server.RotateTokenKeyAsync(user);

        await Assert.ThrowsAsync<SessionOverException>(() => PostsAsync(session.Id));

        Assert.Empty(_console.Sessions.All());
        var events = await _console.EventsAsync(session.Id);
        Assert.Contains(events, e => e.Type == AuditEventTypes.SessionTokenRejected && e.Outcome == AuditOutcome.Failed);
        Assert.Contains(events, e => e.Type == AuditEventTypes.SessionEnded && EndReasons.Parse(e.Detail) == EndReason.TokenRejected);
        Assert.Single(events, e => e.Type == AuditEventTypes.RecordsListed && e.Outcome == AuditOutcome.Success);
        await server.RemoveAsync("users", user);
    }

    [Fact]
    public async Task A_user_removed_mid_session_ends_it_the_same_way()
    {
        var user = await server.AddUserAsync("About To Go");
        var session = await _console.OpenAsync(User(user));
        await server.RemoveAsync("users", user);

        await Assert.ThrowsAsync<SessionOverException>(() => PostAsync(session.Id, "pw3lc0met0th3h4"));

        Assert.Empty(_console.Sessions.All());
    }

    [Fact]
    public async Task A_locked_trail_means_no_request_and_no_view()
    {
        var session = await _console.OpenAsync(Ada);
        _console.Relay.Clear();
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => PostsAsync(session.Id));
            await Assert.ThrowsAsync<NotWrittenException>(() => PostAsync(session.Id, AdasDraft));
        }

        Assert.Empty(_console.Relay.Requests);
        Assert.NotEmpty((await PostsAsync(session.Id)).Posts);
    }

    [Fact]
    public async Task An_answer_that_can_not_be_recorded_is_not_shown()
    {
        var session = await _console.OpenAsync(Ada);
        IDisposable? held = null;
        _console.Relay.Intercept = context =>
        {
            held ??= _console.LockTrail();
            return Task.FromResult(false);
        };

        await Assert.ThrowsAsync<NotWrittenException>(() => PostsAsync(session.Id));

        held!.Dispose();
        Assert.Single(_console.Sessions.All());
    }

    [Fact]
    public async Task A_session_that_ends_while_the_answer_is_on_its_way_shows_nothing()
    {
        var session = await _console.OpenAsync(Ada);
        _console.Relay.Intercept = async context =>
        {
            if (context.Request.Path == "/api/files/token")
            {
                await _console.Desk.EndAsync(_console.As(Manager), session.Id, Token);
            }

            return false;
        };

        await Assert.ThrowsAsync<SessionOverException>(() => PostsAsync(session.Id));

        Assert.DoesNotContain(await _console.TypesAsync(session.Id), type => type == AuditEventTypes.SessionTokenRejected);
    }

    [Theory]
    [InlineData(OtherAgent)]
    [InlineData(Agent)]
    public async Task Somebody_elses_session_and_an_invented_one_look_the_same(string person)
    {
        var session = await _console.OpenAsync(Ada, person == Agent ? OtherAgent : Agent);
        _console.Relay.Clear();

        var others = await Assert.ThrowsAsync<SessionOverException>(() => _console.Reader.PostsAsync(_console.As(person), session.Id, after: null, Token));
        var invented = await Assert.ThrowsAsync<SessionOverException>(() => _console.Reader.PostsAsync(_console.As(person), "00000000000000000000", after: null, Token));

        Assert.Equal(others.Message, invented.Message);
        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task Whoever_may_see_all_sessions_still_sees_nothing_through_them()
    {
        var session = await _console.OpenAsync(Ada);
        _console.Relay.Clear();

        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Reader.PostsAsync(_console.As(Manager), session.Id, after: null, Token));
        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Reader.PostsAsync(_console.As(Admin), session.Id, after: null, Token));

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task A_role_revoked_counts_at_the_next_read_even_before_the_session_ends()
    {
        var session = await _console.OpenAsync(Ada);
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, "Left the support team", Token);
        _console.Relay.Clear();

        await Assert.ThrowsAsync<DutyRefusedException>(() => PostsAsync(session.Id));

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task A_collection_without_a_list_rule_is_locked_and_one_that_is_not_there_missing()
    {
        await using var locked = await ConsoleServices.StartAsync(server, settings: ("PocketBase:Posts:Collection", "invoices"));
        await using var missing = await ConsoleServices.StartAsync(server, settings: ("PocketBase:Posts:Collection", "articles"));

        Assert.IsType<ReadOutcome<PostList>.Locked>(await ListAsync(locked));
        Assert.IsType<ReadOutcome<PostList>.Missing>(await ListAsync(missing));
        Assert.Equal(AuditOutcome.Denied, (await locked.EventsAsync())[^1].Outcome);

        static async Task<ReadOutcome<PostList>> ListAsync(ConsoleServices console) =>
            await console.Reader.PostsAsync(console.As(Agent), (await console.OpenAsync(Ada)).Id, after: null, Token);
    }

    private async Task<PostList> PostsAsync(string session, RecordCursor? after = null) =>
        Assert.IsType<ReadOutcome<PostList>.Found>(await _console.Reader.PostsAsync(_console.As(Agent), session, after, Token)).Value;

    private Task<ReadOutcome<PostDetail>> PostAsync(string session, string post) => _console.Reader.PostAsync(_console.As(Agent), session, post, Token);

    private async Task<PostDetail> DetailAsync(string session, string post) =>
        Assert.IsType<ReadOutcome<PostDetail>.Found>(await PostAsync(session, post)).Value;

    private static string MarkupOf(PostDetail post) => Assert.IsType<ShownBody.Formatted>(post.Body).Markup.Value;

    private async Task<List<string>> AllPostsAsync(string session)
    {
        List<string> ids = [];
        RecordCursor? after = null;
        do
        {
            var page = await PostsAsync(session, after);
            ids.AddRange(page.Posts.Select(post => post.Id));
            after = page.Older;
        }
        while (after is not null);
        return ids;
    }
}
