using System.Text.Json;
using System.Text.RegularExpressions;

namespace SupportConsole.PocketBase;

/// <summary>A collection's fields and the rules that guard it. A null rule means superusers only, an empty one everybody.</summary>
internal sealed record CollectionSchema(
    string Name, string Type, IReadOnlyList<CollectionField> Fields, string? ListRule, string? ViewRule, string? CreateRule, string? UpdateRule,
    string? DeleteRule, string? AuthRule)
{
    /// <summary>Whether PocketBase itself made it and keeps it.</summary>
    public bool System { get; private init; }

    /// <summary>The rules that guard reading and writing.</summary>
    public IEnumerable<string?> Rules => [ListRule, ViewRule, CreateRule, UpdateRule, DeleteRule];

    public bool HasField(string name) => Fields.Any(f => f.Name == name);

    /// <summary>Reads a collection as PocketBase writes it.</summary>
    /// <exception cref="PocketBaseProblem">It isn't one.</exception>
    public static CollectionSchema From(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || Text(body, "name") is not { } name || Text(body, "type") is not { } type
            || !body.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array)
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        return new CollectionSchema(
            name,
            type,
            [.. fields.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.Object).Select(f => new CollectionField(
                Text(f, "name") ?? "", Text(f, "type") ?? "", Flag(f, "hidden"),
                Flag(f, "required") && Text(f, "autogeneratePattern") is null or "")
            {
                Min = Number(f, "min"), Max = Number(f, "max"), Pattern = Text(f, "pattern") ?? "", Generated = Text(f, "autogeneratePattern") ?? "",
                OnlyDomains = f.TryGetProperty("onlyDomains", out var domains) && domains.ValueKind == JsonValueKind.Array && domains.GetArrayLength() > 0,
            })],
            Text(body, "listRule"),
            Text(body, "viewRule"),
            Text(body, "createRule"),
            Text(body, "updateRule"),
            Text(body, "deleteRule"),
            Text(body, "authRule"))
        { System = Flag(body, "system") };

        static string? Text(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

        static int Number(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
    }
}

/// <summary>One field of a collection. Of a hidden one only superusers get the value; a required one may not be empty and isn't filled in by PocketBase itself.</summary>
internal sealed record CollectionField(string Name, string Type, bool Hidden, bool Required)
{
    // PocketBase's limit where a text field gives none.
    private const int LongestText = 5000;

    /// <summary>Of a <c>text</c> or <c>password</c>: the fewest characters; 0 for none given.</summary>
    public int Min { get; init; }

    /// <summary>Of a <c>text</c> or <c>password</c>: the most characters; 0 for PocketBase's own limit.</summary>
    public int Max { get; init; }

    /// <summary>Of a <c>text</c> or <c>password</c>: what the whole must look like, in Go's spelling; empty for anything.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>Of a <c>text</c>: the pattern that PocketBase fills an empty one in by; empty where it doesn't.</summary>
    public string Generated { get; init; } = "";

    /// <summary>Of an <c>email</c>: whether only addresses of certain domains are taken.</summary>
    public bool OnlyDomains { get; init; }

    /// <summary>Whether PocketBase would take a text here, as far as can be told: a pattern that .NET can't read is left to PocketBase.</summary>
    public bool Takes(string text)
    {
        var length = text.EnumerateRunes().Count();
        return length >= Min && length <= (Max > 0 ? Max : LongestText) && (Pattern.Length == 0 || Matches(text));
    }

    private bool Matches(string text)
    {
        try
        {
            // Linear in the text's length whatever the pattern looks like, as Go's are by themselves.
            return Regex.IsMatch(text, Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or NotSupportedException)
        {
            return true;
        }
    }
}
