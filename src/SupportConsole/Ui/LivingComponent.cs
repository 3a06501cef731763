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
    /// Waits for an answer and returns it, or the explanation why there is none. A cancelled wait returns
    /// <paramref name="before"/>: whoever cancelled it shows something newer or nothing.
    /// </summary>
    protected static async Task<Loaded<T>> LoadAsync<T>(Task<T> answer, Loaded<T> before)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            return new Loaded<T>.Ready(await answer);
        }
        catch (ExplainedException failure)
        {
            return new Loaded<T>.Failed(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return before;
        }
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
            _life.Cancel();
            _life.Dispose();
        }
    }
}
