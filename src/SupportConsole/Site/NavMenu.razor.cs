using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.ViewAs;

namespace SupportConsole.Site;

/// <summary>The menu: the places that the reader's duties open at this moment, with a count of live sessions, and a mark where the trail isn't in order.</summary>
public sealed partial class NavMenu
{
    private ImmutableArray<Place> _places = [];
    private IDisposable? _subscription;
    private StaffMember? _staff;
    private bool _own;
    private int _live;
    private bool _isTrailBad;

    /// <summary>The pages in the order of the menu, each with the duty that opens it.</summary>
    internal static ImmutableArray<Place> Places { get; } =
    [
        new("users", "Find a user", Duty.FindUsers),
        new("sessions", "Live sessions", Duty.SeeSessions),
        new("audit", "Audit trail", Duty.ReadAudit),
        new("keys", "API keys", Duty.ManageKeys),
        new("staff", "Staff & roles", Duty.ManageRoles),
        new("setup", "Set-up", Duty.CheckSetUp),
    ];

    /// <summary>Not read: that it is another one draws the menu anew when rights change.</summary>
    [CascadingParameter] public Task<AuthenticationState>? Authentication { get; set; }

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private LiveSessions Sessions { get; init; } = null!;

    [Inject] private Verification Verification { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnLocationChanged;
        _subscription = Sessions.Changes.Subscribe(_ => OnRendererAsync(() =>
        {
            Count();
            StateHasChanged();
            return Task.CompletedTask;
        }));
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        _staff = (await Staff.FindForDisplayAsync(Gone))?.Member;
        _places = [.. Places.Where(place => _staff?.May(place.Duty) == true)];
        _own = _staff?.May(Duty.SeeAllSessions) != true;
        Count();
        await AskForVerdictAsync();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => _ = OnRendererAsync(async () =>
    {
        await AskForVerdictAsync();
        StateHasChanged();
    });

    private async Task AskForVerdictAsync()
    {
        try
        {
            _isTrailBad = _staff?.May(Duty.ReadAudit) == true && await Verification.LastAsync(Gone) is { IsGood: false };
        }
        catch (ExplainedException)
        {
            // While the database doesn't answer, the pages say so; the mark stays as it was.
        }
    }

    private void Count() => _live = Sessions.All().Count(live => !_own || live.Staff == _staff?.Id);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _subscription?.Dispose();
        base.Dispose(disposing);
    }

    internal sealed record Place(string Href, string Name, Duty Duty)
    {
        public string NameFor(bool own) => Duty == Duty.SeeSessions && own ? "My sessions" : Name;
    }
}
