using System.Globalization;
using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>
/// A record as PocketBase returned it. Apps shape their collections as they like, so every accessor answers for a missing,
/// null or differently typed value instead of failing.
/// </summary>
internal sealed class PocketBaseRecord
{
    private readonly JsonElement _values;

    /// <param name="values">A JSON object that owns its memory.</param>
    public PocketBaseRecord(JsonElement values) => _values = values;

    public string Id => Text("id");

    /// <summary>Names of the values returned, in no order.</summary>
    public IEnumerable<string> FieldNames =>
        _values.ValueKind == JsonValueKind.Object ? _values.EnumerateObject().Select(p => p.Name) : [];

    /// <summary>Whether the field came with the answer at all; a field the reader may not see doesn't.</summary>
    public bool Has(string field) => TryGet(field, out _);

    /// <summary>The value as text: a text itself, a number or boolean as written, lists joined by commas, other JSON as JSON.</summary>
    public string Text(string field) => TryGet(field, out var value) ? AsText(value) : "";

    /// <summary>The value as JSON, as PocketBase wrote it; empty for none.</summary>
    public string Raw(string field) => TryGet(field, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value.GetRawText() : "";

    public bool Flag(string field) => TryGet(field, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>An instant. PocketBase writes a space where ISO 8601 has a <c>T</c>, and an empty text for none.</summary>
    public DateTimeOffset? Moment(string field) =>
        TryGet(field, out var value) && value.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(TextOf(value), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;

    /// <summary>File names of a file field, ids of a relation, or choices; PocketBase gives one as text and several as a list.</summary>
    public IReadOnlyList<string> Texts(string field) => !TryGet(field, out var value)
        ? []
        : value.ValueKind switch
        {
            JsonValueKind.String when TextOf(value) is { Length: > 0 } one => [one],
            JsonValueKind.Array =>
                [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(TextOf).Where(v => v.Length > 0)],
            _ => [],
        };

    /// <summary>All records a relation points to, as far as they were asked for and may be seen.</summary>
    public IReadOnlyList<PocketBaseRecord> ExpandedAll(string field)
    {
        if (!TryGet("expand", out var expand) || expand.ValueKind != JsonValueKind.Object || !expand.TryGetProperty(field, out var value))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => [new PocketBaseRecord(value)],
            JsonValueKind.Array => [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.Object).Select(v => new PocketBaseRecord(v))],
            _ => [],
        };
    }

    /// <summary>Whether another answer says the same, in whatever order.</summary>
    public bool IsSameAs(PocketBaseRecord other) => JsonElement.DeepEquals(_values, other._values);

    /// <summary>The object that a field holds, read as a record is; one without any value where it holds none.</summary>
    public PocketBaseRecord Within(string field) => new(TryGet(field, out var value) ? value : default);

    private bool TryGet(string field, out JsonElement value)
    {
        value = default;
        return _values.ValueKind == JsonValueKind.Object && _values.TryGetProperty(field, out value);
    }

    private static string AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TextOf(value),
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) =>
            string.Join(", ", value.EnumerateArray().Select(TextOf)),
        _ => value.GetRawText(),
    };

    /// <summary>A JSON field may hold half a surrogate pair, which .NET can't decode: then the text as written.</summary>
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }
}
