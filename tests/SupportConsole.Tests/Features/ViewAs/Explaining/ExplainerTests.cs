using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>Why a user sees a record or doesn't, over a real server with and without the companion hook.</summary>
public abstract class ExplainerTests(AppServer server) : ServicesTest(server)
{
    private const string AdasDraft = "p1nv0icetempl8t", TomsDraft = "pq3pr1celist8k2", Published = "pw3lc0met0th3h4", Nothing = "n0suchp0stexist", Tom = "t0m4shw0rth8b3n";

    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");

    private readonly AppServer _server = server;

    /// <summary>Whether the server has the companion hook.</summary>
    protected abstract bool HasHook { get; }

    private protected Explainer Explainer => Console.Get<Explainer>();

    [Fact]
    public async Task A_hidden_record_is_explained_condition_by_condition_in_values()
    {
        var session = await Console.OpenAsync(Ada);

        var found = await FoundAsync(session, "posts", TomsDraft);

        Assert.Equal((DoorState.Closed, DoorState.Closed, HasHook), (found.List.State, found.View.State, found.ByHook));
        Assert.Equal((false, false), (found.List.Holds, found.List.Disagrees));
        Assert.Equal("Ada Lovelace can't see this record", ExplanationWords.VerdictOf(found, session.UserName));
        var rows = found.List.Rows.ToDictionary(row => row.Node.Text);
        Assert.All(rows.Values, row => Assert.Null(row.Undecided));
        Assert.Equal(
            [
                ("status = 'published'", false, ["status is “draft”"]),
                ("author = @request.auth.id", false, [$"author is “{Tom}”", "@request.auth.id is “u8k2m1c0a3l9x7q” (Ada Lovelace)"]),
                ("author != ''", true, [$"author is “{Tom}”"]),
                ("team != ''", (bool?)(Plain(rows["team != ''"].Values) != "team is empty"), [Plain(rows["team != ''"].Values)]),
            ],
            new[] { "status = 'published'", "author = @request.auth.id", "author != ''", "team != ''" }.Select(text => (text, rows[text].Holds, rows[text].Values.Select(Plain).ToArray())),
            (one, other) => one.text == other.text && one.Holds == other.Holds && one.Item3.SequenceEqual(other.Item3));
    }

    [Theory]
    [InlineData(AdasDraft)]
    [InlineData(Published)]
    public async Task A_visible_record_is_said_to_be_beyond_the_page(string id)
    {
        var session = await Console.OpenAsync(Ada);

        var found = await FoundAsync(session, "posts", id);

        Assert.Equal((DoorState.Open, DoorState.Open, true, false), (found.List.State, found.View.State, found.List.Holds, found.List.Disagrees));
        Assert.Equal(["moderation_note"], found.HiddenFields);
        Assert.Contains("that page's filter, sort or place in the list left it out", ExplanationWords.BecauseOf(found, "Ada"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_kind_of_verdict_is_told_apart()
    {
        var session = await Console.OpenAsync(Ada);
        var invoice = (await _server.AdminAsync(HttpMethod.Get, "/api/collections/invoices/records?perPage=1")).GetProperty("items")[0].GetProperty("id").GetString()!;

        var locked = await FoundAsync(session, "invoices", invoice);
        var someone = await FoundAsync(session, "users", Tom);

        Assert.Equal((DoorState.Locked, DoorState.Locked, null), (locked.List.State, locked.View.State, locked.List.Rule));
        Assert.Equal("The collection is locked for everybody but superusers", ExplanationWords.VerdictOf(locked, "Ada"));
        Assert.IsType<Explanation.DoesNotExist>(await ExplainAsync(session, "posts", Nothing));
        Assert.IsType<Explanation.DoesNotExist>(await ExplainAsync(session, "posts", "../users"));
        Assert.IsType<Explanation.CollectionGone>(await ExplainAsync(session, "nosuch", Nothing));
        Assert.Contains("internal_note", someone.HiddenFields);
        Assert.True(someone.CanSignIn);
        Assert.Equal(["title", "status"], RuleFields("title = 'x' || status = 'y'"));
    }

    [Fact]
    public async Task A_relation_in_the_rule_is_said_in_the_related_records_values()
    {
        var session = await Console.OpenAsync(Ada);
        var comment = (await _server.AdminAsync(HttpMethod.Post, "/api/collections/comments/records", new JsonObject { ["post"] = TomsDraft, ["text"] = "Hidden with its post" })).GetProperty("id").GetString()!;

        var found = await FoundAsync(session, "comments", comment);

        await _server.AdminAsync(HttpMethod.Delete, $"/api/collections/comments/records/{comment}");
        Assert.Equal((DoorState.Closed, false), (found.List.State, found.List.Holds));
        Assert.Equal(["post.status is “draft”"], found.List.Rows.Single(row => row.Node.Text == "post.status = 'published'").Values.Select(Plain));
    }

    [Fact]
    public async Task A_rule_that_looks_at_the_request_stays_undecided_and_the_read_still_counts()
    {
        var session = await Console.OpenAsync(Ada);
        await WithRuleAsync("@request.headers.x_region = 'eu' || @request.query.key = 'k' // only our own app\n && status != 'nothing'", async () =>
        {
            var found = await FoundAsync(session, "posts", TomsDraft);

            Assert.Equal((DoorState.Closed, null, false), (found.List.State, found.List.Holds, found.List.Disagrees));
            Assert.Equal(2, found.List.Rows.Count(row => row is { Holds: null, Undecided: "it looks at the request" }));
        });
    }

    [Fact]
    public async Task What_changes_between_the_looks_is_said_and_not_explained()
    {
        var session = await Console.OpenAsync(Ada);
        var post = (await _server.AdminAsync(HttpMethod.Post, "/api/collections/posts/records", new JsonObject { ["title"] = "Soon gone", ["status"] = "draft" })).GetProperty("id").GetString()!;
        await DuringAsync(() => _server.AdminAsync(HttpMethod.Patch, $"/api/collections/posts/records/{post}", new JsonObject { ["status"] = "published" }), async () =>
            Assert.Equal("The record changed while it was looked at.", Assert.IsType<Explanation.Changed>(await ExplainAsync(session, "posts", post)).What));
        await DuringAsync(() => _server.AdminAsync(HttpMethod.Delete, $"/api/collections/posts/records/{post}"), async () =>
            Assert.Equal("The record was deleted while it was looked at.", Assert.IsType<Explanation.Changed>(await ExplainAsync(session, "posts", post)).What));
        await DuringAsync(() => _server.AdminAsync(HttpMethod.Patch, $"/api/collections/users/records/{Ada.Record}", new JsonObject { ["team"] = "" }), async () =>
            Assert.Equal("The user's own record changed while it was looked at.", Assert.IsType<Explanation.Changed>(await ExplainAsync(session, "posts", TomsDraft)).What));
    }

    [Fact]
    public async Task The_rule_of_this_moment_is_explained_and_not_that_of_the_sessions_beginning()
    {
        var session = await Console.OpenAsync(Ada);
        await WithRuleAsync("status = 'draft' && author != @request.auth.id", async () =>
        {
            var found = await FoundAsync(session, "posts", TomsDraft);

            Assert.Equal((DoorState.Open, true), (found.List.State, found.List.Holds));
            Assert.Equal("status = 'draft' && author != @request.auth.id", found.List.Rule);
        });
        await _server.AdminAsync(HttpMethod.Patch, "/api/collections/data", new JsonObject { ["name"] = "renamed" });
        Assert.IsType<Explanation.CollectionGone>(await ExplainAsync(session, "data", Nothing));
        await _server.AdminAsync(HttpMethod.Patch, "/api/collections/renamed", new JsonObject { ["name"] = "data" });
    }

    [Fact]
    public async Task The_record_that_an_address_names_is_found_wherever_it_is()
    {
        var session = await Console.OpenAsync(Ada);

        Assert.Equal([new RecordPlace("posts", TomsDraft)], await LocateAsync(session, $"https://app.example/posts/{TomsDraft}?tab=comments#top"));
        Assert.Equal([new RecordPlace("posts", TomsDraft)], await LocateAsync(session, $"  {TomsDraft}\u200B "));
        Assert.Equal([new RecordPlace("users", Ada.Record)], await LocateAsync(session, Ada.Record));
        Assert.Empty(await LocateAsync(session, Nothing));
        Assert.Empty(await LocateAsync(session, "\"' || id != '' //"));
        Assert.Empty(await LocateAsync(session, ""));
    }

    [Fact]
    public async Task It_takes_a_dozen_requests_and_each_is_in_the_trail_and_the_log()
    {
        var session = await Console.OpenAsync(Ada);
        Console.Relay.Clear();

        await ExplainAsync(session, "posts", TomsDraft);

        // Without the hook each condition is a question of its own: seven here.
        Assert.InRange(Console.Relay.Requests.Count, 1, HasHook ? 12 : 18);
        Assert.All(Console.Relay.Requests, request => Assert.True(request.Method == "GET" || request.Path is "/api/files/token" or "/api/support-console/decide", $"{request.Method} {request.Path}"));
        var (asked, answered) = ((await Console.EventsAsync(session.Id))[^2], (await Console.EventsAsync(session.Id))[^1]);
        Assert.Equal((AuditEventTypes.ReadRequested, AuditEventTypes.AccessExplained), (asked.Type, answered.Type));
        Assert.Equal(("as superuser: list no, by the rule, view no, by the rule", "posts", TomsDraft), (answered.Detail, answered.Target!.Collection, Assert.Single(answered.Target.RecordIds)));
    }

    [Fact]
    public async Task The_users_list_is_never_asked_so_that_it_comes_out_empty()
    {
        // PocketBase answers such questions the slower the more of them there are.
        var session = await Console.OpenAsync(Ada);
        Console.Relay.Clear();
        ConcurrentBag<string?> filters = [];
        Console.Relay.Intercept = context =>
        {
            if (context.Request.Path.Value!.EndsWith("/posts/records", StringComparison.Ordinal) && context.Request.Headers.UserAgent.ToString().StartsWith("SupportConsole/1.0 (session", StringComparison.Ordinal))
            {
                filters.Add(context.Request.Query["filter"]);
            }

            return Task.FromResult(false);
        };

        await ExplainAsync(session, "posts", TomsDraft);

        Assert.Equal([true, false], filters.OrderBy(filter => filter?.Length ?? 0).Select(string.IsNullOrEmpty));
        Assert.All(filters.Where(filter => !string.IsNullOrEmpty(filter)), filter => Assert.Contains(" || ", filter, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_that_was_explained_is_no_difference_to_PocketBases_log()
    {
        var session = await Console.OpenAsync(Ada);
        Console.SetToNow();
        await ExplainAsync(session, "posts", TomsDraft);
        Console.SetToNow();
        await LocateAsync(session, TomsDraft);
        Console.SetToNow();
        await Console.Desk.EndAsync(Console.As(Agent), session.Id, Token);

        var compared = await Console.ComparedAsync(session.Id, found => found is { Lines: >= 12, Missing: 0 });

        Assert.Null(compared.Unavailable);
        Assert.Equal((0, 0, 0), (compared.Missing, compared.Different, compared.UnexpectedCount));
    }

    [Fact]
    public async Task The_smallest_changes_are_named_and_recorded_and_nothing_is_written()
    {
        var session = await Console.OpenAsync(Ada);
        Console.Relay.Clear();

        var changes = await Explainer.ChangesAsync(Console.As(Agent), session.Id, "posts", TomsDraft, Token);

        Assert.Equal(
            ["set author of this record to Ada Lovelace", "set status of this record to “published”"],
            changes.Named.Where(change => change.Parts.Count == 1).Select(change => Plain(change.Parts[0].ToString())).Order(StringComparer.Ordinal));
        Assert.Contains(changes.Named, change => change.Parts.Count == 2);
        Assert.All(Console.Relay.Requests, request => Assert.True(request.Method == "GET" || request.Path is "/api/files/token" or "/api/support-console/decide", $"{request.Method} {request.Path}"));
        var entry = (await Console.EventsAsync(session.Id))[^1];
        Assert.Equal((AuditEventTypes.AccessChangesNamed, TomsDraft), (entry.Type, Assert.Single(entry.Target!.RecordIds)));
        await Assert.ThrowsAsync<AccessUnansweredException>(() => Explainer.ChangesAsync(Console.As(Agent), session.Id, "posts", Nothing, Token));
        Assert.Empty((await Explainer.ChangesAsync(Console.As(Agent), session.Id, "posts", AdasDraft, Token)).Named);
    }

    [Fact]
    public async Task Nobody_is_explained_anything_without_the_duty_and_a_session_of_their_own()
    {
        var session = await Console.OpenAsync(Ada);

        await Assert.ThrowsAsync<DutyRefusedException>(() => Explainer.ExplainAsync(Console.As(Admin), session.Id, "posts", TomsDraft, Token));
        await Assert.ThrowsAnyAsync<Core.ExplainedException>(() => Explainer.ExplainAsync(Console.As(OtherAgent), session.Id, "posts", TomsDraft, Token));
        await Assert.ThrowsAsync<DutyRefusedException>(() => Explainer.LocateAsync(Console.As(Manager), session.Id, TomsDraft, Token));
    }

    private static string[] RuleFields(string rule) =>
        Core.Rules.RuleParser.TryParse(rule, FilterGrammar.Modern, out var tree, out _) ? [.. tree.Clauses.Select(clause => clause.Left.Path[0])] : [];

    // Names are isolated from the text around them.
    private static string Plain(OperandValue value) => $"{value.Operand} {Plain(value.Words)}";

    private static string Plain(string words) => new([.. words.Where(c => c is not ('\u2068' or '\u2069'))]);

    private static string Plain(IReadOnlyList<OperandValue> values) => Plain(Assert.Single(values));

    private async Task<Explanation.Found> FoundAsync(ViewAsSession session, string collection, string id) =>
        Assert.IsType<Explanation.Found>(await ExplainAsync(session, collection, id));

    private Task<Explanation> ExplainAsync(ViewAsSession session, string collection, string id) =>
        Explainer.ExplainAsync(Console.As(Agent), session.Id, collection, id, Token);

    private Task<IReadOnlyList<RecordPlace>> LocateAsync(ViewAsSession session, string typed) =>
        Explainer.LocateAsync(Console.As(Agent), session.Id, typed, Token);

    private async Task WithRuleAsync(string rule, Func<Task> test)
    {
        var before = (await _server.AdminAsync(HttpMethod.Get, "/api/collections/posts")).GetProperty("listRule").GetString();
        await _server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new JsonObject { ["listRule"] = rule, ["viewRule"] = rule });
        try
        {
            await test();
        }
        finally
        {
            await _server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new JsonObject { ["listRule"] = before, ["viewRule"] = before });
        }
    }

    // Right before the user's own view of the record is answered.
    private async Task DuringAsync(Func<Task> change, Func<Task> test)
    {
        var changed = 0;
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Path.Value!.Contains("/posts/records/", StringComparison.Ordinal) && Interlocked.Exchange(ref changed, 1) == 0)
            {
                await change();
            }

            return false;
        };
        await test();
        Console.Relay.Intercept = _ => Task.FromResult(false);
        Assert.Equal(1, changed);
    }
}

/// <summary>Without the companion hook.</summary>
public sealed class PlainExplainerTests(DemoServer server) : ExplainerTests(server), IClassFixture<DemoServer>
{
    protected override bool HasHook => false;
}

/// <summary>With the companion hook.</summary>
public sealed class GuardedExplainerTests(GuardedApp server) : ExplainerTests(server), IClassFixture<GuardedApp>
{
    protected override bool HasHook => true;
}
