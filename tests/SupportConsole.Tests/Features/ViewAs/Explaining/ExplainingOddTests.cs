using System.Text.Json.Nodes;
using SupportConsole.Core.Rules;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.Features.ViewAs.Explaining.Trying;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>Questions that somebody asks who wants to know something else, and apps that change while they are asked.</summary>
public sealed class ExplainingOddTests(TeamApp server) : ServicesTest(server, ("ViewAs:ProtectedUsers", ""), ("Limits:SessionsPerHour", "1000")), IClassFixture<TeamApp>
{
    private const string Ada = "ada000000000000", Ben = "ben000000000000", Draft = "post00000000000", Locker = "locker000000000";
    private const string Hidden = "h1dden-word", CaseName = "Dismissal of Cleo";

    private Explainer Explainer => Console.Get<Explainer>();

    /// <summary>What only superusers see isn't proposed as the value of another field.</summary>
    [Theory]
    [InlineData("title = secret")]
    [InlineData("@request.auth.name = secret")]
    [InlineData("secrets:length = 0")]
    [InlineData("title = owner.email")]
    [InlineData("@request.auth.name = owner.email")]
    public async Task No_change_is_named_by_what_users_do_not_see(string rule)
    {
        var session = await AskAsync(rule);

        var changes = await Explainer.ChangesAsync(Console.As(Agent), session.Id, "lockers", Locker, Token);

        var said = string.Join('\n', changes.Named.SelectMany(change => change.Parts).Select(part => $"{part} {part.Value}").Concat(changes.Unnamed.Select(one => one.Why)));
        Assert.DoesNotContain(Hidden, said, StringComparison.Ordinal);
        Assert.DoesNotContain("@example.test", said, StringComparison.Ordinal);
    }

    /// <summary>A record that is only on the way may be one that nobody but superusers sees.</summary>
    [Fact]
    public async Task A_record_of_a_locked_collection_is_changed_without_its_name()
    {
        var session = await AskAsync("case.assignees.id ?= @request.auth.id");

        var changes = await Explainer.ChangesAsync(Console.As(Agent), session.Id, "lockers", Locker, Token);

        Assert.DoesNotContain(CaseName, string.Join('\n', changes.Named.SelectMany(change => change.Parts)), StringComparison.Ordinal);
        Assert.NotEmpty(changes.Named);
    }

    [Fact]
    public async Task Somebody_is_not_named_by_an_address_that_they_hide()
    {
        var session = await AskAsync("owner ?= @request.auth.friends.id");
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/users/records/{Ben}", new() { ["friends"] = new JsonArray("nameless0000000") });

        var changes = await Explainer.ChangesAsync(Console.As(Agent), session.Id, "lockers", Locker, Token);

        Assert.DoesNotContain("@example.test", string.Join('\n', changes.Named.SelectMany(change => change.Parts)), StringComparison.Ordinal);
        Assert.Contains("nameless0000000", string.Join('\n', changes.Named.SelectMany(change => change.Parts)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("case.title ~ 'Dis%'")]
    [InlineData("case.assignees.name ~ 'C%'")]
    [InlineData("owner.cases_via_assignees.lead.name ~ 'C%'")]
    [InlineData("@collection.cases.lead.name ~ 'C%'")]
    [InlineData("@collection.cases:c.lead.id ?= @request.auth.id")]
    [InlineData("@request.auth.cases_via_assignees.lead.name ~ 'C%'")]
    [InlineData("@request.auth.cases_via_assignees.nothing.collectionName ~ 'C%'")]
    [InlineData("strftime('%Y', case.lead.created) = '2026'")]
    [InlineData("@collection._otps.id ?~ 'a%'")]
    [InlineData("@collection._externalAuths.providerId ?~ 'a%'")]
    public async Task A_rule_that_goes_through_a_locked_collection_is_not_tried(string edited)
    {
        var session = await AskAsync("title = 'x'");

        await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "lockers", ReadRule.List, edited, Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData("case.title ~ 'Dis%'")]
    [InlineData("case.assignees.name ~ 'C%'")]
    [InlineData("owner.cases_via_assignees.lead.name ~ 'C%'")]
    public async Task A_filter_that_goes_through_a_locked_collection_is_not_asked(string filter)
    {
        var session = await AskAsync("title = 'x'");

        await Assert.ThrowsAsync<AccessUnansweredException>(() => Console.Get<HiddenRecords>().OfPageAsync(Console.As(Agent), session.Id, new RecordsPlace("lockers") { Filter = filter }, null, 20, Token));
    }

    /// <summary>The ids of what PocketBase keeps for signing in are half of a sign-in.</summary>
    [Theory]
    [InlineData("_otps")]
    [InlineData("_mfas")]
    [InlineData("_externalAuths")]
    [InlineData("_authOrigins")]
    [InlineData("_superusers")]
    public async Task What_PocketBase_keeps_for_itself_is_not_laid_open(string collection)
    {
        var session = await Console.OpenAsync(User(Ben));

        await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<HiddenRecords>().OfAllAsync(Console.As(Agent), session.Id, collection, Token).ToListAsync(Token));
        await Assert.ThrowsAsync<AccessUnansweredException>(() => Console.Get<HiddenRecords>().OfPageAsync(Console.As(Agent), session.Id, new RecordsPlace(collection), null, 20, Token));
        await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, collection, ReadRule.List, "id ~ 'a%'", Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_collection_that_is_gone_hides_no_other()
    {
        await server.AdminAsync(HttpMethod.Post, "/api/collections", new() { ["type"] = "base", ["name"] = "brief", ["listRule"] = "" });
        var session = await Console.OpenAsync(User(Ben));
        await server.AdminAsync(HttpMethod.Delete, "/api/collections/brief");

        Assert.Contains(new RecordPlace("posts", Draft), await Explainer.LocateAsync(Console.As(Agent), session.Id, Draft, Token));
    }

    [Fact]
    public async Task A_long_rule_for_signing_in_lets_the_record_be_explained_all_the_same()
    {
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/users", new() { ["authRule"] = $"name != '{new string('x', 4900)}'" });
        try
        {
            var session = await AskAsync("title = 'x'");

            var found = Assert.IsType<Explanation.Found>(await Explainer.ExplainAsync(Console.As(Agent), session.Id, "lockers", Locker, Token));

            Assert.Equal(DoorState.Closed, found.List.State);
            Assert.Null(found.CanSignIn);
        }
        finally
        {
            await server.AdminAsync(HttpMethod.Patch, "/api/collections/users", new() { ["authRule"] = "" });
        }
    }

    /// <summary>Who reads that Ben is among them, and that the condition is false, would take the one or the other for wrong.</summary>
    [Fact]
    public async Task A_list_that_is_compared_as_it_stands_is_said_to_be_one_text()
    {
        var session = await AskAsync("case.assignees ?= @request.auth.id || case.assignees.id ?= @request.auth.id || marks ~ '&'");
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/cases/records/case00000000000", new() { ["assignees"] = new JsonArray("cleo00000000000", Ben) });

        var found = Assert.IsType<Explanation.Found>(await Explainer.ExplainAsync(Console.As(Agent), session.Id, "lockers", Locker, Token));

        await server.AdminAsync(HttpMethod.Patch, "/api/collections/cases/records/case00000000000", new() { ["assignees"] = new JsonArray("cleo00000000000") });
        Assert.Equal(
            new (bool?, string)[]
            {
                (false, $"is “[\"cleo00000000000\",\"{Ben}\"]”, which PocketBase compares as one text, not one by one"),
                (true, $"are “cleo00000000000”, “{Ben}”"),
                (false, "is “[\"R\\u0026D\",\"a\\u003cb\"]”, which PocketBase compares as one text, not one by one"),
            },
            found.List.Rows.Where(row => row.Node is RuleClause).Select(row => (row.Holds, row.Values[0].Words.Replace("\u2068", "", StringComparison.Ordinal).Replace("\u2069", "", StringComparison.Ordinal))));
    }

    // Ben asks for a locker of Ada's, whose secret word nobody but superusers sees.
    private async Task<ViewAsSession> AskAsync(string rule)
    {
        var users = await server.AdminAsync(HttpMethod.Get, "/api/collections/users");
        if (!users.GetProperty("fields").EnumerateArray().Any(field => field.GetProperty("name").GetString() == "pin"))
        {
            var fields = JsonNode.Parse(users.GetProperty("fields").GetRawText())!.AsArray();
            fields.Add((JsonNode)Field("pin", hidden: true));
            await server.AdminAsync(HttpMethod.Patch, "/api/collections/users", new() { ["fields"] = fields });
            await server.AdminAsync(HttpMethod.Patch, $"/api/collections/users/records/{Ben}", new() { ["pin"] = Hidden });
            await server.AdminAsync(HttpMethod.Post, "/api/collections/users/records", new()
            {
                ["id"] = "nameless0000000", ["email"] = "nameless@example.test", ["password"] = "test-user-pass-1", ["passwordConfirm"] = "test-user-pass-1",
            });
            var people = users.GetProperty("id").GetString()!;
            var cases = (await server.AdminAsync(HttpMethod.Post, "/api/collections", new()
            {
                ["type"] = "base", ["name"] = "cases", ["fields"] = new JsonArray(Field("title"), Relation("assignees", people, 3), Relation("lead", people)),
            })).GetProperty("id").GetString()!;
            await server.AdminAsync(HttpMethod.Post, "/api/collections/cases/records", new() { ["id"] = "case00000000000", ["title"] = CaseName, ["assignees"] = new JsonArray("cleo00000000000"), ["lead"] = "cleo00000000000" });
            await server.AdminAsync(HttpMethod.Post, "/api/collections", new()
            {
                ["type"] = "base", ["name"] = "lockers", ["fields"] = new JsonArray(Field("title"), Field("secret", hidden: true), new JsonObject { ["name"] = "secrets", ["type"] = "select", ["maxSelect"] = 2, ["values"] = new JsonArray(Hidden, "other"), ["hidden"] = true }, new JsonObject { ["name"] = "marks", ["type"] = "select", ["maxSelect"] = 2, ["values"] = new JsonArray("R&D", "a<b") }, Relation("owner", people), Relation("case", cases)),
            });
            await server.AdminAsync(HttpMethod.Post, "/api/collections/lockers/records", new() { ["id"] = Locker, ["title"] = "A locker", ["secret"] = Hidden, ["secrets"] = new JsonArray(Hidden), ["marks"] = new JsonArray("R&D", "a<b"), ["owner"] = Ada, ["case"] = "case00000000000" });
        }

        await server.AdminAsync(HttpMethod.Patch, "/api/collections/lockers", new() { ["listRule"] = rule, ["viewRule"] = rule });
        return await Console.OpenAsync(User(Ben));
    }

    private static JsonObject Field(string name, bool hidden = false) => new() { ["name"] = name, ["type"] = "text", ["hidden"] = hidden };

    private static JsonObject Relation(string name, string to, int most = 1) => new() { ["name"] = name, ["type"] = "relation", ["collectionId"] = to, ["maxSelect"] = most };
}
