using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>The changes that PocketBase announces, those of a second as one: the first at once, and whatever follows it in the next.</summary>
/// <param name="changes">The changes; this closes them.</param>
/// <param name="naming">What the records are called by.</param>
/// <param name="clock">Measures the second.</param>
/// <param name="until">Cancelled when nobody follows any more.</param>
internal sealed class ChangeFlow(RecordChanges changes, RecordNaming naming, TimeProvider clock, CancellationToken until) : IDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    private Task<RecordChange?>? _next;
    private long? _gathered;

    /// <summary>Waits for changes and gathers them.</summary>
    /// <returns>The changes; null when the connection is closed.</returns>
    /// <exception cref="PocketBaseProblem">The connection is broken.</exception>
    public async Task<ChangeSummary?> GatherAsync()
    {
        if (await Next() is not { } first)
        {
            return null;
        }

        var gathered = Take(first);
        var left = _gathered is { } last ? s_pace - clock.GetElapsedTime(last) : TimeSpan.Zero;
        var due = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, until);

        // What broke off the connection is left for the next call: what came before is not lost with it.
        while (!due.IsCompleted && await Task.WhenAny(Next(), due) != due && Next() is { IsCompletedSuccessfully: true, Result: { } another })
        {
            gathered = gathered.And(Take(another));
        }

        _gathered = clock.GetTimestamp();
        return gathered;
    }

    public void Dispose() => changes.Dispose();

    private Task<RecordChange?> Next() => _next ??= changes.NextAsync(until);

    private ChangeSummary Take(RecordChange change)
    {
        _next = null;
        return ChangeSummary.Of(new ChangedRecord(change.Kind, change.Record.Id, FieldValue.Called(naming, change.Record), clock.GetUtcNow()));
    }
}
