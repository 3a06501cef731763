using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using SupportConsole.Access;

namespace SupportConsole.Features.SignIn;

/// <summary>Notes that somebody uses an open window, which sends no requests that a cookie would be read from.</summary>
/// <remarks>One a window. The server's own pushes to it aren't activity: only what comes in from the browser passes here.</remarks>
internal sealed class SignInActivity(SignInDesk desk, AuthenticationStateProvider authentication, TimeProvider clock) : CircuitHandler
{
    private DateTimeOffset _noted;

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async activity =>
        {
            await next(activity);
            if (clock.GetUtcNow() - _noted >= SignInDesk.SeenStep
                && StaffClaims.SignInOf((await authentication.GetAuthenticationStateAsync()).User) is { } signIn)
            {
                _noted = clock.GetUtcNow();
                await desk.SeenAsync(signIn);
            }
        };
}
