using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys;

/// <summary>
/// Makes keys: an account of its own for each, then a token that is checked and shown once. Whatever fails on the way leaves nothing
/// half-made.
/// </summary>
internal sealed class KeyMaker(
    KeyBook book, KeyGate gate, KeyEndings endings, KeyReach reach, ServiceAccounts accounts, IStaffRights rights,
    IOptions<ApiKeysOptions> options, TimeProvider clock)
{
    // PocketBase's own ids: 15 of these.
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 15;

    /// <summary>How long a draft waits for its maker, and a superuser key for its second admin and then for its maker.</summary>
    public static TimeSpan DraftLife { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a superuser key waits for the next person.</summary>
    public static TimeSpan ApprovalLife { get; } = TimeSpan.FromHours(24);

    /// <summary>What policy allows.</summary>
    public KeyPolicy Policy { get; } = options.Value.ToPolicy();

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

        await CheckNameAsync(admin, key.Name, "create", cancellationToken);
        await book.SaveAsync([Requested(admin, key, "make the token")]);
        if (key.Kind == KeyKind.Superuser)
        {
            key = key with { Record = await SuperuserFreeAsync(admin, key, cancellationToken) };
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
    public async Task GiveUpAsync(CurrentStaff who, string id, CancellationToken cancellationToken)
    {
        var admin = await who.DemandAsync(Duty.ManageKeys, cancellationToken);
        using var turn = await gate.EnterAsync(KeyGate.Patience, cancellationToken);
        var key = await book.FindAsync(id, cancellationToken);
        var cause = key switch
        {
            { Phase: KeyPhase.Draft } when key.CreatedBy == admin.Member.Id => "given up before its token was made",
            { Phase: KeyPhase.Requested or KeyPhase.Approved } => key.CreatedBy == admin.Member.Id ? "given up" : "declined by a second admin",
            _ => null,
        };
        if (cause is not null)
        {
            await book.SaveAsync([Requested(admin, key!, "give up")]);
            await endings.DropAsync(admin, key!, cause);
        }
    }

    /// <summary>Asks a second admin for a superuser key. Nothing is made yet.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task<ApiKey> AskForSuperuserKeyAsync(CurrentStaff who, KeyWish wish, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        wish = wish with { Kind = KeyKind.Superuser };
        await CheckAsync(admin, wish, replaced: null, cancellationToken);
        var id = RandomNumberGenerator.GetString(IdLetters, IdLength);
        var key = NewKey(admin, wish, id, AppUserId.Superusers, record: "") with { Phase = KeyPhase.Requested, WaitsUntil = clock.GetUtcNow() + ApprovalLife };
        await book.SaveAsync([Requested(admin, key, "superuser key, waits for a second admin")], key);
        return key;
    }

    /// <summary>Agrees to a superuser key that somebody else asked for. Whoever asked can then have it made.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task ApproveAsync(CurrentStaff who, string id, string reason, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await book.FindAsync(id, cancellationToken);
        var against = key switch
        {
            not { Phase: KeyPhase.Requested } => "This key isn't waiting for an approval any more. Load the page again to see what there is.",
            _ when key.WaitsUntil <= clock.GetUtcNow() => "This request is older than a day. Have it made anew, so that nobody approves what isn't needed any more.",
            _ when key.CreatedBy == admin.Member.Id => "Nobody approves their own superuser key. Ask another admin.",
            _ => KeyPolicy.CheckReason(reason),
        };
        if (against is not null)
        {
            throw await book.RefusedAsync(admin, key, "approve", against);
        }

        await book.SaveAsync(
            [book.Begin(AuditEventTypes.KeyApproved, admin, key!) with { Reason = reason.Trim(), Detail = $"asked for by {key!.CreatedByName}, {UntilOf(key)}" }],
            key with { Phase = KeyPhase.Approved, ApprovedBy = admin.Member.Id, WaitsUntil = clock.GetUtcNow() + ApprovalLife });
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
            { RevokeAt: { } ends } when await HasSuccessorAsync(old, cancellationToken) => $"This key was rotated already; it is revoked at {ends.UtcDateTime:d MMM yyyy HH:mm} UTC. Rotate its successor instead.",
            _ when !KeyPolicy.Overlaps.Contains(overlap) => "The overlap isn't one of those on offer.",
            _ => null,
        };
        if (against is not null)
        {
            throw await book.RefusedAsync(admin, old, "rotate", against);
        }

        var wish = new KeyWish(old!.Name, old.Purpose, old.Owner.Value, old.Kind, life);
        await CheckAsync(admin, wish, replaced: old, cancellationToken);
        var successor = RandomNumberGenerator.GetString(IdLetters, IdLength);
        var draft = await PrepareAsync(
            admin,
            NewKey(admin, wish, successor, options.Value.Collection, successor) with { Phase = KeyPhase.Making, Replaces = old.Id },
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
            var revoking = rotated with { Phase = KeyPhase.Revoking, Revocation = new KeyRevocation(admin.Member.Id, admin.Member.Name, $"Rotated; its successor is {successor}") };
            await book.SaveAsync([Requested(admin, revoking, "revoke") with { Reason = revoking.Revocation.Reason }], revoking);
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

        await CheckAsync(admin, wish, replaced: null, cancellationToken);
        var id = RandomNumberGenerator.GetString(IdLetters, IdLength);
        return NewKey(admin, wish, id, options.Value.Collection, id);
    }

    /// <summary>Whether a rotated key's successor is there still; one that was revoked is none.</summary>
    private async Task<bool> HasSuccessorAsync(ApiKey old, CancellationToken cancellationToken) =>
        (await book.UnfinishedAsync(cancellationToken)).Any(key => key.Replaces == old.Id && key.Phase == KeyPhase.Live);

    /// <summary>Makes the account that a key was written down for, unless a fault of the collection stands against it.</summary>
    private async Task<KeyDraft> PrepareAsync(ActingStaff admin, ApiKey key, string change, CancellationToken cancellationToken)
    {
        var caller = book.CallerFor(admin);
        await book.SaveAsync([Requested(admin, key, $"{change}; {UntilOf(key)}")], key);
        var begun = false;
        try
        {
            var collections = await accounts.CollectionsAsync(SuperuserUse.CreateKey, caller, cancellationToken);
            var collection = collections.FirstOrDefault(known => known.Name == key.Collection);
            if (KeyCollection.FaultOf(key.Collection, collection) is { } fault)
            {
                throw new KeyRefusedException(fault.Sentence);
            }

            begun = true;
            await accounts.CreateAsync(caller, key.Collection, KeyCollection.NewAccount(collection!, key.Record, key.Name), cancellationToken);
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
                Detail = $"{KeyKinds.NameOf(live.Kind)}, fingerprint {live.Fingerprint}, {UntilOf(live)}, owner {live.Owner}",
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
            // A rotated key finds out at the end of its overlap that it has no successor, should it be written down as rotated already.
            await endings.DropAsync(admin, key, CauseOf(failure));
            throw;
        }
    }

    private async Task CheckAsync(ActingStaff admin, KeyWish wish, ApiKey? replaced, CancellationToken cancellationToken)
    {
        var change = replaced is null ? "create" : "rotate";
        var now = clock.GetUtcNow();
        if (Policy.Check(wish, now) is [_, ..] found)
        {
            throw await book.RefusedAsync(admin, replaced, change, string.Join(' ', found));
        }

        if (replaced is not null)
        {
            return; // Its name and its owner are as they were; somebody may be looking for another owner already.
        }

        if ((await rights.FindAsync(new StaffId(wish.Owner), cancellationToken))?.Roles is not [_, ..])
        {
            throw await book.RefusedAsync(admin, null, change, "The owner must be somebody on the staff who holds a role now: somebody has to answer for the key.");
        }

        await CheckNameAsync(admin, wish.Name.Trim(), change, cancellationToken);
    }

    /// <summary>Drafts don't count, which may belong to a window that was closed; so it is asked again before the token is made.</summary>
    private async Task CheckNameAsync(ActingStaff admin, string name, string change, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var taken = (await book.UnfinishedAsync(cancellationToken)).Any(key =>
            string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase) && key.Phase is not (KeyPhase.Draft or KeyPhase.Dropping or KeyPhase.Requested or KeyPhase.Approved)
            && KeyStates.Of(key, AccountPresence.There, now) != KeyState.Expired);
        if (taken)
        {
            throw await book.RefusedAsync(admin, null, change, $"There is a key called {name} already. Choose another name, or rotate that one.");
        }
    }

    /// <summary>The superuser that is set aside, if it is there, isn't the console's own and has no key.</summary>
    private async Task<string> SuperuserFreeAsync(ActingStaff admin, ApiKey key, CancellationToken cancellationToken)
    {
        if (!Policy.SuperuserKeys || (await rights.FindAsync(key.ApprovedBy ?? default, cancellationToken))?.May(Duty.ManageKeys) != true)
        {
            throw await book.RefusedAsync(
                admin, key, "create", "Superuser keys were switched off since this one was approved, or whoever approved it isn't an admin any more. Ask for it again.");
        }

        var now = clock.GetUtcNow();
        var others = (await book.UnfinishedAsync(cancellationToken)).Where(other =>
            other.Kind == KeyKind.Superuser && other.Id != key.Id && other.Phase is not (KeyPhase.Requested or KeyPhase.Approved)
            && KeyStates.Of(other, AccountPresence.There, now) != KeyState.Expired);
        var found = others.Any() ? null : await accounts.FindSuperuserAsync(book.CallerFor(admin), options.Value.SuperuserAccount, cancellationToken);
        var against = (others.FirstOrDefault(), found) switch
        {
            ({ } other, _) => $"There is a superuser key already: {other.Name}. Revoke it first; two keys of one superuser couldn't be revoked one by one.",
            (_, null) => "The superuser named in ApiKeys:SuperuserAccount doesn't exist in PocketBase. Nothing was made; whoever runs the console should compare the two.",
            (_, { IsConsoles: true }) => "The superuser named in ApiKeys:SuperuserAccount is the console's own; revoking the key would lock the console out. Nothing was made; whoever runs the console should name another one.",
            _ => null,
        };
        return against is null ? found!.Value.Account.Record : throw await book.RefusedAsync(admin, key, "create", against);
    }

    private ApiKey NewKey(ActingStaff admin, KeyWish wish, string id, string collection, string record)
    {
        var now = clock.GetUtcNow();
        return new ApiKey(
            id, collection, record, wish.Kind, wish.Name.Trim(), wish.Purpose.Trim(), new StaffId(wish.Owner), now, admin.Member.Id, admin.Member.Name,
            wish.Life.EndFrom(now), KeyPhase.Draft);
    }

    private AuditEvent Requested(ActingStaff admin, ApiKey key, string change) =>
        book.Begin(AuditEventTypes.KeyRequested, admin, key) with { Reason = key.Purpose, Detail = change };

    private static string UntilOf(ApiKey key) => $"until {key.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC";

    private static string CauseOf(Exception failure) => failure switch
    {
        PocketBaseProblem problem => $"PocketBase: {problem.Kind}",
        KeyRefusedException => "the collection doesn't fit",
        OperationCanceledException => "the window was closed",
        _ => failure.GetType().Name,
    };
}
