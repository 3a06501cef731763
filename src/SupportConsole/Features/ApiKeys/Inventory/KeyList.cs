using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.ApiKeys.Inventory;

/// <summary>What the page of keys shows.</summary>
/// <param name="Lines">The keys, newest first; those made outside the console at the end.</param>
/// <param name="Owners">Everybody who can answer for a key.</param>
/// <param name="Unreachable">Why PocketBase couldn't be asked; null when it could.</param>
/// <param name="Fault">Why no key can be made; null when nothing stands against it.</param>
/// <param name="Hint">What keys do without; null when nothing is missing, or none can be made.</param>
/// <param name="CanSuspend">Whether some rule of the app would care about a suspended key.</param>
public sealed record KeyList(
    IReadOnlyList<KeyLine> Lines, IReadOnlyList<StaffMember> Owners, string? Unreachable, KeyCollectionFault? Fault, KeyCollectionHint? Hint, bool CanSuspend);

/// <summary>A key with what is known of it now.</summary>
/// <param name="Key">The key.</param>
/// <param name="Account">Whether its account is in PocketBase.</param>
/// <param name="Owner">Who answers for it.</param>
public sealed record KeyLine(ApiKey Key, AccountPresence Account, KeyOwner Owner)
{
    /// <summary>The key's state at an instant.</summary>
    public KeyState StateAt(DateTimeOffset now) => KeyStates.Of(Key, Account, now);

    /// <summary>Whether the key may work at an instant, so that somebody has to answer for it.</summary>
    public bool MayWork(DateTimeOffset now) => StateAt(now) is not (KeyState.Revoked or KeyState.Expired or KeyState.Waiting);

    /// <summary>Whether nobody answers for it any more.</summary>
    public bool IsOrphaned(DateTimeOffset now) => !Key.IsForeign && !Owner.HoldsRole && MayWork(now);
}

/// <summary>Who answers for a key.</summary>
/// <param name="Name">Their name now.</param>
/// <param name="HoldsRole">Whether they hold any role; who left the company holds none.</param>
public sealed record KeyOwner(string Name, bool HoldsRole);
