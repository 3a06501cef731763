using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;
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
    private int _open;
    private bool _isPointedAt;
    private Virtualize<TrailRow>? _list;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private AuditDesk Trail { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IDialogService Dialogs { get; init; } = null!;

    [Inject] private IJSRuntime Script { get; init; } = null!;

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

    /// <summary>Where the days are days, as an IANA name. An address with days and none of it gets the reader's.</summary>
    [SupplyParameterFromQuery] public string? Zone { get; set; }

    /// <summary>A typed query of what the others can't say.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? Query { get; set; }

    /// <summary>Whether new events are shown as they come: <c>1</c>.</summary>
    [SupplyParameterFromQuery] public string? Follow { get; set; }
    /// <summary><see cref="AuditAddress.Sessions"/> to show all of a session as one row.</summary>
    [SupplyParameterFromQuery] public string? Fold { get; set; }

    /// <summary><c>true</c> where the person left a form to confirm who they are, and is back.</summary>
    [SupplyParameterFromQuery] public string? Resume { get; set; }

    [CascadingParameter] private BrowserClock? Browser { get; set; }

    [CascadingParameter] private WindowFacts? Facts { get; set; }

    private AuditAddress Filter => new(From, To, Actor, User, Event, Outcome, Session, Text, Zone, Query)
    {
        Fold = Fold == AuditAddress.Sessions ? Fold : null,
        Follow = Follow == "1",
        Unread = AuditAddress.UnreadIn(Navigation.Uri),
    };

    private bool FoldsSessions => Fold == AuditAddress.Sessions;

    private TimeZoneInfo ReaderZone => Browser?.Zone ?? TimeZoneInfo.Utc;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (bool.TryParse(Resume, out var isBack) && isBack && await Proof.TakeAsync<ErasureForm>(Gone) is { } kept)
        {
            await EraseDialog.ShowAsync(Dialogs, [kept.Person], kept);
        }
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var asked = Filter;
        if (asked.Unread is null && asked.CompletedWith(ReaderZone) is var whole && whole != asked)
        {
            // The same days as the rows under them have, and for whoever gets the address next. Nothing is asked before the browser has said its zone.
            if (Facts is not { Clock: null })
            {
                Navigation.NavigateTo(whole.ToAddress(), replace: true);
            }

            return;
        }

        if (_shown is null || asked with { Fold = null } != _shown with { Fold = null })
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
                    case Loaded<AuditLook>.Ready { Value: { People.Meant: { } meant, Question.Wanted: { } wanted } }:
                        // Their id takes the place of what was typed, so that this address means the same person for ever.
                        Navigation.NavigateTo(wanted.AddressOf(meant).ToAddress(), replace: true);
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

    private async Task ShowAsync(AuditEntry entry)
    {
        var dialog = await AuditEntryDialog.ShowAsync(Dialogs, entry);
        _open++;
        _ = OnRendererAsync(async () =>
        {
            await dialog.Result;
            _open--;
        });
    }

    /// <summary>Draws everything up to the newest event, without being a look of its own.</summary>
    private void Renew(long head)
    {
        if (_pages is not null)
        {
            _look = _look! with { Head = head };
            _pages = PagesOf(_look);
        }
    }

    private async Task<bool> IsReadAsync() => _open > 0 || _isPointedAt || await Script.InvokeAsync<bool>("supportConsole.isScrolled", Gone, ".trail .table");
}
