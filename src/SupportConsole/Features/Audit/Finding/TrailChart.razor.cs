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
    private (FilterReading, TimeZoneInfo)? _drawn;
    private Histogram? _histogram;
    private string? _failure;
    private bool _isEmpty;
    private int _here;
    private int? _pressed;

    /// <summary>The page's filters.</summary>
    [Parameter, EditorRequired] public required AuditAddress Filter { get; set; }

    /// <summary>What they ask, readable and of known people.</summary>
    [Parameter, EditorRequired] public required FilterReading Question { get; set; }

    /// <summary>Takes the filters with another time.</summary>
    [Parameter] public EventCallback<AuditAddress> OnZoom { get; set; }

    [CascadingParameter] private BrowserClock? Browser { get; set; }

    [Inject] private TrailHistogram Trail { get; init; } = null!;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    private string Per => _histogram!.Unit switch { HistogramUnit.Hour => "an hour", HistogramUnit.Day => "a day", _ => "a month" };

    private bool IsZoomed => AskedFilter.Always(Filter) != Filter;

    // The days of an address that was passed on are drawn as those of whoever chose them.
    private TimeZoneInfo Zone => !Filter.HasDays ? Browser?.Zone ?? TimeZoneInfo.Utc
        : Filter.Zone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // The browser tells its zone once the page is up.
        if (_drawn is var (question, drawnZone) && ReferenceEquals(Question, question) && Zone.Equals(drawnZone))
        {
            return;
        }

        _drawn = (Question, Zone);
        var (query, zone) = (Question.Query, Zone);
        await LoadAsync(_newest, run => Trail.OfAsync(Staff, query, zone, run), answer =>
        {
            _histogram = answer is Loaded<Histogram?>.Ready { Value: { } drawn } ? drawn : null;
            _failure = (answer as Loaded<Histogram?>.Failed)?.Explanation;
            _isEmpty = answer is Loaded<Histogram?>.Ready { Value: null };
            _here = Math.Max(0, (_histogram?.Bars.Count ?? 0) - 1);
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
        if (key.Key == "Escape" && IsZoomed)
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
    private Task DropAsync(int at)
    {
        var begun = _pressed;
        _pressed = null;
        return begun is { } from && from != at ? ZoomAsync(Math.Min(from, at), Math.Max(from, at)) : Task.CompletedTask;
    }

    private Task ZoomAsync(int first, int last) => OnZoom.InvokeAsync(AskedFilter.Within(
        Filter, _histogram!.Bars[first].Begin, _histogram.Bars[last].End, _histogram.Unit != HistogramUnit.Hour, _histogram.Zone));

    private Task WholeAsync() => OnZoom.InvokeAsync(AskedFilter.Always(Filter));

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
