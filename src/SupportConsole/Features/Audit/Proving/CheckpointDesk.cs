using Microsoft.Data.Sqlite;
using SupportConsole.Core;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Signs the log as it is and sees to it that this leaves the house.</summary>
internal sealed partial class CheckpointDesk(
    ConsoleDb db, ConsoleWriter writer, SigningKeys keys, CheckpointFolder folder, TimeProvider clock, ILogger<CheckpointDesk> logger) : IDisposable
{
    /// <summary>How many checkpoints that have waited leave the house together: a stop doesn't wait for more.</summary>
    private const int PublishedAtOnce = 50;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>What stood in the way of the last attempt, as a sentence for people; null where it went well.</summary>
    public string? Hindrance { get; private set; }

    /// <summary>The newest checkpoint; null before the first.</summary>
    public StoredCheckpoint? Newest() => db.Read(CheckpointTable.Newest, CancellationToken.None);

    /// <summary>
    /// Signs a checkpoint over every event that is there now, unless the newest one is over them all, and publishes what isn't yet.
    /// </summary>
    /// <returns>The newest checkpoint; null for a log without events.</returns>
    /// <exception cref="SigningKeyException">It can't be signed.</exception>
    /// <exception cref="UnprovableException">The stored tree is damaged.</exception>
    /// <exception cref="CheckpointFolderException">It is signed and kept, but can't be published.</exception>
    /// <exception cref="CheckpointTakenException">The same: another one lies in its place.</exception>
    /// <exception cref="NotWrittenException">It can't be kept.</exception>
    public async Task<StoredCheckpoint?> MakeAsync()
    {
        await _one.WaitAsync();
        try
        {
            var made = await SignAsync();
            await PublishAsync();
            Hindrance = null;
            return made;
        }
        catch (ExplainedException fault)
        {
            Hindrance = fault.Message;
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Puts what a witness signed beside a checkpoint, and outside too while that is the newest one.</summary>
    /// <exception cref="CheckpointFolderException">It is kept, but can't be published.</exception>
    /// <exception cref="NotWrittenException">It can't be kept.</exception>
    public async Task AddCosignatureAsync(long size, NoteKey witness, NoteSignature cosignature, DateTimeOffset at)
    {
        await _one.WaitAsync();
        try
        {
            await writer.WriteAsync(connection =>
            {
                WitnessTable.SetCosigned(connection, witness, size, at);
                CheckpointTable.AddCosignature(connection, size, cosignature);
            });
            if (Newest() is { IsPublished: true, Note: { } note } newest && newest.Size == size)
            {
                await folder.PublishCosignedAsync(note);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Says of every key so far that it signs no more: they are lost, and the next one signs alone.</summary>
    /// <exception cref="NotWrittenException">It can't be kept.</exception>
    public Task GiveUpKeysAsync() => writer.WriteAsync(CheckpointTable.RetireAll);

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private async Task<StoredCheckpoint?> SignAsync()
    {
        var origin = await writer.WriteAsync(WorkKind.RefusableChange, CheckpointTable.NameOrMake);
        var (newest, known, checkpoint) = db.Read(
            connection =>
            {
                using var moment = connection.BeginTransaction(deferred: true);
                return (CheckpointTable.Newest(connection), CheckpointTable.Keys(connection), CheckpointOn(connection, origin));
            },
            CancellationToken.None);
        if (checkpoint.Size == 0)
        {
            return null;
        }

        if (known.Count == 0)
        {
            keys.MakeFirst(origin);
        }

        var signers = keys.Open();
        try
        {
            NoteKey[] signing = [.. signers.Select(signer => signer.Verifier)];
            var standing = known.Where(key => key.Signs).Select(key => key.Key).ToList();
            if (signing.Length == 0 || (standing.Count > 0 && !standing.Intersect(signing).Any()))
            {
                throw SigningKeyException.Lost(keys.File);
            }

            if (newest?.Size == checkpoint.Size)
            {
                return newest; // Published once and never changed; that a key came or went is an event, which makes the log larger.
            }

            var note = new SignedNote(checkpoint.Text, [.. signers.Select(signer => signer.Sign(checkpoint.Text))]);
            var at = clock.GetUtcNow();
            await writer.WriteAsync(connection => CheckpointTable.Add(connection, checkpoint, note, at, signing));
            LogSigned(checkpoint.Size, checkpoint.Root.ToString(), origin, note.ToString());
            return new StoredCheckpoint(checkpoint.Size, at, note.ToString(), IsPublished: false);
        }
        finally
        {
            foreach (var signer in signers)
            {
                signer.Dispose();
            }
        }
    }

    private static Checkpoint CheckpointOn(SqliteConnection connection, string origin)
    {
        var size = TreeTable.SizeOn(connection);
        try
        {
            return new Checkpoint(origin, size, TreeTable.TreeOn(connection).RootOf(size));
        }
        catch (InvalidDataException fault)
        {
            throw new UnprovableException(fault);
        }
    }

    private async Task PublishAsync()
    {
        CheckpointTakenException? taken = null;
        foreach (var waiting in db.Read(connection => CheckpointTable.Unpublished(connection, PublishedAtOnce), CancellationToken.None))
        {
            try
            {
                if (waiting.Note is { } note && Checkpoint.TryRead(note.Text, out var checkpoint))
                {
                    await folder.PublishAsync(checkpoint, note, waiting.MadeAt, db.Read(CheckpointTable.Keys, CancellationToken.None).Select(known => known.Key));
                }

                await writer.WriteAsync(connection => CheckpointTable.SetPublished(connection, waiting.Size));
            }
            catch (CheckpointTakenException fault)
            {
                taken ??= fault; // The ones after it leave the house all the same.
            }
        }

        if (taken is not null)
        {
            throw taken;
        }
    }

    [LoggerMessage(EventId = 3010, Level = LogLevel.Information, Message = "Checkpoint over {Size} events of {Origin}, root {Root}: {Note}")]
    private partial void LogSigned(long size, string root, string origin, string note);
}
