using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Ui;

namespace SupportConsole.Features.Users;

/// <summary>What support may know about one user, and the way into a session.</summary>
public sealed partial class UserDetailsPage
{
    private static readonly TableColumn[] Columns = TableColumn.Of("Opened", "By", "Reason", "Ticket");

    private readonly Latest _newest = new();
    private Loaded<UserFacts?> _facts = new Loaded<UserFacts?>.Waiting();
    private string? _shown;
    private bool _canViewAs;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private IDialogService Dialogs { get; init; } = null!;

    /// <summary>The auth collection.</summary>
    [Parameter] public string Collection { get; set; } = "";

    /// <summary>The record id.</summary>
    [Parameter] public string Record { get; set; } = "";

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var asked = $"{Collection}/{Record}";
        if (asked != _shown)
        {
            _shown = asked;
            _canViewAs = (await Staff.FindForDisplayAsync(Gone))?.Member.May(Duty.ViewAsUsers) == true;
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        _facts = new Loaded<UserFacts?>.Waiting();
        await LoadAsync(
            _newest,
            run => AppUserId.TryCreate(Collection, Record, out var id)
                ? Directory.FindAsync(Staff, id, run)
                : Task.FromResult<UserFacts?>(null),
            facts => _facts = facts);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
