using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// A page of posts read as a user, with both durable entries and the proof, against what anything must do at least: the same two
/// requests, bare, and one durable note.
/// </summary>
internal sealed class ViewPage : Row
{
    public override string Name => "view-page";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartAsync();
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
        yield return Line.Of("view-as posts page, against list + file token + 4 kB flushed", subject, floor, 1.25, 2);
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
