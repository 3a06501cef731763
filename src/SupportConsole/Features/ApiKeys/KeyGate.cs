using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.ApiKeys;

/// <summary>
/// Lets one change of keys through at a time, over this process and the server's command line. So whoever is inside knows that an
/// unfinished step which isn't its own was left behind by somebody who stopped. The kernel opens the gate when a process ends.
/// </summary>
internal sealed class KeyGate(ConsoleDb database) : IDisposable
{
    // Longer than a change that waits for a slow PocketBase at each of its steps is likely to take.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _here = new(1);

    /// <summary>
    /// Waits for a person's turn to change keys, and asks for their right and proof before and after: either may go while one waits.
    /// </summary>
    /// <exception cref="KeysBusyException">It wasn't their turn in time.</exception>
    public async Task<KeyTurn> EnterAsync(CurrentStaff who, TimeSpan patience, CancellationToken cancellationToken)
    {
        await who.DemandProvenAsync(Duty.ManageKeys, cancellationToken);
        var held = await TryEnterAsync(patience, cancellationToken) ?? throw new KeysBusyException();
        try
        {
            return new KeyTurn(await who.DemandProvenAsync(Duty.ManageKeys, cancellationToken), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Waits for its turn and holds the gate until the result is disposed of; null where its turn didn't come in time.</summary>
    /// <exception cref="StorageException">The gate's file can't be opened.</exception>
    public async Task<IDisposable?> TryEnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        // The machine's clock on purpose: other processes take their turns by it.
        var begun = TimeProvider.System.GetTimestamp();
        if (!await _here.WaitAsync(patience, cancellationToken))
        {
            return null;
        }

        IDisposable? held = null;
        try
        {
            database.Prepare();
            var file = Path.Combine(Path.GetDirectoryName(database.File)!, "keys.lock");
            while ((held = PrivateFile.TryHold(file, "Held while a Support Console or its command changes API keys. Don't remove it.\n")) is null
                && TimeProvider.System.GetElapsedTime(begun) <= patience)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }

            return held is null ? null : new Turn(this, held);
        }
        finally
        {
            if (held is null)
            {
                _here.Release();
            }
        }
    }

    public void Dispose() => _here.Dispose();

    private sealed class Turn(KeyGate gate, IDisposable held) : IDisposable
    {
        public void Dispose()
        {
            held.Dispose();
            gate._here.Release();
        }
    }
}
