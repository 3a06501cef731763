using System.Text.Json.Nodes;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Users;

/// <summary>Users of an app that has no names, ids of its own, and hooks that say no.</summary>
public sealed class OddUsersTests(OddApp server) : IClassFixture<OddApp>, IAsyncLifetime
{
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData("Lovelace", "usr_1")]
    [InlineData("7946", "usr_1")]
    [InlineData("ADA@EXAMPLE.TEST", "usr_1")]
    [InlineData("bob@example.test", "usr_2")]
    [InlineData("Ada Lovelace <ada@example.test>", "usr_1")]
    [InlineData("mailto:ada%40example.test?subject=x", "usr_1")]
    [InlineData("ada@example.test,\u200B", "usr_1")]
    [InlineData("usr_3", "usr_3")]
    [InlineData("https://app.example/people/usr_3/posts?tab=1", "usr_3")]
    [InlineData("app.example/#/people/usr_3", "usr_3")]
    [InlineData("Ng", "usr_2")]
    [InlineData("ng", "usr_2")]
    [InlineData("李", "usr_3")]
    [InlineData("娜", "usr_3")]
    public async Task Somebody_is_found_by_whatever_the_app_keeps(string term, string id) => Assert.Equal([id], await IdsAsync("People", term));

    [Theory]
    [InlineData("wizard")]
    [InlineData("test-user-pass-1")]
    public async Task What_users_do_not_see_is_not_searched(string term) => Assert.Empty(await IdsAsync("People", term));

    [Theory]
    [InlineData("christopher1990", "anna")]
    [InlineData("anna2023bergman", "clara")]
    public async Task A_word_that_could_be_an_id_is_searched_as_a_text_too(string term, string id) => Assert.Equal([id], await IdsAsync("members", term));

    [Fact]
    public async Task Where_an_id_is_a_name_as_well_both_are_found_and_the_id_first() =>
        Assert.Equal(["anna", "clara"], await IdsAsync("members", "anna"));

    [Fact]
    public async Task The_empty_page_names_what_was_searched() =>
        Assert.Equal(["email", "firstName", "lastName", "phone", "id"], (await SearchAsync(_console, "People", "qqzzxx")).Searched);

    [Fact]
    public async Task Names_are_made_of_what_is_there()
    {
        var all = (await SearchAsync(_console, "People", "example.test")).Users.ToDictionary(found => found.User.Id.Record, found => found.User.Name);

        Assert.Equal(("Ada Lovelace", "Bob Ng", "娜 李", "nobody@example.test"), (all["usr_1"], all["usr_2"], all["usr_3"], all["usr_4"]));
        var facts = await _console.Directory.FindAsync(_console.As(Agent), User("usr_1", "People"), Token);
        Assert.Equal(["Ada", "Lovelace", "+44 20 7946 0958"], facts!.Fields.Select(fact => fact.Value));
        Assert.NotNull(facts.Summary.Created);
    }

    [Fact]
    public async Task Fields_that_an_administrator_named_are_searched_and_name_people()
    {
        await using var console = await StartAsync(("PocketBase:UserFields:0", "Phone"), ("PocketBase:UserFields:1", "email"));

        var found = (await SearchAsync(console, "People", "7946")).Users.Single().User;

        Assert.Equal("+44 20 7946 0958", found.Name);
        Assert.Empty((await SearchAsync(console, "People", "Lovelace")).Users);
    }

    [Theory]
    [InlineData("people", "members")]
    [InlineData("PEOPLE", "Members")]
    public async Task Collections_are_taken_in_any_spelling_and_called_as_pocketbase_calls_them(string first, string second)
    {
        await using var console = await StartAsync(("PocketBase:UserCollections:0", first), ("PocketBase:UserCollections:1", second));

        Assert.Equal(["People", "members"], (await console.Directory.CollectionsAsync(console.As(Agent), Token)).Names);
        Assert.Equal("People", (await SearchAsync(console, first, "Lovelace")).Users.Single().User.Id.Collection);
        Assert.IsType<ViewAsOutcome.Opened>(await console.Desk.OpenAsync(console.As(Agent), User("usr_1", first), Purpose, 15, Token));
    }

    [Fact]
    public async Task A_collection_is_found_by_its_id_too()
    {
        var id = (await server.AdminAsync(HttpMethod.Get, "/api/collections/People")).GetProperty("id").GetString()!;
        await using var console = await StartAsync(("PocketBase:UserCollections:0", id));

        Assert.Contains("People", (await console.Directory.CollectionsAsync(console.As(Agent), Token)).Names);
        Assert.Single((await SearchAsync(console, "People", "Lovelace")).Users);
    }

    [Theory]
    [InlineData("Entries", "nobody signs in with its records")]
    [InlineData("noSuchThing", "which PocketBase doesn't have")]
    public async Task What_the_setting_takes_for_users_and_is_none_is_said(string entry, string sentence)
    {
        await using var console = await StartAsync(("PocketBase:UserCollections:0", entry), ("PocketBase:UserCollections:1", "members"));

        var known = await console.Directory.CollectionsAsync(console.As(Agent), Token);

        Assert.Equal(["members"], known.Names);
        Assert.Contains(sentence, Assert.Single(known.Misfits), StringComparison.Ordinal);
        Assert.Equal(PocketBaseProblemKind.NotAllowed, (await Assert.ThrowsAsync<PocketBaseProblem>(() => SearchAsync(console, entry, "Ada"))).Kind);
    }

    [Fact]
    public async Task A_collection_renamed_meanwhile_is_said_with_its_new_name()
    {
        await using var console = await StartAsync();
        await SearchAsync(console, "members", "Clara");
        await RenameAsync("members", "customers");
        try
        {
            console.Clock.Advance(TimeSpan.FromMinutes(2));

            var known = await console.Directory.CollectionsAsync(console.As(Agent), Token);

            Assert.Equal(["People"], known.Names);
            Assert.Contains("called 'customers' in PocketBase now", Assert.Single(known.Misfits), StringComparison.Ordinal);
        }
        finally
        {
            await RenameAsync("customers", "members");
        }
    }

    [Theory]
    [InlineData("usr_101", 403)]
    [InlineData("usr_102", 400)]
    [InlineData("usr_103", 400)]
    [InlineData("usr_104", 500)]
    [InlineData("usr_105", 404)]
    [InlineData("usr_106", 401)]
    public async Task What_a_hook_refuses_is_the_apps_refusal_and_nobody_elses(string id, int status)
    {
        await SearchAsync(_console, "People", "Hook");
        _console.Relay.Clear();

        var refusal = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Desk.OpenAsync(_console.As(Agent), User(id, "People"), Purpose, 15, Token));

        Assert.Contains("The app itself refuses to sign this account in", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"answered {status}", refusal.Message, StringComparison.Ordinal);
        var recorded = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.SessionOpenFailed, "RefusedByApp"), (recorded.Type, recorded.Detail));
        Assert.DoesNotContain(_console.Relay.Requests, request => request.Path.Contains("auth-with-password", StringComparison.Ordinal));
        Assert.Equal(["usr_1"], await IdsAsync("People", "Lovelace"));
        Assert.IsType<ViewAsOutcome.Opened>(await _console.Desk.OpenAsync(_console.As(Agent), User("usr_1", "People"), Purpose, 15, Token));
    }

    [Fact]
    public async Task A_filter_that_only_one_collection_can_answer_protects_everybody_of_the_other()
    {
        await using var console = await StartAsync(("ViewAs:ProtectedUsers", "vip = true"));

        Assert.Equal(Protection.Protected, (await SearchAsync(console, "People", "li@example.test")).Users.Single().User.Protection);
        Assert.Equal(Protection.None, (await SearchAsync(console, "People", "Lovelace")).Users.Single().User.Protection);
        Assert.Equal(Protection.Undecided, (await SearchAsync(console, "members", "Schumann")).Users.Single().User.Protection);
        var refused = Assert.IsType<ViewAsOutcome.Refused>(await console.Desk.OpenAsync(console.As(Agent), User("anna", "members"), Purpose, 15, Token));
        Assert.Contains("ViewAs:ProtectedUsers", refused.Rules.Single(rule => !rule.Met).Sentence, StringComparison.Ordinal);
        Assert.Contains("'members'", Assert.Single(await console.Get<ProtectedUsers>().MisfitsAsync(Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_collection_can_have_a_filter_of_its_own()
    {
        await using var console = await StartAsync(("ViewAs:ProtectedUsers:People", "vip = true"), ("ViewAs:ProtectedUsers:members", "name ~ 'Clara'"));

        Assert.Equal(Protection.Protected, (await SearchAsync(console, "People", "li@example.test")).Users.Single().User.Protection);
        Assert.Equal(Protection.Protected, (await SearchAsync(console, "members", "Clara")).Users.First(found => found.User.Id.Record == "anna").User.Protection);
        Assert.IsType<ViewAsOutcome.Opened>(await console.Desk.OpenAsync(console.As(Agent), User("clara", "members"), Purpose, 15, Token));
        Assert.Empty(await console.Get<ProtectedUsers>().MisfitsAsync(Token));
    }

    [Fact]
    public async Task A_user_who_becomes_protected_is_not_read_once_more()
    {
        await using var console = await StartAsync(("ViewAs:ProtectedUsers", "points = 99"), ("PocketBase:Posts:Collection", "entries"));
        var session = await console.OpenAsync(User("usr_2", "People"));
        Assert.IsType<ReadOutcome<PostList>.Found>(await console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token));
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/People/records/usr_2", new JsonObject { ["points"] = 99 });
        try
        {
            await Assert.ThrowsAsync<SessionOverException>(() => console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token));

            var ended = (await console.EventsAsync(session.Id)).Single(e => e.Type == AuditEventTypes.SessionEnded);
            Assert.StartsWith(EndReasons.CodeOf(EndReason.UserProtected), ended.Detail, StringComparison.Ordinal);
        }
        finally
        {
            await server.AdminAsync(HttpMethod.Patch, "/api/collections/People/records/usr_2", new JsonObject { ["points"] = 0 });
        }
    }

    [Fact]
    public async Task A_filter_whose_field_was_renamed_ends_the_session_at_the_next_read_and_blames_the_filter()
    {
        await using var console = await StartAsync(("ViewAs:ProtectedUsers", "vip = true"), ("PocketBase:Posts:Collection", "entries"));
        var session = await console.OpenAsync(User("usr_2", "People"));
        await RenameFieldAsync("vip", "important");
        try
        {
            await Assert.ThrowsAsync<SessionOverException>(() => console.Reader.PostsAsync(console.As(Agent), session.Id, null, Token));

            var ended = (await console.EventsAsync(session.Id)).Single(e => e.Type == AuditEventTypes.SessionEnded);
            Assert.StartsWith(EndReasons.CodeOf(EndReason.ProtectionUndecided), ended.Detail, StringComparison.Ordinal);
        }
        finally
        {
            await RenameFieldAsync("important", "vip");
        }
    }

    private Task<ConsoleServices> StartAsync(params (string Key, string Value)[] settings) => ConsoleServices.StartAsync(server, settings:
    [
        ("ViewAs:ProtectedUsers", ""), ("PocketBase:UserCollections:0", "People"), ("PocketBase:UserCollections:1", "members"), .. settings,
    ]);

    private async Task<string[]> IdsAsync(string collection, string term) =>
        [.. (await SearchAsync(_console, collection, term)).Users.Select(found => found.User.Id.Record)];

    private static Task<UserPage> SearchAsync(ConsoleServices console, string collection, string term) =>
        console.Directory.SearchAsync(console.As(Agent), collection, UserQuery.Parse(term), term, 1, Token);

    private async Task RenameAsync(string from, string to) =>
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/{from}", new JsonObject { ["name"] = to });

    private async Task RenameFieldAsync(string from, string to)
    {
        var fields = JsonNode.Parse((await server.AdminAsync(HttpMethod.Get, "/api/collections/People")).GetProperty("fields").GetRawText())!.AsArray();
        fields.Single(field => (string?)field!["name"] == from)!["name"] = to;
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/People", new JsonObject { ["fields"] = fields.DeepClone() });
    }
}
