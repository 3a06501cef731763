using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Who cosigns the log's checkpoints. Each witness is asked beside the others and beside everything else: about each new checkpoint, and
/// about the newest one again after the time in which there is always another, so that what they said is never older than that.
/// </summary>
internal sealed partial class Witnesses : IDisposable
{
    /// <summary>How long the stop of the console waits for all of them.</summary>
    private static readonly TimeSpan AtStop = TimeSpan.FromSeconds(2);

    private readonly CheckpointDesk _desk;
    private readonly WitnessClient _client;
    private readonly Verification _verification;
    private readonly ConsoleDb _db;
    private readonly ConsoleWriter _writer;
    private readonly TimeProvider _clock;
    private readonly ILogger<Witnesses> _logger;
    private readonly TimeSpan _interval;
    private readonly Asked[] _all;
    private readonly CancellationTokenSource _stopping;

    public Witnesses(
        CheckpointDesk desk, WitnessClient client, Verification verification, ConsoleDb db, ConsoleWriter writer, IOptions<AuditOptions> options, TimeProvider clock,
        ILogger<Witnesses> logger)
    {
        (_desk, _client, _verification, _db, _writer, _clock, _logger) = (desk, client, verification, db, writer, clock, logger);
        _interval = TimeSpan.FromMinutes(options.Value.CheckpointMinutes);
        _all = [.. options.Value.Witnesses.Select(witness => new Asked(Witness.Of(witness)))];
        _stopping = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
    }

    /// <summary>How it stands with each of them, in the order of the settings; none where there are none.</summary>
    /// <exception cref="DatabaseUnreadableException">The database doesn't answer.</exception>
    public Task<IReadOnlyList<WitnessState>> StatesAsync(CancellationToken cancellationToken) => _db.ReadAsync<IReadOnlyList<WitnessState>>(
        connection => [.. _all.Select(asked => WitnessTable.Of(connection, asked.Witness.Key))], cancellationToken);

    /// <summary>Forgets witnesses that the settings no longer name.</summary>
    /// <exception cref="NotWrittenException">It can't be written.</exception>
    public Task ForgetOthersAsync() => _writer.WriteAsync(connection => WitnessTable.KeepOnly(connection, _all.Select(asked => asked.Witness.Key)));

    /// <summary>Asks whoever is due and isn't being asked already.</summary>
    /// <param name="newest">The size of the newest checkpoint; 0 without any.</param>
    /// <returns>Ends, always well, when nobody is being asked any more; who makes checkpoints doesn't wait for that.</returns>
    public Task AskAsync(long newest)
    {
        foreach (var asked in _all.Where(asked => asked.Asking.IsCompleted && IsDue(asked, newest)))
        {
            asked.Asking = AskAsync(asked, newest);
        }

        return Task.WhenAll(_all.Select(asked => asked.Asking));
    }

    /// <summary>Asks, as the last thing, whoever doesn't know the newest checkpoint yet: two seconds at most, and then no more.</summary>
    public async Task AskLastAsync(long newest)
    {
        _stopping.CancelAfter(AtStop);
        await Task.WhenAll(_all.Select(async asked =>
        {
            await asked.Asking;
            if (newest > asked.Size)
            {
                await AskAsync(asked, newest);
            }
        }));
        await _stopping.CancelAsync();
    }

    /// <inheritdoc />
    public void Dispose() => _stopping.Dispose();

    private bool IsDue(Asked asked, long newest) => newest > asked.Size || (newest > 0 && _clock.GetElapsedTime(asked.At) >= _interval);

    private async Task AskAsync(Asked asked, long newest)
    {
        (asked.Size, asked.At) = (newest, _clock.GetTimestamp());
        var witness = asked.Witness;
        try
        {
            var (checkpoint, known) = await _db.ReadAsync(
                connection => (CheckpointTable.Newest(connection), WitnessTable.Of(connection, witness.Key)), _stopping.Token);
            if (checkpoint?.Note is { } note)
            {
                asked.Size = Math.Max(newest, checkpoint.Size);
                await AskAsync(witness, checkpoint.Size, note, known);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next start asks again.
        }
        catch (Exception failure)
        {
            // Whatever it was: nobody waits for this, so it is told here or nowhere.
            LogUnkept(failure, witness.Key.Name);
        }
    }

    private async Task AskAsync(Witness witness, long size, SignedNote note, WitnessState known)
    {
        try
        {
            var own = note.SignedBy(note.Text[..note.Text.IndexOf('\n', StringComparison.Ordinal)]);
            var (cosignature, at) = await _client.CosignAsync(
                witness, own, size, known.Size <= size ? known.Size : 0, old => Prove(witness, old, size), _stopping.Token);
            await _desk.AddCosignatureAsync(size, witness.Key, cosignature, at);
            if (known.Since is not null)
            {
                LogRecovered(witness.Key.Name, size);
            }
        }
        catch (WitnessException refusal) when (refusal.IsAlarm)
        {
            await _verification.KeepAlarmAsync(witness.Key, refusal.Message);
        }
        catch (WitnessException refusal)
        {
            if (known.Fault != refusal.Message)
            {
                LogFault(refusal.Message);
            }

            await _writer.WriteAsync(connection => WitnessTable.SetFault(connection, witness.Key, refusal.Message, _clock.GetUtcNow()));
        }
    }

    private ImmutableArray<TreeHash> Prove(Witness witness, long old, long size)
    {
        try
        {
            return _db.Read(connection => TreeTable.TreeOn(connection).ProveConsistency(old, size), CancellationToken.None);
        }
        catch (InvalidDataException)
        {
            throw new WitnessException($"{witness.Key.Name} can't be asked: the stored tree doesn't prove that the log has only grown. Verify the log.");
        }
    }

    [LoggerMessage(EventId = 3015, Level = LogLevel.Warning, Message = "A witness doesn't cosign the audit log's checkpoints, and is asked again: {What}")]
    private partial void LogFault(string what);

    [LoggerMessage(EventId = 3016, Level = LogLevel.Warning, Message = "The witness {Name} cosigns the audit log again, now {Size} events")]
    private partial void LogRecovered(string name, long size);

    [LoggerMessage(EventId = 3017, Level = LogLevel.Error, Message = "What the witness {Name} says of the audit log couldn't be kept; it is asked again")]
    private partial void LogUnkept(Exception failure, string name);

    /// <summary>A witness, and how far it was asked by this run.</summary>
    private sealed class Asked(Witness witness)
    {
        public Witness Witness { get; } = witness;

        public long Size { get; set; }

        public long At { get; set; }

        public Task Asking { get; set; } = Task.CompletedTask;
    }
}
