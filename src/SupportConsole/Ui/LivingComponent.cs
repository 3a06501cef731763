using Microsoft.AspNetCore.Components;
using SupportConsole.Core;

namespace SupportConsole.Ui;

/// <summary>A component whose waiting work ends with it.</summary>
public abstract class LivingComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _life = new();

    /// <summary>Kept apart from its source, which can't be asked any more once it is disposed of.</summary>
    protected LivingComponent() => Gone = _life.Token;

    /// <summary>Cancelled when the component is removed.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>
    /// Asks, and hands over the answer or the explanation why there is none, unless something newer was asked meanwhile or the
    /// component is gone: the newest question owns what is shown, whichever answer comes last.
    /// </summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="latest">What the question supersedes, and is superseded by.</param>
    /// <param name="ask">Asks; the token is cancelled when nobody waits for the answer any more.</param>
    /// <param name="show">Takes the answer.</param>
    /// <returns>Whether the answer was handed over: nothing more is left to do for a question that was superseded.</returns>
    protected async Task<bool> LoadAsync<T>(Latest latest, Func<CancellationToken, Task<T>> ask, Action<Loaded<T>> show)
    {
        ArgumentNullException.ThrowIfNull(latest);
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(show);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(latest.Begin(), Gone);
        Loaded<T> answer;
        try
        {
            answer = new Loaded<T>.Ready(await ask(waiting.Token));
        }
        catch (ExplainedException failure)
        {
            answer = new Loaded<T>.Failed(failure.Message);
        }
        catch (OperationCanceledException)
        {
            // By whoever asked anew, who shows something newer, or by something else, which must not leave the page waiting.
            answer = new Loaded<T>.Failed("This was broken off before there was an answer. Try again.");
        }

        if (waiting.IsCancellationRequested)
        {
            return false;
        }

        show(answer);
        return true;
    }

    /// <summary>Runs on the renderer's context what a feed or a timer asks for; a failure reaches the page's error boundary.</summary>
    protected async Task OnRendererAsync(Func<Task> work)
    {
        try
        {
            await InvokeAsync(async () =>
            {
                if (!Gone.IsCancellationRequested)
                {
                    await work();
                }
            });
        }
        catch (Exception late) when (Gone.IsCancellationRequested && late is ObjectDisposedException or OperationCanceledException)
        {
            // The window closed between the message and its turn: there is nothing left to update.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what outlives the component.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_life.IsCancellationRequested)
        {
            _life.CancelAnyway();
            _life.Dispose();
        }
    }
}
