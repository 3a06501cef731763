using System.Globalization;
using System.Text.Json;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.Features.ViewAs.Records;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>What a user can't see of a page of a hundred, and of twenty thousand records, against the bare requests that tell the same.</summary>
internal sealed class Hidden : Row
{
    private const string Collection = "things1";
    private const double MostGrowth = 2;

    public override string Name => "hidden";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartWithManyCollectionsAsync();
        var folder = Places.Fresh();
        await using var stage = await ConsoleStage.StartAsync(folder, app.Url);
        using var note = new DurableFile(folder, grows: false);
        using var proof = new BareClient(app.Url, await app.ImpersonateAsync(AppServer.Member));
        using var asUser = Bare(app, await app.ImpersonateAsync(AppServer.Member));
        using var asSuperuser = Bare(app, await app.SuperuserTokenAsync());
        var session = await stage.OpenSessionAsync();
        var (staff, hidden) = (stage.Staff, stage.Get<HiddenRecords>());
        var (page, pageFloor) = await Samples.InTurnsAsync(
            10,
            100,
            () => hidden.OfPageAsync(staff, session.Id, new RecordsPlace(Collection), null, 100, CancellationToken.None),
            async () =>
            {
                var ids = await IdsAsync(asSuperuser, "sort=-id&perPage=100");
                await IdsAsync(asUser, $"perPage=100&filter={Uri.EscapeDataString(string.Join("||", ids.Select(id => $"id='{id}'")))}");
                await proof.PostAsync("/api/files/token");
                note.Append();
            });
        yield return Line.Of("what is hidden of a page of 100, against both lists + file token + 4 kB flushed", page, pageFloor, 1.3);

        var grown = 0.0;
        var (all, allFloor) = await Samples.InTurnsAsync(1, 10, () => WalkAsync(false), () => Task.WhenAll(WalkBareAsync(asSuperuser), WalkBareAsync(asUser)));
        await WalkAsync(true);
        yield return Line.Of("what is hidden of 20,000 records, against both bare walks by id at once", all, allFloor, 1.2);
        yield return new Line("what is hidden of 20,000 records: memory held", string.Create(CultureInfo.InvariantCulture, $"{grown:0.00} MB more"), "", "", "≤ 2 MB", grown <= MostGrowth);

        async Task WalkAsync(bool weighed)
        {
            var before = weighed ? GC.GetTotalMemory(forceFullCollection: true) : 0;
            await foreach (var _ in hidden.OfAllAsync(staff, session.Id, Collection, CancellationToken.None))
            {
                grown = weighed ? Math.Max(grown, (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0) : grown;
            }
        }
    }

    private static async Task WalkBareAsync(HttpClient bare)
    {
        for (var last = ""; ;)
        {
            var ids = await IdsAsync(bare, $"sort=id&perPage=1000&filter={Uri.EscapeDataString($"id > '{last}'")}");
            if (ids is not [.., var end])
            {
                return;
            }

            last = end;
        }
    }

    private static HttpClient Bare(AppServer app, string token)
    {
        var bare = new HttpClient { BaseAddress = new Uri(app.Url) };
        bare.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", token);
        return bare;
    }

    private static async Task<string[]> IdsAsync(HttpClient bare, string query)
    {
        using var answer = await bare.GetAsync(new Uri($"/api/collections/{Collection}/records?skipTotal=1&fields=id&{query}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return [.. body.RootElement.GetProperty("items").EnumerateArray().Select(record => record.GetProperty("id").GetString()!)];
    }
}
