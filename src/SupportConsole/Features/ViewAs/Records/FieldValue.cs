using System.Globalization;
using System.Text.Json;
using SupportConsole.Core;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What a field of a record holds. Which of these it is, the field's type says and nothing else; whatever the value doesn't fit is shown as it came.</summary>
public abstract record FieldValue
{
    private FieldValue()
    {
    }

    /// <summary>Nothing to see.</summary>
    /// <param name="Characters">How many characters there are all the same, such as blanks and empty markup; 0 where nothing is entered.</param>
    public sealed record Nothing(int Characters = 0) : FieldValue;

    /// <summary>Words: typed, formatted or JSON.</summary>
    public sealed record Text(ShownBody Body) : FieldValue;

    /// <summary>A number as PocketBase wrote it.</summary>
    public sealed record Number(string Digits) : FieldValue;

    /// <summary>Yes or no.</summary>
    public sealed record Switch(bool On) : FieldValue;

    /// <summary>An instant.</summary>
    public sealed record Moment(DateTimeOffset At) : FieldValue;

    /// <summary>What was chosen among the field's choices.</summary>
    public sealed record Choices(IReadOnlyList<string> Chosen) : FieldValue;

    /// <summary>Other records.</summary>
    public sealed record Records(IReadOnlyList<RecordLink> Links) : FieldValue;

    /// <summary>Files by their names.</summary>
    public sealed record Files(IReadOnlyList<string> Names) : FieldValue;

    /// <summary>A point on the globe, in degrees.</summary>
    public sealed record Place(double Latitude, double Longitude) : FieldValue;

    /// <summary>Reads a field of a record.</summary>
    /// <param name="field">The field, by the collection's description.</param>
    /// <param name="record">The record as the user got it.</param>
    /// <param name="collections">What relations lead to.</param>
    internal static FieldValue Of(CollectionField field, PocketBaseRecord record, AppCollections collections) => field.Type switch
    {
        "number" => record.Text(field.Name) is { Length: > 0 } digits ? new Number(digits) : new Nothing(),
        "bool" when record.Raw(field.Name) is "true" or "false" => new Switch(record.Flag(field.Name)),
        "date" or "autodate" when record.Moment(field.Name) is { } at => new Moment(at),
        "select" when record.Texts(field.Name) is { Count: > 0 } chosen => new Choices(chosen),
        "file" when record.Texts(field.Name) is { Count: > 0 } names => new Files(names),
        "relation" when record.Texts(field.Name) is { Count: > 0 } ids => new Records(LinksOf(field, ids, record, collections)),
        "geoPoint" when PlaceIn(record.Raw(field.Name)) is { } place => place,
        "json" or "geoPoint" => Shown("json", record.Raw(field.Name)),
        "editor" => Shown("editor", record.Text(field.Name)),
        _ => Untyped(field.Name, record),
    };

    /// <summary>A value of which nothing is known but its JSON.</summary>
    internal static FieldValue Untyped(string name, PocketBaseRecord record) => record.Raw(name) is ['{' or '[', ..] raw && raw is not "[]"
        ? Shown("json", raw)
        : Shown("text", record.Text(name));

    /// <summary>The value in a few words, for a cell of a table; empty for nothing.</summary>
    public string InWords() => this switch
    {
        Text { Body: ShownBody.Typed typed } => typed.Text,
        Text { Body: ShownBody.Json } => "JSON",
        Text { Body: ShownBody.Formatted } => "formatted text",
        Number number => number.Digits,
        Switch on => on.On ? "yes" : "no",
        Choices choices => string.Join(", ", choices.Chosen),
        Records { Links: [var only] } => only.Name ?? only.Id,
        Records records => $"{VisibleText.Isolate(records.Links[0].Name ?? records.Links[0].Id)} and {records.Links.Count - 1} more",
        Files { Names: [var only] } => only,
        Files files => string.Create(CultureInfo.InvariantCulture, $"{files.Names.Count:N0} files"),
        Place place => string.Create(CultureInfo.InvariantCulture, $"{place.Latitude}, {place.Longitude}"),
        _ => "",
    };

    /// <summary>The records that a relation holds, with the names of those that the user's answer brought along.</summary>
    internal static IReadOnlyList<RecordLink> LinksOf(CollectionField relation, IEnumerable<string> ids, PocketBaseRecord record, AppCollections collections)
    {
        if (collections.TargetOf(relation) is not { } target)
        {
            return [.. ids.Select(id => new RecordLink("", id, null))];
        }

        var naming = collections.NamingOf(target);
        var brought = record.ExpandedAll(relation.Name).DistinctBy(one => one.Id).ToDictionary(one => one.Id, StringComparer.Ordinal);
        return [.. ids.Select(id => new RecordLink(target.Name, id, brought.TryGetValue(id, out var one) ? Called(naming, one) : null))];
    }

    /// <summary>What a record is called, or its id where nothing says.</summary>
    internal static string Called(RecordNaming naming, PocketBaseRecord record) => naming.NameOf(record) is { Length: > 0 } name ? name : record.Id;

    private static FieldValue Shown(string type, string stored) => ShownBody.Of(type, stored) is var body and not ShownBody.Nothing ? new Text(body) : new Nothing(stored.Length);

    // An empty point comes as the one at 0, 0, like the real one in the Gulf of Guinea; it is shown as it came.
    private static Place? PlaceIn(string raw)
    {
        if (raw.Length == 0)
        {
            return null;
        }

        using var document = JsonDocument.Parse(raw);
        return document.RootElement.ValueKind == JsonValueKind.Object && Degrees(document.RootElement, "lat") is { } latitude && Degrees(document.RootElement, "lon") is { } longitude
            ? new Place(latitude, longitude)
            : null;

        static double? Degrees(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var degrees) ? degrees : null;
    }
}
