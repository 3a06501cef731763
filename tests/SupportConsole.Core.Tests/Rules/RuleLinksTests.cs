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
    [InlineData("teams.lead.a = 1 && teams.tags:each = 2 && teams.b = 3", "teams.lead.a = 1 && teams.tags:each = 2", "teams.b = 3")]
    [InlineData("teams.lead.a = b && teams.tags:each = '' && teams.lead.c != 2", "teams.lead.a = b", "teams.tags:each = ''", "teams.lead.c != 2")]
    [InlineData("teams.a > 1 && teams.b ?= 2", "teams.a > 1 && teams.b ?= 2")]
    [InlineData("teams.a ~ 'x' && teams.b = 2", "teams.a ~ 'x'", "teams.b = 2")]
    [InlineData("teams.a ?= 1 && (teams.b ?= 2 || c = 3)", "teams.a ?= 1 && (teams.b ?= 2 || c = 3)")]
    [InlineData("teams.a ?= 1 || teams.b ?= 2", "teams.a ?= 1", "teams.b ?= 2")]
    [InlineData("(teams.a ?= 1 && teams.b ?= 2) && c = 1 && teams.d ?= 3", "teams.a ?= 1 && teams.b ?= 2 && teams.d ?= 3", "c = 1")]
    [InlineData("c = 1 && (d = 2 || teams.a ?= 1 && teams.b ?= 2)", "c = 1", "d = 2", "teams.a ?= 1 && teams.b ?= 2")]
    public void What_asks_for_one_row_is_one_condition(string rule, params string[] conditions)
    {
        Assert.True(RuleParser.TryParse(rule, FilterGrammar.Modern, out var tree, out _));

        Assert.Equal(conditions, RuleTruth.ConditionsOf(tree).Select(condition => condition is RuleGroup { IsLinked: true } ? condition.Text[1..^1] : condition.Text));
    }

    [Fact]
    public void What_leads_to_one_row_ties_nothing()
    {
        Assert.True(RuleParser.TryParse("teams.a ?= 1 && team.b ?= 1 && teams.c ?= 2 && team.d.e > 2 && f(team.g) < 1", FilterGrammar.Modern, out var tree, out _, operand => operand.Path[0] == "teams"));

        Assert.Equal(["(teams.a ?= 1 && teams.c ?= 2)", "team.b ?= 1", "team.d.e > 2", "f(team.g) < 1"], RuleTruth.ConditionsOf(tree).Select(condition => condition.Text));
    }
}
