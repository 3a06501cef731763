using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Ui;

namespace SupportConsole.Features.Users;

public sealed partial class UserDetailsPage
{
    private Loaded<UserFacts?> _facts = new Loaded<UserFacts?>.Waiting();
    private string? _shown;
    private bool _canViewAs;

    [Inject] public required CurrentStaff Staff { get; init; }

    [Inject] public required IDialogService Dialogs { get; init; }

    /// <summary>The auth collection.</summary>
    [Parameter] public string Collection { get; set; } = "";

    /// <summary>The record id.</summary>
    [Parameter] public string Record { get; set; } = "";

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
        _facts = AppUserId.TryCreate(Collection, Record, out var id)
            ? await LoadAsync(Directory.FindAsync(Staff, id, Gone), _facts)
            : new Loaded<UserFacts?>.Ready(null);
    }
}
