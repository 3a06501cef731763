using SupportConsole.Core.Staff;

namespace SupportConsole.Core.ApiKeys;

/// <summary>A key as the console knows it: everything but the token, which nobody keeps.</summary>
/// <param name="Id">15 letters and digits; for a key made outside the console the record's own id.</param>
/// <param name="Collection">The auth collection of its account.</param>
/// <param name="Record">The record id of its account, which the console chose: the key's own where the collection takes such ids.</param>
/// <param name="Kind">What uses it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Owner">The staff member who answers for it.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="CreatedBy">Who asked.</param>
/// <param name="CreatedByName">Their name then.</param>
/// <param name="ExpiresAt">When the token ends; for a key made outside the console unknown, and then null.</param>
/// <param name="Phase">How far it has come.</param>
public sealed record ApiKey(
    string Id, string Collection, string Record, KeyKind Kind, string Name, string Purpose, StaffId Owner,
    DateTimeOffset CreatedAt, StaffId CreatedBy, string CreatedByName, DateTimeOffset? ExpiresAt, KeyPhase Phase)
{
    /// <summary>The beginning of the token's SHA-256; null before there is one, and for keys made outside the console.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Until when a draft, a request or an approval waits for the next step; null in other phases.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>The second admin who approved it.</summary>
    public StaffId? ApprovedBy { get; init; }

    /// <summary>Since when its account is marked as disabled; null when it isn't.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>The key that this one takes over from.</summary>
    public string? Replaces { get; init; }

    /// <summary>When a rotated key is revoked by the console; null when it wasn't rotated.</summary>
    public DateTimeOffset? RevokeAt { get; init; }

    /// <summary>Who had it revoked and why; null while nobody did.</summary>
    public KeyRevocation? Revocation { get; init; }

    /// <summary>When its account was found to have come back after it was revoked; null when it wasn't, or was revoked again since.</summary>
    public DateTimeOffset? RevivedAt { get; init; }

    /// <summary>The smallest number of days before the end of which a warning was recorded; 0 for the end itself.</summary>
    public int? WarnedDays { get; init; }

    /// <summary>Whether it was made outside the console, which then knows neither its end nor its fingerprint.</summary>
    public bool IsForeign => ExpiresAt is null;

    /// <summary>Whether it is revoked and may work again all the same; not past its own end, after which no token of it lives.</summary>
    public bool IsRevivedAt(DateTimeOffset now) => Phase == KeyPhase.Revoked && RevivedAt is not null && !(ExpiresAt <= now);
}
