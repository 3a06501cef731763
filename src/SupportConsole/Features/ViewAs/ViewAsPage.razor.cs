using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs;

/// <summary>A view-as session under its address: the user's view for who opened it, what is known of it for who watches over sessions, and its end once it is over.</summary>
public sealed partial class ViewAsPage
{
    private const string ProfilePart = "profile";
    private const string CollectionsPart = "collections";
    private const string WhyPart = "why";
    private const string LogPart = "log";

    private static readonly (string? Part, string Words)[] s_tabs = [(null, "Posts"), (ProfilePart, "Profile"), (CollectionsPart, "All collections"), (WhyPart, "Why not?"), (LogPart, "Session log")];

    private ViewAsSession? _live;
    private bool _own;
    private readonly Latest _newest = new();
    private Loaded<EndedSession?> _ended = new Loaded<EndedSession?>.Waiting();
    private IDisposable? _subscription;
    private string? _failure;
    private string? _shown;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private LiveSessions Sessions { get; init; } = null!;

    /// <summary>Not read: that it is another one draws the page anew when rights change.</summary>
    [CascadingParameter] public Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>The session's id.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>The place in the view; null for the posts.</summary>
    [Parameter] public string? Part { get; set; }

    /// <summary>The collection that is open in its place; null for all.</summary>
    [Parameter] public string? Collection { get; set; }

    /// <summary>The record that is open; null for the list.</summary>
    [SupplyParameterFromQuery] public string? Record { get; set; }

    /// <summary>What narrows the collection, in PocketBase's own language.</summary>
    [SupplyParameterFromQuery] public string? Filter { get; set; }

    /// <summary>The field that the collection is sorted by.</summary>
    [SupplyParameterFromQuery] public string? Sort { get; set; }

    /// <summary>The page of the collection in such an order.</summary>
    [SupplyParameterFromQuery(Name = "page")] public string? PageNumber { get; set; }

    /// <summary>Whether the list is followed, as <see cref="Records.RecordsPlace.Following"/> has it.</summary>
    [SupplyParameterFromQuery] public string? Follow { get; set; }

    /// <summary>The post that is open; null for the list.</summary>
    [SupplyParameterFromQuery] public string? Post { get; set; }

    /// <summary>The last post, or record, before the page of the list.</summary>
    [SupplyParameterFromQuery] public string? After { get; set; }

    /// <inheritdoc />
    protected override void OnInitialized() =>
        _subscription = Sessions.Changes.Subscribe(id => id == Id ? OnRendererAsync(HearAsync) : Task.CompletedTask);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            // Nothing of another session may stand under this address, not even for a moment.
            _shown = Id;
            _live = null;
            _failure = null;
            _newest.Cancel();
            _ended = new Loaded<EndedSession?>.Waiting();
            await RefreshAsync();
        }
    }

    private async Task HearAsync()
    {
        // Nobody asks for anything here: whoever lost the role in that moment is refused nothing, and the page is locked around this.
        if ((await Staff.FindForDisplayAsync(Gone))?.Member.May(Duty.SeeSessions) == false)
        {
            _live = null;
        }
        else
        {
            await RefreshAsync();
        }

        StateHasChanged();
    }

    private async Task RefreshAsync()
    {
        var id = Id;
        var staff = await Staff.FindForDisplayAsync(Gone);
        if (id != Id)
        {
            return; // Another session's address came meanwhile, and with it another look.
        }

        var live = Sessions.Find(id)?.Session;
        _own = live is not null && live.Staff == staff?.Member.Id && staff.Member.May(Duty.ViewAsUsers);
        _live = live is not null && (_own || staff?.Member.May(Duty.SeeAllSessions) == true) ? live : null;
        if (_live is null)
        {
            await LoadAsync(_newest, run => History.FindAsync(Staff, id, run), ended => _ended = ended);
        }
    }

    private async Task EndAsync()
    {
        _failure = null;
        try
        {
            await Desk.EndAsync(Staff, Id, Gone);
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
        }

        // Usually the end was heard of meanwhile: what it left is shown already, and would be recorded as shown twice.
        if (_live is not null)
        {
            await RefreshAsync();
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
