namespace SupportConsole.Core.Rules;

/// <summary>
/// Finds the parts of an "all of them" that speak of one and the same related row. PocketBase joins each way once (one alias for
/// <c>@collection.members</c>, for <c>team</c>, for <c>tags:each</c>), so two operators with <c>?</c> on one way ask for a single row that satisfies
/// both (measured, 0.36.8 to 0.40.4). The other operators ask for each row and can be decided apart; but functions are always of one row.
/// </summary>
internal static class RuleLinks
{
    /// <summary>The parts as one group, those that belong together as a group within it.</summary>
    public static RuleNode Link(IReadOnlyList<RuleNode> parts)
    {
        var ways = parts.Select(part => part.Clauses
            .SelectMany(clause => clause.Operands.Where(operand => clause.IsAny || operand.Kind == RuleOperandKind.Function))
            .SelectMany(operand => operand.Ways).ToHashSet(StringComparer.Ordinal)).ToArray();
        var group = Enumerable.Range(0, parts.Count).ToArray();
        for (var i = 1; i < parts.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (group[i] != group[j] && ways[i].Overlaps(ways[j]))
                {
                    var (from, to) = (Math.Max(group[i], group[j]), Math.Min(group[i], group[j]));
                    for (var k = 0; k <= i; k++)
                    {
                        group[k] = group[k] == from ? to : group[k];
                    }
                }
            }
        }

        RuleNode[] linked = [.. Enumerable.Range(0, parts.Count).Where(i => group[i] == i).Select(i => Enumerable.Range(i, parts.Count - i).Where(k => group[k] == i).Select(k => parts[k]).ToArray() switch
        {
            [var one] => one,
            var several => (RuleNode)new RuleGroup(RuleJoin.And, [.. several.SelectMany(part => part is RuleGroup { IsLinked: true } inner ? inner.Parts : [part])], IsLinked: true),
        })];
        return linked is [var only] ? only : new RuleGroup(RuleJoin.And, linked);
    }
}
