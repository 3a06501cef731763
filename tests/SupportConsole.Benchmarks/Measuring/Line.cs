using System.Globalization;

namespace SupportConsole.Benchmarks.Measuring;

/// <summary>One line of the table.</summary>
/// <param name="What">What was measured against what.</param>
/// <param name="Subject">The console's value, with its unit.</param>
/// <param name="Floor">The value it is held against.</param>
/// <param name="Ratio">What was reached.</param>
/// <param name="Target">What was to be reached.</param>
/// <param name="Met">Whether it was.</param>
internal sealed record Line(string What, string Subject, string Floor, string Ratio, string Target, bool Met)
{
    public const string Head = "| What | Console p50 / p99 | Floor p50 / p99 | Ratio | Target | |\n|---|---|---|---|---|---|";

    /// <summary>A comparison of two series: the median's ratio, and that of the slowest hundredth where it has a limit too.</summary>
    public static Line Of(string what, Samples subject, Samples floor, double limit, double? limit99 = null)
    {
        var (ratio, ratio99) = (subject.P50 / floor.P50, subject.P99 / floor.P99);
        return limit99 is { } most
            ? new Line(what, Both(subject), Both(floor), $"{Times(ratio)}, p99 {Times(ratio99)}", $"≤ {Times(limit)}, p99 ≤ {Times(most)}", ratio <= limit && ratio99 <= most)
            : new Line(what, Both(subject), Both(floor), Times(ratio), $"≤ {Times(limit)}", ratio <= limit);
    }

    public static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}×");

    public override string ToString() => $"| {What} | {Subject} | {Floor} | {Ratio} | {Target} | {(Met ? "met" : "**short**")} |";

    private static string Both(Samples samples) => string.Create(CultureInfo.InvariantCulture, $"{samples.P50:0.000} / {samples.P99:0.000} ms");
}
