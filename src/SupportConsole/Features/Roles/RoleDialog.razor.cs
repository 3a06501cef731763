using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Roles;

/// <summary>Asks for what a change of roles needs and makes it.</summary>
public sealed partial class RoleDialog
{
    private string _staff = "";
    private Role _role;
    private DateOnly? _until;
    private string _reason = "";
    private string? _failure;
    private bool _busy;

    [Inject] public required CurrentStaff Staff { get; init; }

    [Inject] public required RoleBook Roles { get; init; }

    [CascadingParameter] public required IMudDialogInstance Dialog { get; set; }

    /// <summary>Whether a role is granted or taken away.</summary>
    [Parameter] public bool Grant { get; set; }

    /// <summary>Whose row the dialog was opened from; null for the page's own button.</summary>
    [Parameter] public StaffRow? Row { get; set; }

    /// <summary>Everybody who can be granted a role.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<StaffRow> People { get; set; }

    private IEnumerable<Role> Offered => Grant || Row is null ? Enum.GetValues<Role>() : Row.Member.Roles;

    /// <summary>Opens the dialog.</summary>
    public static Task ShowAsync(IDialogService dialogs, bool grant, StaffRow? row, IReadOnlyList<StaffRow> people) =>
        dialogs.ShowAsync<RoleDialog>(
            null,
            new DialogParameters<RoleDialog> { { d => d.Grant, grant }, { d => d.Row, row }, { d => d.People, people } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true });

    protected override void OnInitialized()
    {
        _staff = (Row ?? (People is [var first, ..] ? first : null))?.Member.Id.Value ?? "";
        _role = Offered.First();
    }

    private async Task DoAsync()
    {
        _busy = true;
        _failure = null;
        try
        {
            var staff = new StaffId(_staff);
            if (Grant)
            {
                DateTimeOffset? until = _until is { } day ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null;
                await Roles.GrantAsync(Staff, staff, _role, _reason, until, Gone);
            }
            else
            {
                await Roles.RevokeAsync(Staff, staff, _role, _reason, Gone);
            }

            Dialog.Close();
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
        }
        finally
        {
            _busy = false;
        }
    }
}
