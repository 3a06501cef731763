using SupportConsole.Core.Rules;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Hidden;

/// <summary>
/// Which filters and orders of a user's list may also be asked with superuser rights: those that read nothing but what users see. To a superuser
/// PocketBase would answer by hidden fields and hidden e-mail addresses too, and what a filter finds tells what is in them.
/// </summary>
internal static class OpenFilter
{
    /// <summary>Refuses what can't be asked.</summary>
    /// <param name="place">The user's list.</param>
    /// <param name="schema">Its collection, as it is now.</param>
    /// <param name="app">The app's collections, as they are now.</param>
    /// <exception cref="AccessUnansweredException">It can't be asked with superuser rights.</exception>
    public static void Demand(RecordsPlace place, CollectionSchema schema, AppCollections app)
    {
        if (place.Sort is { } sort && sort.TrimStart('-') is var field)
        {
            if (!RecordShape.Sortable(schema).Contains(field))
            {
                throw AccessUnansweredException.NotAsked($"there is nothing called “{field}” to sort by that users see");
            }

            Check(new RuleOperand(RuleOperandKind.Field, field, [field]));
        }

        if (place.Filter is not { } filter)
        {
            return;
        }

        if (FilterHints.Refused(filter, app.Grammar) is [var why, ..])
        {
            throw AccessUnansweredException.FilterNotRead(why);
        }

        if (!RuleParser.TryParse(filter, app.Grammar, out var tree, out var fault))
        {
            throw AccessUnansweredException.FilterNotRead(fault.Sentence);
        }

        foreach (var operand in tree.Clauses.SelectMany(clause => clause.Operands).SelectMany(operand => operand.All))
        {
            Check(operand);
        }

        void Check(RuleOperand operand)
        {
            if (operand.Kind is RuleOperandKind.Auth or RuleOperandKind.Collection or RuleOperandKind.Request or RuleOperandKind.RequestKind)
            {
                throw AccessUnansweredException.NotAsked($"“{operand.Text}” belongs to rules");
            }

            if (operand.Kind != RuleOperandKind.Field)
            {
                return;
            }

            switch (RulePath.Of(operand, schema, schema, app))
            {
                case null or { Field: null } or { IsHidden: true }:
                    throw AccessUnansweredException.NotAsked($"“{operand.Text}” is no field that users see");
                case var path when path.ReadsClosed(schema):
                    throw AccessUnansweredException.NotAsked($"“{operand.Text}” is read from records that only superusers list");
                case { Field.Name: "email", Collection.IsAuth: true }:
                    throw AccessUnansweredException.NotAsked($"“{operand.Text}” is an e-mail address, which users may hide");
            }
        }
    }
}
