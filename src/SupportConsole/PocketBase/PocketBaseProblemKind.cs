namespace SupportConsole.PocketBase;

/// <summary>What went wrong between the console and PocketBase, as far as the reaction to it differs.</summary>
internal enum PocketBaseProblemKind
{
    /// <summary>No connection, or it broke before the answer was complete.</summary>
    Unreachable,

    /// <summary>No answer within the configured time.</summary>
    TimedOut,

    /// <summary>The server understood and said no (400).</summary>
    Refused,

    /// <summary>What was asked for does not exist, or no longer.</summary>
    Gone,

    /// <summary>Too many requests in a short time.</summary>
    RateLimited,

    /// <summary>Something answered, but not PocketBase: HTML, a redirect, broken or unexpected JSON.</summary>
    NotPocketBase,

    /// <summary>The server lacks the API the console is built on (before 0.23).</summary>
    TooOld,

    /// <summary>The answer is larger than the console is willing to read.</summary>
    TooLarge,

    /// <summary>The console's own superuser was not accepted.</summary>
    SuperuserRejected,

    /// <summary>The console's superuser needs a second factor, which a server can't give.</summary>
    SecondFactorRequired,

    /// <summary>The collection is not among those the console may use.</summary>
    NotAllowed,

    /// <summary>The token of a view-as session is dead, forgotten or not what was asked for.</summary>
    TokenRejected,

    /// <summary>The app itself said no: a hook of its own, though the console's superuser is accepted.</summary>
    RefusedByApp,

    /// <summary>The settings name something that isn't in PocketBase as they say.</summary>
    Misfit,

    /// <summary>A cache answered, which may hold another user's view.</summary>
    SharedAnswer,

    /// <summary>PocketBase's certificate isn't one that the console trusts.</summary>
    Certificate,

    /// <summary>The server, or a proxy before it, failed (5xx).</summary>
    Failed,
}
