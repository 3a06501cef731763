using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.SignIn;

/// <summary>
/// Who a window belongs to, kept true while it is open: a change of roles is announced to the pages at once, and the end of the
/// sign-in makes the window nobody's.
/// </summary>
internal sealed class StaffAuthenticationState : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly StandingStaff _standing;
    private readonly IStaffRights _rights;
    private readonly IDisposable _subscription;
    private Task<AuthenticationState>? _told, _renewed;
    private int _changes;
    private bool _unreadable;

    public StaffAuthenticationState(ILoggerFactory loggerFactory, StandingStaff standing, IStaffRights rights, StaffChangeFeed feed)
        : base(loggerFactory)
    {
        _standing = standing;
        _rights = rights;
        _subscription = feed.Subscribe(OnChangedAsync);
    }

    // The feed is immediate; this catches what it didn't reach.
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            var user = authenticationState.User;
            var found = await _standing.FindAsync(user, cancellationToken);
            _unreadable = false;
            if (found is { Member: var member } && WindowIdentity.Of(user) is { } shown && !shown.Member.Roles.SequenceEqual(member.Roles))
            {
                await OnChangedAsync(new StaffChange(member.Id));
            }

            return found is not null || StaffClaims.IdOf(user) is null;
        }
        catch (ExplainedException) when (!_unreadable)
        {
            // A passing fault of the database signs nobody out; a second one in a row does.
            _unreadable = true;
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Who the window was loaded by, with their roles; afterwards what was announced last.</summary>
    public override Task<AuthenticationState> GetAuthenticationStateAsync()
    {
        var told = base.GetAuthenticationStateAsync();
        if (told != _told)
        {
            _told = told;
            _renewed = RenewedAsync(told);
        }

        return _renewed!;
    }

    private async Task<AuthenticationState> RenewedAsync(Task<AuthenticationState> told)
    {
        var state = await told;
        return WindowIdentity.Of(state.User) is null && StaffClaims.IdOf(state.User) is { } id
            ? new AuthenticationState(await RenewedAsync(state.User, id))
            : state;
    }

    private async Task OnChangedAsync(StaffChange change)
    {
        // Of two changes at once only the later one's answer counts, and nothing brings a window back that became nobody's.
        var newest = Interlocked.Increment(ref _changes);
        var known = (await GetAuthenticationStateAsync()).User;
        if (StaffClaims.IdOf(known) != change.Staff)
        {
            return;
        }

        if (change.EndedSignIn is null)
        {
            var renewed = await RenewedAsync(known, change.Staff);
            if (newest == Volatile.Read(ref _changes))
            {
                // A new state makes every policy on the page decide again.
                SetAuthenticationState(Task.FromResult(new AuthenticationState(renewed)));
            }
        }
        else if (change.EndedSignIn == StaffClaims.SignInOf(known))
        {
            SetAuthenticationState(Task.FromResult(Nobody));
        }
    }

    /// <summary>The same person with the roles they hold now; where those can't be read, the policies ask for them anew.</summary>
    private async Task<ClaimsPrincipal> RenewedAsync(ClaimsPrincipal known, StaffId id)
    {
        var claims = new ClaimsIdentity(known.Claims, known.Identity!.AuthenticationType, StaffClaims.Name, roleType: null);
        try
        {
            return new ClaimsPrincipal(await _rights.FindAsync(id, CancellationToken.None) is { } member ? new WindowIdentity(claims, member) : claims);
        }
        catch (ExplainedException)
        {
            return new ClaimsPrincipal(claims);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _subscription.Dispose();
        base.Dispose(disposing);
    }
}
