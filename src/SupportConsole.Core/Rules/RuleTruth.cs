namespace SupportConsole.Core.Rules;

/// <summary>What a rule comes to, from what its conditions come to. The conditions themselves are decided by the server alone.</summary>
public static class RuleTruth
{
    // A rule can have more ways to turn than there is memory; beyond so many the longest are let go, part by part.
    private const int MostKept = 200;

    /// <summary>
    /// The conditions of a rule: what has to be decided by itself. A linked group is one, since its parts decided apart say nothing of the whole.
    /// </summary>
    public static IEnumerable<RuleNode> ConditionsOf(RuleNode rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule is RuleGroup { IsLinked: false } group ? group.Parts.SelectMany(ConditionsOf) : [rule];
    }

    /// <summary>What the rule comes to; null where that depends on what isn't decided.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="decided">What a condition comes to; null for undecided.</param>
    public static bool? Of(RuleNode rule, Func<RuleNode, bool?> decided)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(decided);
        if (rule is not RuleGroup { IsLinked: false } group)
        {
            return decided(rule);
        }

        // What alone settles the whole: a part that is false among all of them, a part that is true among at least one.
        var settles = group.Join == RuleJoin.Or;
        bool? whole = !settles;
        foreach (var part in group.Parts)
        {
            var holds = Of(part, decided);
            if (holds == settles)
            {
                return settles;
            }

            whole = holds is null ? null : whole;
        }

        return whole;
    }

    /// <summary>
    /// Every smallest set of conditions that don't hold whose turn would make the rule hold. There is no "not" in the language, so a condition that
    /// holds never stands in the way.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="decided">What a condition comes to; what is undecided counts as what doesn't hold.</param>
    /// <param name="most">How many sets are wanted at most; the smallest come first.</param>
    public static IReadOnlyList<IReadOnlySet<RuleNode>> SmallestTurns(RuleNode rule, Func<RuleNode, bool?> decided, int most)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(decided);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);

        // Where some were let go, what is left may hold more than it takes.
        return [.. Smallest(Turns(rule).Select(Least)).Take(most)];

        HashSet<RuleNode> Least(HashSet<RuleNode> turn)
        {
            foreach (var node in turn.ToArray())
            {
                if (turn.Remove(node) && Of(rule, other => turn.Contains(other) || decided(other) == true) != true)
                {
                    turn.Add(node);
                }
            }

            return turn;
        }

        IReadOnlyList<HashSet<RuleNode>> Turns(RuleNode node)
        {
            if (node is not RuleGroup { IsLinked: false } group)
            {
                return [decided(node) == true ? [] : [node]];
            }

            if (group.Join == RuleJoin.Or)
            {
                return Smallest(group.Parts.SelectMany(Turns));
            }

            IReadOnlyList<HashSet<RuleNode>> all = [[]];
            foreach (var part in group.Parts)
            {
                var turns = Turns(part);
                all = Smallest(all.SelectMany(set => turns.Select(turn => new HashSet<RuleNode>(set.Concat(turn)))));
            }

            return all;
        }

        // A set that holds another one whole isn't among the smallest.
        IReadOnlyList<HashSet<RuleNode>> Smallest(IEnumerable<HashSet<RuleNode>> sets)
        {
            List<HashSet<RuleNode>> kept = [];
            foreach (var set in sets.OrderBy(set => set.Count))
            {
                if (kept.Count < MostKept && !kept.Any(smaller => smaller.IsSubsetOf(set)))
                {
                    kept.Add(set);
                }
            }

            return kept;
        }
    }
}
