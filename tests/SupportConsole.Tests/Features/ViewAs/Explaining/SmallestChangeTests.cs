using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Changes;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>What is named for rules as apps have them, in words; Ben asks for a draft of Ada's.</summary>
public sealed class SmallestChangeTests(TeamApp server) : IClassFixture<TeamApp>
{
    private const string Ben = "ben000000000000";
    private const string Draft = "post00000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("status = 'published'", "set status of this record to “published”")]
    [InlineData("status = 'published' || owner = @request.auth.id", "set owner of this record to Ben", "set status of this record to “published”")]
    [InlineData("status = 'published' && owner = @request.auth.id", "set owner of this record to Ben & set status of this record to “published”")]
    [InlineData("team.members.id ?= @request.auth.id", "add Ben to members of Blue")]
    [InlineData("@request.auth.role = 'admin'", "set role of Ben to “admin”")]
    [InlineData("@request.auth.verified = true", "verify the account of Ben: set verified to true")]
    [InlineData("editors.id ?= @request.auth.id && @request.auth.level > 4", "add Ben to editors of this record & set level of Ben to 5")]
    [InlineData("status != 'draft' && status != 'review'", "set status of this record to “published”")]
    [InlineData("rank > 3 && rank >= 10", "set rank of this record to 10")]
    [InlineData("tags:length > 0 && tags !~ 'a'", "add b to tags of this record", "add c to tags of this record")]
    [InlineData("team.name = @request.auth.name", "set name of Ben to “Blue”", "set name of Blue to “Ben”")]
    public async Task The_smallest_changes_are_named(string rule, params string[] expected)
    {
        var found = await FindAsync(rule, "posts", Draft);

        Assert.Equal(expected.Order(), found.Named.Select(change => string.Join(" & ", change.Parts.Select(part => part.ToString()).Order())).Order());
        Assert.Empty(found.NeedsRequest);
        Assert.Empty(found.Unnamed);
    }

    [Theory]
    [InlineData("@request.headers.x_key = 'k'", Decision.LooksAtRequest)]
    [InlineData("@request.auth.id = ''", "it is about people who aren't signed in")]
    [InlineData("@request.auth.collectionName = 'staff'", "it is about users of another collection")]
    public async Task What_is_about_the_request_stands_apart(string rule, string why)
    {
        var found = await FindAsync($"status = 'published' || {rule}", "posts", Draft);

        Assert.Single(found.Named);
        Assert.Equal((rule, why), Assert.Single(found.NeedsRequest.Select(one => (one.Condition.Text, one.Why))));
        Assert.Empty(found.Unnamed);
    }

    [Theory]
    [InlineData("id = 'another00000000'", "an id can't be changed")]
    [InlineData("updated < '2001-01-01'", "“updated” is written by PocketBase alone")]
    [InlineData("slug = 'other'", "two records may not hold the same “slug”")]
    [InlineData("extra.deep = 5", "it compares no field that could be changed")]
    [InlineData("rank = 'text'", "no single value can be named that would make it hold")]
    [InlineData("code = 'TOO-ODD'", "no single value can be named that would make it hold")]
    [InlineData("status = 'deleted'", "no single value can be named that would make it hold")]
    [InlineData("owner = 'nobody000000000'", "no change was found of which PocketBase confirms that it is enough")]
    [InlineData("@collection.memberships.user ?= @request.auth.id && @collection.memberships.team ?= team", "it needs a record in memberships with user = Ben and team = blue00000000000, and there is none", true)]
    [InlineData("team.memberships_via_team.rank ?= 'owner'", "no single value can be named that would make it hold")]
    [InlineData("@request.auth.memberships_via_user.team ?= 'grey00000000000'", "it needs a record in memberships with user = Ben and team = grey00000000000, and there is none")]
    [InlineData("@request.auth.memberships_via_user.user ?= 'ada000000000000'", "it needs a record that isn't there")]
    [InlineData("@request.auth.email = 'boss@example.test'", "an e-mail address says whose account it is, and isn't changed for a rule")]
    public async Task What_no_change_is_named_for_says_why(string rule, string why, bool isLinked = false)
    {
        var found = await FindAsync(rule, "posts", Draft);

        Assert.Empty(found.Named);
        Assert.Empty(found.NeedsRequest);
        Assert.Equal((isLinked ? $"({rule})" : rule, why), Assert.Single(found.Unnamed.Select(one => (one.Condition.Text, one.Why))));
    }

    /// <summary>The record is the user's own: one change speaks of both.</summary>
    [Fact]
    public async Task One_value_that_is_read_on_both_sides_is_changed_once()
    {
        var found = await FindAsync("role = 'admin' && @request.auth.role = 'admin'", "users", Ben);

        Assert.Equal("set role of Ben to “admin”", Assert.Single(Assert.Single(found.Named).Parts).ToString());
    }

    [Fact]
    public async Task A_change_that_stamps_the_record_anew_is_not_taken_for_proved_where_the_stamp_is_compared()
    {
        Assert.Empty((await FindAsync("status = 'published' && updated > '2001-01-01'", "posts", Draft)).Named);
        Assert.Single((await FindAsync("@request.auth.active = false && updated > '2001-01-01'", "posts", Draft)).Named);
    }

    [Fact]
    public async Task Of_a_view_nothing_is_changed()
    {
        var found = await FindAsync("title = 'x'", "titles", Draft);

        Assert.Empty(found.Named);
        Assert.Equal("what a view shows comes from other collections", Assert.Single(found.Unnamed).Why);
    }

    private async Task<AccessChanges> FindAsync(string rule, string collection, string record)
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        await using var console = new PocketBaseAccess(server.Url);
        var caller = new Caller("abc123");
        var app = new AppCollections(await console.Requests.DescribeCollectionsAsync(SuperuserUse.Explain, caller, CollectionSchema.From, Token), FilterGrammar.Legacy);
        var self = (await console.Requests.ListAsync(SuperuserUse.Explain, caller, "users", $"id = '{Ben}'", 1, 1, null, null, Token)).Items[0];
        var subject = new RuleSubject(ConsoleServices.User(Ben), self, app.Find("users")!, app.Find(collection)!, record, app, HasHook: true);
        var judge = new RuleJudge(console.Companion, console.Requests);
        Assert.True(RuleParser.TryParse(rule, FilterGrammar.Legacy, out var tree, out _));
        var decisions = await judge.DecideAsync(subject, RuleTruth.ConditionsOf(tree), caller, Token);
        return await new SmallestChange(judge, console.Requests, TimeProvider.System).FindAsync(subject, tree, decisions, caller, Token);
    }
}
