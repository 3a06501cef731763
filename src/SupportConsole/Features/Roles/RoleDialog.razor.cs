using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Roles;

/// <summary>Asks for what a change of roles needs and makes it.</summary>
public sealed partial class RoleDialog
{
    private string _staff = "";
    private Role _role;
    private DateOnly? _until;
    private string _reason = "";

    [Inject] private RoleBook Roles { get; init; } = null!;

    /// <summary>Whether a role is granted or taken away.</summary>
    [Parameter] public bool Grant { get; set; }

    /// <summary>Whose row the dialog was opened from; null for the page's own button.</summary>
    [Parameter] public StaffRow? Row { get; set; }

    /// <summary>Everybody who can be granted a role.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<StaffRow> People { get; set; }

    /// <summary>What was typed before the person confirmed who they are; null for a fresh form.</summary>
    [Parameter] public RoleForm? Form { get; set; }

    private IEnumerable<Role> Offered => Grant || Row is null ? Enum.GetValues<Role>() : Row.Member.Roles;

    /// <summary>Opens the dialog.</summary>
    public static Task ShowAsync(IDialogService dialogs, bool grant, StaffRow? row, IReadOnlyList<StaffRow> people, RoleForm? form = null) =>
        dialogs.ShowAsync<RoleDialog>(
            null,
            new DialogParameters<RoleDialog> { { d => d.Grant, grant }, { d => d.Row, row }, { d => d.People, people }, { d => d.Form, form } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true });

    /// <inheritdoc />
    protected override Task OnInitializedAsync()
    {
        _staff = Form?.Staff ?? (Row ?? (People is [var first, ..] ? first : null))?.Member.Id.Value ?? "";
        _role = Form is { } kept && Offered.Contains(kept.Role) ? kept.Role : Offered.First();
        _until = Form?.Until;
        _reason = Form?.Reason ?? "";
        return base.OnInitializedAsync();
    }

    private Task DoAsync() => DoAsync(
        new RoleForm(Grant, _staff, _role, _until, _reason),
        "staff?resume=true",
        async () =>
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
        });
}
