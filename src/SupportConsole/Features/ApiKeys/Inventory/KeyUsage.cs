namespace SupportConsole.Features.ApiKeys.Inventory;

/// <summary>What PocketBase's log tells of keys.</summary>
/// <param name="Recorded">Whether it records whose token a request carried.</param>
/// <param name="Days">How many days it is kept.</param>
/// <param name="Uses">By the key's id.</param>
public sealed record KeyUsage(bool Recorded, int Days, IReadOnlyDictionary<string, KeyUse> Uses);

/// <summary>How a key was used.</summary>
/// <param name="LastSeen">Its newest request; null for none in the time that is kept.</param>
/// <param name="PerDay">Requests a day, on average over that time.</param>
public sealed record KeyUse(DateTimeOffset? LastSeen, double PerDay);
