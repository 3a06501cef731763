namespace SupportConsole.Core.ApiKeys;

/// <summary>How far a key has come. Each step is written down before the next one is taken, so that a stop leaves no doubt.</summary>
public enum KeyPhase
{
    /// <summary>A superuser key was asked for and waits for a second admin.</summary>
    Requested,

    /// <summary>A second admin has agreed; whoever asked can have the token made.</summary>
    Approved,

    /// <summary>The account is being made or is there, no token yet: its reach is looked at.</summary>
    Draft,

    /// <summary>The token is being made and checked. Nobody has seen it.</summary>
    Making,

    /// <summary>Nobody was given the token; the account is to be removed.</summary>
    Dropping,

    /// <summary>It never became a key, and nothing of it is left.</summary>
    Dropped,

    /// <summary>The token was shown once and works until its end.</summary>
    Live,

    /// <summary>It is being revoked; not proved yet.</summary>
    Revoking,

    /// <summary>It was revoked, and that proved.</summary>
    Revoked,
}
