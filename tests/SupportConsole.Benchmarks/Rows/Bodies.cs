using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// What a body of a megabyte costs, from the stored text to what is sent to the page: the time, and the most memory that was live at
/// once beside the stored text. The floor is the length of what is sent.
/// </summary>
internal sealed class Bodies : Row
{
    private const double MostMilliseconds = 1000;
    private const double MostMegabytes = 50;

    public override string Name => "bodies";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        foreach (var body in HostileBodies.All.Values)
        {
            ShownBody.Of("editor", body);
        }

        foreach (var (what, body) in HostileBodies.All)
        {
            ShownBody shown = new ShownBody.Nothing();
            var cost = await Cost.OfAsync(() => shown = ShownBody.Of("editor", body));
            var (took, megabytes) = (cost.Time.TotalMilliseconds, cost.PeakBytes / 1e6);
            yield return new Line(
                $"body, {what}",
                string.Create(CultureInfo.InvariantCulture, $"{took:0} ms, {megabytes:0.0} MB"),
                $"{shown.GetType().Name}, {LengthOf(shown):N0} characters",
                "",
                $"≤ {MostMilliseconds:0} ms, ≤ {MostMegabytes:0} MB",
                took <= MostMilliseconds && megabytes <= MostMegabytes);
        }
    }

    private static int LengthOf(ShownBody shown) => shown switch
    {
        ShownBody.Formatted formatted => formatted.Markup.Value.Length,
        ShownBody.Typed typed => typed.Text.Length,
        _ => 0,
    };
}
