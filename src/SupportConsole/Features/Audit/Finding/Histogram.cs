using System.Globalization;
using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Finding;

/// <summary>How many events there are in each stretch of a time.</summary>
/// <param name="Unit">What a bar stands for.</param>
/// <param name="Zone">Whose hours, days or months.</param>
/// <param name="Bars">The bars, oldest first, without gaps.</param>
/// <param name="Counted">How many events were counted where counting came to its limit; null where all were.</param>
public sealed record Histogram(HistogramUnit Unit, TimeZoneInfo Zone, IReadOnlyList<HistogramBar> Bars, long? Counted)
{
    private const int MostHours = 50, MostDays = 125, MostBars = 1200;

    /// <summary>The last event of the trail that is counted where they are counted one by one.</summary>
    internal long Head { get; init; }

    /// <summary>Its stretches, yet without events: hours of up to two days, days of up to four months, months otherwise.</summary>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The end; later than that.</param>
    /// <param name="zone">Where hours, days and months are.</param>
    internal static (HistogramUnit Unit, IReadOnlyList<(DateTime Begin, DateTimeOffset At)> Marks) Divide(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var unit = to - from <= TimeSpan.FromHours(MostHours) ? HistogramUnit.Hour : to - from <= TimeSpan.FromDays(MostDays) ? HistogramUnit.Day : HistogramUnit.Month;
        var local = TimeZoneInfo.ConvertTime(from, zone).DateTime;
        var clock = unit switch
        {
            HistogramUnit.Hour => local.Date.AddHours(local.Hour),
            HistogramUnit.Day => local.Date,
            _ => new DateTime(local.Year, local.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
        };
        List<(DateTime, DateTimeOffset)> marks = [];
        DateTimeOffset at;
        do
        {
            at = FilterReading.InstantOf(clock, zone);
            // An hour that clocks skip has no bar, and one that comes twice has one of two hours.
            if (marks is not [.., var (_, before)] || at > before)
            {
                marks.Add((TimeZoneInfo.ConvertTime(at, zone).DateTime, at));
            }

            clock = unit switch { HistogramUnit.Hour => clock.AddHours(1), HistogramUnit.Day => clock.AddDays(1), _ => clock.AddMonths(1) };
        }
        while (at < to && marks.Count <= MostBars);
        return (unit, marks);
    }

    /// <summary>The same with events that came later; null where there is no bar for one of them.</summary>
    /// <param name="came">When they happened.</param>
    /// <param name="head">The last event of the trail that is counted then.</param>
    internal Histogram? With(IReadOnlyCollection<DateTimeOffset> came, long head)
    {
        HistogramBar[] bars = [.. Bars];
        foreach (var clock in came.Select(at => TimeZoneInfo.ConvertTime(at, Zone).DateTime))
        {
            var place = Array.FindLastIndex(bars, bar => clock >= bar.Begin && clock < bar.End);
            if (place < 0)
            {
                return null;
            }

            bars[place] = bars[place] with { Events = bars[place].Events + 1 };
        }

        return this with { Bars = bars, Counted = Counted + came.Count, Head = head };
    }

    /// <summary>A bar as people say it: "3 December: 1,204 events".</summary>
    public string NameOf(HistogramBar bar)
    {
        ArgumentNullException.ThrowIfNull(bar);
        return $"{WhenOf(bar)}: {(bar.IsCounted ? "" : bar.Events == 0 ? "not counted" : "at least ")}{(bar.IsCounted || bar.Events > 0 ? bar.Events == 1 ? "1 event" : $"{Numbers.Number(bar.Events)} events" : "")}";
    }

    /// <summary>When it is.</summary>
    public string WhenOf(HistogramBar bar)
    {
        ArgumentNullException.ThrowIfNull(bar);
        var isOneYear = Bars[0].Begin.Year == Bars[^1].Begin.Year;
        return bar.Begin.ToString(Unit switch
        {
            HistogramUnit.Hour => "d MMMM, HH:mm",
            HistogramUnit.Day => isOneYear ? "d MMMM" : "d MMMM yyyy",
            _ => "MMMM yyyy",
        }, CultureInfo.InvariantCulture);
    }
}
