using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using SupportConsole.Access;
using SupportConsole.Core;

namespace SupportConsole.Features.SignIn;

/// <summary>
/// Who a window belongs to, kept true while it is open: a change of roles is announced to the pages at once, and the end of the
/// sign-in makes the window nobody's.
/// </summary>
internal sealed class StaffAuthenticationState : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly SignInDesk _desk;
    private readonly IDisposable _subscription;
    private bool _unreadable;

    public StaffAuthenticationState(ILoggerFactory loggerFactory, SignInDesk desk, StaffChangeFeed feed)
        : base(loggerFactory)
    {
        _desk = desk;
        _subscription = feed.Subscribe(OnChangedAsync);
    }

    // The feed is immediate; this catches what it didn't reach.
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            var current = StaffClaims.IdOf(authenticationState.User) is not { } id
                || (StaffClaims.SignInOf(authenticationState.User) is { } signIn && _desk.Find(id, signIn, cancellationToken) is not null);
            _unreadable = false;
            return Task.FromResult(current);
        }
        catch (ExplainedException) when (!_unreadable)
        {
            // A passing fault of the database signs nobody out; a second one in a row does.
            _unreadable = true;
            return Task.FromResult(true);
        }
        catch (OperationCanceledException)
        {
            return Task.FromResult(true);
        }
    }

    private async Task OnChangedAsync(StaffChange change)
    {
        var known = await GetAuthenticationStateAsync();
        if (StaffClaims.IdOf(known.User) != change.Staff)
        {
            return;
        }

        if (change.EndedSignIn is null)
        {
            // The same person with other roles: a new state makes every policy on the page ask the database again.
            SetAuthenticationState(Task.FromResult(new AuthenticationState(known.User)));
        }
        else if (change.EndedSignIn == StaffClaims.SignInOf(known.User))
        {
            SetAuthenticationState(Task.FromResult(Nobody));
        }
    }

    protected override void Dispose(bool disposing)
    {
        _subscription.Dispose();
        base.Dispose(disposing);
    }
}
