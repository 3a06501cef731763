namespace SupportConsole.Core.ApiKeys;

/// <summary>Whether a key's account is in PocketBase.</summary>
public enum AccountPresence
{
    /// <summary>It is.</summary>
    There,

    /// <summary>It isn't: somebody removed it.</summary>
    Gone,

    /// <summary>It would be in another collection than the configured one, which wasn't asked.</summary>
    Elsewhere,

    /// <summary>PocketBase couldn't be asked.</summary>
    NotKnown,
}
