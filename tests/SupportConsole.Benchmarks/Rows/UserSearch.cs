using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Users;
using SupportConsole.Features.Users;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>A search among a hundred thousand users, recorded twice, against the bare request it comes down to.</summary>
internal sealed class UserSearch : Row
{
    private static readonly (string Kind, string Term)[] Searches =
        [("text, many hits", "anders"), ("text, one hit", "Kaya 4327"), ("text, no hit", "qqzzx"), ("e-mail", "greta.moreau12345@example.com"), ("id", "m00000000054321")];

    public override string Name => "user-search";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartWithManyUsersAsync();
        await using var relay = await Relay.StartAsync(new Uri(app.Url));
        await using var relayed = await ConsoleStage.StartAsync(Places.Fresh(), relay.Url.ToString());
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh(), app.Url);
        using var bare = new BareClient(app.Url, await app.SuperuserTokenAsync());
        foreach (var (kind, term) in Searches)
        {
            // What is learnt about the server is kept for a minute: warm means that it was learnt just before.
            await SearchAsync(relayed, "warm up");
            relay.Clear();
            await SearchAsync(relayed, term);
            var calls = relay.Requests.Count;
            var path = relay.Requests.Last(request => request.Path.Contains("/users/records", StringComparison.Ordinal)).Path;
            var (subject, floor) = await Samples.InTurnsAsync(10, 150, () => SearchAsync(stage, term), () => bare.GetAsync(path));
            yield return Line.Of($"user search, {kind}, of 100,000", subject, floor, 1.15);
            yield return new Line(
                $"user search, {kind}: requests once warm", calls.ToString(CultureInfo.InvariantCulture), "1", Line.Times(calls), "= 1", calls == 1);
        }
    }

    private static Task<UserPage> SearchAsync(ConsoleStage stage, string term) => stage.Get<UserDirectory>().SearchAsync(
        stage.Staff, "users", UserQuery.Parse(term), term, 1, CancellationToken.None);
}
