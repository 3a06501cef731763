using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Features.Audit.Folding;
using SupportConsole.Ui;

namespace SupportConsole.Features.Audit;

/// <summary>The audit trail, newest first. Its address holds the filters, so that a look can be sent to somebody and come back to.</summary>
public sealed partial class AuditTrailPage
{
    private static readonly TableColumn[] Columns = TableColumn.Of("Time", "What happened", "Event");

    private readonly Latest _newest = new();
    private AuditLook? _look;
    private KeysetPages? _pages;
    private AuditAddress? _shown;
    private string? _failure;
    private Virtualize<TrailRow>? _list;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private AuditDesk Trail { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IDialogService Dialogs { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    [Inject] private StepUp Proof { get; init; } = null!;

    /// <summary>First day, <c>yyyy-MM-dd</c> in <see cref="Zone"/>; null from the beginning.</summary>
    [SupplyParameterFromQuery] public string? From { get; set; }

    /// <summary>Last day, <c>yyyy-MM-dd</c> in <see cref="Zone"/>; null up to now.</summary>
    [SupplyParameterFromQuery] public string? To { get; set; }

    /// <summary>The staff id of who acted; in the address it is <c>staff</c>.</summary>
    [SupplyParameterFromQuery(Name = "staff")] public string? Actor { get; set; }

    /// <summary>A user as <c>collection/id</c>, or what one is to be found by: the address then changes to the user that was meant.</summary>
    [SupplyParameterFromQuery] public string? User { get; set; }

    /// <summary>Event types with commas between them; <c>role.*</c> means all that begin so.</summary>
    [SupplyParameterFromQuery] public string? Event { get; set; }

    /// <summary><c>success</c>, <c>denied</c> or <c>failed</c>.</summary>
    [SupplyParameterFromQuery] public string? Outcome { get; set; }

    /// <summary>The id of a view-as session.</summary>
    [SupplyParameterFromQuery] public string? Session { get; set; }

    /// <summary>Beginnings of words, all of which an event has.</summary>
    [SupplyParameterFromQuery] public string? Text { get; set; }

    /// <summary>Where the days are days, as an IANA name; null for UTC.</summary>
    [SupplyParameterFromQuery] public string? Zone { get; set; }

    /// <summary><see cref="AuditAddress.Sessions"/> to show all of a session as one row.</summary>
    [SupplyParameterFromQuery] public string? Fold { get; set; }

    /// <summary>Whether the person left a form to confirm who they are, and is back.</summary>
    [SupplyParameterFromQuery] public bool Resume { get; set; }

    [CascadingParameter] private BrowserClock? Browser { get; set; }

    private AuditAddress Filter => new(From, To, Actor, User, Event, Outcome, Session, Text, Zone) 
    {
        Fold = Fold == AuditAddress.Sessions ? Fold : null,
        Unread = AuditAddress.UnreadIn(Navigation.Uri),
    };

    private bool FoldsSessions => Fold == AuditAddress.Sessions;

    private TimeZoneInfo ReaderZone => Browser?.Zone ?? TimeZoneInfo.Utc;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (Resume && await Proof.TakeAsync<ErasureForm>(Gone) is { } kept)
        {
            await EraseDialog.ShowAsync(Dialogs, [kept.Person], kept);
        }
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var asked = Filter;
        if (asked.Unfolded != _shown?.Unfolded)
        {
            _shown = asked;
            await RestartAsync();
        }
        else if (asked != _shown)
        {
            // The same events in other rows, which is no other look.
            _shown = asked;
            _pages = _pages is null ? null : PagesOf(_look!);
        }
    }

    private async Task RestartAsync()
    {
        _failure = null;
        _pages = null;
        var filter = Filter;
        await LoadAsync(
            _newest,
            run => Trail.BeginAsync(Staff, filter, run),
            begun =>
            {
                switch (begun)
                {
                    case Loaded<AuditLook>.Ready { Value.People.Meant: { } meant }:
                        // Their id takes the place of what was typed, so that this address means the same person for ever.
                        Navigation.NavigateTo((filter with { User = $"{meant.Collection}/{meant.Id}" }).ToAddress(), replace: true);
                        break;
                    case Loaded<AuditLook>.Ready { Value: var look }:
                        _look = look;
                        _pages = look is { Question.Faults.Count: 0, People: null } ? PagesOf(look) : null;
                        break;
                    case Loaded<AuditLook>.Failed failed:
                        _failure = failed.Explanation;
                        break;
                }
            });
    }

    private KeysetPages PagesOf(AuditLook look) => new(Trail, Staff, look.Question.Query, FoldsSessions);

    private async ValueTask<ItemsProviderResult<TrailRow>> ProvideAsync(ItemsProviderRequest request)
    {
        try
        {
            return await _pages!.ProvideAsync(request.StartIndex, request.Count, request.CancellationToken);
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
            StateHasChanged();
            return new ItemsProviderResult<TrailRow>([], 0);
        }
    }

    private async Task ToggleAsync(TrailRow row)
    {
        try
        {
            await _pages!.ToggleAsync(row, Gone);
            await _list!.RefreshDataAsync();
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
        }
    }

    private void Apply(AuditAddress filter) => Navigation.NavigateTo(filter.ToAddress());

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }

    private Task ShowAsync(AuditEntry entry) => AuditEntryDialog.ShowAsync(Dialogs, entry);
}
