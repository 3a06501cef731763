using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Ui;

namespace SupportConsole.Features.Audit;

public sealed partial class AuditTrailPage
{
    private static readonly TableColumn[] Columns = TableColumn.Of("Time", "Event", "Staff member", "User", "Detail", "Seq");

    private readonly Latest _newest = new();
    private AuditLook? _look;
    private KeysetPages? _pages;
    private AuditAddress? _shown;
    private string? _failure;

    [Inject] public required CurrentStaff Staff { get; init; }

    [Inject] public required AuditDesk Trail { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required IDialogService Dialogs { get; init; }

    [Inject] public required TimeProvider Clock { get; init; }

    [SupplyParameterFromQuery] public string? From { get; set; }

    [SupplyParameterFromQuery] public string? To { get; set; }

    [SupplyParameterFromQuery(Name = "staff")] public string? Actor { get; set; }

    [SupplyParameterFromQuery] public string? User { get; set; }

    [SupplyParameterFromQuery] public string? Event { get; set; }

    [SupplyParameterFromQuery] public string? Outcome { get; set; }

    [SupplyParameterFromQuery] public string? Session { get; set; }

    [SupplyParameterFromQuery] public string? Text { get; set; }

    [SupplyParameterFromQuery] public string? Zone { get; set; }

    [CascadingParameter] public BrowserClock? Browser { get; set; }

    private AuditAddress Filter => new(From, To, Actor, User, Event, Outcome, Session, Text, Zone) { Unread = AuditAddress.UnreadIn(Navigation.Uri) };

    private TimeZoneInfo ReaderZone => Browser?.Zone ?? TimeZoneInfo.Utc;

    protected override async Task OnParametersSetAsync()
    {
        var asked = Filter;
        if (asked != _shown)
        {
            _shown = asked;
            await RestartAsync();
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
                        _pages = look is { Question.Faults.Count: 0, People: null } ? new KeysetPages(Trail, Staff, look.Question.Query) : null;
                        break;
                    case Loaded<AuditLook>.Failed failed:
                        _failure = failed.Explanation;
                        break;
                }
            });
    }

    private async ValueTask<ItemsProviderResult<AuditEntry>> ProvideAsync(ItemsProviderRequest request)
    {
        try
        {
            return await _pages!.ProvideAsync(request.StartIndex, request.Count, request.CancellationToken);
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
            StateHasChanged();
            return new ItemsProviderResult<AuditEntry>([], 0);
        }
    }

    private void Apply(AuditAddress filter) => Navigation.NavigateTo(filter.ToAddress());

    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }

    private Task ShowAsync(AuditEntry entry) => AuditEntryDialog.ShowAsync(Dialogs, entry);
}
