using SupportConsole.Core.Staff;

namespace SupportConsole.Features.SignIn;

/// <summary>Somebody invented, whom anybody at the demo may be.</summary>
/// <param name="Key">The last part of the staff id, and the value of the button.</param>
/// <param name="Name">The full name.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="Role">The role at the demo's first start; null for none.</param>
internal sealed record DemoPerson(string Key, string Name, string Email, Role? Role)
{
    public StaffId Id => new($"demo/{Key}");
}
