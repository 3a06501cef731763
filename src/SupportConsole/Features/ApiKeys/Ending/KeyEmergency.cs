using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>Ends many keys at once: those of an owner, or everybody's.</summary>
internal sealed class KeyEmergency(
    KeyBook book, KeyGate gate, KeyEndings endings, ForeignKeys foreign, IStaffRights rights, IOptions<ApiKeysOptions> options, TimeProvider clock)
{
    /// <summary>What has to be typed before every key of everybody is revoked.</summary>
    public const string EverybodysConfirmation = "revoke all keys";

    // Whoever is in the middle of a change has time to end it; an emergency isn't sent away.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What has to be typed to confirm an emergency: the owner's name, or a sentence for everybody.</summary>
    public static string ConfirmationFor(StaffMember? owner) => owner?.Name ?? EverybodysConfirmation;

    /// <summary>
    /// Revokes every key of an owner, or of everybody with those made outside the console. What isn't made yet is given up. All are
    /// written down as being revoked first; then each is revoked and proved, whatever becomes of the others and of the window.
    /// </summary>
    /// <param name="who">The admin.</param>
    /// <param name="owner">Whose keys; null for everybody's.</param>
    /// <param name="typed">What was typed; see <see cref="ConfirmationFor"/>.</param>
    /// <param name="reason">Why.</param>
    /// <param name="progress">Hears of each key before and after.</param>
    /// <param name="cancellationToken">Ends the waiting for a turn, and nothing that has begun.</param>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task<IReadOnlyList<KeyProgress>> RevokeAllAsync(
        CurrentStaff who, StaffId? owner, string typed, ReasonText reason, Func<IReadOnlyList<KeyProgress>, Task> progress, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, Patience, cancellationToken);
        var admin = turn.Admin;
        var person = owner is { } id ? await rights.FindAsync(id, cancellationToken) ?? new StaffMember(id, id.Value, "", []) : null;
        var against = string.Equals(typed.Trim(), ConfirmationFor(person), StringComparison.OrdinalIgnoreCase)
            ? KeyPolicy.CheckReason(reason)
            : $"To confirm, type exactly: {ConfirmationFor(person)}";
        if (against is not null)
        {
            throw await book.RefusedAsync(admin, null, "revoke all", against);
        }

        var revived = (await book.WatchedAsync(cancellationToken)).Where(key => key.RevivedAt is not null);
        var concerned = (await book.UnfinishedAsync(cancellationToken)).Concat(revived).Where(key => person is null || key.Owner == person.Id).ToList();
        List<ApiKey> keys =
        [
            .. concerned.Where(key => key.Phase == KeyPhase.Revoking),
            .. concerned.Where(key => key.Phase is KeyPhase.Live or KeyPhase.Revoked).Select(key => key with { Phase = KeyPhase.Revoking, Revocation = KeyBook.RevocationBy(admin, reason) }),
        ];
        var whose = person is null ? "everybody" : $"{person.Name} ({person.Id})";
        await book.SaveAsync(
            [admin.Begin(AuditEventTypes.KeyRequested, clock.GetUtcNow()) with
            {
                Reason = reason.Text,
                Detail = $"revoke all keys of {whose}",
                Target = new AuditTarget(options.Value.Collection) { RecordIds = [.. keys.Select(key => key.Id)], Count = keys.Count },
            }],
            keys);
        foreach (var waiting in concerned.Where(key => key.Phase is KeyPhase.Draft or KeyPhase.Requested or KeyPhase.Approved))
        {
            await endings.DropAsync(admin, waiting, "given up in an emergency");
        }

        List<KeyProgress> list = [.. keys.Select(key => new KeyProgress(key, KeyProgressState.Waiting))];
        if (person is null)
        {
            list.AddRange(await ForeignAsync(admin, reason));
        }

        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].State == KeyProgressState.NotProved)
            {
                continue;
            }

            list[i] = list[i] with { State = KeyProgressState.Working };
            await progress([.. list]);
            try
            {
                list[i] = new KeyProgress(await endings.RevokeAsync(admin, list[i].Key, retried: false), KeyProgressState.Revoked);
            }
            catch (ExplainedException failure)
            {
                list[i] = list[i] with { State = KeyProgressState.NotProved, Explanation = failure.Message };
            }
        }

        await progress([.. list]);
        return list;
    }

    /// <summary>Keys made outside the console, written down as being revoked; or why they can't be, which must not be forgotten silently.</summary>
    private async Task<IEnumerable<KeyProgress>> ForeignAsync(ActingStaff admin, ReasonText reason)
    {
        try
        {
            List<ApiKey> found = [.. (await foreign.AllAsync(admin)).Select(key => key with { Phase = KeyPhase.Revoking, Revocation = KeyBook.RevocationBy(admin, reason) })];
            await book.SaveAsync([], found);
            return found.Select(key => new KeyProgress(key, KeyProgressState.Waiting));
        }
        catch (Exception failure) when (failure is PocketBaseProblem or KeyRefusedException)
        {
            var all = foreign.Together();
            await book.SaveAsync([book.Begin(AuditEventTypes.KeyChangeFailed, admin, all) with
            {
                Outcome = AuditOutcome.Failed,
                Detail = $"revoke all: keys made outside the console can't be listed, {(failure as PocketBaseProblem)?.Kind.ToString() ?? "the collection doesn't fit"}",
            }]);
            return [new KeyProgress(all, KeyProgressState.NotProved, $"They can't be listed, so none of them was revoked: do this again when that is mended. {failure.Message}")];
        }
    }
}
