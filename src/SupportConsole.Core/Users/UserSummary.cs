namespace SupportConsole.Core.Users;

/// <summary>What the console shows of an app user before a session: enough to be sure that it is the right person.</summary>
/// <param name="Id">Who.</param>
/// <param name="Name">The display name; the user name or id where the app has none.</param>
/// <param name="Email">The e-mail address; may be empty.</param>
/// <param name="Verified">Whether the e-mail address is verified.</param>
/// <param name="Protection">Whether policy protects this user.</param>
/// <param name="Created">When the record was made; null where the app doesn't keep it.</param>
public sealed record UserSummary(
    AppUserId Id, string Name, string Email, bool Verified, Protection Protection, DateTimeOffset? Created)
{
    /// <summary>Whether the user counts as protected.</summary>
    public bool IsProtected => Protection != Protection.None;
}
