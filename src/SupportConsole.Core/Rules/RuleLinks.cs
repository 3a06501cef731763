namespace SupportConsole.Core.Rules;

/// <summary>
/// Finds the parts of an "all of them" that speak of one and the same related row. PocketBase joins each way once (one alias for
/// <c>@collection.members</c>, for <c>team</c>, for <c>tags:each</c>), so two operators with <c>?</c> on one way ask for a single row that satisfies
/// both (measured, 0.36.8 to 0.40.4), and so may functions, whatever the operator. The other operators ask for each row and can be decided apart, but
/// for one thing: a value that isn't there, in a row among others, passes as one of each and can't be the single row.
/// </summary>
internal static class RuleLinks
{
    /// <summary>The parts as one group, those that belong together as a group within it.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="isMany">Whether an operand can lead to several rows; where it can't, it ties nothing.</param>
    public static RuleNode Link(IReadOnlyList<RuleNode> parts, Func<RuleOperand, bool> isMany)
    {
        var ways = parts.Select(part => part.Clauses
            .SelectMany(clause => clause.Operands.Where(operand => clause.IsAny || operand.Kind == RuleOperandKind.Function || MayLack(clause, operand)))
            .SelectMany(operand => operand.All).Where(operand => operand.Way.Length > 0 && isMany(operand)).Select(operand => operand.Way)
            .ToHashSet(StringComparer.Ordinal)).ToArray();
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

    // Whether a comparison can come to nothing, neither true nor false, for some of an operand's rows: PocketBase takes what isn't there for an empty
    // text in = and != , except in = with a value that isn't empty; and there is always a value one row away, but for JSON.
    private static bool MayLack(RuleClause clause, RuleOperand operand)
    {
        var other = clause.Left == operand ? clause.Right : clause.Left;
        return clause.Comparison switch
        {
            "!=" => false,
            "=" => operand.Joins > 1 && other is not ({ Kind: RuleOperandKind.Field or RuleOperandKind.Collection } or { Value: "" } or { Kind: RuleOperandKind.Auth, Path.Count: > 1 }),
            _ => true,
        };
    }
}
