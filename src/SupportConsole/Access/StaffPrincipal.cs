using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace SupportConsole.Access;

/// <summary>Whom the scope at hand acts for, and from where: a window's, one request's, or a command's.</summary>
/// <param name="services">Those of the scope: who a window belongs to is asked only where the scope is one's.</param>
public sealed class StaffPrincipal(IServiceProvider services)
{
    private ClaimsPrincipal? _told;

    /// <summary>The network address, kept up to date by a window's connection, or the account of a command; null in a test.</summary>
    public string? ClientAddress { get; internal set; }

    /// <summary>Says who it is, where the scope is no window's.</summary>
    internal void Is(ClaimsPrincipal principal, string? clientAddress)
    {
        _told = principal;
        ClientAddress = clientAddress;
    }

    /// <summary>Who it is now: claims, not rights.</summary>
    internal async ValueTask<ClaimsPrincipal> FindAsync() => 
        _told ?? (await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;
}
