using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys;

/// <summary>Takes keys out of use: one for good, one for a while, or many at once in an emergency.</summary>
internal sealed class KeyRevoker(
    KeyBook book, KeyGate gate, KeyEndings endings, KeyReach reach, ServiceAccounts accounts, IStaffRights rights,
    IOptions<ApiKeysOptions> options, TimeProvider clock)
{
    // Whoever is in the middle of a change has time to end it; an emergency isn't sent away.
    private static readonly TimeSpan EmergencyPatience = TimeSpan.FromMinutes(2);

    /// <summary>What has to be typed before every key of everybody is revoked.</summary>
    public const string EverybodysConfirmation = "revoke all keys";

    /// <summary>Revokes a key, also one that was made outside the console, and proves it. No other key is touched.</summary>
    /// <returns>The key with the proof.</returns>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    /// <exception cref="KeyNotProvedException">It was begun and isn't proved yet; recorded, and tried again.</exception>
    public async Task<ApiKey> RevokeAsync(CurrentStaff who, string id, string reason, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await book.FindAsync(id, cancellationToken);
        var against = key switch
        {
            { Phase: KeyPhase.Revoked } => $"This key was revoked already, by {key.Revocation!.ByName}.",
            { Phase: KeyPhase.Requested or KeyPhase.Approved or KeyPhase.Draft or KeyPhase.Dropped } => "This key was never made, so there is nothing to revoke.",
            null when !AppUserId.IsSegment(id) => "There is no such key.",
            _ => KeyPolicy.CheckReason(reason),
        };
        if (against is not null)
        {
            throw await book.RefusedAsync(admin, key, "revoke", against);
        }

        // From here on it is not given up when the window is closed: what is begun is brought to its end.
        var revoking = await BeginAsync(admin, key ?? await AdoptAsync(admin, id, reason), reason);
        return await endings.RevokeAsync(admin, revoking, retried: false);
    }

    /// <summary>
    /// Marks a key's account as disabled, so that rules which test it let the key through no more; looks afterwards what is still
    /// open to it. Marking it again does no harm.
    /// </summary>
    /// <exception cref="KeyRefusedException">No rule would care, or another rule stands against it; recorded.</exception>
    public async Task<SuspensionReport> SuspendAsync(CurrentStaff who, string id, string reason, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await FindLiveAsync(admin, id, "suspend", reason, cancellationToken);
        var caller = book.CallerFor(admin);
        await book.SaveAsync([Requested(admin, key, "suspend", reason)]);
        var collections = await ChangeAsync(admin, key, "suspend", async () =>
        {
            var found = await accounts.CollectionsAsync(SuperuserUse.SuspendKey, caller, cancellationToken);
            if (!KeyCollection.CanSuspend(found.FirstOrDefault(collection => collection.Name == key.Collection)))
            {
                throw await book.RefusedAsync(
                    admin, key, "suspend", $"The collection '{key.Collection}' has no field 'disabled', so there is nothing that rules could test. Add it, or revoke the key.");
            }

            if (!found.SelectMany(collection => collection.Rules).Any(KeyCollection.TestsDisabled))
            {
                throw await book.RefusedAsync(
                    admin, key, "suspend",
                    "No rule of the app tests @request.auth.disabled, so a suspended key would go on working; an auth rule only stops new sign-ins, never a key. Add '&& @request.auth.disabled = false' to the rules that let keys in, or revoke the key.");
            }

            await accounts.SetDisabledAsync(caller, KeyEndings.AccountOf(key), disabled: true, CancellationToken.None);
            return found;
        });
        var suspended = key with { SuspendedAt = clock.GetUtcNow() };
        await book.SaveAsync([book.Begin(AuditEventTypes.KeySuspended, admin, key) with { Reason = reason.Trim() }], suspended);

        // What follows only tells how far it goes; it is suspended whether that can be told or not.
        var report = await LookAsync(caller, suspended, collections);
        await book.SaveAsync([book.Begin(AuditEventTypes.KeySuspended, admin, key) with { Detail = report.InWords }]);
        return report;
    }

    /// <summary>Takes the mark away again. Doing so twice does no harm.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task ResumeAsync(CurrentStaff who, string id, string reason, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await FindLiveAsync(admin, id, "resume", reason, cancellationToken);
        await book.SaveAsync([Requested(admin, key, "resume", reason)]);
        await ChangeAsync(admin, key, "resume", async () =>
        {
            await accounts.SetDisabledAsync(book.CallerFor(admin), KeyEndings.AccountOf(key), disabled: false, CancellationToken.None);
            return true;
        });
        await book.SaveAsync([book.Begin(AuditEventTypes.KeyResumed, admin, key) with { Reason = reason.Trim() }], key with { SuspendedAt = null });
    }

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
        CurrentStaff who, StaffId? owner, string typed, string reason, Func<IReadOnlyList<KeyProgress>, Task> progress, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, EmergencyPatience, cancellationToken);
        var admin = turn.Admin;
        var person = owner is { } id ? await rights.FindAsync(id, cancellationToken) ?? new StaffMember(id, id.Value, "", []) : null;
        var against = string.Equals(typed.Trim(), ConfirmationFor(person), StringComparison.OrdinalIgnoreCase)
            ? KeyPolicy.CheckReason(reason)
            : $"To confirm, type exactly: {ConfirmationFor(person)}";
        if (against is not null)
        {
            throw await book.RefusedAsync(admin, null, "revoke all", against);
        }

        var concerned = (await book.UnfinishedAsync(cancellationToken)).Where(key => person is null || key.Owner == person.Id).ToList();
        List<ApiKey> keys =
        [
            .. concerned.Where(key => key.Phase == KeyPhase.Revoking),
            .. concerned.Where(key => key.Phase == KeyPhase.Live).Select(key => key with { Phase = KeyPhase.Revoking, Revocation = RevocationBy(admin, reason) }),
        ];
        var whose = person is null ? "everybody" : $"{person.Name} ({person.Id})";
        await book.SaveAsync(
            [admin.Begin(AuditEventTypes.KeyRequested, clock.GetUtcNow()) with
            {
                Reason = reason.Trim(),
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
            list.AddRange(await AdoptAllAsync(admin, reason));
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

    private async Task<ApiKey> BeginAsync(ActingStaff admin, ApiKey key, string reason)
    {
        var revoking = key.Phase == KeyPhase.Revoking ? key : key with { Phase = KeyPhase.Revoking, Revocation = RevocationBy(admin, reason) };
        await book.SaveAsync([Requested(admin, revoking, "revoke", reason)], revoking);
        return revoking;
    }

    /// <summary>Writes an account down that the console didn't make, so that it can be revoked like any other.</summary>
    private async Task<ApiKey> AdoptAsync(ActingStaff admin, string record, string reason)
    {
        var caller = book.CallerFor(admin);
        var unknown = Foreign(options.Value.Collection, record, record, clock.GetUtcNow());
        await book.SaveAsync([Requested(admin, unknown, "revoke a key made outside the console", reason)]);
        if (await FaultAsync(caller) is { } fault)
        {
            throw await book.RefusedAsync(admin, unknown, "revoke", fault.Sentence);
        }

        var found = await accounts.FindAsync(SuperuserUse.RevokeKey, caller, KeyEndings.AccountOf(unknown), CancellationToken.None);
        return found is null
            ? throw await book.RefusedAsync(admin, unknown, "revoke", "There is no such key, neither here nor in PocketBase.")
            : ToForeign(options.Value.Collection, found);
    }

    private async Task<IEnumerable<KeyProgress>> AdoptAllAsync(ActingStaff admin, string reason)
    {
        try
        {
            if (await FaultAsync(book.CallerFor(admin)) is { } fault)
            {
                // Whatever is in such a collection, it may be people.
                var none = Foreign(options.Value.Collection, "", "Keys made outside the console", clock.GetUtcNow());
                return [new KeyProgress(none, KeyProgressState.NotProved, fault.Sentence)];
            }

            var known = (await book.AllAsync(CancellationToken.None)).Select(key => key.Record).ToHashSet(StringComparer.Ordinal);
            var found = await accounts.ListAsync(SuperuserUse.RevokeKey, book.CallerFor(admin), options.Value.Collection, CancellationToken.None);
            List<ApiKey> foreign = [.. found.Where(record => !known.Contains(record.Id)).Select(record =>
                ToForeign(options.Value.Collection, record) with { Phase = KeyPhase.Revoking, Revocation = RevocationBy(admin, reason) })];
            await book.SaveAsync([], foreign);
            return foreign.Select(key => new KeyProgress(key, KeyProgressState.Waiting));
        }
        catch (PocketBaseProblem problem)
        {
            // The console's own keys go on; those it doesn't know must not be forgotten silently.
            var all = Foreign(options.Value.Collection, "", "Keys made outside the console", clock.GetUtcNow());
            await book.SaveAsync([book.Begin(AuditEventTypes.KeyChangeFailed, admin, all) with
            {
                Outcome = AuditOutcome.Failed, Detail = $"revoke all: keys made outside the console can't be listed, {problem.Kind}",
            }]);
            return [new KeyProgress(all, KeyProgressState.NotProved, $"They can't be listed, so none of them was revoked: do this again once PocketBase answers. {problem.Message}")];
        }
    }

    /// <summary>Why the configured collection isn't one of service accounts; null when it is.</summary>
    private async Task<KeyCollectionFault?> FaultAsync(Caller caller)
    {
        var name = options.Value.Collection;
        var collections = await accounts.CollectionsAsync(SuperuserUse.RevokeKey, caller, CancellationToken.None);
        return KeyCollection.FaultOf(name, collections.FirstOrDefault(collection => collection.Name == name));
    }

    /// <summary>Looks what a suspended key is still let through to.</summary>
    private async Task<SuspensionReport> LookAsync(Caller caller, ApiKey key, IReadOnlyList<CollectionSchema> collections)
    {
        var untested = collections
            .Where(collection => collection.Rules.Any(rule => rule is not null && !KeyCollection.TestsDisabled(rule)))
            .Select(collection => collection.Name).ToHashSet(StringComparer.Ordinal);
        try
        {
            var reads = (await reach.ReadAsync(caller, KeyEndings.AccountOf(key), collections, CancellationToken.None))
                .Where(reached => reached is { Verdict: KeyVerdict.Reads, IsPublic: false }).Select(reached => reached.Name).ToArray();
            return new SuspensionReport(reads, [.. untested.Except(reads).Order(StringComparer.Ordinal)], Looked: true);
        }
        catch (PocketBaseProblem)
        {
            return new SuspensionReport([], [.. untested.Order(StringComparer.Ordinal)], Looked: false);
        }
    }

    /// <summary>An account that the console didn't make, as a key.</summary>
    public static ApiKey ToForeign(string collection, PocketBaseRecord record) =>
        Foreign(collection, record.Id, KeyCollection.NameOf(record), record.Moment("created") ?? DateTimeOffset.UnixEpoch) with
        {
            SuspendedAt = KeyCollection.IsDisabled(record) ? record.Moment("updated") ?? DateTimeOffset.UnixEpoch : null,
        };

    private static ApiKey Foreign(string collection, string record, string name, DateTimeOffset created) =>
        new(record, collection, record, KeyKind.Service, name, "", new StaffId(""), created, new StaffId(""), "", ExpiresAt: null, KeyPhase.Live);

    private async Task<ApiKey> FindLiveAsync(ActingStaff admin, string id, string change, string reason, CancellationToken cancellationToken)
    {
        var key = await book.FindAsync(id, cancellationToken);
        var against = key switch
        {
            null => "This key is gone, or was made outside the console. It can only be revoked.",
            { Kind: KeyKind.Superuser } => "No rule applies to a superuser, so a superuser key can't be suspended. Revoke it.",
            { Phase: not KeyPhase.Live } => "This key is revoked, or being revoked.",
            _ when key.ExpiresAt <= clock.GetUtcNow() => "This key has expired.",
            _ => KeyPolicy.CheckReason(reason),
        };
        return against is null ? key! : throw await book.RefusedAsync(admin, key, change, against);
    }

    /// <summary>Runs a change whose wish is recorded, and records it when PocketBase stands in the way.</summary>
    private async Task<T> ChangeAsync<T>(ActingStaff admin, ApiKey key, string change, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PocketBaseProblem problem)
        {
            await book.SaveAsync(
                [book.Begin(AuditEventTypes.KeyChangeFailed, admin, key) with { Outcome = AuditOutcome.Failed, Detail = $"{change}: {problem.Kind}" }]);
            throw;
        }
    }

    private AuditEvent Requested(ActingStaff admin, ApiKey key, string change, string reason) =>
        book.Begin(AuditEventTypes.KeyRequested, admin, key) with { Reason = reason.Trim(), Detail = change };

    private static KeyRevocation RevocationBy(ActingStaff admin, string reason) => new(admin.Member.Id, admin.Member.Name, reason.Trim());
}

/// <summary>How far a suspension goes.</summary>
/// <param name="StillReads">Collections that the key was seen to read after it; those open to everybody don't count.</param>
/// <param name="Untested">Others with a rule that doesn't test who is disabled, so that the key may still view or write there.</param>
/// <param name="Looked">Whether the console could look at all.</param>
internal sealed record SuspensionReport(IReadOnlyList<string> StillReads, IReadOnlyList<string> Untested, bool Looked)
{
    /// <summary>The same in a few words.</summary>
    public string InWords => string.Join("; ", new[]
    {
        Looked ? StillReads.Count == 0 ? "reads nothing that isn't public" : $"still reads {string.Join(", ", StillReads)}" : "what it still reads couldn't be looked at",
        Untested.Count == 0 ? null : $"rules of {string.Join(", ", Untested)} don't all test it",
    }.OfType<string>());
}

/// <summary>How far one key of an emergency has come.</summary>
public enum KeyProgressState
{
    /// <summary>Its turn has yet to come.</summary>
    Waiting,

    /// <summary>It is being revoked.</summary>
    Working,

    /// <summary>It is revoked, and that proved.</summary>
    Revoked,

    /// <summary>It isn't proved yet; the console tries again.</summary>
    NotProved,
}

/// <summary>One key of an emergency.</summary>
/// <param name="Key">The key as it is by then.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Explanation">What stands in the way; null otherwise.</param>
public sealed record KeyProgress(ApiKey Key, KeyProgressState State, string? Explanation = null);
