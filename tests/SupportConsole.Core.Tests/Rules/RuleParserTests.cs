using CsCheck;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Rules;

public sealed class RuleParserTests
{
    // What means something to the language, and what breaks careless readers.
    private static readonly Gen<string> s_hostile = Gen.OneOf(
        Gen.OneOf(
            "a", "b.c", "@request.auth.id", "@collection.t.a", "@collection", "@", "_", "'", "\"", "\\", "//", "/", "\n", "\r", " ", "(", ")", "((", "f(", ",", "=", "?=",
            "!~", "&&", "||", "&", "|", "-", "5", ".", ":", ":each", "true", "null", "é", "😀", "\0", "\uD800"),
        Gen.String[0, 3]).Array[0, 40].Select(string.Concat);

    [Theory]
    [InlineData("title = \"it's\"", "it's", "it's")]
    [InlineData("title = 'it\\'s'", "it's", "it's")]
    [InlineData("title = \"\\'\"", "\\'", "\\'")]
    [InlineData("title = 'a\\nb'", "a\\nb", "a\nb")]
    [InlineData("title = 'a\\tb\\rc'", "a\\tb\\rc", "a\tb\rc")]
    [InlineData("title = 'a\\\\b'", "a\\\\b", "a\\b")]
    [InlineData("title = 'a\\u0041\\x'", "a\\u0041\\x", "a\\u0041\\x")]
    [InlineData("title = 'x\\\\'", null, "x\\")]
    [InlineData("title = 'x\\\\'y'", "x\\'y", null)]
    [InlineData("title = '// ( || é\n'", "// ( || é\n", "// ( || é\n")]
    [InlineData("title = ''", "", "")]
    public void A_text_says_what_the_grammar_makes_of_it(string rule, string? legacy, string? modern)
    {
        Assert.Equal(legacy, ValueOf(FilterGrammar.Legacy));
        Assert.Equal(modern, ValueOf(FilterGrammar.Modern));

        string? ValueOf(FilterGrammar grammar) => RuleParser.TryParse(rule, grammar, out var tree, out _) ? Assert.IsType<RuleClause>(tree).Right.Value : null;
    }

    [Theory]
    [InlineData("=")]
    [InlineData("!=")]
    [InlineData(">")]
    [InlineData(">=")]
    [InlineData("<")]
    [InlineData("<=")]
    [InlineData("~")]
    [InlineData("!~")]
    public void Every_operator_is_read_with_and_without_the_mark_for_one_of_several(string comparison)
    {
        foreach (var written in (string[])[comparison, "?" + comparison])
        {
            foreach (var rule in (string[])[$"a {written} 'b'", $"a{written}'b'"])
            {
                var clause = Assert.IsType<RuleClause>(Read(rule));
                Assert.Equal((written, comparison, written[0] == '?', $"a {written} 'b'"), (clause.Operator, clause.Comparison, clause.IsAny, clause.Text));
            }
        }
    }

    [Theory]
    [InlineData("a = 1 || b = 2 && c = 3", "(a = 1 || (b = 2 && c = 3))")]
    [InlineData("a = 1 && b = 2 || c = 3 && d = 4", "((a = 1 && b = 2) || (c = 3 && d = 4))")]
    [InlineData("(a = 1 || b = 2) && c = 3", "((a = 1 || b = 2) && c = 3)")]
    [InlineData("a = 1 && (b = 2 && (c = 3))", "(a = 1 && b = 2 && c = 3)")]
    [InlineData("((((a = 1))))", "a = 1")]
    [InlineData("a=1&&b=2||c=3", "((a = 1 && b = 2) || c = 3)")]
    [InlineData("\t\na = 1\n&&\n\tb = 2 ", "(a = 1 && b = 2)")]
    [InlineData("a = 1 // it's ) (\n|| b = 2 // the end", "(a = 1 || b = 2)")]
    [InlineData("// first\n a // second\n = // third\n 1", "a = 1")]
    [InlineData("a = 1 //", "a = 1")]
    [InlineData("(a = 1 // fine\n)", "a = 1")]
    [InlineData("(a = 1 // )", "a = 1")]
    [InlineData("(a = 1 // \"q)\"\n)", "a = 1")]
    [InlineData("a = ')' && (b = '(')", "(a = ')' && b = '(')")]
    [InlineData("f( 1 , // ) '\n b,'x' ,) > -2 && (c = 1)", "(f(1, b, 'x') > -2 && c = 1)")]
    public void Parts_are_joined_as_the_server_joins_them(string rule, string expected) => Assert.Equal(expected, Read(rule).Text);

    // Measured on 0.36.8, 0.39.1 and 0.40.4: nobody writes it on purpose, and the server takes it.
    [Theory]
    [InlineData("a = 1 (b = 2) (c = 3)", "(a = 1 && b = 2 && c = 3)")]
    [InlineData("a = 1 || b = 2 (c = 3)", "(a = 1 || b = 2 || c = 3)")]
    [InlineData("a = 1 || b = 2 && (c = 3)(d = 4)", "(a = 1 || (b = 2 && c = 3 && d = 4))")]
    [InlineData("a = 1 && b (c = 3)", "(a = 1 && c = 3)")]
    [InlineData("a = 1 && b = (c = 3)", "(a = 1 && c = 3)")]
    public void Brackets_in_odd_places_are_read_as_the_server_reads_them(string rule, string expected) => Assert.Equal(expected, Read(rule).Text);

    [Theory]
    [InlineData("-5", RuleOperandKind.Number)]
    [InlineData("-.5", RuleOperandKind.Number)]
    [InlineData("5.25", RuleOperandKind.Number)]
    [InlineData("99999999999999999999999999", RuleOperandKind.Number)]
    [InlineData("'5'", RuleOperandKind.Text)]
    [InlineData("true", RuleOperandKind.Constant)]
    [InlineData("FALSE", RuleOperandKind.Constant)]
    [InlineData("Null", RuleOperandKind.Constant)]
    [InlineData("@now", RuleOperandKind.Macro)]
    [InlineData("@todayStart", RuleOperandKind.Macro)]
    [InlineData("@weekday", RuleOperandKind.Macro)]
    [InlineData("team", RuleOperandKind.Field, "team")]
    [InlineData("team.lead.name", RuleOperandKind.Field, "team", "lead", "name")]
    [InlineData("tags:each", RuleOperandKind.Field, "tags")]
    [InlineData("posts_via_team.title:lower", RuleOperandKind.Field, "posts_via_team", "title")]
    [InlineData("@request.auth.id", RuleOperandKind.Auth, "id")]
    [InlineData("@request.auth.teams.tags:each", RuleOperandKind.Auth, "teams", "tags")]
    [InlineData("@collection.members.user", RuleOperandKind.Collection, "members", "user")]
    [InlineData("@collection.members:m.team.name:lower", RuleOperandKind.Collection, "members:m", "team", "name")]
    [InlineData("@request.method", RuleOperandKind.RequestKind, "method")]
    [InlineData("@request.context", RuleOperandKind.RequestKind, "context")]
    [InlineData("@request.headers.x_key", RuleOperandKind.Request, "headers", "x_key")]
    [InlineData("@request.query.a:isset", RuleOperandKind.Request, "query", "a")]
    [InlineData("@request.body.team:changed", RuleOperandKind.Request, "body", "team")]
    public void What_stands_on_a_side_is_told_apart(string written, RuleOperandKind kind, params string[] path)
    {
        var operand = Assert.IsType<RuleClause>(Read($"x = {written}")).Right;

        Assert.Equal((kind, written), (operand.Kind, operand.Text));
        Assert.Equal(kind == RuleOperandKind.Constant ? [written] : path, operand.Path);
        Assert.Equal(written.StartsWith("@collection", StringComparison.Ordinal) ? written.Split('.')[^1].Split(':').ElementAtOrDefault(1) ?? "" : written.Split(':').ElementAtOrDefault(1) ?? "", operand.Modifier);
        Assert.Equal(operand.LooksAtRequest, Read($"f(x, {written}) = 1").LooksAtRequest);
        Assert.Equal(kind == RuleOperandKind.Request, operand.LooksAtRequest);
    }

    [Fact]
    public void A_functions_arguments_are_read_in_it()
    {
        var function = Assert.IsType<RuleClause>(Read("f(a.b, -1.5, 'x, )', g(h('y'))) = 1")).Left;

        Assert.Equal((RuleOperandKind.Function, "f(a.b, -1.5, 'x, )', g(h('y')))"), (function.Kind, function.Text));
        Assert.Equal(
            [RuleOperandKind.Field, RuleOperandKind.Number, RuleOperandKind.Text, RuleOperandKind.Function], function.Arguments!.Select(argument => argument.Kind));
        Assert.Equal("y", function.Arguments![3].Arguments![0].Arguments![0].Value);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(" \n // nothing", 13)]
    [InlineData("()", 1)]
    [InlineData("a = 1 && ( )", 11)]
    [InlineData("a = 1 &&", 8)]
    [InlineData("&& a = 1", 0)]
    [InlineData("a = 1 && && b = 1", 9)]
    [InlineData("a = 1 &&& b = 1", 8)]
    [InlineData("a = 1 and b = 1", 6)]
    [InlineData("a = 1 b = 1", 6)]
    [InlineData("a", 1)]
    [InlineData("a =", 3)]
    [InlineData("= a", 0)]
    [InlineData("a == 1", 2)]
    [InlineData("a !?= 1", 2)]
    [InlineData("a = 1)", 5)]
    [InlineData("x = 1 && (a = 1", 9)]
    [InlineData("(a = 1 // it's\n)", 12)]
    [InlineData("(a = 1 // )\n)", 12)]
    [InlineData("a = 'x", 4)]
    [InlineData("a = 1 \r\n && b = 1", 6)]
    [InlineData("a = 1 / 2", 6)]
    [InlineData("a = -", 4)]
    [InlineData("a = .5", 4)]
    [InlineData("a = 5.", 4)]
    [InlineData("a = 1.2.3", 7)]
    [InlineData("a = 1e5", 5)]
    [InlineData("a. = 1", 0)]
    [InlineData("a: = 1", 0)]
    [InlineData("_ = 1", 0)]
    [InlineData("a@b = 1", 1)]
    [InlineData("é = 1", 0)]
    [InlineData("a = `x`", 4)]
    [InlineData("@foo = 1", 0)]
    [InlineData("a = @random", 4)]
    [InlineData("@request.auth = 1", 0)]
    [InlineData("@request.foo.x = 1", 0)]
    [InlineData("@request.data.x = 1", 0)]
    [InlineData("@request.method:lower = 1", 0)]
    [InlineData("@request.body = 1", 0)]
    [InlineData("@collection.t = 1", 0)]
    [InlineData("@collection.t:.a = 1", 0)]
    [InlineData("@collection.t:x:y.a = 1", 0)]
    [InlineData("f(1 2) = 1", 4)]
    [InlineData("f(,1) = 1", 2)]
    [InlineData("f(1,,2) = 1", 4)]
    [InlineData("f(1 = 1", 4)]
    [InlineData("f(1", 3)]
    [InlineData("f(g(h(i(1)))) = 1", 7)]
    [InlineData("a = '\0'", 5)]
    public void What_is_no_rule_is_refused_where_it_goes_wrong(string rule, int at)
    {
        foreach (var grammar in Enum.GetValues<FilterGrammar>())
        {
            Assert.False(RuleParser.TryParse(rule, grammar, out _, out var fault));
            Assert.Equal(at, fault.At);
            Assert.EndsWith(".", fault.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void As_many_brackets_as_somebody_may_read_are_taken_and_more_are_a_fault()
    {
        Assert.Equal("a = 1", Read(Nested(RuleParser.MaxDepth)).Text);
        foreach (var depth in (int[])[RuleParser.MaxDepth + 1, 5_000])
        {
            Assert.False(RuleParser.TryParse(Nested(depth), FilterGrammar.Legacy, out _, out var fault));
            Assert.Equal(RuleParser.MaxDepth, fault.At);
        }

        Assert.False(RuleParser.TryParse("x = " + string.Concat(Enumerable.Repeat("f(", 5_000)), FilterGrammar.Legacy, out _, out _));

        static string Nested(int depth) => new string('(', depth) + "a = 1" + new string(')', depth);
    }

    [Fact]
    public void A_rule_as_long_as_a_filter_may_be_is_read()
    {
        var rule = string.Join(" || ", Enumerable.Range(100, 200).Select(i => $"a = 'é{i}'")).PadRight(3_500 - 200);

        var group = Assert.IsType<RuleGroup>(Read(rule));
        Assert.Equal((RuleJoin.Or, 200), (group.Join, group.Parts.Count));
        Assert.Equal(200, group.Clauses.Count());
        Assert.Equal(201, group.All.Count());
    }

    [Fact]
    public void Hostile_text_is_a_rule_or_a_fault_and_nothing_worse() =>
        Gen.Select(s_hostile, Gen.Enum<FilterGrammar>()).Sample((text, grammar) =>
        {
            if (!RuleParser.TryParse(text, grammar, out var tree, out var fault))
            {
                return fault.At >= 0 && fault.At <= text.Length && fault.Sentence.Length > 0;
            }

            // What it is written as is a rule by itself that says the same.
            return RuleParser.TryParse(tree.Text, grammar, out var again, out _) && again.Text == tree.Text && PocketBaseFilter.StandsAlone(grammar, tree.Text);
        }, iter: 20_000);

    private static RuleNode Read(string rule)
    {
        Assert.True(RuleParser.TryParse(rule, FilterGrammar.Legacy, out var tree, out var fault), $"{rule}: {fault}");
        return tree;
    }
}
