using SupportConsole.Core.Staff;

namespace SupportConsole.Features.SignIn;

/// <summary>Somebody who has just proved who they are.</summary>
/// <param name="Id">Who; for Entra the tenant and the object id, because names and e-mail addresses are given to others later.</param>
/// <param name="Name">What they are called now.</param>
/// <param name="Email">Their address now; for showing only.</param>
/// <param name="ProvenAt">When they typed a password or the like, by the provider's word; null when it doesn't say.</param>
internal sealed record ProvenPerson(StaffId Id, string Name, string Email, DateTimeOffset? ProvenAt);
