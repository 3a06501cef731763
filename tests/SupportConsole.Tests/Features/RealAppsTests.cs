using System.Globalization;
using System.Text;
using SupportConsole.Core;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using SupportConsole.Tests.TestKit.RealApps;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features;

/// <summary>The console on apps that nobody made for it: only the auth collections and the collection of posts are named to it.</summary>
public sealed class RealAppsTests
{
    public static IEnumerable<TheoryDataRow<string>> Apps => RealApp.All;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Apps))]
    public async Task Everybody_is_found_and_their_view_is_what_the_official_client_sees(string name)
    {
        await using var app = new RealApp(name);
        await app.InitializeAsync();
        await app.FillAsync();
        foreach (var note in app.Notes)
        {
            Say($"{name}: {note}");
        }

        Assert.All(app.AuthCollections, collection => Assert.Contains(app.People, person => person.Collection == collection.Name));
        List<string> wrong = [.. await SearchAsync(app), .. await ViewAsync(app)];
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static async Task<List<string>> SearchAsync(RealApp app)
    {
        await using var console = await StartAsync(app);
        List<string> wrong = [];
        var byEmail = await CountAsync(app.People.Where(person => person.Email.Length > 0).Select(person => (person, person.Email)));
        var byName = await CountAsync(app.People.SelectMany(person => person.Texts.Where(IsSearched).Select(text => (person, text))));
        Say($"{app.Name}: found {byEmail} users by e-mail, {byName} by a name");
        return wrong;

        async Task<string> CountAsync(IEnumerable<(AppPerson Person, string Term)> searches)
        {
            var all = searches.ToArray();
            var found = 0;
            foreach (var (person, term) in all)
            {
                if (await TryAsync(() => FindAsync(console, person.Collection, term)) is { Value: { } hits } && hits.Contains(person.Id))
                {
                    found++;
                }
                else
                {
                    wrong.Add($"{person.Key} isn't found by \"{term}\"");
                }
            }

            return $"{found} of {all.Length}";
        }
    }

    /// <summary>Whether people would type it: two characters where a word has no more, else three, and all of them to be seen.</summary>
    private static bool IsSearched(string text)
    {
        var seen = text.EnumerateRunes().Where(Rune.IsLetterOrDigit).ToArray();
        return !text.Any(char.IsControl) && seen.Length >= (seen.Any(rune => rune.Value >= 0x2E80) ? 2 : 3);
    }

    private static async Task<List<string>> ViewAsync(RealApp app)
    {
        var seen = await OfficialClient.VisibleAsync(
            app, app.Listable.Select(collection => (collection.Name, Sort(collection))), app.People.Select(person => person.Key));
        List<string> wrong = [];
        foreach (var collection in app.Listable)
        {
            await using var console = await StartAsync(app, collection.Name);
            var (equal, records) = (0, 0);
            var viewed = Telling(app, seen[collection.Name]);
            foreach (var person in viewed)
            {
                var official = seen[collection.Name][person.Key];
                var shown = await TryAsync(() => ShowAsync(console, person));
                if (AreSame(collection, official, shown.Value))
                {
                    equal++;
                    records += official?.Count ?? 0;
                }
                else
                {
                    wrong.Add($"{collection.Name} as {person.Key}: {shown.Error ?? $"{shown.Value?.Count} records"}, where the official client sees {official?.Count.ToString(Culture) ?? "a refusal"}");
                }
            }

            Say($"{app.Name}: {collection.Name}: {records} records of {equal} of {viewed.Count} users shown equal");
        }

        return wrong;
    }

    /// <summary>Those who see most and least of a collection, and somebody of each auth collection.</summary>
    private static IReadOnlyCollection<AppPerson> Telling(RealApp app, Dictionary<string, List<string>?> seen)
    {
        var ordered = app.People.OrderByDescending(person => seen[person.Key]?.Count ?? -1).ToArray();
        return [.. ordered.Take(2).Append(ordered[^1]).Concat(ordered.DistinctBy(person => person.Collection)).Distinct()];
    }

    private static bool AreSame(AppCollection collection, List<string>? official, List<string>? shown) =>
        official is null || shown is null
            ? official is null && shown is null or []
            : HasCreated(collection) ? official.SequenceEqual(shown) : official.Order(StringComparer.Ordinal).SequenceEqual(shown.Order(StringComparer.Ordinal));

    private static bool HasCreated(AppCollection collection) => collection.Field("created") is { Type: "autodate" or "date", Hidden: false };

    private static string Sort(AppCollection collection) => HasCreated(collection) ? "-created,-id" : "id";

    // What follows is all that this test asks of the console.

    private static Task<ConsoleServices> StartAsync(RealApp app, string? posts = null) => ConsoleServices.StartAsync(app, settings:
    [
        ("ViewAs:ProtectedUsers", ""), ("Limits:SearchesPerMinute", "100000"), ("Limits:ReadsPerMinute", "100000"), ("Limits:SessionsPerHour", "100000"),
        .. app.AuthCollections.Select((collection, i) => ($"PocketBase:UserCollections:{i}", collection.Name)),
        .. posts is null ? [] : ((string, string)[])[("PocketBase:Posts:Collection", posts)],
    ]);

    private static async Task<List<string>?> FindAsync(ConsoleServices console, string collection, string term)
    {
        var found = await console.Directory.SearchAsync(console.As(Agent), collection, UserQuery.Parse(term), term, 1, Token);
        return [.. found.Users.Select(user => user.User.Id.Record)];
    }

    /// <summary>What an agent sees who opens a session as the person and pages to the end; null where the collection is closed.</summary>
    private static async Task<List<string>?> ShowAsync(ConsoleServices console, AppPerson person)
    {
        var session = await console.OpenAsync(User(person.Id, person.Collection));
        try
        {
            List<string> ids = [];
            RecordCursor? after = null;
            do
            {
                if (await console.Reader.PostsAsync(console.As(Agent), session.Id, after, Token) is not ReadOutcome<PostList>.Found page)
                {
                    return null;
                }

                ids.AddRange(page.Value.Posts.Select(post => post.Id));
                after = page.Value.Older;
            }
            while (after is not null);
            return ids;
        }
        finally
        {
            await console.Desk.EndAsync(console.As(Agent), session.Id, Token);
        }
    }

    /// <summary>The console's own explanation instead of a value, so that one failure doesn't hide the others.</summary>
    private static async Task<(List<string>? Value, string? Error)> TryAsync(Func<Task<List<string>?>> ask)
    {
        try
        {
            return (await ask(), null);
        }
        catch (ExplainedException problem)
        {
            return (null, problem.Message);
        }
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
