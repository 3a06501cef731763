using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>The exception among keys: two admins for each, one at a time, and only of the superuser that is set aside for them.</summary>
internal sealed class SuperuserKeys(
    KeyBook book, KeyGate gate, KeyRules rules, ServiceAccounts accounts, IStaffRights rights, IOptions<ApiKeysOptions> options, TimeProvider clock)
{
    /// <summary>How long a request waits for a second admin, and an approval for its maker.</summary>
    public static TimeSpan Waiting { get; } = TimeSpan.FromHours(24);

    /// <summary>Asks a second admin for a superuser key. Nothing is made yet.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task<ApiKey> AskAsync(CurrentStaff who, KeyWish wish, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        wish = wish with { Kind = KeyKind.Superuser };
        await rules.CheckAsync(admin, wish, replaced: null, cancellationToken);
        var key = rules.NewSuperuserKey(admin, wish) with { Phase = KeyPhase.Requested, WaitsUntil = clock.GetUtcNow() + Waiting };
        await book.SaveAsync([book.Requested(admin, key, "superuser key, waits for a second admin", key.Purpose)], key);
        return key;
    }

    /// <summary>Agrees to a superuser key that somebody else asked for. Whoever asked can then have it made.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task ApproveAsync(CurrentStaff who, string id, ReasonText reason, CancellationToken cancellationToken)
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
            [book.Begin(AuditEventTypes.KeyApproved, admin, key!) with { Reason = reason.Text, Detail = $"asked for by {key!.CreatedByName} ({key.CreatedBy}), {KeyWords.Until(key)}" }],
            key with { Phase = KeyPhase.Approved, ApprovedBy = admin.Member.Id, WaitsUntil = clock.GetUtcNow() + Waiting });
    }

    /// <summary>The superuser that is set aside, if it is there, isn't the console's own and has no key.</summary>
    /// <returns>Its record id.</returns>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task<string> FreeAsync(ActingStaff admin, ApiKey key, CancellationToken cancellationToken)
    {
        if (!rules.Policy.SuperuserKeys || (await rights.FindAsync(key.ApprovedBy ?? default, cancellationToken))?.May(Duty.ManageKeys) != true)
        {
            throw await book.RefusedAsync(
                admin, key, "create", "Superuser keys were switched off since this one was approved, or whoever approved it isn't an admin any more. Ask for it again.");
        }

        var now = clock.GetUtcNow();
        var living = (await book.UnfinishedAsync(cancellationToken)).FirstOrDefault(other =>
            other.Kind == KeyKind.Superuser && other.Id != key.Id && other.Phase is not (KeyPhase.Requested or KeyPhase.Approved)
            && KeyStates.Of(other, AccountPresence.There, now) != KeyState.Expired);
        var found = living is not null ? null : await accounts.FindSuperuserAsync(book.CallerFor(admin), options.Value.SuperuserAccount, cancellationToken);
        var against = (living, found) switch
        {
            ({ } other, _) => $"There is a superuser key already: {other.Name}. Revoke it first; two keys of one superuser couldn't be revoked one by one.",
            (_, null) => "The superuser named in ApiKeys:SuperuserAccount doesn't exist in PocketBase. Nothing was made; whoever runs the console should compare the two.",
            (_, { IsConsoles: true }) => "The superuser named in ApiKeys:SuperuserAccount is the console's own; revoking the key would lock the console out. Nothing was made; whoever runs the console should name another one.",
            _ => null,
        };
        return against is null ? found!.Value.Account.Record : throw await book.RefusedAsync(admin, key, "create", against);
    }
}
