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
