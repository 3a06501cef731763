using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ApiKeys;

/// <summary>Where keys are written down. Each step and the entry that tells of it are one commit, and open pages hear of it.</summary>
internal sealed class KeyBook(ConsoleDb database, AuditTrail trail, RefusalRecord refusals, KeyChanges changes, KeyedHash hash, TimeProvider clock)
{
    // Used by the keeper alone; null while no page is open.
    private HashSet<ApiKey>? _told;

    public Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => KeyTable.Find(connection, id), cancellationToken);

    /// <summary>Every key that is or was one, newest first.</summary>
    public Task<List<ApiKey>> AllAsync(CancellationToken cancellationToken) => database.ReadAsync(KeyTable.All, cancellationToken);

    /// <summary>Every key that has yet to come to an end, oldest first.</summary>
    public Task<List<ApiKey>> UnfinishedAsync(CancellationToken cancellationToken) => database.ReadAsync(KeyTable.Unfinished, cancellationToken);

    /// <summary>Every revoked key whose account would be noticed if it came back, and whose own end hasn't come.</summary>
    public Task<List<ApiKey>> WatchedAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.ReadAsync(connection => KeyTable.Watched(connection, now), cancellationToken);
    }

    /// <summary>Whether a rotated key's successor is there still; one that was revoked is none.</summary>
    public async Task<bool> HasSuccessorAsync(ApiKey old, CancellationToken cancellationToken) =>
        (await UnfinishedAsync(cancellationToken)).Any(key => key.Replaces == old.Id && key.Phase == KeyPhase.Live);

    /// <summary>Writes keys and entries down together.</summary>
    /// <exception cref="NotWrittenException">It isn't certain that they are on the disk.</exception>
    public async Task SaveAsync(IReadOnlyList<AuditEvent> told, params IReadOnlyList<ApiKey> keys)
    {
        await trail.AppendAsync(told, connection =>
        {
            foreach (var key in keys)
            {
                KeyTable.Save(connection, key);
            }
        });
        await changes.PublishAsync(keys);
    }

    /// <summary>Tells open pages what another process, the command line, has changed since the last look.</summary>
    public async Task TellOthersChangesAsync(CancellationToken cancellationToken)
    {
        var now = changes.Listeners > 0 ? (await AllAsync(cancellationToken)).ToHashSet() : null;
        if (_told is { } told && now is not null && now.Except(told).ToList() is [_, ..] changed)
        {
            await changes.PublishAsync(changed);
        }

        _told = now;
    }

    /// <summary>Begins an entry about a key; the actor is the console where no person is given.</summary>
    public AuditEvent Begin(string type, ActingStaff? by, ApiKey key)
    {
        var now = clock.GetUtcNow();
        return (by?.Begin(type, now) ?? new AuditEvent(type, now, AuditActor.System)) with
        {
            Subject = new AuditSubject(key.Collection, key.Id, key.Name),
            CorrelationId = key.Id,
        };
    }

    /// <summary>The entry that says what is about to be done to a key, and why.</summary>
    public AuditEvent Requested(ActingStaff? by, ApiKey key, string change, ReasonText reason) =>
        Begin(AuditEventTypes.KeyRequested, by, key) with { Reason = reason.Text, Detail = change };

    /// <summary>Who ends a key and why, before it is proved.</summary>
    public static KeyRevocation RevocationBy(ActingStaff admin, ReasonText reason) => new(admin.Member.Id, admin.Member.Name, reason.Text);

    /// <summary>Runs a change whose wish is recorded, and records it when PocketBase stands in the way.</summary>
    public async Task<T> ChangeAsync<T>(ActingStaff admin, ApiKey key, string change, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PocketBaseProblem problem)
        {
            await SaveAsync(
                [Begin(AuditEventTypes.KeyChangeFailed, admin, key) with { Outcome = AuditOutcome.Failed, Detail = $"{change}: {problem.Kind}" }]);
            throw;
        }
    }

    /// <summary>Records that a rule stands against a change, and says so to whoever wants it.</summary>
    /// <exception cref="KeyRefusedException">Always.</exception>
    public async Task<KeyRefusedException> RefusedAsync(ActingStaff by, ApiKey? key, string change, string sentence)
    {
        var entry = key is null ? by.Begin(AuditEventTypes.KeyChangeDenied, clock.GetUtcNow()) : Begin(AuditEventTypes.KeyChangeDenied, by, key);
        await refusals.RefusedAsync(entry with { Detail = $"{change}: {sentence}" });
        return new KeyRefusedException(sentence);
    }

    /// <summary>
    /// What a revoked account's token key begins with, the same for each key of the account: an account of that id with another token
    /// key isn't the one that was revoked. Can't be guessed, and opens nothing.
    /// </summary>
    public string MarkOf(AccountId account) => hash.Of("revoked account", $"{account.Collection}/{account.Record}");

    /// <summary>
    /// On whose behalf PocketBase is asked. The mark tells the console's own requests from those of whoever holds a key: it can't be
    /// guessed, so nobody hides behind it.
    /// </summary>
    public Caller CallerFor(ActingStaff? by) =>
        (by is null ? Caller.Console : hash.CallerFor(by.Member.Id)) with { SessionId = $"keys-{hash.Of("key requests", "")}" };
}
