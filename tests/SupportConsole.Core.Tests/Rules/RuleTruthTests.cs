using CsCheck;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Rules;

public sealed class RuleTruthTests
{
    private static readonly string[] s_names = ["a", "b", "c", "d", "e", "f"];

    // Rules of at most six conditions, some of which stand in several places.
    private static readonly Gen<string> s_rule = Gen.Recursive<string>((depth, rule) => depth > 3
        ? Gen.OneOf(s_names).Select(name => $"{name} = 1")
        : Gen.Frequency(
            (2, Gen.OneOf(s_names).Select(name => $"{name} = 1")),
            (3, Gen.Select(rule, rule, Gen.OneOf("&&", "||")).Select((left, right, join) => $"({left}) {join} ({right})")),
            (1, Gen.Select(rule, rule, Gen.OneOf("&&", "||")).Select((left, right, join) => $"({left} {join} {right})"))));

    private static readonly Gen<bool?[]> s_decisions = Gen.OneOf<bool?>(true, false, null).Array[s_names.Length];

    [Theory]
    [InlineData("a = 1 && b = 1", "tt", true)]
    [InlineData("a = 1 && b = 1", "tf", false)]
    [InlineData("a = 1 && b = 1", "?f", false)]
    [InlineData("a = 1 && b = 1", "t?", null)]
    [InlineData("a = 1 || b = 1", "?t", true)]
    [InlineData("a = 1 || b = 1", "f?", null)]
    [InlineData("a = 1 || b = 1", "ff", false)]
    public void What_is_undecided_counts_only_where_the_whole_depends_on_it(string rule, string decisions, bool? expected) =>
        Assert.Equal(expected, RuleTruth.Of(Read(rule), Deciding([.. decisions.Select(letter => letter switch { 't' => true, 'f' => false, _ => (bool?)null })])));

    [Fact]
    public void A_truth_is_what_every_way_to_decide_the_rest_comes_to() => Gen.Select(s_rule, s_decisions).Sample((rule, decisions) =>
    {
        var tree = Read(rule);
        var ways = Completions(decisions).Select(all => RuleTruth.Of(tree, Deciding(all))).Distinct().ToArray();

        // Where one condition stands in several places, more could be told than part by part; never something else.
        return RuleTruth.Of(tree, Deciding(decisions)) is { } truth ? ways is [{ } only] && only == truth : ways.Length > 0;
    }, iter: 3_000);

    [Fact]
    public void The_smallest_turns_are_all_that_brute_force_finds() => Gen.Select(s_rule, s_decisions).Sample((rule, decisions) =>
    {
        var tree = Read(rule);
        var conditions = RuleTruth.ConditionsOf(tree).Distinct().ToArray();
        var decided = Deciding(decisions);
        var turns = RuleTruth.SmallestTurns(tree, decided, most: 1_000);

        var sets = Enumerable.Range(0, 1 << conditions.Length)
            .Select(bits => conditions.Where((_, i) => (bits & (1 << i)) != 0).ToHashSet())
            .Where(set => set.All(node => decided(node) != true) && RuleTruth.Of(tree, node => set.Contains(node) || decided(node) == true) == true).ToArray();
        var smallest = sets.Where(set => !sets.Any(other => other.IsProperSubsetOf(set))).ToArray();
        return turns.Count == smallest.Length && turns.All(turn => smallest.Any(set => set.SetEquals(turn)))
            && turns.Select(turn => turn.Count).SequenceEqual(turns.Select(turn => turn.Count).Order());
    }, iter: 3_000);

    [Fact]
    public void No_more_turns_are_given_than_wanted_and_each_of_them_is_enough() => Gen.Select(s_rule, s_decisions, Gen.Int[1, 3]).Sample((rule, decisions, most) =>
    {
        var tree = Read(rule);
        var decided = Deciding(decisions);
        var turns = RuleTruth.SmallestTurns(tree, decided, most);
        return turns.Count >= 1 && turns.Count <= most
            && turns.All(turn => RuleTruth.Of(tree, node => turn.Contains(node) || decided(node) == true) == true
                && turn.All(left => RuleTruth.Of(tree, node => (turn.Contains(node) && node != left) || decided(node) == true) == false));
    }, iter: 3_000);

    [Fact]
    public void A_rule_with_more_turns_than_there_is_memory_is_answered()
    {
        var tree = Read(string.Join(" && ", Enumerable.Range(0, 60).Select(i => $"(x{i} = 1 || y{i} = 1 || x{(i + 1) % 60} = 1 && z = 1)")));

        var turns = RuleTruth.SmallestTurns(tree, _ => false, 3);

        Assert.Equal(3, turns.Count);
        Assert.All(turns, turn => Assert.True(RuleTruth.Of(tree, node => turn.Contains(node))));
        Assert.All(turns, turn => Assert.All(turn, left => Assert.False(RuleTruth.Of(tree, node => node != left && turn.Contains(node)))));
    }

    private static IEnumerable<bool?[]> Completions(bool?[] decisions) => decisions.Contains(null)
        ? new[] { true, false }.SelectMany(value => Completions([.. decisions.Select((decision, i) => i == Array.IndexOf(decisions, null) ? value : decision)]))
        : [decisions];

    private static Func<RuleNode, bool?> Deciding(bool?[] decisions) => node => decisions[Array.IndexOf(s_names, node.Text[..1])];

    private static RuleNode Read(string rule)
    {
        Assert.True(RuleParser.TryParse(rule, FilterGrammar.Modern, out var tree, out _));
        return tree;
    }
}
