using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.Roles;

public sealed partial class StaffPage
{
    private static readonly TableColumn[] Columns = [.. TableColumn.Of("Staff member", "Roles", "Since", "Until", "Sessions", "Last sign-in"), TableColumn.Actions];

    private Loaded<IReadOnlyList<StaffRow>> _staff = new Loaded<IReadOnlyList<StaffRow>>.Waiting();
    private readonly Latest _newest = new();
    private readonly List<IDisposable> _subscriptions = [];
    private StaffId? _me;

    [Inject] public required CurrentStaff Staff { get; init; }

    [Inject] public required RoleBook Roles { get; init; }

    [Inject] public required LiveSessions Sessions { get; init; }

    [Inject] public required StaffChangeFeed Changes { get; init; }

    [Inject] public required IDialogService Dialogs { get; init; }

    [Inject] public required StepUp Proof { get; init; }

    /// <summary>Whether the person left a form to confirm who they are, and is back.</summary>
    [SupplyParameterFromQuery] public bool Resume { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _subscriptions.Add(Changes.Subscribe(_ => OnRendererAsync(RefreshAsync)));
        _subscriptions.Add(Sessions.Changes.Subscribe(_ => OnRendererAsync(() =>
        {
            StateHasChanged();
            return Task.CompletedTask;
        })));
        _me = (await Staff.FindForDisplayAsync(Gone))?.Member.Id;
        await LoadAsync();
        if (Resume && await Proof.TakeAsync<RoleForm>(Gone) is { } kept)
        {
            // Somebody who lost the role meanwhile, or is unknown, gets no dialog to revoke it.
            var row = Known.FirstOrDefault(row => row.Member.Id.Value == kept.Staff);
            if (kept.Grant || row?.Member.Roles.Contains(kept.Role) == true)
            {
                await RoleDialog.ShowAsync(Dialogs, kept.Grant, row, Known, kept);
            }
        }
    }

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private Task LoadAsync() => LoadAsync(_newest, run => Roles.ListAsync(Staff, run), staff => _staff = staff);

    private Task GrantAsync(StaffRow? row) => RoleDialog.ShowAsync(Dialogs, grant: true, row, Known);

    private Task RevokeAsync(StaffRow row) => RoleDialog.ShowAsync(Dialogs, grant: false, row, Known);

    private IReadOnlyList<StaffRow> Known =>
        _staff is Loaded<IReadOnlyList<StaffRow>>.Ready ready ? [.. ready.Value.Where(row => row.Member.Id != _me)] : [];

    protected override void Dispose(bool disposing)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }

        _newest.Dispose();
        base.Dispose(disposing);
    }
}
