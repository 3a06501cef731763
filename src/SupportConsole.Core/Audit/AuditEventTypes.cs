namespace SupportConsole.Core.Audit;

/// <summary>The names of what can happen. A name is for ever: the trail is read years later.</summary>
public static class AuditEventTypes
{
#pragma warning disable CS1591 // The names are the documentation; groups carry the rest.
    // Signing in.
    public const string SignedIn = "auth.signed_in";
    public const string SignInFailed = "auth.sign_in_failed";
    public const string SignedOut = "auth.signed_out";
    public const string Reauthenticated = "auth.reauthenticated";

    // Reading has two entries under one correlation id: what was asked, durable before PocketBase is asked, and one of the
    // entries below it that says what was answered, durable before anything is shown.
    public const string ReadRequested = "read.requested";
    public const string UsersSearched = "users.searched";
    public const string UserViewed = "user.viewed";
    public const string RecordsListed = "records.listed";
    public const string RecordViewed = "record.viewed";
    public const string FileViewed = "file.viewed";
    public const string ReachViewed = "reach.viewed";
    public const string RecordsFollowed = "records.followed";
    public const string AccessExplained = "access.explained";
    public const string AccessHiddenListed = "access.hidden_listed";
    public const string AccessRuleTried = "access.rule_tried";
    public const string AccessAffectedCounted = "access.affected_counted";
    public const string AccessCompared = "access.compared";
    public const string AccessLocated = "access.located";
    public const string AccessChangesNamed = "access.changes_named";

    // View-as sessions.
    public const string SessionRequested = "session.requested";
    public const string SessionDenied = "session.denied";
    public const string SessionOpened = "session.opened";
    public const string SessionOpenFailed = "session.open_failed";
    public const string SessionEnded = "session.ended";
    public const string SessionTokenRejected = "session.token_rejected";
    public const string SessionTokenRefused = "session.token_refused";

    // What becomes of a session's history: shown to anybody, taken away as a file, laid beside PocketBase's log.
    public const string SessionViewed = "session.viewed";
    public const string SessionDownloaded = "session.downloaded";
    public const string SessionCompared = "session.compared";

    // Roles.
    public const string RoleGranted = "role.granted";
    public const string RoleRevoked = "role.revoked";
    public const string RoleExpired = "role.expired";
    public const string RoleChangeDenied = "role.change_denied";

    // API keys. What is about to be done is asked for first; then comes what became of it.
    public const string KeyRequested = "key.requested";
    public const string KeyApproved = "key.approved";
    public const string KeyCreated = "key.created";
    public const string KeyCreateFailed = "key.create_failed";
    public const string KeyRotated = "key.rotated";
    public const string KeySuspended = "key.suspended";
    public const string KeyResumed = "key.resumed";
    public const string KeyRevoked = "key.revoked";
    public const string KeyRevived = "key.revived";
    public const string KeyChangeDenied = "key.change_denied";
    public const string KeyChangeFailed = "key.change_failed";
    public const string KeyExpiring = "key.expiring";
    public const string KeyExpired = "key.expired";
    public const string KeysListed = "keys.listed";
    public const string KeysExported = "keys.exported";

    // The trail, the rules and the console itself.
    public const string SetUpViewed = "setup.viewed";
    public const string SetUpTested = "setup.tested";
    public const string AuditViewed = "audit.viewed";
    public const string AuditVerified = "audit.verified";
    public const string AuditIntegrityFailed = "audit.integrity_failed";
    public const string AuditKeyChanged = "audit.key_changed";
    public const string AuditExported = "audit.exported";
    public const string AuditErased = "audit.erased";
    public const string AuditPurged = "audit.purged";
    public const string PolicyDenied = "policy.denied";
    public const string SystemStarted = "system.started";
    public const string SystemStopped = "system.stopped";
    public const string PocketBaseUnreachable = "system.pocketbase_unreachable";
#pragma warning restore CS1591

    /// <summary>Every name, in the order above; what the filter of the audit page offers.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        SignedIn, SignInFailed, SignedOut, Reauthenticated,
        ReadRequested, UsersSearched, UserViewed, RecordsListed, RecordViewed, FileViewed, ReachViewed, RecordsFollowed, AccessExplained, AccessLocated,
        AccessHiddenListed, AccessRuleTried, AccessAffectedCounted, AccessCompared, AccessChangesNamed,
        SessionRequested, SessionDenied, SessionOpened, SessionOpenFailed, SessionEnded, SessionTokenRejected, SessionTokenRefused,
        SessionViewed, SessionDownloaded, SessionCompared,
        RoleGranted, RoleRevoked, RoleExpired, RoleChangeDenied,
        KeyRequested, KeyApproved, KeyCreated, KeyCreateFailed, KeyRotated, KeySuspended, KeyResumed, KeyRevoked, KeyRevived, KeyChangeDenied,
        KeyChangeFailed, KeyExpiring, KeyExpired, KeysListed, KeysExported,
        SetUpViewed, SetUpTested, AuditViewed, AuditVerified, AuditIntegrityFailed, AuditKeyChanged, AuditExported, AuditErased, AuditPurged, PolicyDenied, SystemStarted, SystemStopped, PocketBaseUnreachable,
    ];
}
