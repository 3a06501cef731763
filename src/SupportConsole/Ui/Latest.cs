namespace SupportConsole.Ui;

/// <summary>
/// Hands out the token of the newest run and cancels the one before. Used on the renderer's context only, hence no lock.
/// </summary>
public sealed class Latest : IDisposable
{
    private CancellationTokenSource? _run;

    /// <summary>Cancels the run before and begins the next.</summary>
    public CancellationToken Begin()
    {
        Dispose();
        _run = new CancellationTokenSource();
        return _run.Token;
    }

    /// <summary>Cancels the newest run.</summary>
    public void Dispose()
    {
        _run?.Cancel();
        _run?.Dispose();
        _run = null;
    }
}
