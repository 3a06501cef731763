using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Rules;

public sealed class RuleLinksTests
{
    [Theory]
    [InlineData("@collection.m.user ?= 1 && @collection.m.team ?= 2", "@collection.m.user ?= 1 && @collection.m.team ?= 2")]
    [InlineData("@collection.m.user ?= 1 && a = 3 && @collection.M.team ?= 2", "@collection.m.user ?= 1 && @collection.M.team ?= 2", "a = 3")]
    [InlineData("@collection.m:x.user ?= 1 && @collection.m:y.team ?= 2", "@collection.m:x.user ?= 1", "@collection.m:y.team ?= 2")]
    [InlineData("@collection.m:x.user ?= 1 && @collection.n:x.team ?= 2", "@collection.m:x.user ?= 1 && @collection.n:x.team ?= 2")]
    [InlineData("@collection.m.user = 1 && @collection.m.team ?= 2", "@collection.m.user = 1", "@collection.m.team ?= 2")]
    [InlineData("@collection.m.user ?= 1 && @collection.n.team ?= 2", "@collection.m.user ?= 1", "@collection.n.team ?= 2")]
    [InlineData("teams.name ?= 1 && teams.lead.name ?= 2", "teams.name ?= 1 && teams.lead.name ?= 2")]
    [InlineData("teams.name ?= 1 && teams:each ?= 2", "teams.name ?= 1 && teams:each ?= 2")]
    [InlineData("teams.name ?= 1 && teams ?= 2", "teams.name ?= 1", "teams ?= 2")]
    [InlineData("teams.name ?= 1 && @request.auth.teams.name ?= 2", "teams.name ?= 1", "@request.auth.teams.name ?= 2")]
    [InlineData("@request.auth.teams.id ?= a && @request.auth.teams.name ?= 2", "@request.auth.teams.id ?= a && @request.auth.teams.name ?= 2")]
    [InlineData("teams.a ?= tags:each && tags:each ?= 1 && b = 1", "teams.a ?= tags:each && tags:each ?= 1", "b = 1")]
    [InlineData("tags:each ?= 1 && teams.a ?= 2 && teams.b ?= tags:each", "tags:each ?= 1 && teams.a ?= 2 && teams.b ?= tags:each")]
    [InlineData("f(teams.a) < 1 && teams.b ?= 2", "f(teams.a) < 1 && teams.b ?= 2")]
    [InlineData("f(1, g(teams.a)) < 1 && f(teams.b) > 2", "f(1, g(teams.a)) < 1 && f(teams.b) > 2")]
    [InlineData("f(teams.a) < 1 && teams.b = 2", "f(teams.a) < 1", "teams.b = 2")]
    [InlineData("teams.a ?= 1 && (teams.b ?= 2 || c = 3)", "teams.a ?= 1 && (teams.b ?= 2 || c = 3)")]
    [InlineData("teams.a ?= 1 || teams.b ?= 2", "teams.a ?= 1", "teams.b ?= 2")]
    [InlineData("(teams.a ?= 1 && teams.b ?= 2) && c = 1 && teams.d ?= 3", "teams.a ?= 1 && teams.b ?= 2 && teams.d ?= 3", "c = 1")]
    [InlineData("c = 1 && (d = 2 || teams.a ?= 1 && teams.b ?= 2)", "c = 1", "d = 2", "teams.a ?= 1 && teams.b ?= 2")]
    public void What_asks_for_one_row_is_one_condition(string rule, params string[] conditions)
    {
        Assert.True(RuleParser.TryParse(rule, FilterGrammar.Modern, out var tree, out _));

        Assert.Equal(conditions, RuleTruth.ConditionsOf(tree).Select(condition => condition is RuleGroup { IsLinked: true } ? condition.Text[1..^1] : condition.Text));
    }
}
