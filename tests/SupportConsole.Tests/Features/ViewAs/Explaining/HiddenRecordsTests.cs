using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>What a user can't see, compared with what PocketBase's own client sees as them.</summary>
public sealed class HiddenRecordsTests(AnyApp server) : ServicesTest(server, ("PocketBase:UserCollections:0", "people"), ("ViewAs:ProtectedUsers", "")), IClassFixture<AnyApp>
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("rank >= 0", null)]
    [InlineData("rank >= 0 // all", "-title")]
    [InlineData(null, "title")]
    public async Task A_page_names_exactly_what_the_user_lacks_of_it(string? filter, string? sort)
    {
        var session = await OpenAsync();
        var own = (await VisibleAsync("mine")).ToHashSet();

        var page = await PageAsync(session, new RecordsPlace("mine") { Filter = filter, Sort = sort }, 100);

        Assert.Equal(90, page.Of);
        Assert.Equal(45, page.Ids.Count);
        Assert.DoesNotContain(page.Ids, own.Contains);
        var entry = (await Console.EventsAsync(session.Id))[^1];
        Assert.Equal((AuditEventTypes.AccessHiddenListed, 45, "90 on the page, 45 hidden"), (entry.Type, entry.Target!.Count, entry.Detail));
        Assert.Equal(page.Ids, entry.Target.RecordIds);
    }

    [Fact]
    public async Task Every_page_together_names_every_hidden_record_once()
    {
        var session = await OpenAsync();
        List<string> hidden = [];
        for (var number = 1; number <= 5; number++)
        {
            hidden.AddRange((await PageAsync(session, new RecordsPlace("mine") { Sort = "title", Page = number }, 20)).Ids);
        }

        Assert.Equal(45, hidden.Distinct().Count());
        Assert.Equal(45, hidden.Count);
    }

    [Fact]
    public async Task A_record_that_the_user_surely_sees_is_asked_along_and_not_counted()
    {
        var session = await OpenAsync();
        var own = (await VisibleAsync("mine"))[0];
        Console.Relay.Clear();

        var page = await Console.Get<HiddenRecords>().OfPageAsync(Console.As(Agent), session.Id, new RecordsPlace("mine") { Filter = "note = 'foreign'" }, own, 20, Token);

        Assert.Equal((20, 20), (page.Of, page.Ids.Count));
        Assert.Contains(own, Console.Relay.Requests.Single(request => request.UserAgent.StartsWith("SupportConsole/1.0 (session", StringComparison.Ordinal) && request.Path.Contains("/mine/", StringComparison.Ordinal)).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("slugs")]
    [InlineData("spokes")]
    [InlineData("people")]
    [InlineData("hiding")]
    public async Task A_whole_collection_is_what_both_clients_see(string collection)
    {
        var session = await OpenAsync();
        var own = await VisibleAsync(collection);
        var all = await AllAsync(collection);

        var steps = await Console.Get<HiddenRecords>().OfAllAsync(Console.As(Agent), session.Id, collection, Token).ToListAsync(Token);

        var end = steps[^1];
        Assert.Equal(all.Except(own).Order(StringComparer.Ordinal), end.Ids);
        Assert.Equal((all.Count, all.Count - own.Count, 0, true), (end.Compared, end.Hidden, end.Changed, end.IsOver));
        Assert.All(steps.SkipLast(1), step => Assert.False(step.IsOver));
    }

    [Fact]
    public async Task Thousands_are_compared_in_growing_parts_and_each_is_recorded_before_it_is_given_out()
    {
        await server.AdminAsync(HttpMethod.Post, "/api/collections", new() { ["type"] = "base", ["name"] = "many", ["listRule"] = "half = true", ["fields"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "bool", ["name"] = "half" }) });
        await server.AdminAsync(HttpMethod.Patch, "/api/settings", new() { ["batch"] = new System.Text.Json.Nodes.JsonObject { ["enabled"] = true, ["maxRequests"] = 5000, ["timeout"] = 30 } });
        await server.AdminAsync(HttpMethod.Post, "/api/batch", new()
        {
            ["requests"] = new System.Text.Json.Nodes.JsonArray([.. Enumerable.Range(0, 4000).Select(number => new System.Text.Json.Nodes.JsonObject
            {
                ["method"] = "POST", ["url"] = "/api/collections/many/records", ["body"] = new System.Text.Json.Nodes.JsonObject { ["half"] = number % 2 == 0 },
            })]),
        });
        var session = await OpenAsync();
        Console.Relay.Clear();

        var seen = 0;
        await foreach (var step in Console.Get<HiddenRecords>().OfAllAsync(Console.As(Agent), session.Id, "many", Token))
        {
            var entries = (await Console.EventsAsync(session.Id)).Where(entry => entry.Type == AuditEventTypes.AccessHiddenListed).ToArray();
            Assert.Equal(++seen, entries.Length);
            Assert.Equal(step.Hidden, entries.Sum(entry => (long)entry.Target!.Count!.Value));
            if (step.IsOver)
            {
                Assert.Equal((4000, 2000, HiddenSoFar.Named), (step.Compared, step.Hidden, step.Ids.Count));
                Assert.Equal(HiddenSoFar.Named, entries.Sum(entry => entry.Target!.RecordIds.Length));
            }
        }

        Assert.InRange(seen, 2, 4);
        Assert.All(Console.Relay.Requests.Where(request => request.Path.Contains("/many/records", StringComparison.Ordinal)), request => Assert.Contains("fields=id&", request.Path + "&", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_only_the_user_has_was_changed_meanwhile()
    {
        var session = await OpenAsync();
        string? added = null;
        var superusers = new TaskCompletionSource();
        Console.Relay.Answered = context =>
        {
            if (IsPage(context))
            {
                superusers.TrySetResult();
            }

            return Task.CompletedTask;
        };
        Console.Relay.Intercept = async context =>
        {
            // A new record, between the superuser's page and the user's.
            if (IsPage(context) && context.Request.Headers.UserAgent.ToString().StartsWith("SupportConsole/1.0 (session", StringComparison.Ordinal) && added is null)
            {
                await superusers.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
                added = (await server.AdminAsync(HttpMethod.Post, "/api/collections/hubs/records", new() { ["id"] = "aaa000000000000", ["title"] = "New" })).GetProperty("id").GetString();
            }

            return false;
        };

        var end = await Console.Get<HiddenRecords>().OfAllAsync(Console.As(Agent), session.Id, "hubs", Token).LastAsync(Token);

        Assert.Equal((0, 1), (end.Hidden, end.Changed));
        Assert.Equal([added!], end.ChangedIds);

        static bool IsPage(HttpContext context) => context.Request.Path.Value!.EndsWith("/hubs/records", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secrets", "is locked")]
    [InlineData("twice", "is a view")]
    [InlineData("refusing", "The app itself refuses")]
    [InlineData("nosuch", "There is no such collection")]
    public async Task What_can_not_be_compared_says_why(string collection, string words)
    {
        var session = await OpenAsync();

        Assert.Contains(words, (await Assert.ThrowsAsync<AccessUnansweredException>(() => PageAsync(session, new RecordsPlace(collection)))).Message, StringComparison.Ordinal);
        Assert.Contains(words, (await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<HiddenRecords>().OfAllAsync(Console.As(Agent), session.Id, collection, Token).ToListAsync(Token))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await Console.EventsAsync(session.Id), entry => entry is { Type: AuditEventTypes.AccessHiddenListed, Outcome: AuditOutcome.Success });
    }

    [Theory]
    [InlineData("mine", "inner ~ 'x'", null, "“inner” is no field that users see")]
    [InlineData("mine", "inner:lower = 'x'", null, "no field that users see")]
    [InlineData("mine", "owner.email ~ 'a'", null, "an e-mail address")]
    [InlineData("people", "email ~ 'a'", null, "an e-mail address")]
    [InlineData("people", "tokenKey ~ 'a'", null, "no field that users see")]
    [InlineData("people", null, "email", "an e-mail address")]
    [InlineData("mine", null, "inner", "nothing called “inner” to sort by")]
    [InlineData("mine", "@request.auth.id != ''", null, "belongs to rules")]
    [InlineData("mine", "rank = 1) || (1 = 1", null, "isn't closed")]
    [InlineData("mine", "rank =", null, "A value is missing.")]
    public async Task A_filter_that_would_tell_more_than_the_user_sees_is_not_asked(string collection, string? filter, string? sort, string words)
    {
        var session = await OpenAsync();
        Console.Relay.Clear();

        var refusal = await Assert.ThrowsAsync<AccessUnansweredException>(() => PageAsync(session, new RecordsPlace(collection) { Filter = filter, Sort = sort }));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Console.Relay.Requests, request => request.Path.Contains("/records", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_field_that_is_hidden_since_the_session_opened_is_hidden_at_once_and_a_new_name_is_said()
    {
        await server.AdminAsync(HttpMethod.Post, "/api/collections", new() { ["type"] = "base", ["name"] = "moving", ["listRule"] = "", ["fields"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "text", ["name"] = "word" }) });
        var session = await OpenAsync();
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/moving", new() { ["fields"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "text", ["name"] = "word", ["hidden"] = true }) });
        Assert.Contains("no field that users see", (await Assert.ThrowsAsync<AccessUnansweredException>(() => PageAsync(session, new RecordsPlace("moving") { Filter = "word = 'x'" }))).Message, StringComparison.Ordinal);

        await server.AdminAsync(HttpMethod.Patch, "/api/collections/moving", new() { ["name"] = "moved" });
        Assert.Contains("is called 'moved'", (await Assert.ThrowsAsync<AccessUnansweredException>(() => PageAsync(session, new RecordsPlace("moving")))).Message, StringComparison.Ordinal);

        await server.AdminAsync(HttpMethod.Delete, "/api/collections/moved");
        Assert.Contains("isn't there any more", (await Assert.ThrowsAsync<AccessUnansweredException>(() => PageAsync(session, new RecordsPlace("moving")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "b", -1)]
    [InlineData("a", "aa", -1)]
    [InlineData("B", "a", -1)]
    [InlineData("\uFFFD", "\U0001F600", -1)]
    [InlineData("same", "same", 0)]
    public void Ids_stand_in_the_order_of_their_bytes(string one, string other, int order)
    {
        Assert.Equal(order, Math.Sign(IdComparison.Compare(one, other)));
        Assert.Equal(-order, Math.Sign(IdComparison.Compare(other, one)));
    }

    private Task<ViewAsSession> OpenAsync() => Console.OpenAsync(User(AnyApp.Ann, "people"));

    private Task<HiddenOnPage> PageAsync(ViewAsSession session, RecordsPlace place, int length = RecordReader.PageLength) =>
        Console.Get<HiddenRecords>().OfPageAsync(Console.As(Agent), session.Id, place, null, length, Token);

    private async Task<List<string>> VisibleAsync(string collection) =>
        (await OfficialClient.VisibleAsync(server, [(collection, "id")], [$"people/{AnyApp.Ann}"]))[collection][$"people/{AnyApp.Ann}"]!;

    private async Task<List<string>> AllAsync(string collection) =>
        [.. (await server.AdminAsync(HttpMethod.Get, $"/api/collections/{collection}/records?perPage=1000&fields=id")).GetProperty("items").EnumerateArray().Select(record => record.GetProperty("id").GetString()!)];
}
