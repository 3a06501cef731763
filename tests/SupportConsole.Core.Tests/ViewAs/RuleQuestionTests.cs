using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Core.Tests.ViewAs;

public sealed class RuleQuestionTests
{
    private static readonly string[] s_fields = ["author", "status", "created"];

    [Theory]
    [InlineData("author != '' && author = @request.auth.id", "author != '' && author = \"u1\"")]
    [InlineData("@request.auth.id = author || (status = 'a @request.auth.id' && created < @now)", "\"u1\" = author || (status = 'a @request.auth.id' && created < @now)")]
    [InlineData("status = true // @request.auth.id", "status = true // @request.auth.id")]
    public void A_rule_about_own_fields_and_the_users_id_can_be_asked(string rule, string filter) =>
        Assert.Equal(filter, RuleQuestion.AsFilter(rule, "u1", s_fields, FilterGrammar.Modern));

    [Theory]
    [InlineData("author.team = @request.auth.id")]
    [InlineData("status = @request.auth.team")]
    [InlineData("@request.body.status:isset = false")]
    [InlineData("@collection.users.id ?= author")]
    [InlineData("status:lower = 'x'")]
    [InlineData("secret = 'x'")]
    [InlineData("strftime('%Y', created) = '2026'")]
    [InlineData("author = @request.auth.id)")]
    public void Any_other_can_not(string rule) => Assert.Null(RuleQuestion.AsFilter(rule, "u1", s_fields, FilterGrammar.Modern));
}
