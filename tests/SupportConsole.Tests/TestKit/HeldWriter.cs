using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>A writer that does one piece of work until it is let go: unlike a locked file's, SQLite's own limit doesn't end that.</summary>
internal sealed class HeldWriter : IAsyncDisposable
{
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _free = new();
    private readonly Task _work;

    private HeldWriter(ConsoleWriter writer) => _work = writer.InTurnAsync(_ =>
    {
        _began.SetResult();
        _free.Wait(TestContext.Current.CancellationToken);
        return true;
    });

    /// <summary>Returns once the writer does nothing else.</summary>
    public static async Task<HeldWriter> HoldAsync(ConsoleWriter writer)
    {
        var held = new HeldWriter(writer);
        await held._began.Task;
        return held;
    }

    /// <summary>Lets it go, and returns once it went on.</summary>
    public async ValueTask DisposeAsync()
    {
        _free.Set();
        await _work;
        _free.Dispose();
    }
}
