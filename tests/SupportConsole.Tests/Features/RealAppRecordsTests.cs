using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using SupportConsole.Tests.TestKit.RealApps;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features;

/// <summary>Every collection of apps that nobody made for the console, browsed as several of their users.</summary>
public sealed class RealAppRecordsTests
{
    private const int PeopleAnApp = 3;
    private const int RecordsACollection = 5;

    /// <summary>Every app on every server that is supported.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Apps =>
        from app in RealApp.All
        from version in new[] { "0.36.8", PocketBaseServer.Pinned.Number, "0.40.4" }
        select new TheoryDataRow<string, string>(app.Data, version) { Skip = app.Skip };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Apps))]
    public async Task Every_collection_is_browsed_as_the_official_client_sees_it(string name, string version)
    {
        await using var app = new RealApp(name, version);
        await app.InitializeAsync();
        await app.FillAsync();
        await using var console = await ConsoleServices.StartAsync(app, settings:
        [
            ("ViewAs:ProtectedUsers", ""), ("Limits:SessionsPerHour", "100000"),
            .. app.AuthCollections.Select((collection, i) => ($"PocketBase:UserCollections:{i}", collection.Name)),
        ]);
        var collections = app.Collections.Where(collection => !collection.System).ToArray();
        var people = app.People.DistinctBy(person => person.Collection).Concat(app.People.Skip(app.People.Count / 2)).Concat(app.People).Distinct().Take(PeopleAnApp).ToArray();
        var official = await OfficialClient.VisibleAsync(app, collections.Select(collection => (collection.Name, Sort(collection))), people.Select(person => person.Key));
        List<string> wrong = [];
        var (lists, records) = (0, 0);
        foreach (var person in people)
        {
            var session = await console.OpenAsync(User(person.Id, person.Collection));
            var reach = await ReachAsync(console, session);
            foreach (var collection in collections)
            {
                var expected = official[collection.Name][person.Key];
                var shown = await IdsAsync(console, session, collection.Name);
                if (!(expected is null ? shown is null : shown is not null && expected.SequenceEqual(shown)))
                {
                    wrong.Add($"{collection.Name} as {person.Key}: {shown?.Count.ToString(Culture) ?? "locked"}, officially {expected?.Count.ToString(Culture) ?? "refused"}");
                }

                if (reach[collection.Name] != expected?.Count)
                {
                    wrong.Add($"{collection.Name} as {person.Key}: counted {reach[collection.Name]}, officially {expected?.Count}");
                }

                foreach (var id in (expected ?? []).Take(RecordsACollection))
                {
                    wrong.AddRange((await LostAsync(console, app, session, person, collection, id)).Select(lost => $"{collection.Name}/{id} as {person.Key}: {lost}"));
                    records++;
                }

                lists++;
            }

            await console.Desk.EndAsync(console.As(Agent), session.Id, Token);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{name} on {version}: {lists} lists and {records} records of {collections.Length} collections as {people.Length} people");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static string Sort(AppCollection collection) =>
        (collection.Field("created") is { Type: "autodate" or "date", Hidden: false } ? "created" : collection.Fields.FirstOrDefault(field => field is { Type: "autodate", Hidden: false } && field.Is("onCreate") && !field.Is("onUpdate"))?.Name) is { } created
            ? $"-{created},-id"
            : "-id";

    private static async Task<Dictionary<string, int?>> ReachAsync(ConsoleServices console, ViewAsSession session)
    {
        Dictionary<string, int?> counts = [];
        await foreach (var part in console.Get<RecordReader>().ReachAsync(console.As(Agent), session.Id, Token))
        {
            foreach (var row in part)
            {
                counts[row.Schema.Name] = row.Listed is ReadOutcome<int>.Found { Value: var count } ? count : null;
            }
        }

        return counts;
    }

    /// <summary>The ids of all pages; null where the collection is closed.</summary>
    private static async Task<List<string>?> IdsAsync(ConsoleServices console, ViewAsSession session, string collection)
    {
        List<string> ids = [];
        for (var place = new RecordsPlace(collection); place is not null;)
        {
            if (await console.Get<RecordReader>().ListAsync(console.As(Agent), session.Id, place, Token)
                is not RecordListing.Read { Outcome: ReadOutcome<RecordList>.Found { Value: var page } })
            {
                return null;
            }

            ids.AddRange(page.Rows.Select(row => row.Id));
            place = page.Next;
        }

        return ids;
    }

    /// <summary>What of a record that the user gets is not on its page.</summary>
    private static async Task<List<string>> LostAsync(ConsoleServices console, RealApp app, ViewAsSession session, AppPerson person, AppCollection collection, string id)
    {
        var own = await app.ReadAsync(person, $"/api/collections/{collection.Name}/records/{Uri.EscapeDataString(id)}");
        var shown = await console.Get<RecordReader>().RecordAsync(console.As(Agent), session.Id, collection.Name, id, Token);
        if (!own.Done)
        {
            return shown is ReadOutcome<RecordDetail>.Found ? ["shown, where the user gets nothing"] : [];
        }

        if (shown is not ReadOutcome<RecordDetail>.Found { Value: var record })
        {
            return [$"{shown.GetType().Name}, where the user gets it"];
        }

        List<string> lost = [];
        foreach (var (field, json) in own.Json.AsObject().Where(pair => pair.Key is not ("collectionId" or "collectionName") && collection.Field(pair.Key)?.Type != "password"))
        {
            var raw = json?.ToJsonString() ?? "null";
            var value = record.Fields.FirstOrDefault(one => one.Name == field)?.Value;
            if (value is null || (value is FieldValue.Nothing { Characters: 0 } && raw is not ("null" or "\"\"" or "[]")))
            {
                lost.Add($"{field} holds {raw[..Math.Min(raw.Length, 60)]} and is {value?.GetType().Name ?? "not there"}");
            }
            else if (value is FieldValue.Text { Body: SupportConsole.Features.ViewAs.Bodies.ShownBody.Typed typed } && typed.Text != json!.ToString())
            {
                lost.Add($"{field} is shown otherwise");
            }
            else if (value is FieldValue.Records records && !records.Links.Select(link => link.Id).SequenceEqual(Texts(json!))
                || value is FieldValue.Choices choices && !choices.Chosen.SequenceEqual(Texts(json!))
                || value is FieldValue.Files files && !files.Names.SequenceEqual(Texts(json!)))
            {
                lost.Add($"{field} holds {raw} and shows something else");
            }
        }

        return lost;

        static IEnumerable<string> Texts(System.Text.Json.Nodes.JsonNode json) =>
            json is System.Text.Json.Nodes.JsonArray many ? many.Select(one => one!.GetValue<string>()) : [json.GetValue<string>()];
    }

    private static System.Globalization.CultureInfo Culture => System.Globalization.CultureInfo.InvariantCulture;
}
