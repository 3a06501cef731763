namespace SupportConsole.Core;

/// <summary>Cancels without being held up by what waits.</summary>
public static class Cancelling
{
    /// <summary>
    /// Cancels, and goes on whatever those who waited for it do. What one of them throws is its own affair, and all of them are told; but
    /// whoever ends something must come to write it down.
    /// </summary>
    public static void CancelAnyway(this CancellationTokenSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // Thrown after everybody was told.
        }
    }
}
