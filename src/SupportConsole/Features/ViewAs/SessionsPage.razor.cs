using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs;

/// <summary>The sessions that are open at this moment, of everybody or of one person alone, by the reader's duties. It follows each start and end.</summary>
public sealed partial class SessionsPage
{
    private static readonly TableColumn[] Columns = [.. TableColumn.Of("User", "Agent", "Reason", "Started", "Time left"), TableColumn.Actions];

    private IReadOnlyList<ViewAsSession> _sessions = [];
    private IDisposable? _subscription;
    private StaffId? _me;
    private string? _unread;
    private string? _failure;
    private bool _all;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private LiveSessions Sessions { get; init; } = null!;

    private string Title => _all ? "Live sessions" : "My sessions";

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _subscription = Sessions.Changes.Subscribe(_ => OnRendererAsync(async () =>
        {
            await RefreshAsync();
            StateHasChanged();
        }));
        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        ActingStaff? staff;
        _unread = null;
        try
        {
            staff = await Staff.FindAsync(Gone);
        }
        catch (ExplainedException failure)
        {
            _unread = failure.Message;
            _sessions = [];
            return;
        }

        _me = staff?.Member.Id;
        _all = staff?.Member.May(Duty.SeeAllSessions) == true;
        _sessions = staff?.Member.May(Duty.SeeSessions) == true
            ? [.. Sessions.All().Where(session => _all || session.Staff == _me)]
            : [];
    }

    private async Task EndAsync(string id)
    {
        _failure = null;
        try
        {
            await Desk.EndAsync(Staff, id, Gone);
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
        }

        await RefreshAsync();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }
}
