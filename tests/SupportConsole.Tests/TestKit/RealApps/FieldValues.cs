using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>Values that a field's own options allow. Texts often are what a rule compares with, or somebody's id, so that rules come true.</summary>
/// <param name="dice">What decides.</param>
/// <param name="patterns">Texts for fields with a pattern.</param>
/// <param name="compared">What the app's rules compare fields with, by the field's name.</param>
/// <param name="made">The ids of the records that are there, by collection id.</param>
/// <param name="users">The ids of all users that are there.</param>
internal sealed class FieldValues(
    Dice dice, PatternTexts patterns, ILookup<string, string> compared, IReadOnlyDictionary<string, List<string>> made, IReadOnlyList<string> users)
{
    private const int LongestText = 5000;

    /// <summary>A value; null leaves the field as it is. Later attempts are for fields whose values must be unique.</summary>
    public JsonNode? For(AppField field, int attempt) => field.Type switch
    {
        "text" when field.Is("primaryKey") => field.Text("autogeneratePattern").Length > 0 ? null : patterns.For(field, dice) ?? Numbered("r"),
        "text" => Fit(field, TextFor(field, attempt), attempt),
        "editor" => Optional(field) ? null : dice.Pick(HostileTexts.Bodies),
        "number" => NumberFor(field, attempt),
        "bool" => field.Required || dice.OnceIn(2),
        "email" => Optional(field) ? null : $"{Numbered("box")}@{Domain(field)}",
        "url" => Optional(field) ? null : $"https://{Domain(field)}/{Numbered("p")}?q=1",
        "date" => Optional(field) ? null : DateFor(field),
        "select" => SelectFor(field),
        "json" => Optional(field) ? null : JsonFor(),
        "geoPoint" => new JsonObject { ["lon"] = 1 + dice.Throw(170), ["lat"] = 1 + (dice.Throw(8000) / 100.0) },
        "password" => Password(field),
        "relation" => RelationFor(field, attempt),
        _ => null,
    };

    /// <summary>A text as the field takes it: neither too short nor too long, and of its pattern. Null where there is none.</summary>
    public JsonNode? Fit(AppField field, string text, int attempt)
    {
        if (attempt > 0 || (text.Length == 0 && field.Required))
        {
            text = Numbered(text.Length > 0 ? $"{text} " : "");
        }

        if (text.Length == 0)
        {
            return null;
        }

        var runes = text.EnumerateRunes().ToList();
        while (runes.Count < field.Limit("min", 0))
        {
            runes.AddRange($" {dice.Pick(HostileTexts.Lines)}".EnumerateRunes());
        }

        var fitting = string.Concat(runes.Take(field.Limit("max", LongestText)));
        if (field.Text("pattern") is { Length: > 0 } pattern && !Regex.IsMatch(fitting, pattern, RegexOptions.CultureInvariant))
        {
            return patterns.For(field, dice);
        }

        return fitting;
    }

    private string TextFor(AppField field, int attempt)
    {
        if (attempt == 0 && users.Count > 0 && dice.OnceIn(2) && NamesSomebody(field.Name))
        {
            return dice.Pick(users);
        }

        if (attempt == 0 && compared.Contains(field.Name) && dice.OnceIn(2))
        {
            return dice.Pick([.. compared[field.Name]]);
        }

        return dice.Throw(6) switch
        {
            0 => "",
            1 => dice.Pick(HostileTexts.Awkward),
            _ => dice.Pick(HostileTexts.Lines),
        };
    }

    private static bool NamesSomebody(string field) =>
        field.EndsWith("id", StringComparison.OrdinalIgnoreCase) || field.EndsWith("_by", StringComparison.OrdinalIgnoreCase)
        || field.Contains("user", StringComparison.OrdinalIgnoreCase) || field is "author" or "owner";

    private JsonNode? NumberFor(AppField field, int attempt)
    {
        if (attempt == 0 && Optional(field))
        {
            return null;
        }

        var (least, most) = (field.Number("min"), field.Number("max")) switch
        {
            (null, null) => (-10, 100_000),
            (null, { } high) => (high - 1000, high),
            ({ } low, null) => (low, low + 100_000),
            ({ } low, { } high) => (low, high),
        };
        var number = Math.Min(Math.Ceiling(least) + dice.Throw((int)Math.Max(1, Math.Min(most - least + 1, 1_000_000))), most);
        return field.Required && number == 0 ? (most > 0 ? most : least) : number;
    }

    private string DateFor(AppField field)
    {
        var from = Bound("min") ?? Bound("max")?.AddYears(-1) ?? new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var to = Bound("max") ?? from.AddYears(3);
        var date = from.AddSeconds(dice.Throw((int)Math.Min(int.MaxValue, Math.Max(1, (to - from).TotalSeconds))));
        return date.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        DateTimeOffset? Bound(string option) =>
            DateTimeOffset.TryParse(field.Text(option), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var bound) ? bound : null;
    }

    private JsonNode? SelectFor(AppField field)
    {
        var values = field.List("values");
        if (values.Count == 0 || Optional(field))
        {
            return null;
        }

        var most = field.Limit("maxSelect", 1);
        return most == 1 ? dice.Pick(values) : Array(dice.Some(values, 1 + dice.Throw(Math.Min(most, values.Count))));
    }

    private JsonNode? RelationFor(AppField field, int attempt)
    {
        if (made.GetValueOrDefault(field.Text("collectionId")) is not { Count: > 0 } there || Optional(field))
        {
            return null;
        }

        // Often one of a few, so that a rule which follows several relations arrives somewhere.
        var among = attempt == 0 && dice.OnceIn(2) ? [.. there.Take(5)] : there;
        var most = field.Limit("maxSelect", 1);
        return most == 1
            ? dice.Pick(among)
            : Array(dice.Some(among, Math.Max(field.Limit("minSelect", 1), 1 + dice.Throw(Math.Min(3, most)))));
    }

    private JsonNode JsonFor() => dice.Throw(5) switch
    {
        0 => new JsonObject { ["time"] = 1, ["blocks"] = new JsonArray(new JsonObject { ["type"] = "paragraph", ["text"] = dice.Pick(HostileTexts.Lines) }) },
        1 => new JsonArray(1, "two", null, false),
        2 => dice.Pick(HostileTexts.Lines),
        3 => 42,
        _ => new JsonObject { ["a"] = new JsonObject { ["b"] = dice.Pick(HostileTexts.Bodies) } },
    };

    private JsonNode? Password(AppField field)
    {
        if (field.Text("pattern").Length > 0)
        {
            return patterns.For(field, dice);
        }

        var password = $"Passw0rd-{dice.Throw(int.MaxValue)}".PadRight(field.Limit("min", 8), '!');
        return password[..Math.Min(password.Length, field.Limit("max", 70))];
    }

    private string Domain(AppField field)
    {
        var only = field.List("onlyDomains");
        return only.Count > 0 ? dice.Pick(only) : "example.test";
    }

    private string Numbered(string word) => $"{word}{dice.Throw(1_000_000)}";

    private bool Optional(AppField field) => !field.Required && dice.OnceIn(6);

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => (JsonNode?)value)];
}
