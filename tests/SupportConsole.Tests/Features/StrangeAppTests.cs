using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Users;
using SupportConsole.Features.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features;

/// <summary>The console on an app with odd names, heavy records, hooks that hide, and proxies that answer for it.</summary>
public sealed class StrangeAppTests(StrangeApp server) : IClassFixture<StrangeApp>
{
    private static readonly AppUserId Ibrahim = User("01HZXA", "players");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ibrahim", "01HZXA")]
    [InlineData("IBRAHIM", "01HZXA")]
    [InlineData("İBRAHİM", "01HZXA")]
    [InlineData("ışık", "01HZXB")]
    [InlineData("yılmaz", "01HZXB")]
    [InlineData("chess", "01HZXA")]
    [InlineData("01hzxb", "01HZXB")]
    [InlineData("{01hzxb}", "01HZXB")]
    [InlineData("https://app.example/in?next=%2Fplayers%2F01HZXB", "01HZXB")]
    [InlineData("She is here: https://app.example/players/01HZXB.", "01HZXB")]
    [InlineData("app.example/@01HZXB", "01HZXB")]
    [InlineData("app.example/u/01hzxb@players.test", "01HZXB")]
    [InlineData("E-Mail:01hzxb@players.test", "01HZXB")]
    public async Task Somebody_is_found_whatever_fields_and_ids_are_called(string term, string id)
    {
        await using var console = await StartAsync();

        Assert.Equal([id], (await SearchAsync(console, term)).Users.Select(found => found.User.Id.Record));
    }

    [Fact]
    public async Task A_page_of_users_is_shown_however_much_the_app_keeps_of_each()
    {
        await using var console = await StartAsync();

        var page = await SearchAsync(console, "Heavy");
        var facts = await console.Directory.FindAsync(console.As(Agent), page.Users[0].User.Id, Token);

        Assert.Equal(18, page.Users.Count);
        Assert.StartsWith("xxx", facts!.Fields.Single(fact => fact.Field == "about").Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_renamed_a_moment_ago_does_not_stop_the_search()
    {
        await using var console = await StartAsync();
        await SearchAsync(console, "chess");
        await RenameFieldAsync("AND", "hobby");
        try
        {
            Assert.Equal("01HZXA", (await SearchAsync(console, "chess")).Users.Single().User.Id.Record);
        }
        finally
        {
            await RenameFieldAsync("hobby", "AND");
        }
    }

    [Fact]
    public async Task What_a_hook_hides_from_one_user_is_neither_lost_nor_guessed()
    {
        await using var console = await StartAsync();
        var session = await console.OpenAsync(Ibrahim);
        List<PostSummary> all = [];
        RecordCursor? after = null;
        do
        {
            var page = Assert.IsType<ReadOutcome<PostList>.Found>(await console.Reader.PostsAsync(console.As(Agent), session.Id, after, Token)).Value;
            all.AddRange(page.Posts);
            after = page.Older is { } older ? RecordCursor.Parse(older.ToString()) : null;
            Assert.Contains(page.Notes, note => note.Contains("hides it from users", StringComparison.Ordinal));
        }
        while (after is not null);

        Assert.Equal(45, all.Select(post => post.Id).Distinct().Count());
        Assert.Equal(45, all.Count);
        Assert.All(all, post => Assert.Equal(($"Record {post.Id}", "author not shown to this user"), (post.Title, post.Author)));
    }

    [Fact]
    public async Task A_hook_that_answers_unauthorized_is_the_apps_refusal_and_ends_no_session()
    {
        await using var console = await StartAsync("unauthorized");
        var session = await console.OpenAsync(Ibrahim);
        var id = (await server.AdminAsync(HttpMethod.Get, "/api/collections/unauthorized/records?perPage=1")).GetProperty("items")[0].GetProperty("id").GetString()!;

        Assert.IsType<ReadOutcome<PostList>.RefusedByApp>(await console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token));
        Assert.IsType<ReadOutcome<PostDetail>.RefusedByApp>(await console.Reader.PostAsync(console.As(Agent), session.Id, id, Token));
        Assert.NotNull(console.Sessions.Find(session.Id));
    }

    [Theory]
    [InlineData("fullName = 'x') || (1 = 1")]
    [InlineData("fullName = 'x') || (fullName = 'Işık Yılmaz'")]
    [InlineData("fullName = 'x' && (")]
    [InlineData("fullName = \"x")]
    [InlineData("fullName ~ 'x' //) || (1 = 1")]
    [InlineData("fullName ~ 'x' // whoever isn't it")]
    public async Task A_filter_that_is_none_by_itself_protects_everybody_and_is_said(string filter)
    {
        await using var console = await StartAsync("notes", ("ViewAs:ProtectedUsers", filter));

        Assert.Equal(Protection.Undecided, (await SearchAsync(console, "chess")).Users.Single().User.Protection);
        Assert.Equal(Protection.Undecided, await console.Get<ProtectedUsers>().OfAsync(Caller.Console, Ibrahim, Token));
        Assert.Contains("each of its users counts as protected", Assert.Single(await console.Get<ProtectedUsers>().MisfitsAsync(Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_keeps_answers_by_their_path_alone_is_found_out_before_a_session_opens()
    {
        await using var console = await StartAsync();
        await SearchAsync(console, "chess");
        var kept = new ConcurrentDictionary<string, byte[]>();
        console.Relay.Intercept = async context =>
        {
            if (context.Request.Method != "GET" || context.Request.Path.StartsWithSegments("/api/collections/players", StringComparison.Ordinal) || !kept.TryGetValue(context.Request.Path, out var stored))
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(stored, Token);
            return true;
        };
        // Somebody else's page of the same length as the console's first question, from the same cache.
        kept["/api/collections/notes/records"] = """{"items":[{"id":"someoneelses001"}],"page":1,"perPage":1,"totalItems":-1,"totalPages":-1}"""u8.ToArray();

        var refusal = await Assert.ThrowsAsync<PocketBaseProblem>(() => console.Desk.OpenAsync(console.As(Agent), Ibrahim, Purpose, 15, Token));

        Assert.Equal(PocketBaseProblemKind.SharedAnswer, refusal.Kind);
        Assert.Empty(console.Sessions.All());
    }

    [Theory]
    [InlineData("GET", "/api/collections/players")]
    [InlineData("GET", "/api/collections/notes/records/")]
    public async Task Somebody_elses_record_is_never_taken_for_the_one_that_was_asked_for(string method, string path)
    {
        await using var console = await StartAsync();
        var session = await console.OpenAsync(Ibrahim);
        var page = Assert.IsType<ReadOutcome<PostList>.Found>(await console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token)).Value;
        console.Relay.Intercept = async context =>
        {
            var asked = context.Request.Path.Value!;
            if (context.Request.Method != method || !asked.StartsWith(path, StringComparison.Ordinal) || asked == path)
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                asked.EndsWith("/records", StringComparison.Ordinal) ? """{"items":[{"id":"01HZXB"}],"page":1,"perPage":1}""" : """{"id":"another","title":"Secret"}""", Token);
            return true;
        };

        var refusal = await Assert.ThrowsAsync<PocketBaseProblem>(() => path.EndsWith("players", StringComparison.Ordinal)
            ? console.Directory.FindAsync(console.As(Agent), Ibrahim, Token)
            : console.Reader.PostAsync(console.As(Agent), session.Id, page.Posts[0].Id, Token));

        Assert.Equal(PocketBaseProblemKind.SharedAnswer, refusal.Kind);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task A_proxy_that_writes_another_day_into_answers_does_not_make_the_console_sign_in_again_and_again(int hours)
    {
        await using var console = await StartAsync("notes", ("PocketBase:SuperuserToken", ""), ("PocketBase:SuperuserEmail", PocketBaseServer.SuperuserEmail), ("PocketBase:SuperuserPassword", PocketBaseServer.SuperuserPassword));
        console.Relay.Answered = context => { context.Response.Headers.Date = console.Clock.GetUtcNow().AddHours(hours).ToString("R"); return Task.CompletedTask; };

        for (var i = 0; i < 4; i++)
        {
            await SearchAsync(console, "chess");
        }

        Assert.Single(console.Relay.Requests, request => request.Path.Contains("auth-", StringComparison.Ordinal));
    }

    private Task<ConsoleServices> StartAsync(string posts = "notes", params (string Key, string Value)[] settings) => ConsoleServices.StartAsync(server, settings:
    [
        ("ViewAs:ProtectedUsers", ""), ("PocketBase:UserCollections:0", "players"), ("PocketBase:Posts:Collection", posts), .. settings,
    ]);

    private static Task<UserPage> SearchAsync(ConsoleServices console, string term) =>
        console.Directory.SearchAsync(console.As(Agent), "players", UserQuery.Parse(term), term, 1, Token);

    private async Task RenameFieldAsync(string from, string to)
    {
        var fields = JsonNode.Parse((await server.AdminAsync(HttpMethod.Get, "/api/collections/players")).GetProperty("fields").GetRawText())!.AsArray();
        fields.Single(field => (string?)field!["name"] == from)!["name"] = to;
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/players", new JsonObject { ["fields"] = fields.DeepClone() });
    }
}
