namespace SupportConsole.Core.ApiKeys;

/// <summary>What a key is at one moment.</summary>
public enum KeyState
{
    /// <summary>It works.</summary>
    Active,

    /// <summary>It works, and ends soon.</summary>
    Expiring,

    /// <summary>Its account is marked as disabled.</summary>
    Suspended,

    /// <summary>It has reached its end.</summary>
    Expired,

    /// <summary>It is being revoked; whether it still works isn't proved.</summary>
    Revoking,

    /// <summary>It was revoked, and that proved.</summary>
    Revoked,

    /// <summary>A superuser key that a second admin has yet to approve, or that was approved and not made yet.</summary>
    Waiting,

    /// <summary>It was revoked, and its account came back since: it may work again.</summary>
    Revived,

    /// <summary>What it is can't be told: made outside the console, its account gone, or PocketBase not to be asked.</summary>
    Unknown,
}

/// <summary>Tells what a key is from what is known of it.</summary>
public static class KeyStates
{
    /// <summary>The days before a key's end on which people are warned, the longest first.</summary>
    public static IReadOnlyList<int> WarningDays { get; } = [30, 7, 1];

    /// <summary>The key's state at an instant.</summary>
    public static KeyState Of(ApiKey key, AccountPresence account, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Phase switch
        {
            KeyPhase.Revoked => key.IsRevivedAt(now) ? KeyState.Revived : KeyState.Revoked,
            KeyPhase.Revoking => KeyState.Revoking,
            KeyPhase.Requested or KeyPhase.Approved => KeyState.Waiting,
            KeyPhase.Live when key.ExpiresAt <= now => KeyState.Expired,
            KeyPhase.Live when account != AccountPresence.There || key.IsForeign => KeyState.Unknown,
            KeyPhase.Live when key.SuspendedAt is not null => KeyState.Suspended,
            KeyPhase.Live => WarningDue(key, now) is null ? KeyState.Active : KeyState.Expiring,
            _ => KeyState.Unknown,
        };
    }

    /// <summary>
    /// The warning that stands at an instant, in days before the end: the shortest of <see cref="WarningDays"/> that has begun. A key
    /// made for no longer than such a time is not warned of it, nor one that was rotated. Null for none; 0 once the end has come.
    /// </summary>
    public static int? WarningDue(ApiKey key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.ExpiresAt is not { } end)
        {
            return null;
        }

        if (end <= now)
        {
            return 0;
        }

        if (key.RevokeAt is not null)
        {
            return null; // Its successor is there; its end is no news.
        }

        // A minute of grace: a key for 30 days is a few seconds shorter by the time it is made.
        var life = end - key.CreatedAt;
        return WarningDays
            .Where(days => end - now <= TimeSpan.FromDays(days) && life > TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1))
            .Min(days => (int?)days);
    }
}
