using System.Globalization;
using SupportConsole.Core.Rules;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>
/// Changes that might turn one condition: values that the field would take, by its description. Whether they do turn it, PocketBase says.
/// </summary>
internal sealed class TurningChanges(RuleValues values, TimeProvider clock)
{
    // Related records whose own value is thought of, where a path leads to many; values thought of for a field of choices.
    private const int MostPlaces = 5;
    private const int MostChoices = 6;

    // For a moment that is compared: that one, and others that are certainly before or after, also of a day, a month or a year.
    private static readonly int[] s_daysAway = [0, 1, 32, 366];

    private const string NoField = "it compares no field that could be changed";
    private const string NoValue = "no single value can be named that would make it hold";
    private const string EachOfSeveral = "it asks something of each of several values";
    private const string NotShown = "it compares what users don't see";
    private const string RowMissing = "it needs a record that isn't there";

    /// <summary>What might turn a condition; with the reason where nothing does.</summary>
    public (IReadOnlyList<ValueChange> Changes, string Why) Of(RuleNode condition)
    {
        if (condition is not RuleClause clause)
        {
            return ([], MissingRow(condition) ?? "it asks for one related record that fits several things at once, and there is none");
        }

        List<ValueChange> found = [];
        var why = clause.Operands.Any(operand => operand.Kind == RuleOperandKind.Collection || values.RowOf(operand) is not null) ? RowMissing : NoField;
        foreach (var (side, comparison, other) in Sides(clause))
        {
            var reading = values.Read(side, ChangedValues.None);
            if (reading.Places.Count == 0)
            {
                continue;
            }

            // What would be put in its place, or taken out of several, tells what is there.
            if (!values.IsShown(other) || (!values.IsShown(side) && reading.Places.Any(place => place.Field.Many)))
            {
                why = NotShown;
                continue;
            }

            if (reading.Places.Count > 1 && !clause.IsAny)
            {
                why = EachOfSeveral;
                continue;
            }

            var wanted = Wanted(other).ToArray();
            foreach (var place in reading.Places.Take(MostPlaces))
            {
                if (WhyNot(place) is { } cant)
                {
                    why = cant;
                    continue;
                }

                why = NoValue;
                found.AddRange(wanted.SelectMany(value => Proposed(place, reading.Form, clause.IsAny, comparison, value, other.Kind == RuleOperandKind.Macro)).Distinct().Where(Fits));
            }
        }

        return ([.. found.Distinct()], why == RowMissing ? MissingRow(clause) ?? why : why);
    }

    // The record that would have to be there, where its values can be told. Whether one may be made like this is for the app to say.
    private string? MissingRow(RuleNode condition)
    {
        HashSet<string> collections = [];
        Dictionary<CollectionField, string> fields = [];
        foreach (var clause in condition.Clauses)
        {
            foreach (var (side, comparison, other) in Sides(clause))
            {
                if (values.RowOf(side) is not { } row)
                {
                    continue;
                }

                if (comparison != "=" || !clause.IsAny || !values.IsShown(other) || Wanted(other).ToArray() is not [var value])
                {
                    return null;
                }

                collections.Add(row.Collection.Name);
                if ((row.PointsBy is { } pointing && IsTaken(pointing, row.From)) || IsTaken(row.Field, value))
                {
                    return null;
                }
            }
        }

        return collections.Count == 1
            ? $"it needs a record in {collections.Single()} with {string.Join(" and ", fields.Select(field => field.Value.Length == 0 ? $"{field.Key.Name} empty" : values.Told(field.Key, field.Value)))}, and there is none"
            : null;

        // Whether the field would have to hold something else as well.
        bool IsTaken(CollectionField field, string value) => !fields.TryAdd(field, value) && fields[field] != value;
    }

    // Each side with the comparison as seen from there. A text that contains another says nothing of what the other could be.
    private static IEnumerable<(RuleOperand Side, string Comparison, RuleOperand Other)> Sides(RuleClause clause)
    {
        yield return (clause.Left, clause.Comparison, clause.Right);
        if (clause.Comparison is not ("~" or "!~"))
        {
            yield return (clause.Right, clause.Comparison switch { ">" => "<", ">=" => "<=", "<" => ">", "<=" => ">=", var same => same }, clause.Left);
        }
    }

    private static string? WhyNot(ValuePlace place) => (place.Collection, place.Field) switch
    {
        ({ IsView: true }, _) => $"“{place.Field.Name}” belongs to a view, which only shows what other collections hold",
        ({ System: true }, _) => $"“{place.Field.Name}” belongs to a collection of PocketBase's own",
        (_, { Name: "id" }) => "an id can't be changed",
        (_, { Type: "autodate" }) => $"“{place.Field.Name}” is written by PocketBase alone",
        ({ IsAuth: true }, { Name: "email" }) => "an e-mail address says whose account it is, and isn't changed for a rule",
        (_, { Type: "password" or "file" or "json" or "geoPoint" } or { Name: "tokenKey" }) => $"no value for “{place.Field.Name}” can be named",
        (_, { Unique: true }) => $"two records may not hold the same “{place.Field.Name}”",
        _ => place is { IsBack: true, Field.Type: "relation" } ? RowMissing : null,
    };

    // What the other side comes to.
    private IEnumerable<string> Wanted(RuleOperand other) => other.Kind switch
    {
        RuleOperandKind.Text => [other.Value!],
        RuleOperandKind.Number => [other.Text],
        RuleOperandKind.Constant => [other.Text.ToUpperInvariant() switch { "TRUE" => "true", "FALSE" => "false", _ => "" }],
        RuleOperandKind.Macro when values.KindOf(other) == ValueKind.Text => [Moment(clock.GetUtcNow())],
        RuleOperandKind.Field or RuleOperandKind.Auth => values.Read(other, ChangedValues.None).Values?.Take(MostPlaces) ?? [],
        _ => [],
    };

    private static IEnumerable<ValueChange> Proposed(ValuePlace place, ValueForm form, bool isAny, string comparison, string wanted, bool isMoving)
    {
        var field = place.Field;
        var now = RuleValues.In(place.Record, field);
        return form switch
        {
            ValueForm.Length => Counted(),
            ValueForm.Elements when field.Many => Elements(),
            _ when field.Many => Whole(),
            _ => Single(),
        };

        ValueChange Change(ValueChangeKind kind, string value) => new(kind, place.Collection, place.Record.Id, field, value) { Before = now };

        IEnumerable<ValueChange> Set(params IEnumerable<string> all) => all.Select(value => Change(ValueChangeKind.Set, value));

        IEnumerable<ValueChange> Clear() => now is [{ Length: > 0 }] ? [Change(ValueChangeKind.Clear, "")] : [];

        IEnumerable<string> Chosen(string part, bool with) =>
            field.Choices.Where(choice => choice.Contains(part.Trim('%'), StringComparison.OrdinalIgnoreCase) == with).Take(MostChoices);

        IEnumerable<ValueChange> Single() => (field.Type, comparison) switch
        {
            ("bool", "=") => Set(wanted),
            ("bool", "!=") => Set(wanted == "true" ? "false" : "true"),
            ("number", _) when double.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => comparison switch
            {
                "=" or ">=" or "<=" => Set(Number(number)),
                ">" => Set(Number(Math.Floor(number) + 1)),
                "<" => Set(Number(Math.Ceiling(number) - 1)),
                "!=" => Set(Number(number + 1), Number(number - 1)),
                _ => [],
            },
            (_, "=") when wanted.Length == 0 => Clear(),
            ("date", _) => Dates(),
            ("select", "=") => Set(wanted),
            ("select", "!=") => [.. Set(field.Choices.Where(choice => choice != wanted).Take(MostChoices)), .. wanted.Length > 0 ? Clear() : []],
            ("select", "~") => Set(Chosen(wanted, true)),
            ("select", "!~") => [.. Set(Chosen(wanted, false)), .. Clear()],
            ("relation", "=" or "~") => Set(wanted),
            (_, "=" or ">=" or "<=") => Set(wanted),
            (_, "~") => Set(wanted.Replace("%", "", StringComparison.Ordinal)),
            (_, "!=" or "!~") when wanted.Length > 0 => Clear(),
            _ => [],
        };

        IEnumerable<ValueChange> Dates() => !DateTimeOffset.TryParse(wanted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            || at.Year is < 2 or > 9997
            ? []
            : comparison switch
            {
                "=" => Set(Moment(at)),
                ">" or ">=" => Set(Away(at, 1)),
                "<" or "<=" => Set(Away(at, -1)),
                "!=" => Clear(),
                _ => [],
            };

        // What is now true of the present moment may not be in the next.
        IEnumerable<string> Away(DateTimeOffset at, int sign) => s_daysAway.Skip(isMoving ? 1 : 0).Select(days => Moment(at.AddDays(sign * days)));

        // A value more helps where one is enough, or where there is none yet; one less where each counts.
        IEnumerable<ValueChange> Elements() => comparison switch
        {
            "=" when isAny || now.Count == 0 => Add([wanted]),
            "~" when isAny || now.Count == 0 => Add(field.Type == "select" ? Chosen(wanted, true) : [wanted]),
            "!=" when isAny => Add(field.Choices.Where(choice => choice != wanted).Take(1)),
            "!=" => Remove(value => value == wanted),
            "!~" => Remove(value => value.Contains(wanted.Trim('%'), StringComparison.OrdinalIgnoreCase)),
            _ => [],
        };

        IEnumerable<ValueChange> Whole() => comparison switch
        {
            "~" => Add(field.Type == "select" ? Chosen(wanted, true) : [wanted]),
            "!~" => Remove(value => value.Contains(wanted.Trim('%'), StringComparison.OrdinalIgnoreCase)),
            _ => [],
        };

        IEnumerable<ValueChange> Counted() => comparison switch
        {
            ">" or ">=" or "=" or "!=" when field.Many => [.. Add(field.Choices.Take(MostChoices)), .. comparison is "=" or "!=" ? Remove(_ => true) : []],
            "<" or "<=" when field.Many => Remove(_ => true),
            _ => [],
        };

        IEnumerable<ValueChange> Add(IEnumerable<string> all) => all.Where(value => !now.Contains(value)).Select(value => Change(ValueChangeKind.Add, value));

        IEnumerable<ValueChange> Remove(Func<string, bool> which) => now.Where(which).Take(MostPlaces).Select(value => Change(ValueChangeKind.Remove, value));
    }

    // Whether the field takes it, by its description.
    private static bool Fits(ValueChange change)
    {
        var (field, value, after) = (change.Field, change.Value, change.Before.Count + (change.Kind == ValueChangeKind.Add ? 1 : -1));
        return (change.Kind, field.Type) switch
        {
            (ValueChangeKind.Clear, _) => !field.Required && field is { Fewest: 0, Earliest: "" } && (field.Type != "text" || (field.Generated.Length == 0 && field.Takes(""))),
            (ValueChangeKind.Add, _) => after <= field.Most && after >= field.Fewest && (field.Type == "relation" ? value.Length > 0 : field.Choices.Contains(value)),
            (ValueChangeKind.Remove, _) => after >= Math.Max(field.Fewest, field.Required ? 1 : 0),
            (_, _) when change.Before is [var before] && before == value => false,
            (_, "bool") => !field.Required || value == "true",
            (_, "number") => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !(field.OnlyWhole && number != Math.Floor(number))
                && !(field.Required && number == 0) && !(number < field.Smallest) && !(number > field.Largest),
            (_, "date") => (field.Earliest.Length == 0 || string.CompareOrdinal(value, field.Earliest) >= 0) && (field.Latest.Length == 0 || string.CompareOrdinal(value, field.Latest) <= 0),
            (_, "select") => field.Choices.Contains(value),
            (_, "relation") => value.Length > 0,
            (_, "email") => !field.OnlyDomains && value.Length < 200 && System.Net.Mail.MailAddress.TryCreate(value, out var address) && address.Address == value && address.Host.Contains('.', StringComparison.Ordinal),
            (_, "url") => !field.OnlyDomains && Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
            (_, "text" or "editor") => value.Length > 0 && (field.Type == "editor" || field.Takes(value)),
            _ => false,
        };
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.###############", CultureInfo.InvariantCulture);
}
