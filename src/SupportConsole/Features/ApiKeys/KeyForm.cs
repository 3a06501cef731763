using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What can be done to keys in a dialog.</summary>
public enum KeyAct
{
    /// <summary>Make a key, or ask for a superuser key.</summary>
    Create,

    /// <summary>Have an approved superuser key made.</summary>
    Mint,

    /// <summary>Make a successor.</summary>
    Rotate,

    /// <summary>End a key for good.</summary>
    Revoke,

    /// <summary>End a key for a while.</summary>
    Suspend,

    /// <summary>End a suspension.</summary>
    Resume,

    /// <summary>Agree to somebody else's superuser key.</summary>
    Approve,

    /// <summary>Revoke every key of an owner, or of everybody.</summary>
    RevokeAll,
}

/// <summary>What a dialog holds, kept while its person confirms who they are.</summary>
/// <param name="Act">Which dialog.</param>
/// <param name="Key">The key's id, where it is about one.</param>
/// <param name="Wish">The key that is wanted, or how long a successor lives.</param>
/// <param name="Reason">Why.</param>
/// <param name="OverlapMinutes">How long a rotated key goes on.</param>
/// <param name="Owner">Whose keys end in an emergency; empty for everybody's.</param>
public sealed record KeyForm(
    KeyAct Act, string? Key = null, KeyWish? Wish = null, string? Reason = null, int? OverlapMinutes = null, string? Owner = null);
