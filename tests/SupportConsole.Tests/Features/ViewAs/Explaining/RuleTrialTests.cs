using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Trying;
using SupportConsole.Tests.TestKit;
using SupportConsole.Tests.TestKit.RealApps;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>What is foretold of another rule, against what PocketBase's own client sees once the rule is changed.</summary>
public sealed class RuleTrialTests(GuardedApp server, ITestOutputHelper output)
    : ServicesTest(server, ("ViewAs:ProtectedUsers", ""), ("Limits:SessionsPerHour", "1000")), IClassFixture<GuardedApp>
{
    private const string AdasDraft = "p1nv0icetempl8t", TomsDraft = "pq3pr1celist8k2";

    // Each is viewed by turns; the users who gain and lose a record are all of the app's. With fifty it takes minutes.
    private const int Viewed = 5;
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");

    /// <summary>Nothing is foretold wrongly: for each user the records that appear and disappear, for a record the users that gain and lose it.</summary>
    [Theory]
    [InlineData(1)]
    public async Task What_was_foretold_is_what_happens(ulong seed)
    {
        var dice = new Dice(seed);
        string[] edits = [.. Enumerable.Range(0, 20).Select(_ => RandomRule(dice))];
        string[] all = [.. (await server.AdminAsync(HttpMethod.Get, "/api/collections/users/records?perPage=1000&sort=id&fields=id")).GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetString()!)];
        string[] users = [.. all.Where((_, at) => at % (all.Length / Viewed) == 0).Take(Viewed)];
        var posts = (await server.AdminAsync(HttpMethod.Get, "/api/collections/posts/records?perPage=1000&sort=id&fields=id")).GetProperty("items").EnumerateArray().Select(post => post.GetProperty("id").GetString()!).ToArray();
        var present = await RuleAsync();
        var trial = Console.Get<RuleTrial>();
        var foretold = new Dictionary<(string User, string Edit), TrialOfRecords>();
        var forUsers = new Dictionary<(string Record, string Edit), TrialOfUsers>();
        string[] records = [AdasDraft, TomsDraft, dice.Pick(posts)];
        var clock = Stopwatch.StartNew();
        foreach (var user in users)
        {
            var session = await Console.OpenAsync(User(user));
            foreach (var edit in edits)
            {
                foretold[(user, edit)] = await trial.OfRecordsAsync(Console.As(Agent), session.Id, "posts", ReadRule.List, edit, Token).LastAsync(Token);
                foreach (var record in user == users[0] ? records : [])
                {
                    forUsers[(record, edit)] = await trial.OfUsersAsync(Console.As(Agent), session.Id, "posts", record, ReadRule.List, edit, Token).LastAsync(Token);
                }
            }

            await Console.Desk.EndAsync(Console.As(Agent), session.Id, Token);
        }

        var foretelling = clock.Elapsed;
        var before = await SeenAsync(users, all, records);
        var (differences, changes, gains) = (0, 0, 0);
        try
        {
            foreach (var edit in edits)
            {
                await server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new() { ["listRule"] = edit });
                var after = await SeenAsync(users, all, records);
                foreach (var user in users)
                {
                    var told = foretold[(user, edit)];
                    string[] appeared = [.. after[user].Except(before[user]).Order(StringComparer.Ordinal)], disappeared = [.. before[user].Except(after[user]).Order(StringComparer.Ordinal)];
                    changes += appeared.Length + disappeared.Length;
                    differences += (told.Appear, told.Disappear, told.Undecided) == (appeared.Length, disappeared.Length, 0)
                        && told.AppearIds.SequenceEqual(appeared.Take(TrialOfRecords.Named)) && told.DisappearIds.SequenceEqual(disappeared.Take(TrialOfRecords.Named)) ? 0 : 1;
                }

                foreach (var record in records)
                {
                    var told = forUsers[(record, edit)];
                    string[] gained = [.. all.Where(user => after[user].Contains(record) && !before[user].Contains(record))], lost = [.. all.Where(user => before[user].Contains(record) && !after[user].Contains(record))];
                    gains += gained.Length + lost.Length;
                    differences += (told.Gain, told.Lose, told.GainId, told.LoseId, told.Asked) == (gained.Length, lost.Length, gained.FirstOrDefault(), lost.FirstOrDefault(), all.Length) ? 0 : 1;
                }
            }
        }
        finally
        {
            await server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new() { ["listRule"] = present });
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{edits.Length} edits x {users.Length} users x {posts.Length} posts: {foretold.Count} trials with {changes} changes, {forUsers.Count} trials over {all.Length} users with {gains} changes; {differences} differences; foretold in {foretelling.TotalSeconds:0.0} s"));
        Assert.True(changes > 500 && gains > 50, $"{changes} and {gains} changes prove nothing.");
        Assert.Equal(0, differences);
    }

    [Fact]
    public async Task Nothing_is_changed_and_the_trail_has_what_was_tried_and_the_numbers()
    {
        var session = await Console.OpenAsync(Ada);
        var present = await RuleAsync();
        Console.Relay.Clear();

        var steps = await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "posts", ReadRule.List, "title ~ 'Zanzibar'", Token).ToListAsync(Token);

        Assert.Equal(present, await RuleAsync());
        Assert.All(Console.Relay.Requests, request => Assert.True(request.Method == "GET" || request.Path == "/api/support-console/decide", $"{request.Method} {request.Path}"));
        var entries = (await Console.EventsAsync(session.Id)).Where(entry => entry.Type == AuditEventTypes.AccessRuleTried).ToArray();
        Assert.Equal(steps.Count, entries.Length);
        Assert.Equal($"list rule, for this user: {steps[^1].Compared} compared, {steps[^1].Appear} would appear, {steps[^1].Disappear} disappear · tried “title ~ 'Zanzibar'”", entries[^1].Detail);
        Assert.NotNull(entries[^1].Target!.QueryHash);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 1)]
    public async Task Locked_and_open_to_everybody_are_rules_too(string? edited, int shown)
    {
        var session = await Console.OpenAsync(Ada);

        var told = await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "posts", ReadRule.View, edited, Token).LastAsync(Token);
        var own = (await OfficialClient.VisiblePostsAsync(server, Ada.Record))[Ada.Record].Count;

        Assert.Equal(shown == 1 ? (told.Compared - own, 0) : (0, own), (told.Appear, told.Disappear));
        var users = await Console.Get<RuleTrial>().OfUsersAsync(Console.As(Agent), session.Id, "posts", AdasDraft, ReadRule.View, edited, Token).LastAsync(Token);
        Assert.Equal(shown == 1 ? (users.Asked - 1, 0) : (0, 1), (users.Gain, users.Lose));
        Assert.Equal(shown == 1 ? null : Ada.Record, users.LoseId);
    }

    [Theory]
    [InlineData("status =", "A value is missing. (At character 9.)")]
    [InlineData("(status = 'x'", "This is no rule")]
    [InlineData("!(status = 'x')", "This is no rule")]
    [InlineData("nosuch = 1", "leads to no field")]
    [InlineData("@request.auth.nosuch = 1", "leads to no field")]
    [InlineData("title:nosuch = 1", "PocketBase can't read this rule")]
    [InlineData("moderation_note ~ 'a'", "holds what users don't see")]
    [InlineData("author.internal_note ~ 'a'", "holds what users don't see")]
    [InlineData("author.email ~ 'a'", "holds what users don't see")]
    [InlineData("@request.auth.tokenKey ~ 'a'", "holds what users don't see")]
    [InlineData("@request.auth.password ~ 'a'", "holds what users don't see")]
    [InlineData("@collection.invoices.number ?~ 'a'", "holds what users don't see")]
    [InlineData("@collection._superusers.email ?~ 'a'", "holds what users don't see")]
    public async Task A_rule_that_can_not_be_tried_says_why(string edited, string words)
    {
        var session = await Console.OpenAsync(Ada);

        var refusal = await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "posts", ReadRule.List, edited, Token).ToListAsync(Token));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        refusal = await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfUsersAsync(Console.As(Agent), session.Id, "posts", AdasDraft, ReadRule.List, edited, Token).ToListAsync(Token));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(AuditOutcome.Denied, (await Console.EventsAsync(session.Id))[^1].Outcome);
    }

    [Fact]
    public async Task A_condition_on_a_hidden_field_that_the_rule_has_already_may_stay_or_go()
    {
        await server.AdminAsync(HttpMethod.Post, "/api/collections", new()
        {
            ["type"] = "base", ["name"] = "moderated", ["listRule"] = "note = 'ok' && open = true",
            ["fields"] = new JsonArray(new JsonObject { ["type"] = "text", ["name"] = "note", ["hidden"] = true }, new JsonObject { ["type"] = "bool", ["name"] = "open" }),
        });
        await server.AdminAsync(HttpMethod.Post, "/api/collections/moderated/records", new() { ["note"] = "ok", ["open"] = false });
        var session = await Console.OpenAsync(Ada);

        Assert.Equal(1, (await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "moderated", ReadRule.List, "note = 'ok'", Token).LastAsync(Token)).Appear);
        Assert.Equal(0, (await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "moderated", ReadRule.List, "open = true", Token).LastAsync(Token)).Appear);
        await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "moderated", ReadRule.List, "note = 'ok2'", Token).LastAsync(Token));
    }

    [Fact]
    public async Task What_looks_at_the_request_stays_undecided_where_it_matters()
    {
        var session = await Console.OpenAsync(Ada);

        var told = await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "posts", ReadRule.List, "@request.headers.x_app = '1' && status = 'draft'", Token).LastAsync(Token);

        var drafts = (await server.AdminAsync(HttpMethod.Get, "/api/collections/posts/records?perPage=1&filter=" + Uri.EscapeDataString("status = 'draft'"))).GetProperty("totalItems").GetInt32();
        Assert.Equal((drafts, 0), (told.Undecided, told.Appear));
    }

    [Fact]
    public async Task Thousands_of_records_and_users_are_sampled_and_say_so()
    {
        await server.AdminAsync(HttpMethod.Post, "/api/collections", new() { ["type"] = "base", ["name"] = "crowd", ["listRule"] = null, ["fields"] = new JsonArray(new JsonObject { ["type"] = "number", ["name"] = "rank" }) });
        await server.AdminAsync(HttpMethod.Patch, "/api/settings", new() { ["batch"] = new JsonObject { ["enabled"] = true, ["maxRequests"] = 6000, ["timeout"] = 30 } });
        await server.AdminAsync(HttpMethod.Post, "/api/batch", new()
        {
            ["requests"] = new JsonArray([.. Enumerable.Range(0, 5100).Select(number => new JsonObject { ["method"] = "POST", ["url"] = "/api/collections/crowd/records", ["body"] = new JsonObject { ["rank"] = number } })]),
        });
        var session = await Console.OpenAsync(Ada);

        var told = await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "crowd", ReadRule.List, "rank >= 0 && @request.auth.id != ''", Token).ToListAsync(Token);

        Assert.Equal((RuleTrial.MostRecords, RuleTrial.MostRecords, TrialOfRecords.Named, true, true), (told[^1].Compared, told[^1].Appear, told[^1].AppearIds.Count, told[^1].IsOver, told[^1].IsSampled));
        Assert.True(told.Count > 1);
    }

    [Theory]
    [InlineData("posts", "n0suchp0stexist", "There is no such record")]
    [InlineData("posts", "'", "There is no such record")]
    [InlineData("nosuch", AdasDraft, "There is no such collection")]
    public async Task What_is_not_there_is_said(string collection, string record, string words)
    {
        var session = await Console.OpenAsync(Ada);

        var refusal = await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfUsersAsync(Console.As(Agent), session.Id, collection, record, ReadRule.List, "", Token).ToListAsync(Token));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<string?> RuleAsync() => (await server.AdminAsync(HttpMethod.Get, "/api/collections/posts")).GetProperty("listRule").GetString();

    /// <summary>What the viewed users see of all posts, and everybody else of the records in question.</summary>
    private async Task<Dictionary<string, HashSet<string>>> SeenAsync(string[] viewed, string[] all, string[] records) =>
        (await Task.WhenAll(SeenAsync(viewed), SeenAsync(all.Except(viewed), string.Join(" || ", records.Select(record => $"id = '{record}'"))))).SelectMany(seen => seen).ToDictionary();

    private async Task<Dictionary<string, HashSet<string>>> SeenAsync(IEnumerable<string> users, string? filter = null) =>
        (await OfficialClient.VisibleAsync(server, [("posts", "id")], users.Select(user => $"users/{user}"), filter))["posts"].ToDictionary(seen => seen.Key["users/".Length..], seen => (seen.Value ?? []).ToHashSet());

    private static string RandomRule(Dice dice)
    {
        string[] clauses =
        [
            "status = 'draft'", "status != 'published'", "status ~ 'e'", "author = @request.auth.id", "author != @request.auth.id", "author = ''", "team = @request.auth.team",
            "team != ''", "team != @request.auth.team", "pinned = true", "pinned != @request.auth.verified", "title > 'M'", "title ~ @request.auth.name", "author.team = @request.auth.team",
            "author.name < @request.auth.name", "author.team.name ~ 'a'", "@request.auth.team.name = team.name", "@request.auth.username > author.username", "@request.auth.id = ''",
            "created > '2026-01-01 00:00:00.000Z'", "created < @request.auth.created", "@collection.comments.post ?= id && @collection.comments.author ?= @request.auth.id",
            "comments_via_post.author ?= @request.auth.id", "comments_via_post.id = ''", "@request.auth.posts_via_author.id ?= id", "attachments:length > 0", "title:lower ~ 'the'", "@request.auth.collectionName = 'users'",
        ];
        return Group(2);

        string Group(int depth) => string.Join(dice.Throw(2) == 0 ? " && " : " || ", Enumerable.Range(0, 1 + dice.Throw(3)).Select(_ => depth > 0 && dice.Throw(3) == 0 ? $"({Group(depth - 1)})" : $"({dice.Pick(clauses)})"));
    }
}
