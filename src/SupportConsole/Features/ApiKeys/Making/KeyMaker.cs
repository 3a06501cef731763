using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>
/// Makes keys: an account of its own for each, then a token that is checked and shown once. Whatever fails on the way leaves nothing
/// half-made.
/// </summary>
internal sealed class KeyMaker(
    KeyBook book, KeyGate gate, KeyRules rules, KeyEndings endings, KeyReach reach, ServiceAccounts accounts, SuperuserKeys superusers, TimeProvider clock)
{
    /// <summary>How long a draft waits for its maker.</summary>
    public static TimeSpan DraftLife { get; } = TimeSpan.FromMinutes(15);

    /// <summary>What policy allows.</summary>
    public KeyPolicy Policy => rules.Policy;

    /// <summary>Makes the account of a key and looks at what it reaches. The token is made by <see cref="MintAsync"/>.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    /// <exception cref="ExplainedException">It is allowed and didn't work; nothing is left, or marked to be removed, and recorded.</exception>
    public async Task<KeyDraft> PrepareAsync(CurrentStaff who, KeyWish wish, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await NewServiceKeyAsync(admin, wish, cancellationToken);
        return await PrepareAsync(admin, key with { WaitsUntil = clock.GetUtcNow() + DraftLife }, "create", cancellationToken);
    }

    /// <summary>Makes the token of a draft or of an approved superuser key. Only its maker may, and once.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    /// <exception cref="ExplainedException">It is allowed and didn't work; nothing is left, or marked to be removed, and recorded.</exception>
    public async Task<IssuedKey> MintAsync(CurrentStaff who, string id, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var now = clock.GetUtcNow();
        var key = await book.FindAsync(id, cancellationToken);
        // Its end counts from the request, and an approval may take longer than a short life.
        if (key is not { Phase: KeyPhase.Draft or KeyPhase.Approved } || key.CreatedBy != admin.Member.Id || key.WaitsUntil <= now
            || key.ExpiresAt < now.AddMinutes(1))
        {
            throw await book.RefusedAsync(admin, key, "create", "This key was made already, given up, or waited for too long. Load the page again to see what there is.");
        }

        await rules.CheckNameAsync(admin, key.Name, "create", cancellationToken);
        await book.SaveAsync([book.Requested(admin, key, "make the token", key.Purpose)]);
        if (key.Kind == KeyKind.Superuser)
        {
            key = key with { Record = await superusers.FreeAsync(admin, key, cancellationToken) };
        }

        return await IssueAsync(who, admin, key, reach: [], replaced: null, cancellationToken);
    }

    /// <summary>Makes a key in one go, for whoever has no window to look at its reach first.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    /// <exception cref="ExplainedException">It is allowed and didn't work; nothing is left, or marked to be removed, and recorded.</exception>
    public async Task<IssuedKey> MakeAsync(CurrentStaff who, KeyWish wish, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await NewServiceKeyAsync(admin, wish, cancellationToken);
        var draft = await PrepareAsync(admin, key with { Phase = KeyPhase.Making }, "create", cancellationToken);
        return await IssueAsync(who, admin, draft.Key, draft.Reach, replaced: null, cancellationToken);
    }

    /// <summary>
    /// Gives up a draft, or a superuser key that was asked for: its maker may, and for a superuser key every admin. Does nothing
    /// when there is none any more.
    /// </summary>
    /// <exception cref="KeysBusyException">It wasn't their turn in time.</exception>
    public async Task GiveUpAsync(CurrentStaff who, string id, CancellationToken cancellationToken)
    {
        var admin = await who.DemandAsync(Duty.ManageKeys, cancellationToken);
        using var turn = await gate.TryEnterAsync(KeyGate.Patience, cancellationToken) ?? throw new KeysBusyException();
        var key = await book.FindAsync(id, cancellationToken);
        var cause = key switch
        {
            { Phase: KeyPhase.Draft } when key.CreatedBy == admin.Member.Id => "given up before its token was made",
            { Phase: KeyPhase.Requested or KeyPhase.Approved } => key.CreatedBy == admin.Member.Id ? "given up" : "declined by a second admin",
            _ => null,
        };
        if (cause is not null)
        {
            await book.SaveAsync([book.Requested(admin, key!, "give up", key!.Purpose)]);
            await endings.DropAsync(admin, key!, cause);
        }
    }

    /// <summary>
    /// Makes a successor with an account of its own. The old key goes on beside it for the overlap and is then revoked by the console.
    /// </summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    /// <exception cref="ExplainedException">It is allowed and didn't work; the old key is as it was, and recorded.</exception>
    public async Task<IssuedKey> RotateAsync(CurrentStaff who, string id, TimeSpan overlap, KeyLife life, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var now = clock.GetUtcNow();
        var old = await book.FindAsync(id, cancellationToken);
        var against = old switch
        {
            null => "This key is gone, or was made outside the console. Create a new one and revoke the old one.",
            { Kind: KeyKind.Superuser } => "A superuser key can't be rotated: both would be of the one superuser set aside for them. Revoke it and ask for a new one.",
            { Phase: not KeyPhase.Live } => "This key was revoked. Create a new one.",
            _ when old.ExpiresAt is not { } end || end <= now => "This key has expired. Create a new one.",
            { SuspendedAt: not null } => "This key is suspended, and its successor wouldn't be. Resume it first, or revoke it and create a new one.",
            { RevokeAt: { } ends } when await book.HasSuccessorAsync(old, cancellationToken) => $"This key was rotated already; it is revoked at {ends.UtcDateTime:d MMM yyyy HH:mm} UTC. Rotate its successor instead.",
            _ when !KeyPolicy.Overlaps.Contains(overlap) => "The overlap isn't one of those on offer.",
            _ => null,
        };
        if (against is not null)
        {
            throw await book.RefusedAsync(admin, old, "rotate", against);
        }

        var wish = new KeyWish(old!.Name, old.Purpose, old.Owner.Value, old.Kind, life);
        await rules.CheckAsync(admin, wish, replaced: old, cancellationToken);
        var draft = await PrepareAsync(
            admin,
            rules.NewServiceKey(admin, wish) with { Phase = KeyPhase.Making, Replaces = old.Id },
            $"rotate {old.Id}, overlap {KeyWords.Of(overlap)}",
            cancellationToken);
        var rotated = old with { RevokeAt = now + overlap < old.ExpiresAt ? now + overlap : old.ExpiresAt };
        var issued = await IssueAsync(who, admin, draft.Key, draft.Reach, rotated, cancellationToken);
        if (overlap > TimeSpan.Zero)
        {
            return issued;
        }

        try
        {
            var revoking = rotated with { Phase = KeyPhase.Revoking, Revocation = KeyBook.RevocationBy(admin, $"Rotated; its successor is {issued.Key.Id}") };
            await book.SaveAsync([book.Requested(admin, revoking, "revoke", revoking.Revocation.Reason)], revoking);
            await endings.RevokeAsync(admin, revoking, retried: false);
            return issued;
        }
        catch (ExplainedException failure)
        {
            // The new key is there all the same and would be lost with this; the keeper goes on with the old one.
            return issued.With(failure.Message);
        }
    }

    private async Task<ApiKey> NewServiceKeyAsync(ActingStaff admin, KeyWish wish, CancellationToken cancellationToken)
    {
        if (wish.Kind == KeyKind.Superuser)
        {
            throw await book.RefusedAsync(admin, null, "create", "A superuser key needs the approval of a second admin. Ask for one in the console.");
        }

        await rules.CheckAsync(admin, wish, replaced: null, cancellationToken);
        return rules.NewServiceKey(admin, wish);
    }

    /// <summary>Makes the account that a key was written down for, unless a fault of the collection stands against it.</summary>
    private async Task<KeyDraft> PrepareAsync(ActingStaff admin, ApiKey key, string change, CancellationToken cancellationToken)
    {
        var caller = book.CallerFor(admin);
        await book.SaveAsync([book.Requested(admin, key, $"{change}; {KeyWords.Until(key)}", key.Purpose)], key);
        var begun = false;
        try
        {
            var collections = await accounts.CollectionsAsync(SuperuserUse.CreateKey, caller, cancellationToken);
            var collection = ServiceAccountSchema.In(collections, key.Collection);
            if (ServiceAccountSchema.FaultOf(key.Collection, collection) is { } fault)
            {
                throw new KeyRefusedException(fault.Sentence);
            }

            if (NewAccount.IdFor(collection!, key.Id) is { } id && id != key.Record)
            {
                // Written down before PocketBase hears of it, so that whatever becomes of the answer can be found and removed.
                key = key with { Record = id };
                await book.SaveAsync([], key);
            }

            var account = NewAccount.Of(collection!, key);
            begun = true;
            await accounts.CreateAsync(caller, key.Collection, account, NewAccount.Otherwise(collection!, key), cancellationToken);
            return new KeyDraft(key, await reach.ReadAsync(caller, KeyEndings.AccountOf(key), collections, cancellationToken));
        }
        catch (Exception failure)
        {
            await endings.DropAsync(admin, key, CauseOf(failure), accountBegun: begun);
            throw;
        }
    }

    private async Task<IssuedKey> IssueAsync(
        CurrentStaff who, ActingStaff admin, ApiKey key, IReadOnlyList<CollectionReach> reach, ApiKey? replaced, CancellationToken cancellationToken)
    {
        key = key with { Phase = KeyPhase.Making, WaitsUntil = null };
        MintedToken? token = null;
        try
        {
            await book.SaveAsync([], key);
            var seconds = (long)Math.Round((key.ExpiresAt!.Value - clock.GetUtcNow()).TotalSeconds);
            token = await accounts.MintAsync(SuperuserUse.CreateKey, book.CallerFor(admin), KeyEndings.AccountOf(key), seconds, cancellationToken);
            await token.ProveAliveAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            // Asked again: the right may have gone while PocketBase worked, and a key is for years.
            await who.DemandAsync(Duty.ManageKeys, cancellationToken);
            var live = key with { Phase = KeyPhase.Live, Fingerprint = KeyFingerprint.Of(token.Live()), ExpiresAt = token.ExpiresAt };
            var created = book.Begin(AuditEventTypes.KeyCreated, admin, live) with
            {
                Reason = live.Purpose,
                Detail = $"{KeyKinds.NameOf(live.Kind)}, fingerprint {live.Fingerprint}, {KeyWords.Until(live)}, owner {live.Owner}",
            };
            if (replaced is null)
            {
                await book.SaveAsync([created], live);
            }
            else
            {
                var rotated = book.Begin(AuditEventTypes.KeyRotated, admin, replaced) with
                {
                    Detail = $"successor {live.Id}, fingerprint {live.Fingerprint}; revoked at {replaced.RevokeAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
                };
                await book.SaveAsync([created, rotated], live, replaced);
            }

            // A window that was closed meanwhile shows nothing to anybody.
            cancellationToken.ThrowIfCancellationRequested();
            return new IssuedKey(live, token, reach);
        }
        catch (Exception failure)
        {
            token?.Dispose();
            await endings.DropAsync(admin, key, CauseOf(failure), replaced: replaced);
            throw;
        }
    }

    private static string CauseOf(Exception failure) => failure switch
    {
        PocketBaseProblem problem => $"PocketBase: {problem.Kind}",
        KeyRefusedException => "the collection doesn't fit",
        OperationCanceledException => "the window was closed",
        _ => failure.GetType().Name,
    };
}
