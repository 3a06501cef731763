using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>Whether a sign-in still stands. A port: the sign-in desk above answers it.</summary>
public interface ISignIns
{
    /// <summary>Asks the store. Null when it has ended, grew too old or idle, or isn't this person's.</summary>
    Task<StandingSignIn?> FindAsync(StaffId staff, string signIn, CancellationToken cancellationToken);
}

/// <summary>A sign-in that stands.</summary>
/// <param name="ProvenRecently">Whether the person proved who they are recently enough for an operation that touches others.</param>
public sealed record StandingSignIn(bool ProvenRecently);
