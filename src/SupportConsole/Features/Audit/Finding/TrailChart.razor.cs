using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SupportConsole.Access;
using SupportConsole.Ui;

namespace SupportConsole.Features.Audit.Finding;

/// <summary>The events of the page's filters over time, as bars that are buttons: pressing one, or dragging across several, narrows the time to them.</summary>
public sealed partial class TrailChart
{
    private static readonly TableColumn[] Columns = TableColumn.Of("Time", "Events");

    private readonly Latest _newest = new();
    private readonly Dictionary<DateTime, ElementReference> _buttons = []; // By their bars: one that is drawn again stays the element that it was.
    private (FilterReading, TimeZoneInfo, long)? _asked;
    private Histogram? _histogram;
    private FilterReading? _drawn;
    private string? _failure;
    private bool _isEmpty;
    private int _here;
    private HistogramBar? _pressed;

    /// <summary>The page's filters.</summary>
    [Parameter, EditorRequired] public required AuditAddress Filter { get; set; }

    /// <summary>What they ask, readable and of known people.</summary>
    [Parameter, EditorRequired] public required FilterReading Question { get; set; }

    /// <summary>The newest event that is shown; with another one, what came is drawn too.</summary>
    [Parameter] public long Head { get; set; }

    /// <summary>Takes the filters with another time.</summary>
    [Parameter] public EventCallback<AuditAddress> OnZoom { get; set; }

    [CascadingParameter] private BrowserClock? Browser { get; set; }

    [Inject] private TrailHistogram Trail { get; init; } = null!;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    private string Per => _histogram!.Unit switch { HistogramUnit.Hour => "an hour", HistogramUnit.Day => "a day", _ => "a month" };

    // The days of an address that was passed on are drawn as those of whoever chose them.
    private TimeZoneInfo Zone => !Filter.HasDays ? Browser?.Zone ?? TimeZoneInfo.Utc
        : Filter.Zone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // The browser tells its zone once the page is up.
        var (question, zone) = (Question, Zone);
        if (_asked is { } asked && asked.Equals((question, zone, Head)))
        {
            return;
        }

        _asked = (question, zone, Head);
        var before = ReferenceEquals(_drawn, question) && zone.Equals(_histogram?.Zone) ? _histogram : null;
        await LoadAsync(
            _newest,
            run => before is null ? Trail.OfAsync(Staff, question.Query, zone, run) : Trail.GrownAsync(Staff, question.Query, before, run),
            answer =>
            {
                // Whoever walks its bars stays where they are while it grows.
                var here = before?.Bars[_here].Begin;
                (_histogram, _drawn) = (answer is Loaded<Histogram?>.Ready { Value: { } drawn } ? drawn : null, question);
                _failure = (answer as Loaded<Histogram?>.Failed)?.Explanation;
                _isEmpty = answer is Loaded<Histogram?>.Ready { Value: null };
                List<HistogramBar> bars = [.. _histogram?.Bars ?? []];
                _here = Math.Max(0, bars.FindIndex(bar => bar.Begin == here) is var kept and >= 0 ? kept : bars.Count - 1);
            });
    }

    /// <summary>As high as it has events, against the highest; one event can still be seen.</summary>
    private string HeightOf(HistogramBar bar)
    {
        var most = _histogram!.Bars.Max(one => one.Events);
        return string.Create(CultureInfo.InvariantCulture, $"height: {(bar.Events == 0 ? 0 : Math.Max(3, 100.0 * bar.Events / most)):0.#}%");
    }

    private async Task PressAsync(KeyboardEventArgs key)
    {
        if (key.Key == "Escape" && Filter.HasDays)
        {
            await WholeAsync();
        }

        var bars = _histogram?.Bars ?? [];
        var next = key.Key switch { "ArrowLeft" => _here - 1, "ArrowRight" => _here + 1, "Home" => 0, "End" => bars.Count - 1, _ => -1 };
        if (next >= 0 && next < bars.Count && _buttons.TryGetValue(bars[next].Begin, out var button))
        {
            _here = next;
            await button.FocusAsync();
        }
    }

    // A click follows where it is the same bar.
    private Task DropAsync(HistogramBar at)
    {
        var begun = _pressed;
        _pressed = null;
        return begun is { } from && from.Begin != at.Begin ? from.Begin < at.Begin ? ZoomAsync(from, at) : ZoomAsync(at, from) : Task.CompletedTask;
    }

    private Task ZoomAsync(HistogramBar first, HistogramBar last) =>
        OnZoom.InvokeAsync(AskedFilter.Within(Filter, first.Begin, last.End, _histogram!.Unit != HistogramUnit.Hour, _histogram.Zone));

    private Task WholeAsync() => OnZoom.InvokeAsync(AskedFilter.Always(Filter));

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
