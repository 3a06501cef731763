using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>
/// Fills an app's collections with records that their fields and indexes allow, those first that others point to. Where
/// required relations go round in a ring, one collection is filled while its relation isn't required, as a person would; the
/// relation is set once its target is there, and required again.
/// </summary>
internal sealed partial class RecordMaker
{
    private const int RecordsOfEach = 44;
    private const int Attempts = 12;

    private readonly RealApp _app;
    private readonly Dice _dice;
    private readonly FieldValues _values;
    private readonly Dictionary<string, List<string>> _made = new(StringComparer.Ordinal);
    private readonly List<string> _users = [];
    private readonly List<(AppCollection Collection, string Record, AppField Field)> _left = [];
    private readonly Dictionary<AppCollection, List<AppField>> _relaxed = [];

    private RecordMaker(RealApp app, PatternTexts patterns)
    {
        _app = app;
        _dice = new Dice((ulong)app.Name.Aggregate(7, (sum, letter) => (sum * 31) + letter));
        var compared = app.Collections.Where(collection => !collection.System)
            .SelectMany(collection => Comparison().Matches(collection.Rules))
            .Select(match => (Field: match.Groups[1].Value, Text: match.Groups[3].Value)).Distinct().ToLookup(one => one.Field, one => one.Text);
        _values = new FieldValues(_dice, patterns, compared, _made, _users);
    }

    public static async Task FillAsync(RealApp app)
    {
        var maker = new RecordMaker(app, await PatternTexts.LearnAsync(app));
        await maker.FillAsync([.. app.Collections.Where(collection => collection.Type != "view" && !collection.System)]);
    }

    private async Task FillAsync(List<AppCollection> waiting)
    {
        while (waiting.Count > 0)
        {
            var next = waiting.MinBy(collection => (Missing(collection, required: true).Count * 1000) + Missing(collection, required: false).Count)!;
            if (Missing(next, required: true) is { Count: > 0 } ring)
            {
                _relaxed[next] = ring;
                await RequireAsync(next, ring, required: false);
            }

            _made[next.Id] = [];
            await FillAsync(next);
            waiting.Remove(next);
        }

        await SetWhatWasLeftAsync();
        foreach (var (collection, fields) in _relaxed)
        {
            await RequireAsync(collection, fields, required: true);
        }
    }

    private List<AppField> Missing(AppCollection collection, bool required) =>
        [.. collection.Fields.Where(field => field.Type == "relation" && field.Required == required && _made.GetValueOrDefault(field.Text("collectionId"), []).Count == 0)];

    private async Task FillAsync(AppCollection collection)
    {
        var wanted = collection.Type == "auth" ? HostileTexts.People.Count : RecordsOfEach;
        for (var i = 0; i < wanted; i++)
        {
            if (await MakeAsync(collection, i) is { } refusal)
            {
                _app.Notes.Add($"{collection.Name}: {_made[collection.Id].Count} of {wanted} records, then {refusal}");
                return;
            }
        }
    }

    /// <summary>Makes one record; the refusal when PocketBase takes none.</summary>
    private async Task<string?> MakeAsync(AppCollection collection, int index)
    {
        var refusal = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var body = Compose(collection, index, attempt, out var left);
            var made = await _app.AskAsync(HttpMethod.Post, $"/api/collections/{collection.Id}/records", WithFiles(collection, body));
            if (made.Done)
            {
                var id = made.Json["id"]!.GetValue<string>();
                _made[collection.Id].Add(id);
                _left.AddRange(left.Select(field => (collection, id, field)));
                if (collection.Type == "auth")
                {
                    _users.Add(id);
                }

                return null;
            }

            refusal = made.Body;
        }

        return refusal;
    }

    private JsonObject Compose(AppCollection collection, int index, int attempt, out List<AppField> left)
    {
        var body = new JsonObject();
        left = [];
        foreach (var field in collection.Fields)
        {
            var value = collection.Type == "auth" ? PersonValues.For(field, index, attempt, _values) : _values.For(field, attempt);
            if (value is not null)
            {
                body[field.Name] = value;
            }
            else if (field.Type == "relation")
            {
                left.Add(field);
            }
        }

        if (collection.Type == "auth")
        {
            body["passwordConfirm"] = body["password"]?.DeepClone();
        }

        return body;
    }

    private HttpContent WithFiles(AppCollection collection, JsonObject body)
    {
        var parts = new MultipartFormDataContent { { new StringContent(body.ToJsonString()), "@jsonPayload" } };
        var files = 0;
        foreach (var field in collection.Fields.Where(field => field.Type == "file" && (field.Required || _dice.OnceIn(4))))
        {
            if (SampleFiles.For(field, _dice) is { } file)
            {
                files++;
                var content = new ByteArrayContent(file.Content);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                parts.Add(content, field.Name, file.Name);
            }
        }

        return files > 0 ? parts : JsonContent.Create(body);
    }

    /// <summary>Sets relations whose targets weren't there yet: each that is required, and half of the others.</summary>
    private async Task SetWhatWasLeftAsync()
    {
        foreach (var (collection, record, field) in _left)
        {
            var owed = _relaxed.GetValueOrDefault(collection, []).Contains(field);
            if (!owed && !_dice.OnceIn(2))
            {
                continue;
            }

            var refusal = "its target has no records";
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (_values.For(field, attempt) is { } value)
                {
                    var set = await _app.AskAsync(
                        HttpMethod.Patch, $"/api/collections/{collection.Id}/records/{record}", JsonContent.Create(new JsonObject { [field.Name] = value }));
                    refusal = set.Done ? "" : set.Body;
                }

                if (refusal.Length == 0 || !owed)
                {
                    break;
                }
            }

            if (owed && refusal.Length > 0)
            {
                _app.Notes.Add($"{collection.Name}.{field.Name} is required and stays empty: {refusal}");
            }
        }
    }

    private async Task RequireAsync(AppCollection collection, List<AppField> fields, bool required)
    {
        var changed = collection.Json["fields"]!.DeepClone().AsArray();
        foreach (var field in changed.Where(field => fields.Any(one => one.Name == field!["name"]!.GetValue<string>())))
        {
            field!["required"] = required;
            field["minSelect"] = required ? fields.First(one => one.Name == field["name"]!.GetValue<string>()).Number("minSelect") : 0;
        }

        await _app.AdminAsync(HttpMethod.Patch, $"/api/collections/{collection.Id}", new JsonObject { ["fields"] = changed });
    }

    [GeneratedRegex("""(\w+)(?::\w+)?\s*\??[=~]\s*(['"])([^'"]{1,40})\2""")]
    private static partial Regex Comparison();
}
