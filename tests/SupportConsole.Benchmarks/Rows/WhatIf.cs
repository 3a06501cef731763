using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Trying;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>How long it takes to tell for a thousand users who would gain and lose a record by another rule, with the companion hook.</summary>
internal sealed class WhatIf : Row
{
    private const double Within = 2000;

    public override string Name => "what-if";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartWithCompanionAndUsersAsync();
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh(), app.Url);
        var session = await stage.OpenSessionAsync();
        var taken = new Samples();
        var asked = 0;
        for (var turn = 0; turn < 12; turn++)
        {
            if (turn < 2)
            {
                await TryAsync();
            }
            else
            {
                await taken.TakeAsync(TryAsync);
            }
        }

        yield return new Line(
            $"another rule tried for {asked} users and one record", string.Create(CultureInfo.InvariantCulture, $"{taken.P50:0} / {taken.P99:0} ms"), "", "", "≤ 2 s", taken.P50 <= Within);

        async Task TryAsync()
        {
            await foreach (var step in stage.Get<RuleTrial>().OfUsersAsync(
                stage.Staff, session.Id, "posts", "p1nv0icetempl8t", ReadRule.List, "author.team = @request.auth.team && author != ''", CancellationToken.None))
            {
                asked = step.Asked;
            }
        }
    }
}
