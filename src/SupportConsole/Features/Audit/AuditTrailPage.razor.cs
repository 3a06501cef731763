using System.Collections.Immutable;
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
    private readonly Latest _newest = new();
    private IReadOnlyList<SeenStaff> _staff = [];
    private KeysetPages? _pages;
    private string? _shown;
    private string? _failure;
    private long? _head;

    [Inject] public required CurrentStaff Staff { get; init; }

    [Inject] public required AuditBrowser Trail { get; init; }

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

    private AuditFilter Filter => new(From, To, Actor, User, Event, Outcome, Session, Text);

    internal static ImmutableArray<AuditView> Views { get; } =
    [
        new("Everything", _ => new AuditFilter()),
        new("Today", now => new AuditFilter(From: now.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))),
        new("Refused", _ => new AuditFilter(Outcome: "denied")),
        new("Failed", _ => new AuditFilter(Outcome: "failed")),
        new("Sessions", _ => new AuditFilter(Event: AuditEventTypes.SessionOpened)),
        new("Role changes", _ => new AuditFilter(Event: AuditEventTypes.RoleGranted)),
        new("Revoked roles", _ => new AuditFilter(Event: AuditEventTypes.RoleRevoked)),
        new("New keys", _ => new AuditFilter(Event: AuditEventTypes.KeyCreated)),
        new("Revoked keys", _ => new AuditFilter(Event: AuditEventTypes.KeyRevoked)),
    ];

    protected override async Task OnParametersSetAsync()
    {
        var asked = Filter.ToAddress();
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
            async run => (Head: await Trail.BeginAsync(Staff, filter, run), Seen: await Trail.StaffSeenAsync(Staff, run)),
            begun =>
            {
                switch (begun)
                {
                    case Loaded<(long Head, IReadOnlyList<SeenStaff> Seen)>.Ready { Value: var (head, seen) }:
                        (_head, _staff, _pages) = (head, seen, new KeysetPages(Trail, Staff, filter.ToQuery()));
                        break;
                    case Loaded<(long Head, IReadOnlyList<SeenStaff> Seen)>.Failed failed:
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

    private void Apply(AuditFilter filter) => Navigation.NavigateTo(filter.ToAddress());

    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }

    private Task ShowAsync(AuditEntry entry) => AuditEntryDialog.ShowAsync(Dialogs, entry);
}
