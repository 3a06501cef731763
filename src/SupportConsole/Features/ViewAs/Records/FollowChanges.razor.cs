using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>
/// Follows what happens to a collection, as the user hears of it, for as long as its list stands there and somebody wants it. That they do
/// stands in the list's address, so that it is followed again when they come back to it.
/// </summary>
public sealed partial class FollowChanges
{
    private readonly Latest _newest = new();
    private bool _on;
    private DateTimeOffset? _since;
    private DateTimeOffset? _lost;
    private (DateTimeOffset Lost, DateTimeOffset Back)? _gap;
    private ChangeSummary? _changes;
    private string? _failure;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    /// <summary>The open session that is read in; each batch of changes asks again whether it still is.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The collection, by its name.</summary>
    [Parameter, EditorRequired] public required string Collection { get; set; }

    /// <summary>The address of a record, by its id.</summary>
    [Parameter, EditorRequired] public required Func<string, string> AddressOf { get; set; }

    /// <summary>
    /// Whether the address says that it is followed: looked at when the list comes, and not again. What is done here the address says a moment
    /// later, and by then something else may have been done.
    /// </summary>
    [Parameter] public bool Wanted { get; set; }

    /// <summary>It began, or ceased, other than by the address.</summary>
    [Parameter] public EventCallback<bool> OnTurned { get; set; }

    /// <summary>Reads the list again.</summary>
    [Parameter] public EventCallback OnReadAgain { get; set; }

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        if (Wanted)
        {
            Turn(on: true);
        }
    }

    private Task TurnAsync(bool on)
    {
        Turn(on);
        return OnTurned.InvokeAsync(on);
    }

    // Following goes on beside whatever else happens in the window.
    private void Turn(bool on)
    {
        Forget();
        (_on, _since, _lost, _failure) = (on, null, null, null);
        if (on)
        {
            _ = OnRendererAsync(FollowAsync);
        }
        else
        {
            _newest.Cancel();
        }
    }

    private async Task FollowAsync()
    {
        if (await LoadAsync(_newest, ReadAsync, end => (_on, _failure) = (false, (end as Loaded<bool>.Failed)?.Explanation)))
        {
            StateHasChanged();
            await OnTurned.InvokeAsync(false);
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var news in Changes.FollowAsync(Staff, Session.Id, Collection, cancellationToken))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            Take(news);
            StateHasChanged();
        }

        return true;
    }

    private void Take(ChangeNews news)
    {
        switch (news)
        {
            case ChangeNews.Following following:
                _gap = _lost is { } lost ? (_gap?.Lost ?? lost, following.Since) : _gap;
                (_since, _lost) = (following.Since, null);
                break;
            case ChangeNews.Lost gone:
                (_since, _lost) = (null, _lost ?? gone.At);
                break;
            case ChangeNews.Changed { Changes: var changes }:
                _changes = _changes?.And(changes) ?? changes;
                break;
        }
    }

    // Before it is read: what comes meanwhile may be missing in what is read.
    private Task ReadAgainAsync()
    {
        Forget();
        return OnReadAgain.InvokeAsync();
    }

    private void Forget() => (_changes, _gap) = (null, null);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
