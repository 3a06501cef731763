using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Explaining.Deciding;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>One line of a rule's truth table.</summary>
/// <param name="Node">The part of the rule.</param>
/// <param name="Depth">How deep it stands in the rule, from 0.</param>
/// <param name="Holds">What it comes to; null for undecided.</param>
/// <param name="Undecided">Why it is undecided; null where it isn't, or only a part of it is.</param>
/// <param name="Values">What stood on its sides, of a single comparison.</param>
public sealed record RuleRow(RuleNode Node, int Depth, bool? Holds, string? Undecided, IReadOnlyList<OperandValue> Values)
{
    /// <summary>Lays a rule out, outside first.</summary>
    /// <param name="tree">The rule.</param>
    /// <param name="decisions">What PocketBase said of its conditions.</param>
    /// <param name="valuesOf">What stood on the sides of a comparison.</param>
    public static IReadOnlyList<RuleRow> Of(
        RuleNode tree, IReadOnlyDictionary<RuleNode, Decision> decisions, Func<RuleClause, IReadOnlyList<OperandValue>> valuesOf)
    {
        List<RuleRow> rows = [];
        Add(tree, 0);
        return rows;

        void Add(RuleNode node, int depth)
        {
            var decision = decisions.GetValueOrDefault(node);
            rows.Add(new RuleRow(
                node, depth, RuleTruth.Of(node, part => decisions.GetValueOrDefault(part)?.Holds), decision?.Undecided,
                node is RuleClause clause ? valuesOf(clause) : []));
            foreach (var part in (node as RuleGroup)?.Parts ?? [])
            {
                Add(part, depth + 1);
            }
        }
    }
}
