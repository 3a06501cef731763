using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs.Explaining;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>Why a user can't see a record of the demo, with the companion hook and without, against one bare request for it.</summary>
internal sealed class Explain : Row
{
    private const string TomsDraft = "pq3pr1celist8k2";

    public override string Name => "explain";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using (var guarded = await AppServer.StartWithCompanionAsync())
        {
            yield return await ExplainAsync(guarded, "with the companion hook");
        }

        await using var plain = await AppServer.StartAsync();
        yield return await ExplainAsync(plain, "without it");
    }

    private static async Task<Line> ExplainAsync(AppServer app, string how)
    {
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh(), app.Url);
        using var bare = new HttpClient { BaseAddress = new Uri(app.Url) };
        bare.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", await app.SuperuserTokenAsync());
        var session = await stage.OpenSessionAsync();
        var explainer = stage.Get<Explainer>();
        var (subject, floor) = await Samples.InTurnsAsync(
            10,
            200,
            async () =>
            {
                if (await explainer.ExplainAsync(stage.Staff, session.Id, "posts", TomsDraft, CancellationToken.None) is not Explanation.Found { List.Holds: false })
                {
                    throw new InvalidOperationException("The record isn't explained.");
                }
            },
            async () =>
            {
                using var answer = await bare.GetAsync(new Uri($"/api/collections/posts/records/{TomsDraft}", UriKind.Relative));
                await answer.Content.ReadAsByteArrayAsync();
            });
        return Line.Of(string.Create(CultureInfo.InvariantCulture, $"one record explained {how}, against one bare request for it"), subject, floor, 5);
    }
}
