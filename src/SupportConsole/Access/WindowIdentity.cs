using System.Security.Claims;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>
/// The person behind an open window with the roles they held when it was loaded, or when a change of them was last announced. The window's policies are decided
/// by it at once, because Blazor takes a page down while its authorization is undecided; operations always ask the store.
/// </summary>
internal sealed class WindowIdentity(ClaimsIdentity claims, StaffMember member) : ClaimsIdentity(claims)
{
    /// <summary>Who, and with which roles.</summary>
    public StaffMember Member { get; } = member;

    /// <summary>The principal's, where it has one.</summary>
    public static WindowIdentity? Of(ClaimsPrincipal principal) => principal.Identity as WindowIdentity;
}
