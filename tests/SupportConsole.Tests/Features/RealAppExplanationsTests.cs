using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Tests.TestKit;
using SupportConsole.Tests.TestKit.RealApps;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features;

/// <summary>Every list and view rule of apps that nobody made for the console, explained for records that a user sees and that they don't.</summary>
public sealed class RealAppExplanationsTests
{
    private const int PeopleAnApp = 2;

    /// <summary>Every app, with and without the companion hook.</summary>
    public static IEnumerable<TheoryDataRow<string, bool>> Apps =>
        from app in RealApp.All
        from hasHook in new[] { false, true }
        select new TheoryDataRow<string, bool>(app.Data, hasHook) { Skip = app.Skip };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Apps))]
    public async Task Every_rule_is_explained_with_the_verdict_of_the_users_own_reads(string name, bool hasHook)
    {
        await using var app = new RealApp(name, hasCompanion: hasHook);
        await app.InitializeAsync();
        await app.FillAsync();
        await using var console = await ConsoleServices.StartAsync(app, settings:
        [
            ("ViewAs:ProtectedUsers", ""), ("Limits:SessionsPerHour", "100000"),
            .. app.AuthCollections.Select((collection, i) => ($"PocketBase:UserCollections:{i}", collection.Name)),
        ]);
        var collections = app.Collections.Where(collection => !collection.System).ToArray();
        var people = app.People.DistinctBy(person => person.Collection).Concat(app.People.Skip(app.People.Count / 2)).Distinct().Take(PeopleAnApp).ToArray();
        var official = await OfficialClient.VisibleAsync(app, collections.Select(collection => (collection.Name, "-id")), people.Select(person => person.Key));
        List<string> wrong = [];
        var (explained, undecided, hidden) = (0, 0, 0);
        foreach (var person in people)
        {
            var session = await console.OpenAsync(User(person.Id, person.Collection));
            foreach (var collection in collections)
            {
                var seen = official[collection.Name][person.Key] ?? [];
                var all = (await app.AskAsync(HttpMethod.Get, $"/api/collections/{collection.Name}/records?perPage=200&sort=-id&fields=id", null)).Json["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()).ToArray();
                string?[] chosen = [seen.FirstOrDefault(), all.FirstOrDefault(id => !seen.Contains(id))];
                foreach (var id in chosen.OfType<string>())
                {
                    var what = $"{collection.Name}/{id} as {person.Key}";
                    if (await console.Get<Explainer>().ExplainAsync(console.As(Agent), session.Id, collection.Name, id, Token) is not Explanation.Found found)
                    {
                        wrong.Add($"{what}: not found");
                        continue;
                    }

                    var viewed = (await app.ReadAsync(person, $"/api/collections/{collection.Name}/records/{Uri.EscapeDataString(id)}")).Done;
                    wrong.AddRange(Differences(found.List, seen.Contains(id), official[collection.Name][person.Key] is not null, hasHook).Select(difference => $"{what}, list: {difference}"));
                    wrong.AddRange(Differences(found.View, viewed, found.Schema.ViewRule is not null, hasHook).Select(difference => $"{what}, view: {difference}"));
                    explained += 2;
                    undecided += new[] { found.List, found.View }.Count(door => door.Holds is null);
                    hidden += new[] { found.List, found.View }.Count(door => door.State == DoorState.Closed);
                }
            }

            await console.Desk.EndAsync(console.As(Agent), session.Id, Token);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{name}{(hasHook ? " with the hook" : "")}: {explained} rules explained for {people.Length} people, {hidden} of them for hidden records, {undecided} undecided");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.NotEqual(0, explained);
    }

    private static IEnumerable<string> Differences(DoorExplanation door, bool isOpen, bool hasRule, bool hasHook)
    {
        if (door.State != (isOpen ? DoorState.Open : hasRule ? DoorState.Closed : DoorState.Locked))
        {
            yield return $"{door.State}, officially {(isOpen ? "seen" : hasRule ? "not seen" : "locked")}";
        }

        if (door.Fault is { } fault)
        {
            yield return $"can't be read ({fault.Sentence}): {door.Rule}";
        }

        if (door.Disagrees)
        {
            yield return $"comes to {door.Holds}, officially {isOpen}: {door.Rule}";
        }

        if (hasHook && door.Holds is null && door.Tree?.LooksAtRequest != true)
        {
            yield return $"undecided: {string.Join("; ", door.Rows.Where(row => row.Undecided is not null).Select(row => $"{row.Node.Text} ({row.Undecided})"))}";
        }
    }
}
