using System.Globalization;
using Microsoft.AspNetCore.Components;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Features.ViewAs;

/// <summary>Says on every page of a session whose eyes these are and how long they stay open.</summary>
public sealed partial class ViewAsBar
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private ITimer? _ticker;
    private TimeSpan _left;
    private string? _warning;
    private bool _byPocketBase;
    private bool _over;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    [Inject] private LiveSessions Sessions { get; init; } = null!;

    /// <summary>The session whose time is shown, measured by the server's clocks.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The agent ends the session.</summary>
    [Parameter] public EventCallback OnEnd { get; set; }

    /// <summary>The time box is over; called once.</summary>
    [Parameter] public EventCallback OnExpired { get; set; }

    private string ReadOnlyTitle => _byPocketBase
        ? "The console can't write with this access. PocketBase proved at the opening that it refuses to, too."
        : "The console can't write with this access. PocketBase itself would let the user's rights apply: its companion hook isn't there, or didn't prove itself.";

    private string LeftText => _left.ToString(_left.TotalHours >= 1 ? @"h\:mm\:ss" : @"mm\:ss", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Measure();
        _ticker = Clock.CreateTimer(_ => _ = OnRendererAsync(TickAsync), null, OneSecond, OneSecond);
    }

    private async Task TickAsync()
    {
        if (_over)
        {
            return;
        }

        Measure();
        StateHasChanged();
        if (_left == TimeSpan.Zero)
        {
            _over = true;
            await OnExpired.InvokeAsync();
        }
    }

    // Always from the server's clocks: a browser's or a sleeping tab can't stretch the box. Rounded up, so that the last second
    // shown is the last one there is.
    private void Measure()
    {
        _byPocketBase = Sessions.Find(Session.Id)?.WritesBlockedByPocketBase == true;
        _left = TimeSpan.FromSeconds(Math.Ceiling(Session.Left(Clock).TotalSeconds));
        _warning = _left.TotalSeconds switch
        {
            <= 30 => "30 seconds left, then this view closes.",
            <= 60 => "One minute left. Write down what you need.",
            <= 120 => "Two minutes left. The time box can't be extended.",
            _ => null,
        };
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _ticker?.Dispose();
        base.Dispose(disposing);
    }
}
