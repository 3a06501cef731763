using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Trying;

/// <summary>
/// Which rules may be tried: those that are rules, and whose conditions read nothing that users don't see, unless the present rule has them word for
/// word. Whoever may try any condition on a hidden value reads that value, letter by letter.
/// </summary>
internal static class EditedRule
{
    // Not among a collection's fields, and no secret.
    private static readonly string[] s_everywhere = ["collectionId", "collectionName"];

    /// <summary>Refuses what can't be tried.</summary>
    /// <param name="edited">The rule; null for superusers only, empty for everybody.</param>
    /// <param name="present">The rule as it is.</param>
    /// <param name="schema">Its collection.</param>
    /// <param name="users">The viewed user's collection.</param>
    /// <param name="app">The app's collections.</param>
    /// <exception cref="AccessUnansweredException">It can't be tried.</exception>
    public static void Demand(string? edited, string? present, CollectionSchema schema, CollectionSchema users, AppCollections app)
    {
        if (string.IsNullOrEmpty(edited))
        {
            return;
        }

        if (!RuleParser.TryParse(edited, app.Grammar, out var tree, out var fault))
        {
            throw AccessUnansweredException.Fault(fault);
        }

        var kept = RuleParser.TryParse(present ?? "", app.Grammar, out var before, out _) ? before.Clauses.Select(clause => clause.Text).ToHashSet(StringComparer.Ordinal) : [];
        foreach (var operand in tree.Clauses.Where(clause => !kept.Contains(clause.Text)).SelectMany(clause => clause.Operands).SelectMany(operand => operand.All))
        {
            Check(operand);
        }

        void Check(RuleOperand operand)
        {
            if (operand.Kind is not (RuleOperandKind.Field or RuleOperandKind.Auth or RuleOperandKind.Collection))
            {
                return;
            }

            switch (RulePath.Of(operand, schema, users, app))
            {
                case null:
                case { Field: null } when !s_everywhere.Contains(operand.Path[^1]):
                    throw AccessUnansweredException.NoField(operand.Text);
                case var path when !path.IsShown(operand.Kind) || path.ReadsClosed(schema, users):
                    throw AccessUnansweredException.HiddenField(operand.Text);
            }
        }
    }
}
