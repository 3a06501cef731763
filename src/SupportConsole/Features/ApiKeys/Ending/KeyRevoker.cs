using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Users;
using SupportConsole.Features.ApiKeys.Inventory;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>Ends one key for good.</summary>
internal sealed class KeyRevoker(KeyBook book, KeyGate gate, KeyEndings endings, ForeignKeys foreign, TimeProvider clock)
{
    /// <summary>Revokes a key, also one that was made outside the console, and proves it. No other key is touched.</summary>
    /// <returns>The key with the proof.</returns>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    /// <exception cref="KeyNotProvedException">It was begun and isn't proved yet; recorded, and tried again.</exception>
    public async Task<ApiKey> RevokeAsync(CurrentStaff who, string id, ReasonText reason, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await book.FindAsync(id, cancellationToken);
        var against = key switch
        {
            { Phase: KeyPhase.Revoked } when !key.IsRevivedAt(clock.GetUtcNow()) => $"This key was revoked already, by {key.Revocation!.ByName}.",
            { Phase: KeyPhase.Requested or KeyPhase.Approved or KeyPhase.Draft or KeyPhase.Dropped } => "This key was never made, so there is nothing to revoke.",
            null when !PocketBaseName.IsValid(id) => "There is no such key.",
            _ => KeyPolicy.CheckReason(reason),
        };
        if (against is not null)
        {
            throw await book.RefusedAsync(admin, key, "revoke", against);
        }

        // From here on it is not given up when the window is closed: what is begun is brought to its end.
        key ??= await foreign.FindAsync(admin, id, reason);
        var revoking = key.Phase == KeyPhase.Revoking ? key : key with { Phase = KeyPhase.Revoking, Revocation = KeyBook.RevocationBy(admin, reason) };
        await book.SaveAsync([book.Requested(admin, revoking, "revoke", reason)], revoking);
        return await endings.RevokeAsync(admin, revoking, retried: false);
    }
}
