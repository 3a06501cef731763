using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.Roles;

/// <summary>Everybody on the staff with their roles. It follows changes that are made elsewhere.</summary>
public sealed partial class StaffPage
{
    private static readonly TableColumn[] Columns = [.. TableColumn.Of("Staff member", "Roles", "Since", "Until", "Sessions", "Last sign-in"), TableColumn.Actions];

    private Loaded<IReadOnlyList<StaffRow>> _staff = new Loaded<IReadOnlyList<StaffRow>>.Waiting();
    private readonly Latest _newest = new();
    private readonly List<IDisposable> _subscriptions = [];
    private StaffId? _me;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private RoleBook Roles { get; init; } = null!;

    [Inject] private LiveSessions Sessions { get; init; } = null!;

    [Inject] private StaffChangeFeed Changes { get; init; } = null!;

    [Inject] private IDialogService Dialogs { get; init; } = null!;

    [Inject] private StepUp Proof { get; init; } = null!;

    /// <summary>Whether the person left a form to confirm who they are, and is back.</summary>
    [SupplyParameterFromQuery] public bool Resume { get; set; }

    /// <inheritdoc />
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

    private async Task LoadAsync() => await LoadAsync(_newest, run => Roles.ListAsync(Staff, run), staff => _staff = staff);

    private IReadOnlyList<StaffRow> Known =>
        _staff is Loaded<IReadOnlyList<StaffRow>>.Ready ready ? [.. ready.Value.Where(row => row.Member.Id != _me)] : [];

    /// <inheritdoc />
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
