using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// A page of posts read as a user, with both durable entries and the proof, against what anything must do at least: the same two
/// requests, bare, and one durable note. With the companion hook in PocketBase the console needs only the first of them.
/// </summary>
internal sealed class ViewPage : Row
{
    public override string Name => "view-page";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using (var plain = await AppServer.StartAsync())
        {
            yield return await MeasureAsync(plain, "view-as posts page, against list + file token + 4 kB flushed", 1.15);
        }

        await using var guarded = await AppServer.StartWithCompanionAsync();
        yield return await MeasureAsync(guarded, "the same with the companion hook, against the same three", 1);
    }

    private static async Task<Line> MeasureAsync(AppServer app, string what, double limit)
    {
        var folder = Places.Fresh();
        var path = await PathAskedAsync(app);
        await using var stage = await ConsoleStage.StartAsync(folder, app.Url);
        using var note = new DurableFile(folder, grows: false);
        using var bare = new BareClient(app.Url, await app.ImpersonateAsync(AppServer.Member));
        var session = await stage.OpenSessionAsync();
        var (staff, reader) = (stage.Staff, stage.Get<PostReader>());
        var (subject, floor) = await Samples.InTurnsAsync(
            300, 1500,
            () => reader.PostsAsync(staff, session.Id, null, CancellationToken.None),
            async () =>
            {
                await bare.GetAsync(path);
                await bare.PostAsync("/api/files/token");
                note.Append();
            });
        return Line.Of(what, subject, floor, limit, 2);
    }

    private static async Task<string> PathAskedAsync(AppServer app)
    {
        await using var relay = await Relay.StartAsync(new Uri(app.Url));
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh(), relay.Url.ToString());
        var session = await stage.OpenSessionAsync();
        relay.Clear();
        await stage.Get<PostReader>().PostsAsync(stage.Staff, session.Id, null, CancellationToken.None);
        return relay.Requests.Single(request => request.Path.Contains("/collections/posts/", StringComparison.Ordinal)).Path;
    }
}
