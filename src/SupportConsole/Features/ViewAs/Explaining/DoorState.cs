namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>What a user's own read of a record came to.</summary>
public enum DoorState
{
    /// <summary>PocketBase gave the record.</summary>
    Open,

    /// <summary>PocketBase said that there is nothing.</summary>
    Closed,

    /// <summary>There is no rule, so that PocketBase refuses everybody but superusers.</summary>
    Locked,

    /// <summary>The app itself refused the read, past its rule.</summary>
    RefusedByApp,
}
