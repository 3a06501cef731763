using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>
/// Texts of the patterns that an app's fields ask for. PocketBase makes them: it can generate a text of a pattern for a new
/// record, so a scratch collection has a field for each.
/// </summary>
internal sealed class PatternTexts
{
    private const int OfEach = 80;
    private const string Scratch = "pattern_texts_scratch";

    private readonly Dictionary<string, List<string>> _texts = new(StringComparer.Ordinal);

    /// <summary>A text of the field's pattern and lengths; null where there is none.</summary>
    public string? For(AppField field, Dice dice)
    {
        var fitting = _texts.GetValueOrDefault(field.Text("pattern"), []).Where(text =>
            text.Length >= field.Limit("min", 0) && text.Length <= field.Limit("max", int.MaxValue)).ToList();
        return fitting.Count == 0 ? null : dice.Pick(fitting);
    }

    public static async Task<PatternTexts> LearnAsync(RealApp app)
    {
        var known = new PatternTexts();
        foreach (var pattern in app.Collections.Where(collection => !collection.System && collection.Type != "view")
            .SelectMany(collection => collection.Fields).Select(field => field.Text("pattern")).Where(pattern => pattern.Length > 0).Distinct())
        {
            known._texts[pattern] = await MakeAsync(app, pattern);
        }

        return known;
    }

    private static async Task<List<string>> MakeAsync(RealApp app, string pattern)
    {
        // A generated text begins and ends where the pattern does.
        var made = await app.AskAsync(HttpMethod.Post, "/api/collections", JsonContent.Create(new JsonObject
        {
            ["name"] = Scratch,
            ["type"] = "base",
            ["fields"] = new JsonArray(new JsonObject
            {
                ["name"] = "made", ["type"] = "text", ["autogeneratePattern"] = pattern.TrimStart('^').TrimEnd('$'),
            }),
        }));
        if (!made.Done)
        {
            app.Notes.Add($"no text of the pattern {pattern}: {made.Body}");
            return [];
        }

        List<string> texts = [];
        for (var i = 0; i < OfEach; i++)
        {
            var record = await app.AskAsync(HttpMethod.Post, $"/api/collections/{Scratch}/records", JsonContent.Create(new JsonObject()));
            texts.Add(record.Json["made"]!.GetValue<string>());
        }

        await app.AdminAsync(HttpMethod.Delete, $"/api/collections/{Scratch}");
        return texts;
    }
}
