namespace SupportConsole.Core.ViewAs;

/// <summary>Why a view-as session ended.</summary>
public enum EndReason
{
    /// <summary>The agent pressed <em>End session</em>.</summary>
    EndedByAgent,

    /// <summary>The time box ran out.</summary>
    Expired,

    /// <summary>Nothing was read for the idle limit.</summary>
    Idle,

    /// <summary>The sign-in it was opened through ended: signed out, replaced, idle or too old.</summary>
    SignedOut,

    /// <summary>The agent may no longer view as users.</summary>
    RoleRevoked,

    /// <summary>PocketBase no longer accepts the session's token.</summary>
    TokenRejected,

    /// <summary>The user was deleted.</summary>
    UserGone,

    /// <summary>The user became protected.</summary>
    UserProtected,

    /// <summary>PocketBase refuses the filter that tells who is protected, so everybody counts as protected.</summary>
    ProtectionUndecided,

    /// <summary>A manager or admin ended it.</summary>
    EndedByColleague,

    /// <summary>The agent opened another session instead.</summary>
    Replaced,

    /// <summary>The console stopped, orderly or not.</summary>
    ConsoleStopped,
}

/// <summary>How end reasons are written and said.</summary>
public static class EndReasons
{
    /// <summary>Stands between the word and what an entry adds to it.</summary>
    public const string Separator = " · ";

    /// <summary>The stable word in the audit trail.</summary>
    public static string CodeOf(EndReason reason) => reason switch
    {
        EndReason.EndedByAgent => "ended by agent",
        EndReason.Expired => "time box over",
        EndReason.Idle => "idle",
        EndReason.SignedOut => "signed out",
        EndReason.RoleRevoked => "role revoked",
        EndReason.TokenRejected => "token rejected",
        EndReason.UserGone => "user gone",
        EndReason.UserProtected => "user protected",
        EndReason.ProtectionUndecided => "protection undecided",
        EndReason.EndedByColleague => "ended by colleague",
        EndReason.Replaced => "replaced",
        EndReason.ConsoleStopped => "console stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>The sentence on the page that says that the session is over.</summary>
    /// <param name="reason">Why it ended.</param>
    /// <param name="own">Whether it is the session's own agent who reads it.</param>
    public static string SentenceOf(EndReason reason, bool own) => reason switch
    {
        EndReason.EndedByAgent => own ? "You ended the session." : "The agent ended the session.",
        EndReason.Expired => "The time box ran out. If you need more time, open a new session.",
        EndReason.Idle => "Nothing was read for a while, so the session was closed for you.",
        EndReason.SignedOut => "The session ended with the sign-in that it was opened through.",
        EndReason.RoleRevoked => "The right to view as users was taken away, so the session ended at once.",
        EndReason.TokenRejected => "PocketBase stopped accepting the session's token, for example because the user changed the password. What it answered last was discarded.",
        EndReason.UserGone => "The user no longer exists.",
        EndReason.UserProtected => "The user became protected: viewing needs an approval now.",
        EndReason.ProtectionUndecided => "PocketBase refuses the filter that tells who is protected, so every user of the collection counts as protected. Whoever runs the console should correct ViewAs:ProtectedUsers.",
        EndReason.EndedByColleague => "A manager or an admin ended the session.",
        EndReason.Replaced => "Another session was opened instead. There is one live session an agent.",
        EndReason.ConsoleStopped => "The console was stopped. A restart ends every session.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>Reads <see cref="CodeOf"/> back from an entry; null for a word this version doesn't know.</summary>
    public static EndReason? Parse(string? detail)
    {
        var code = detail?.Split(Separator)[0];
        foreach (var reason in Enum.GetValues<EndReason>())
        {
            if (CodeOf(reason) == code)
            {
                return reason;
            }
        }

        return null;
    }
}
