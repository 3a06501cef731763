using SupportConsole.Core;

namespace SupportConsole.Ui;

/// <summary>
/// Hands out the token of the newest run and cancels the one before. Used on the renderer's context only, hence no lock. A run whose
/// token is cancelled has nothing to show any more, even where its answer was on the way already.
/// </summary>
public sealed class Latest : IDisposable
{
    private CancellationTokenSource? _run;
    private bool _isOver;

    /// <summary>Cancels the run before and begins the next; one that begins when all is over is cancelled from the start.</summary>
    public CancellationToken Begin()
    {
        Cancel();
        if (_isOver)
        {
            return new CancellationToken(canceled: true);
        }

        _run = new CancellationTokenSource();
        return _run.Token;
    }

    /// <summary>Cancels the newest run.</summary>
    public void Cancel()
    {
        var run = _run;
        _run = null;
        run?.CancelAnyway();
        run?.Dispose();
    }

    /// <summary>Cancels the newest run, and each that would follow.</summary>
    public void Dispose()
    {
        _isOver = true;
        Cancel();
    }
}
