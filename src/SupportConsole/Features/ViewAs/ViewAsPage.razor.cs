using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs;

public sealed partial class ViewAsPage
{
    private ViewAsSession? _live;
    private bool _own;
    private Loaded<EndedSession?> _ended = new Loaded<EndedSession?>.Waiting();
    private IDisposable? _subscription;
    private bool _marked;

    [Inject] public required CurrentStaff Staff { get; init; }

    [Inject] public required OpenSessions Sessions { get; init; }

    [Inject] public required IJSRuntime Browser { get; init; }

    [CascadingParameter] public Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>The session's id.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>The post that is open; null for the list.</summary>
    [SupplyParameterFromQuery] public string? Post { get; set; }

    protected override void OnInitialized() =>
        _subscription = Sessions.Subscribe(id => id == Id ? OnRendererAsync(RefreshAndDrawAsync) : Task.CompletedTask);

    protected override Task OnParametersSetAsync() => _live?.Id == Id && Sessions.Find(Id) is not null ? Task.CompletedTask : RefreshAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var mark = _live is not null && _own;
        if (mark != _marked)
        {
            _marked = mark;
            await Browser.InvokeVoidAsync("supportConsole.markViewAs", Gone, mark);
        }
    }

    private async Task RefreshAndDrawAsync()
    {
        await RefreshAsync();
        StateHasChanged();
    }

    private async Task RefreshAsync()
    {
        var staff = await Staff.FindForDisplayAsync(Gone);
        var live = Sessions.Find(Id)?.Session;
        _own = live is not null && live.Staff == staff?.Member.Id && staff.Member.May(Duty.ViewAsUsers);
        _live = live is not null && (_own || staff?.Member.May(Duty.SeeAllSessions) == true) ? live : null;
        if (_live is null)
        {
            _ended = await LoadAsync(History.FindAsync(Staff, Id, Gone), _ended);
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await Desk.EndAsync(Staff, Id, Gone);
        }
        catch (SessionOverException)
        {
            // It ended by itself while the button was pressed: the same end, another reason.
        }

        await RefreshAsync();
    }

    private Task ExpireAsync() => Desk.EndAsync(Id, EndReason.Expired);

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }
}
