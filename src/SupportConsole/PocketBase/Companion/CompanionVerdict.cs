namespace SupportConsole.PocketBase;

/// <summary>What came of testing the companion hook.</summary>
internal enum CompanionVerdict
{
    /// <summary>There was nothing to test: none is there, or none that this console uses; or it couldn't be asked.</summary>
    NothingToTest,

    /// <summary>It is used, and of a version that only a session can test.</summary>
    NeedsSession,

    /// <summary>The app let the console have no token to test it with.</summary>
    NoToken,

    /// <summary>The token came without the companion's mark.</summary>
    Unmarked,

    /// <summary>What would have written with the marked token wasn't refused by the companion.</summary>
    WriteNotRefused,

    /// <summary>The write was refused, and the answer didn't say as whom the request was seen.</summary>
    Unstamped,

    /// <summary>The write was refused and the answer stamped, but PocketBase didn't confirm the token's end.</summary>
    EndNotConfirmed,

    /// <summary>The write was refused and the answer stamped, but the token was accepted after its end.</summary>
    EndNotKept,

    /// <summary>The write was refused, the answer stamped, and the token refused after its end.</summary>
    Guards,
}
