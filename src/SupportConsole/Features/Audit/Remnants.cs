using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>What was taken out of the trail still stands in older parts of the word index and in the write-ahead log; this writes both anew.</summary>
internal static class Remnants
{
    private const int LogTries = 40;

    // A reader holds the log for milliseconds.
    private static readonly TimeSpan LogPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Clears them, in pieces between which appends come.</summary>
    /// <exception cref="NotWrittenException">Something stands in the way.</exception>
    public static async Task ClearAsync(ConsoleWriter writer)
    {
        for (var goesOn = await writer.InTurnAsync(connection => WordIndex.MergeSome(connection, first: true)); goesOn;)
        {
            goesOn = await writer.InTurnAsync(connection => WordIndex.MergeSome(connection, first: false));
        }

        for (var left = LogTries; !await writer.EmptyLogAsync(); left--)
        {
            if (left == 0)
            {
                throw new NotWrittenException(NotWrittenReason.Locked);
            }

            await Task.Delay(LogPause, TimeProvider.System, CancellationToken.None);
        }
    }
}
