using System.Diagnostics.CodeAnalysis;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>
/// Turns a part of a rule into a filter that a superuser may ask, so that PocketBase decides it for a certain user although a superuser asks. The
/// user's id and what is bound like it become literals; every other field of theirs is read through a join of the users' collection to that one
/// row, which is how PocketBase itself reads it in a rule. Such a join has only operators with <c>?</c>: the others would ask for each row of the
/// collection. Where that can't be said in the other's terms, the part stays undecided (measured, 0.36.8 to 0.40.4).
/// </summary>
/// <param name="user">As whom the rule is asked.</param>
/// <param name="self">The user's own record.</param>
/// <param name="users">The user's collection.</param>
/// <param name="records">The collection that the rule belongs to.</param>
/// <param name="app">The app's collections.</param>
internal sealed class RuleFilter(AppUserId user, PocketBaseRecord self, CollectionSchema users, CollectionSchema records, AppCollections app)
{
    private const string ManyValues = "it asks for each of several values, which only PocketBase's companion hook can decide for this user";
    private const string OtherKinds = "it compares values of different kinds, which only PocketBase's companion hook can decide for this user";

    // No app has a word like it, and the language takes letters and underscores.
    private const string Me = "support_console_me";

    // What PocketBase binds to a rule as a plain value, without reading the users' table.
    private static readonly string[] s_bound = ["id", "collectionId", "collectionName", "email", "emailVisibility", "verified"];

    /// <summary>The filter; false where the part can't be decided this way.</summary>
    public bool TryWrite(RuleNode node, [NotNullWhen(true)] out string? filter, [NotNullWhen(false)] out string? undecided)
    {
        (filter, undecided) = (null, null);
        var joins = false;
        List<string> reasons = [];
        var written = Write(node);
        if (reasons is [var first, ..])
        {
            undecided = first;
            return false;
        }

        filter = joins ? $"@collection.{users.Name}:{Me}.id ?= {PocketBaseFilter.Literal(app.Grammar, user.Record)} && ({written})" : written;
        return true;

        string Write(RuleNode part) => part switch
        {
            RuleGroup group => $"({string.Join(group.Join == RuleJoin.And ? " && " : " || ", group.Parts.Select(Write))})",
            RuleClause clause => WriteClause(clause),
            _ => throw new ArgumentOutOfRangeException(nameof(node), part, null),
        };

        string WriteClause(RuleClause clause)
        {
            if (clause.LooksAtRequest)
            {
                reasons.Add(Decision.LooksAtRequest);
                return "";
            }

            var joined = clause.Operands.Any(IsJoined); // In a function too: strftime() asks for each of several dates, as a field does (measured).
            if (joined && !clause.IsAny && clause.Operands.Any(IsMany))
            {
                return WriteEach(clause);
            }

            return $"{Side(clause, clause.Left)} {(joined && !clause.IsAny ? "?" + clause.Operator : clause.Operator)} {Side(clause, clause.Right)}";
        }

        // For each of several values is the same as for one after the other, and where there are none, null is the only one (measured).
        string WriteEach(RuleClause clause)
        {
            string[]?[] sides = [.. clause.Operands.Select(operand =>
                operand.Kind == RuleOperandKind.Auth ? Values(clause, operand) : IsJoined(operand) ? null : [Side(clause, operand)])];
            if (sides is not [{ } left, { } right])
            {
                reasons.Add(ManyValues);
                return "";
            }

            return $"({string.Join(" && ", left.SelectMany(one => right.Select(other => $"{one} {clause.Operator} {other}")))})";
        }

        string Side(RuleClause clause, RuleOperand operand)
        {
            if (operand.Kind == RuleOperandKind.Function)
            {
                return $"{operand.Text[..operand.Text.IndexOf('(', StringComparison.Ordinal)]}({string.Join(", ", operand.Arguments!.Select(argument => Side(clause, argument)))})";
            }

            if (operand.Kind != RuleOperandKind.Auth)
            {
                return operand.Text;
            }

            if (IsBound(operand))
            {
                return Bound(clause, operand);
            }

            if (RulePath.FateOf(operand, users, app) == RulePathFate.Missing)
            {
                return "null";
            }

            joins = true;
            return $"@collection.{users.Name}:{Me}.{operand.Text["@request.auth.".Length..]}";
        }

        string Bound(RuleClause clause, RuleOperand operand)
        {
            var name = operand.Path[0];
            if (name is "verified" or "emailVisibility")
            {
                var other = clause.Operands.First(side => side != operand);
                if (clause.Comparison is not ("=" or "!=") || !(other.Kind == RuleOperandKind.Constant || PathOf(other)?.Field?.Type == "bool"))
                {
                    reasons.Add(OtherKinds);
                }

                return self.Flag(name) ? "true" : "false";
            }

            var value = name switch { "id" => user.Record, "collectionId" => users.Id, "collectionName" => users.Name, _ => self.Text("email") };
            if ((value.Length == 0 && clause.Comparison is "~" or "!~") || !PocketBaseFilter.TryLiteral(app.Grammar, value, out var literal))
            {
                reasons.Add(OtherKinds);
                return "";
            }

            return literal;
        }

        // What the user's own field holds, as literals that compare as the field does; null where they can't be told, or would compare otherwise.
        string[]? Values(RuleClause clause, RuleOperand operand)
        {
            if (IsBound(operand))
            {
                return [Bound(clause, operand)];
            }

            if (RulePath.FateOf(operand, users, app) == RulePathFate.Missing)
            {
                return ["null"];
            }

            // The id of what a relation points to is what the relation holds.
            var other = clause.Left == operand ? clause.Right : clause.Left;
            if (operand.Path is not ([_] or [_, "id"]) || users.Fields.FirstOrDefault(known => known.Name == operand.Path[0]) is not { } field
                || (operand.Path.Count == 2 && field.Type != "relation") || !IsOfTexts(field) || !IsText(other))
            {
                return null;
            }

            // Several values as a whole are a text of PocketBase's own making.
            var isEach = operand.Modifier == "each" || operand.Path.Count == 2;
            if (field.Many != isEach || (operand.Modifier.Length > 0 && !isEach))
            {
                return null;
            }

            string[] values = isEach ? [.. self.Texts(field.Name)] : [self.Text(field.Name)];
            var isPattern = clause.Comparison is "~" or "!~" && clause.Right == operand;
            return values.All(value => !(isPattern && value.AsSpan().IndexOfAny('%', '_', '\\') >= 0) && PocketBaseFilter.TryLiteral(app.Grammar, value, out _))
                ? [.. values.Select(value => PocketBaseFilter.Literal(app.Grammar, value)).DefaultIfEmpty("null")] : null;
        }
    }

    private static bool IsOfTexts(CollectionField field) =>
        field.Type is "text" or "select" or "relation" or "email" or "url" or "editor" or "date" or "autodate" or "file";

    private static bool IsBound(RuleOperand operand) => operand is { Kind: RuleOperandKind.Auth, Modifier: "", Path: [var name] } && s_bound.Contains(name);

    private bool IsText(RuleOperand operand) =>
        operand.Kind == RuleOperandKind.Text || (operand.Modifier is "" or "each" or "lower" && PathOf(operand) is { Field: { } field, Within.Count: 0 } && IsOfTexts(field));

    private bool IsJoined(RuleOperand operand) => operand.All.Any(one =>
        one.Kind == RuleOperandKind.Auth && !IsBound(one) && RulePath.FateOf(one, users, app) != RulePathFate.Missing);

    private bool IsMany(RuleOperand operand) => operand.All.Any(one => one.Kind == RuleOperandKind.Collection || PathOf(one)?.IsMany == true);

    private RulePath? PathOf(RuleOperand operand) => RulePath.Of(operand, records, users, app);
}
