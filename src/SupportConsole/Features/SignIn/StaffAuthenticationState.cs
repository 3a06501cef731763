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
    private readonly Lock _telling = new();
#pragma warning disable CA2213 // A window may close while its roles are being read, and this has nothing to release.
    private readonly SemaphoreSlim _renewing = new(1);
#pragma warning restore CA2213
    private (Task<AuthenticationState> Told, Lazy<Task<AuthenticationState>> Renewed)? _known;
    private volatile bool _over;
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
            var found = await _standing.FindAsync(authenticationState.User, cancellationToken);
            _unreadable = false;
            if (found is { Member: var member } && WindowIdentity.Of((await GetAuthenticationStateAsync()).User) is { } shown && !shown.Member.Roles.SequenceEqual(member.Roles))
            {
                await RenewAsync(authenticationState.User, member.Id);
            }

            // The framework makes the window nobody's, where it is over.
            _over |= found is null && StaffClaims.IdOf(authenticationState.User) is not null;
            return !_over;
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
        if (_over)
        {
            return Task.FromResult(Nobody);
        }

        var told = base.GetAuthenticationStateAsync();
        Lazy<Task<AuthenticationState>> renewed;
        lock (_telling)
        {
            if (_known?.Told != told)
            {
                _known = (told, new Lazy<Task<AuthenticationState>>(() => RenewedAsync(told)));
            }

            renewed = _known.Value.Renewed;
        }

        return renewed.Value;
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
        var known = (await base.GetAuthenticationStateAsync()).User;
        if (StaffClaims.IdOf(known) != change.Staff)
        {
            return;
        }

        if (change.EndedSignIn is null)
        {
            await RenewAsync(known, change.Staff);
        }
        else if (change.EndedSignIn == StaffClaims.SignInOf(known))
        {
            _over = true;
            SetAuthenticationState(Task.FromResult(Nobody));
        }
    }

    /// <summary>Makes every policy on the page decide again. One after the other, so that the last one reads what the last change left.</summary>
    private async Task RenewAsync(ClaimsPrincipal known, StaffId id)
    {
        await _renewing.WaitAsync();
        try
        {
            var renewed = await RenewedAsync(known, id);
            if (!_over)
            {
                SetAuthenticationState(Task.FromResult(new AuthenticationState(renewed)));
            }

            if (_over)
            {
                // Whatever came between: nothing brings a window back that became nobody's.
                SetAuthenticationState(Task.FromResult(Nobody));
            }
        }
        finally
        {
            _renewing.Release();
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
