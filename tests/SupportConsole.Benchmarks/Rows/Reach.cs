using System.Diagnostics;
using System.Globalization;
using System.Net;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs.Records;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// What a user reaches of twenty-five collections, twelve of them with twenty thousand records, against the bare requests that count the same,
/// four at a time.
/// </summary>
internal sealed class Reach : Row
{
    private const int AtOnce = 4;
    private const double FirstWithin = 150;

    public override string Name => "reach";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartWithManyCollectionsAsync();
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh(), app.Url);
        using var bare = new HttpClient { BaseAddress = new Uri(app.Url) };
        bare.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", await app.ImpersonateAsync(AppServer.Member));
        var session = await stage.OpenSessionAsync();
        var (staff, reader) = (stage.Staff, stage.Get<RecordReader>());
        List<string> collections = [];
        await foreach (var part in reader.ReachAsync(staff, session.Id, CancellationToken.None))
        {
            collections.AddRange(part.Select(row => row.Schema.Name));
        }

        var first = new Samples();
        var (subject, floor) = await Samples.InTurnsAsync(5, 60, ReadAsync, () => CountAsync(bare, collections));
        yield return Line.Of($"what a user reaches of {collections.Count} collections, against the same counts {AtOnce} at a time", subject, floor, 1.3);
        yield return new Line(
            "what a user reaches: the first rows", string.Create(CultureInfo.InvariantCulture, $"{first.P50:0} / {first.P99:0} ms"), "", "", "≤ 150 ms", first.P99 <= FirstWithin);

        async Task ReadAsync()
        {
            var begun = Stopwatch.GetTimestamp();
            var isFirst = true;
            await foreach (var _ in reader.ReachAsync(staff, session.Id, CancellationToken.None))
            {
                if (isFirst)
                {
                    first.Add(Stopwatch.GetElapsedTime(begun));
                    isFirst = false;
                }
            }
        }
    }

    private static Task CountAsync(HttpClient bare, IEnumerable<string> collections) => Parallel.ForEachAsync(
        collections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (collection, token) =>
        {
            using var answer = await bare.GetAsync(new Uri($"/api/collections/{collection}/records?page=1&perPage=1&skipTotal=0&fields=id", UriKind.Relative), token);
            await answer.Content.ReadAsByteArrayAsync(token);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Forbidden))
            {
                throw new InvalidOperationException($"{collection}: {answer.StatusCode}");
            }
        });
}
