using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>Records that are shaped like no post: without a time, with several authors, under ids of any form.</summary>
public sealed class OddPostsTests(OddApp server) : IClassFixture<OddApp>
{
    private static readonly AppUserId Ada = User("usr_1", "People");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("entries", 45, true)]
    [InlineData("hiddenTime", 25, true)]
    [InlineData("late", 60, false)]
    [InlineData("lateView", 60, false)]
    public async Task Every_record_is_shown_once_whatever_the_app_keeps_of_time(string collection, int count, bool timeless)
    {
        await using var console = await StartAsync(collection);
        var session = await console.OpenAsync(Ada);

        var (ids, notes) = await AllAsync(console, session);

        Assert.Equal(count, ids.Count);
        Assert.Equal(count, ids.Distinct().Count());
        Assert.Equal(timeless, notes.Any(note => note.Contains("keeps no time", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_record_is_opened_whatever_its_id_is_made_of()
    {
        await using var console = await StartAsync("lateView");
        var session = await console.OpenAsync(Ada);
        var (ids, _) = await AllAsync(console, session);

        var post = Assert.IsType<ReadOutcome<PostDetail>.Found>(await console.Reader.PostAsync(console.As(Agent), session.Id, ids[0], Token)).Value;

        Assert.Contains('/', post.Summary.Id);
        Assert.StartsWith("New", post.Summary.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_are_learnt_and_none_is_left_out()
    {
        await using var console = await StartAsync("entries");
        var session = await console.OpenAsync(Ada);
        var (ids, _) = await AllAsync(console, session);

        var post = Assert.IsType<ReadOutcome<PostDetail>.Found>(await console.Reader.PostAsync(console.As(Agent), session.Id, ids[0], Token)).Value;

        Assert.StartsWith("Entry", post.Summary.Title, StringComparison.Ordinal);
        Assert.Equal("My List<String> doesn't compile.\nPlease help.", Assert.IsType<ShownBody.Typed>(post.Body).Text);
        Assert.Equal(["blocks", "stars"], post.Fields.Select(field => field.Name));
        Assert.IsType<ShownBody.Json>(Assert.IsType<FieldValue.Text>(post.Fields[0].Value).Body);
        var listed = Assert.IsType<ReadOutcome<PostList>.Found>(await console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token)).Value;
        Assert.All(listed.Posts, one => Assert.StartsWith("My List<String> doesn't", one.Excerpt, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_as_deep_as_the_app_takes_it_does_not_hide_the_post()
    {
        await using var console = await StartAsync("depths");
        var session = await console.OpenAsync(Ada);
        var (ids, _) = await AllAsync(console, session);

        var post = Assert.IsType<ReadOutcome<PostDetail>.Found>(await console.Reader.PostAsync(console.As(Agent), session.Id, ids[0], Token)).Value;

        Assert.Equal(18_000, Assert.IsType<ShownBody.Json>(Assert.IsType<FieldValue.Text>(post.Fields.Single().Value).Body).Text.Length);
        Assert.IsType<ShownBody.Formatted>(post.Body);
    }

    [Fact]
    public async Task Authors_whom_the_user_does_not_see_are_counted()
    {
        await using var console = await StartAsync("entries");
        var session = await console.OpenAsync(User("usr_2", "People"));
        var authors = new HashSet<string>();
        RecordCursor? after = null;
        do
        {
            var page = Assert.IsType<ReadOutcome<PostList>.Found>(await console.Reader.PostsAsync(console.As(Agent), session.Id, after, Token)).Value;
            authors.UnionWith(page.Posts.Select(post => post.Author));
            after = page.Older;
        }
        while (after is not null);

        Assert.Equal(["Ada Lovelace and Bob Ng", "Bob Ng", "Bob Ng and 1 author this user can't see"], authors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rule_that_looks_at_the_request_is_undecided_and_gets_the_headers_that_were_configured()
    {
        await using var without = await StartAsync("byHeader");
        await using var with = await StartAsync("byHeader", ("PocketBase:RequestHeaders:X-Tenant", "acme"));

        var unseen = await PageAsync(without, await without.OpenAsync(Ada));
        var seen = await PageAsync(with, await with.OpenAsync(Ada));

        Assert.Empty(unseen.Posts);
        Assert.StartsWith("Undecided", unseen.Notes.Single(), StringComparison.Ordinal);
        Assert.Equal("For acme alone", seen.Posts.Single().Title);
        Assert.All(with.Relay.Requests.Where(request => request.Headers.ContainsKey("X-Tenant")), request => Assert.NotEqual(server.SuperuserToken, request.Authorization));
    }

    [Fact]
    public async Task Without_a_title_a_record_is_called_by_its_first_words_as_in_other_lists()
    {
        await using var console = await StartAsync("sightings");
        var page = await PageAsync(console, await console.OpenAsync(Ada));

        Assert.Equal([("Blue Hole", "open")], page.Posts.Select(post => (post.Title, post.Status)));
    }

    [Fact]
    public async Task A_list_that_a_hook_closes_is_the_apps_refusal_and_not_a_lock()
    {
        await using var console = await StartAsync("closed");
        var session = await console.OpenAsync(Ada);

        Assert.IsType<ReadOutcome<PostList>.RefusedByApp>(await console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token));
    }

    [Fact]
    public async Task A_setting_that_names_no_field_of_the_collection_is_said()
    {
        await using var console = await StartAsync("entries", ("PocketBase:Posts:Title", "heading"));
        var page = await PageAsync(console, await console.OpenAsync(Ada));

        Assert.Contains(page.Notes, note => note.Contains("PocketBase:Posts:Title is 'heading'", StringComparison.Ordinal));
        Assert.All(page.Posts, post => Assert.StartsWith("Entry", post.Title, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Age", "0")]
    [InlineData("Age", "12")]
    [InlineData("X-Cache", "HIT from edge")]
    [InlineData("X-Cache", "TCP_MEM_HIT")]
    [InlineData("X-Cache", "RefreshHit from cloudfront")]
    [InlineData("CF-Cache-Status", "HIT")]
    [InlineData("X-Cache-Status", "STALE")]
    [InlineData("Cache-Status", "ExampleCache; hit; ttl=30")]
    [InlineData("Cache-Status", "\"Nginx\"; fwd=uri-miss; collapsed")]
    [InlineData("X-Varnish", "32770 3")]
    [InlineData("X-Cache-Hits", "1, 0")]
    public async Task What_a_cache_answered_is_never_shown(string name, string value)
    {
        await using var console = await StartAsync("entries");
        var session = await console.OpenAsync(Ada);
        console.Relay.Answered = context => { context.Response.Headers[name] = value; return Task.CompletedTask; };

        var refusal = await Assert.ThrowsAsync<PocketBaseProblem>(() => console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token));

        Assert.Equal(PocketBaseProblemKind.SharedAnswer, refusal.Kind);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Cache", "MISS from edge")]
    [InlineData("CF-Cache-Status", "DYNAMIC")]
    [InlineData("X-Cache-Status", "BYPASS")]
    [InlineData("Cache-Status", "ExampleCache; fwd=stale; stored")]
    [InlineData("X-Varnish", "32770")]
    [InlineData("X-Cache-Hits", "0")]
    public async Task What_a_cache_passed_through_is_shown(string name, string value)
    {
        await using var console = await StartAsync("entries");
        var session = await console.OpenAsync(Ada);
        console.Relay.Answered = context => { context.Response.Headers[name] = value; return Task.CompletedTask; };

        Assert.NotEmpty((await PageAsync(console, session)).Posts);
    }

    [Fact]
    public async Task Each_read_has_an_address_of_its_own_and_asks_for_no_stored_answer()
    {
        await using var console = await StartAsync("entries");
        var session = await console.OpenAsync(Ada);
        console.Relay.Clear();

        await PageAsync(console, session);
        await PageAsync(console, session);

        var reads = console.Relay.Requests.Where(request => request.Method == "GET").ToArray();
        Assert.Equal(2, reads.Select(read => read.Path).Distinct().Count());
        Assert.All(reads, read => Assert.Matches("[?&]once=[0-9a-f]{32}$", read.Path));
        Assert.All(reads, read => Assert.Contains("no-store", read.Headers["Cache-Control"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_to_another_question_is_never_shown()
    {
        await using var console = await StartAsync("entries");
        var session = await console.OpenAsync(Ada);
        console.Relay.Intercept = async context =>
        {
            if (context.Request.Method != "GET")
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"items":[],"page":3,"perPage":30,"totalItems":-1,"totalPages":-1}""", Token);
            return true;
        };

        var refusal = await Assert.ThrowsAsync<PocketBaseProblem>(() => console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token));

        Assert.Equal(PocketBaseProblemKind.SharedAnswer, refusal.Kind);
    }

    private Task<ConsoleServices> StartAsync(string posts, params (string Key, string Value)[] settings) => ConsoleServices.StartAsync(server, settings:
    [
        ("ViewAs:ProtectedUsers", ""), ("PocketBase:UserCollections:0", "People"), ("PocketBase:Posts:Collection", posts), .. settings,
    ]);

    private static async Task<PostList> PageAsync(ConsoleServices console, ViewAsSession session) =>
        Assert.IsType<ReadOutcome<PostList>.Found>(await console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token)).Value;

    private static async Task<(List<string> Ids, IReadOnlyList<string> Notes)> AllAsync(ConsoleServices console, ViewAsSession session)
    {
        List<string> ids = [];
        IReadOnlyList<string> notes;
        RecordCursor? after = null;
        do
        {
            var page = Assert.IsType<ReadOutcome<PostList>.Found>(await console.Reader.PostsAsync(console.As(Agent), session.Id, after, Token)).Value;
            ids.AddRange(page.Posts.Select(post => post.Id));
            notes = page.Notes;
            after = page.Older is { } older ? RecordCursor.Parse(older.ToString()) : null;
        }
        while (after is not null);
        return (ids, notes);
    }
}
