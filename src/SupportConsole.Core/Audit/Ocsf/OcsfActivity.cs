namespace SupportConsole.Core.Audit.Ocsf;

/// <summary>What an event of the trail is in the framework's words.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Id">The activity's number within the class; <see cref="Other"/> where the class has none for it, and the event's own name tells.</param>
/// <param name="Name">The activity's name; the event's where the class has none.</param>
public sealed record OcsfActivity(OcsfClass Class, int Id, string Name)
{
    /// <summary>Stands for what a class has no number for.</summary>
    public const int Other = 99;

    /// <summary>Class and activity in one number.</summary>
    public int TypeUid => (Class.Uid * 100) + Id;

    /// <summary>What it is about, where the event doesn't name a collection: a table of the console's own.</summary>
    public string? Store { get; init; }

    /// <summary>What an event of a type is. One that isn't known is of no class.</summary>
    public static OcsfActivity Of(string type) => type switch
    {
        AuditEventTypes.SignedIn => new(OcsfClass.Authentication, 1, "Logon"),
        AuditEventTypes.SignInFailed => new(OcsfClass.Authentication, 1, "Logon"),
        AuditEventTypes.SignedOut => new(OcsfClass.Authentication, 2, "Logoff"),
        AuditEventTypes.Reauthenticated => new(OcsfClass.Authentication, Other, type),

        // Who acted reads as the user from here on, which is what the framework calls a switch of the account.
        AuditEventTypes.SessionOpened or AuditEventTypes.SessionDenied or AuditEventTypes.SessionOpenFailed => new(OcsfClass.Authentication, 7, "Account Switch"),
        AuditEventTypes.SessionEnded => new(OcsfClass.Authentication, 2, "Logoff"),
        AuditEventTypes.SessionRequested or AuditEventTypes.SessionTokenRejected or AuditEventTypes.SessionTokenRefused => new(OcsfClass.Authentication, Other, type),

        AuditEventTypes.ReadRequested or AuditEventTypes.UsersSearched or AuditEventTypes.ReachViewed
            or AuditEventTypes.AccessExplained or AuditEventTypes.AccessHiddenListed or AuditEventTypes.AccessRuleTried or AuditEventTypes.AccessAffectedCounted
            or AuditEventTypes.AccessCompared or AuditEventTypes.AccessLocated or AuditEventTypes.AccessChangesNamed => new(OcsfClass.Datastore, 4, "Query"),
        AuditEventTypes.RecordsListed => new(OcsfClass.Datastore, 8, "List"),
        AuditEventTypes.UserViewed or AuditEventTypes.RecordViewed or AuditEventTypes.FileViewed or AuditEventTypes.RecordsFollowed => new(OcsfClass.Datastore, 1, "Read"),
        AuditEventTypes.SessionViewed or AuditEventTypes.SessionDownloaded or AuditEventTypes.SessionCompared => new(OcsfClass.Datastore, 1, "Read") { Store = "sessions" },
        AuditEventTypes.KeysListed => new(OcsfClass.Datastore, 8, "List") { Store = "keys" },
        AuditEventTypes.KeysExported => new(OcsfClass.Datastore, 1, "Read") { Store = "keys" },
        AuditEventTypes.AuditViewed => new(OcsfClass.Datastore, 4, "Query") { Store = "audit" },
        AuditEventTypes.AuditExported => new(OcsfClass.Datastore, 1, "Read") { Store = "audit" },
        AuditEventTypes.SetUpViewed => new(OcsfClass.Datastore, 1, "Read") { Store = "setup" },
        AuditEventTypes.SetUpTested => new(OcsfClass.Datastore, 4, "Query") { Store = "setup" },

        AuditEventTypes.RoleGranted => new(OcsfClass.UserAccess, 1, "Assign Privileges"),
        AuditEventTypes.RoleRevoked or AuditEventTypes.RoleExpired => new(OcsfClass.UserAccess, 2, "Revoke Privileges"),
        AuditEventTypes.RoleChangeDenied => new(OcsfClass.UserAccess, Other, type),

        AuditEventTypes.KeyCreated or AuditEventTypes.KeyCreateFailed => new(OcsfClass.AccountChange, 1, "Create"),
        AuditEventTypes.KeyResumed or AuditEventTypes.KeyRevived => new(OcsfClass.AccountChange, 2, "Enable"),
        AuditEventTypes.KeyRotated => new(OcsfClass.AccountChange, 4, "Password Reset"),
        AuditEventTypes.KeySuspended or AuditEventTypes.KeyExpired => new(OcsfClass.AccountChange, 5, "Disable"),
        AuditEventTypes.KeyRevoked => new(OcsfClass.AccountChange, 6, "Delete"),
        AuditEventTypes.KeyRequested or AuditEventTypes.KeyApproved or AuditEventTypes.KeyChangeDenied or AuditEventTypes.KeyChangeFailed or AuditEventTypes.KeyExpiring
            => new(OcsfClass.AccountChange, Other, type),

        AuditEventTypes.AuditVerified => new(OcsfClass.EntityManagement, 2, "Read") { Store = "audit" },
        AuditEventTypes.AuditKeyChanged => new(OcsfClass.EntityManagement, 3, "Update") { Store = "audit" },
        AuditEventTypes.AuditErased => new(OcsfClass.EntityManagement, 4, "Delete"),
        AuditEventTypes.AuditPurged => new(OcsfClass.EntityManagement, 4, "Delete") { Store = "audit" },
        AuditEventTypes.AuditIntegrityFailed => new(OcsfClass.EntityManagement, Other, type) { Store = "audit" },

        AuditEventTypes.SystemStarted => new(OcsfClass.ApplicationLifecycle, 3, "Start"),
        AuditEventTypes.SystemStopped => new(OcsfClass.ApplicationLifecycle, 4, "Stop"),

        _ => new(OcsfClass.BaseEvent, Other, type),
    };
}
