using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Users;
using SupportConsole.Features.Users;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// A search among a hundred thousand users, recorded twice. What names one user exactly is measured against the quickest that PocketBase
/// can do, a record read by its id, with and without a plain index on the addresses; a text against the bare request it comes down to.
/// </summary>
internal sealed class UserSearch : Row
{
    private const string Id = "m00000000054321", Email = "greta.moreau12414@example.com";

    // Long enough for the compiler to be done, and for a slowest hundredth that isn't two or three hiccups of the machine.
    private const int WarmUp = 200, Turns = 1000;

    private static readonly (string Kind, string Term, double Target)[] Texts =
        [("text, many hits", "anders", 1.5), ("text, one hit", "Kaya 4327", 1.15), ("text, no hit", "qqzzx", 1.15)];

    public override string Name => "user-search";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartWithManyUsersAsync();
        await using var relay = await Relay.StartAsync(new Uri(app.Url));
        await using var relayed = await ConsoleStage.StartAsync(Places.Fresh(), relay.Url.ToString());
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh(), app.Url);
        using var bare = new BareClient(app.Url, await app.SuperuserTokenAsync());

        yield return await ExactAsync("id", Id);
        yield return await ExactAsync("e-mail, plain index", Email);
        yield return await ExactAsync("e-mail in capitals, plain index", Email.ToUpperInvariant());
        yield return await FlushedAsync();
        await app.IndexEmailsAsync(false);
        yield return await ExactAsync("e-mail, without the index", Email);
        await app.IndexEmailsAsync(true);
        foreach (var (kind, term, target) in Texts)
        {
            var path = (await AskedAsync(relayed, relay, term))[^1];
            var (subject, floor) = await Samples.InTurnsAsync(10, 150, () => SearchAsync(stage, term), () => bare.GetAsync(path));
            yield return Line.Of($"user search, {kind}, of 100,000", subject, floor, target);
        }

        foreach (var (kind, term) in Texts.Select(text => (text.Kind, text.Term)).Prepend(("e-mail", Email)).Prepend(("id", Id)))
        {
            var calls = (await AskedAsync(relayed, relay, term)).Length;
            yield return new Line(
                $"user search, {kind}: requests once warm", calls.ToString(CultureInfo.InvariantCulture), "1", Line.Times(calls), "= 1", calls == 1);
        }

        // What an id costs at least, since both what is asked and what was answered are on the disk before anything goes on.
        async Task<Line> FlushedAsync()
        {
            using var note = new DurableFile(Places.Fresh(), grows: false);
            var path = (await AskedAsync(relayed, relay, Id))[^1];
            var (subject, floor) = await Samples.InTurnsAsync(WarmUp, Turns, () => SearchAsync(stage, Id), async () =>
            {
                note.Append();
                await bare.GetAsync(path);
                note.Append();
            });
            return Line.Of("user search, id, against its request between two flushes of 4 kB", subject, floor, 1.5);
        }

        async Task<Line> ExactAsync(string kind, string term)
        {
            var found = (await SearchAsync(stage, term)).Users.Count;
            if (found != 1)
            {
                throw new InvalidOperationException($"{term} should find one user and found {found}.");
            }

            var (subject, floor) = await Samples.InTurnsAsync(WarmUp, Turns, () => SearchAsync(stage, term), () => bare.GetAsync($"/api/collections/users/records/{Id}"));
            return Line.Of($"user search, {kind}, of 100,000, against GET by id", subject, floor, 3);
        }
    }

    /// <summary>What a search asks of PocketBase. What is learnt about the server is kept for a minute: warm means that it was learnt just before.</summary>
    private static async Task<string[]> AskedAsync(ConsoleStage relayed, Relay relay, string term)
    {
        await SearchAsync(relayed, "warm up");
        relay.Clear();
        await SearchAsync(relayed, term);
        return [.. relay.Requests.Select(request => request.Path)];
    }

    private static Task<UserPage> SearchAsync(ConsoleStage stage, string term) => stage.Get<UserDirectory>().SearchAsync(
        stage.Staff, "users", UserQuery.Parse(term), term, 1, CancellationToken.None);
}
