using System.Diagnostics.CodeAnalysis;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining;

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
    private const string Modified = "it changes a value of the user's first, which only PocketBase's companion hook can decide";

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

            string?[] sides = [.. clause.Operands.Select(operand => Side(clause, operand))];
            var joined = clause.Operands.Any(IsJoined);
            joins |= joined;
            if (joined && !clause.IsAny && clause.Operands.Any(IsMany))
            {
                reasons.Add(ManyValues);
            }

            return $"{sides[0]} {(joined && !clause.IsAny ? "?" + clause.Operator : clause.Operator)} {sides[1]}";
        }

        string Side(RuleClause clause, RuleOperand operand)
        {
            if (operand.Kind != RuleOperandKind.Auth)
            {
                // A function's own fields are written as they stand.
                if (operand.Arguments?.Any(HasAuth) == true)
                {
                    reasons.Add(Modified);
                }

                return operand.Text;
            }

            if (IsJoined(operand))
            {
                return $"@collection.{users.Name}:{Me}.{operand.Text["@request.auth.".Length..]}";
            }

            if (operand.Modifier.Length > 0)
            {
                reasons.Add(Modified);
                return "";
            }

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
    }

    private static bool HasAuth(RuleOperand operand) => operand.Kind == RuleOperandKind.Auth || operand.Arguments?.Any(HasAuth) == true;

    private static bool IsJoined(RuleOperand operand) =>
        operand.Kind == RuleOperandKind.Auth && !(operand.Path.Count == 1 && s_bound.Contains(operand.Path[0]));

    private bool IsMany(RuleOperand operand) => operand.Kind == RuleOperandKind.Collection || PathOf(operand)?.IsMany == true;

    private RulePath? PathOf(RuleOperand operand) => RulePath.Of(operand, records, users, app);
}
