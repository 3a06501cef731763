using System.Globalization;
using System.Text.RegularExpressions;
using SupportConsole.Core;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>
/// What the conditions of a rule read, and what they would say after changes: the same condition with literals in place of what changes, which
/// PocketBase then decides as any other. It never compares anything itself.
/// </summary>
/// <param name="subject">Who asks for what.</param>
/// <param name="record">The record with all that the rule's paths lead to.</param>
/// <param name="self">The user's own record with the same.</param>
internal sealed partial class RuleValues(RuleSubject subject, PocketBaseRecord record, PocketBaseRecord self)
{
    // A longer list makes a condition that nobody could ask.
    private const int MostValues = 20;

    private static readonly string[] s_moments = ["@now", "@yesterday", "@tomorrow", "@todayStart", "@todayEnd", "@monthStart", "@monthEnd", "@yearStart", "@yearEnd"];

    private readonly Dictionary<(string Collection, string Record), string> _names = [];

    /// <summary>What a record is called, as far as it was read; its id where nothing says.</summary>
    public string NameOf(CollectionSchema collection, string id) =>
        subject.NameOf(collection, id) ?? _names.GetValueOrDefault((collection.Name, id), id);

    /// <summary>Whether people may be shown what an operand comes to; a text, a number or a moment they may.</summary>
    public bool IsShown(RuleOperand operand) => operand.All.All(one => RulePath.Of(one, subject.Records, subject.Users, subject.App)?.IsShown(one.Kind) != false);

    /// <summary>Notes the record and the user.</summary>
    public void MeetBoth()
    {
        Meet(subject.Records, record);
        Meet(subject.Users, self);
    }

    /// <summary>Whether a record of this id is known to be there.</summary>
    public bool Knows(CollectionSchema collection, string id) => _names.ContainsKey((collection.Name, id));

    /// <summary>Notes that a record is there, and what it is called.</summary>
    public void Meet(CollectionSchema collection, PocketBaseRecord one)
    {
        if (!Knows(collection, one.Id))
        {
            // Whoever may ask is no superuser: what only those list isn't named, nor anybody by an address that they hide.
            var name = collection is { ListRule: null, ViewRule: null } or { System: true } ? one.Id : FieldValue.Called(subject.App.NamingOf(collection), one);
            var isAddress = collection.IsAuth && !one.Flag("emailVisibility") && one.Text("email") is { Length: > 0 } email && name.Contains(email, StringComparison.Ordinal);
            _names[(collection.Name, one.Id)] = isAddress ? one.Id : name;
        }
    }

    /// <summary>A field with its value, in words.</summary>
    public string Told(CollectionField field, string value) => $"{field.Name} = {field.Type switch
    {
        "relation" when subject.App.TargetOf(field) is { } target => VisibleText.Isolate(NameOf(target, value)),
        "bool" or "number" => value,
        _ => $"“{VisibleText.Isolate(value)}”",
    }}";

    /// <summary>
    /// The field of some record of a collection that an operand asks for (<c>@collection.members.user</c>, <c>members_via_team.user</c>); with the
    /// relation that has to point to where the path begins, where one has to. Null for every other operand.
    /// </summary>
    public (CollectionSchema Collection, CollectionField Field, CollectionField? PointsBy, string From)? RowOf(RuleOperand operand)
    {
        if (operand.Modifier.Length > 0 || !(operand.Path.Count == 2 || (operand.Path.Count == 3 && operand.Path[2] == "id")))
        {
            return null;
        }

        var (collection, pointing) = operand.Kind switch
        {
            RuleOperandKind.Collection => (subject.App.Find(operand.Path[0].Split(':')[0]), null),
            RuleOperandKind.Field or RuleOperandKind.Auth when RulePath.Back(operand.Kind == RuleOperandKind.Auth ? subject.Users : subject.Records, operand.Path[0], subject.App) is { } back => (back.Collection, back.Field),
            _ => (null, (CollectionField?)null),
        };
        return collection?.Fields.FirstOrDefault(field => field.Name == operand.Path[1]) is { } field
            ? (collection, field, pointing, operand.Kind == RuleOperandKind.Auth ? subject.User.Record : subject.Id)
            : null;
    }

    /// <summary>What a field of a record holds: one text for a single value, none for a relation, choice or file that is empty.</summary>
    public static IReadOnlyList<string> In(PocketBaseRecord record, CollectionField field) => field.Type switch
    {
        "select" or "relation" or "file" => record.Texts(field.Name),
        "bool" => [record.Flag(field.Name) ? "true" : "false"],
        _ => [record.Text(field.Name)],
    };

    /// <summary>What an operand is compared as.</summary>
    public ValueKind KindOf(RuleOperand operand) => operand switch
    {
        { Kind: RuleOperandKind.Text or RuleOperandKind.RequestKind } => ValueKind.Text,
        { Kind: RuleOperandKind.Number } => ValueKind.Number,
        { Kind: RuleOperandKind.Macro } => s_moments.Contains(operand.Text) ? ValueKind.Text : ValueKind.Number,
        { Kind: RuleOperandKind.Constant } => operand.Text.Equals("null", StringComparison.OrdinalIgnoreCase) ? ValueKind.Other : ValueKind.Flag,
        { Modifier: "length" } => ValueKind.Number,
        { Kind: RuleOperandKind.Auth, Path: ["collectionId" or "collectionName"] } => ValueKind.Text,
        _ => RulePath.Of(operand, subject.Records, subject.Users, subject.App)?.Field?.Type switch
        {
            "text" or "editor" or "email" or "url" or "date" or "autodate" or "select" or "relation" => ValueKind.Text,
            "number" => ValueKind.Number,
            "bool" => ValueKind.Flag,
            _ => ValueKind.Other,
        },
    };

    /// <summary>Follows an operand through the data.</summary>
    public ValueReading Read(RuleOperand operand, ChangedValues changes)
    {
        if (operand.Kind == RuleOperandKind.Function)
        {
            return ValueReading.Nothing with { IsChanged = operand.Arguments!.Any(argument => Read(argument, changes).IsChanged) };
        }

        if (operand.Kind == RuleOperandKind.Collection)
        {
            return ValueReading.Nothing with { IsChanged = MayChange(operand, changes), IsMany = true };
        }

        if (operand.Kind is not (RuleOperandKind.Field or RuleOperandKind.Auth))
        {
            return ValueReading.Nothing;
        }

        var (collection, rows) = operand.Kind == RuleOperandKind.Auth ? (subject.Users, new[] { self }) : (subject.Records, [record]);
        var (changed, many, back, gap) = (collection.IsView && changes != ChangedValues.None, false, false, false);
        for (var i = 0; i < operand.Path.Count; i++)
        {
            var name = operand.Path[i];
            Array.ForEach(rows, row => Meet(collection, row));
            var field = collection.Fields.FirstOrDefault(known => known.Name == name);
            var (last, endsInId) = (i == operand.Path.Count - 1, field?.Type == "relation" && operand.Modifier.Length == 0 && i == operand.Path.Count - 2 && operand.Path[^1] == "id");
            if (last || endsInId)
            {
                return field is null
                    ? ValueReading.Nothing with { IsChanged = changed, IsMany = many }
                    : End(operand, collection, rows, field, endsInId, changes, (changed, many, back, gap));
            }

            if (field is { Type: "relation" } && subject.App.TargetOf(field) is { } target)
            {
                changed |= rows.Any(row => changes.Of(collection, row.Id, field) is not null);
                many |= field.Many;
                (PocketBaseRecord Row, IReadOnlyList<string> Ids)[] led = [.. rows.Select(row => (row, changes.Of(collection, row.Id, field) ?? In(row, field)))];
                PocketBaseRecord[] next = [.. led.SelectMany(one => one.Row.ExpandedAll(name).Where(other => one.Ids.Contains(other.Id)))];
                gap |= next.Length < led.Sum(one => one.Ids.Count) || led.Any(one => one.Ids.Count == 0);
                (collection, rows) = (target, next);
            }
            else if (field is null && RulePath.Back(collection, name, subject.App) is { } from)
            {
                changed |= changes.Touches(from.Collection, from.Field.Name);
                gap |= changed;
                (many, back) = (true, true);
                rows = [.. rows.SelectMany(row => row.ExpandedAll(name))];
                collection = from.Collection;
            }
            else
            {
                // Within JSON, or nowhere: nothing that is changed from here.
                return ValueReading.Nothing with { IsChanged = changed, IsMany = many };
            }

            changed |= collection.IsView && changes != ChangedValues.None;
        }

        return ValueReading.Nothing;
    }

    /// <summary>
    /// A condition as it stands after changes, with literals for what changes; the same condition where nothing of it does, and null where the
    /// change can't be said in literals.
    /// </summary>
    public RuleNode? Under(RuleNode condition, ChangedValues changes, bool linked = false)
    {
        if (condition is RuleClause clause)
        {
            return Under(clause, changes, linked);
        }

        var group = (RuleGroup)condition;
        RuleNode?[] parts = [.. group.Parts.Select(part => Under(part, changes, linked || group.IsLinked))];
        return parts.Contains(null) ? null : parts.SequenceEqual(group.Parts) ? condition : new RuleGroup(group.Join, parts!, group.IsLinked);
    }

    private RuleNode? Under(RuleClause clause, ChangedValues changes, bool linked)
    {
        ValueReading[] sides = [.. clause.Operands.Select(operand => Read(operand, changes))];
        if (!sides.Any(side => side.IsChanged))
        {
            return clause;
        }

        var kind = KindOf(clause.Left);
        var isLike = clause.Comparison is "~" or "!~";
        if (kind == ValueKind.Other || kind != KindOf(clause.Right) || (isLike && kind != ValueKind.Text)
            || sides.Any(side => side.IsChanged && side.Values is null or { Count: 0 or > MostValues })
            || (sides.All(side => side.IsMany) && clause.Left.Way == clause.Right.Way)

            // On the right of ~ a field's wildcards are none, and a literal's are.
            || (isLike && sides[1].IsChanged && sides[1].Values!.Any(value => value.AsSpan().ContainsAny("%_\\"))))
        {
            return null;
        }

        var lefts = Written(clause.Left, sides[0]);
        var rights = Written(clause.Right, sides[1]);
        RuleNode[] all = [.. lefts.SelectMany(left => rights.Select(right => new RuleClause(left, clause.Operator, right)))];
        return all switch
        {
            [] => null,
            [var one] => one,

            // Parts that ask for one row together can't be taken apart like this.
            _ when linked || all.Length != lefts.Count * rights.Count => null,
            _ => new RuleGroup(clause.IsAny ? RuleJoin.Or : RuleJoin.And, all),
        };

        IReadOnlyList<RuleOperand> Written(RuleOperand operand, ValueReading side)
        {
            if (!side.IsChanged)
            {
                return [operand];
            }

            RuleOperand?[] literals = [.. side.Values!.Distinct().Select(value => Literal(kind, value))];
            return literals.Contains(null) ? [] : [.. literals.OfType<RuleOperand>()];
        }
    }

    /// <summary>A value as an operand; null for one that can't be written.</summary>
    public RuleOperand? Literal(ValueKind kind, string value) => kind switch
    {
        ValueKind.Number => Plain().IsMatch(value) ? new RuleOperand(RuleOperandKind.Number, value, []) : null,
        ValueKind.Flag => new RuleOperand(RuleOperandKind.Constant, value, [value]),
        ValueKind.Text => PocketBaseFilter.TryLiteral(subject.App.Grammar, value, out var literal) ? new RuleOperand(RuleOperandKind.Text, literal, [], Value: value) : null,
        _ => null,
    };

    private static ValueReading End(
        RuleOperand operand, CollectionSchema collection, PocketBaseRecord[] rows, CollectionField field, bool endsInId, ChangedValues changes,
        (bool Changed, bool Many, bool Back, bool Gap) way)
    {
        var form = operand.Modifier switch { "length" => ValueForm.Length, "each" => ValueForm.Elements, _ => endsInId && field.Many ? ValueForm.Elements : ValueForm.Whole };
        var isMany = way.Many || (form == ValueForm.Elements && field.Many);
        IReadOnlyList<string>?[] held = [.. rows.Select(row => changes.Rewrites(collection, row.Id, field) ? null : Formed(changes.Of(collection, row.Id, field) ?? In(row, field)))];
        var changed = way.Changed || rows.Any(row => changes.Of(collection, row.Id, field) is not null || changes.Rewrites(collection, row.Id, field));

        // What leads to nothing is compared as NULL, for which there is no literal.
        var isExact = !way.Gap && held.Length > 0 && held.All(values => values is { Count: > 0 });
        return new ValueReading(
            [.. rows.Select(row => new ValuePlace(collection, row, field, way.Back))], form, isExact ? [.. held.SelectMany(values => values!)] : null, changed, isMany);

        IReadOnlyList<string>? Formed(IReadOnlyList<string> values)
        {
            var cased = operand.Modifier == "lower" ? [.. values.Select(LowerAscii)] : values;
            return form switch
            {
                ValueForm.Length => [values.Count.ToString(CultureInfo.InvariantCulture)],
                ValueForm.Elements => cased,
                _ when field.Many => values.All(value => Simple().IsMatch(value)) ? [$"[{string.Join(',', cased.Select(value => $"\"{value}\""))}]"] : null,
                _ when endsInId || cased.Count > 0 => cased,
                _ => [""],
            };
        }
    }

    private bool MayChange(RuleOperand operand, ChangedValues changes)
    {
        if (subject.App.Find(operand.Path[0].Split(':')[0]) is not { } collection)
        {
            return changes != ChangedValues.None;
        }

        foreach (var name in operand.Path.Skip(1))
        {
            var field = collection.Fields.FirstOrDefault(known => known.Name == name);
            if (changes.Touches(collection, name))
            {
                return true;
            }

            if (field is { Type: "relation" } && subject.App.TargetOf(field) is { } target)
            {
                collection = target;
            }
            else if (field is null && RulePath.Back(collection, name, subject.App) is { } from)
            {
                if (changes.Touches(from.Collection, from.Field.Name))
                {
                    return true;
                }

                collection = from.Collection;
            }
        }

        return false;
    }

    private static string LowerAscii(string text) => string.Create(text.Length, text, (lower, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            lower[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        }
    });

    // What stands in a list of JSON as it is.
    [GeneratedRegex("^[A-Za-z0-9 _.,:;+*/#@=()-]*$")]
    private static partial Regex Simple();

    [GeneratedRegex(@"^-?\d{1,15}(\.\d{1,15})?$")]
    private static partial Regex Plain();
}
