using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core;

namespace SupportConsole.Ui;

/// <summary>
/// A dialog whose act touches others and so needs a recent proof of who acts: one act at a time, its failure in the dialog, and the way to
/// a fresh proof and back.
/// </summary>
public abstract class ProvenDialog : LivingComponent
{
    private readonly Latest _newestLook = new();

    /// <summary>Who uses the window.</summary>
    [Inject] public required CurrentStaff Staff { get; init; }

    /// <summary>The way to a fresh proof of identity.</summary>
    [Inject] public required StepUp Proof { get; init; }

    /// <summary>The dialog that this is drawn in.</summary>
    [CascadingParameter] public required IMudDialogInstance Dialog { get; set; }

    /// <summary>Why the last act failed; null when it didn't.</summary>
    protected string? Failure { get; set; }

    /// <summary>Whether an act is under way.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Whether going on asks the person to confirm who they are.</summary>
    protected bool NeedsProof { get; private set; }

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LookAsync(_ => { });

    /// <summary>
    /// Asks who the person is at this moment: whether going on needs a proof, and what else the form makes of it. What fails is shown; an
    /// answer that a newer asking has overtaken isn't.
    /// </summary>
    /// <param name="show">Takes the person; null when nobody is signed in any more.</param>
    protected async Task LookAsync(Action<ActingStaff?> show)
    {
        ArgumentNullException.ThrowIfNull(show);
        Failure = null;
        await LoadAsync(_newestLook, Staff.FindAsync, found =>
        {
            if (found is Loaded<ActingStaff?>.Ready { Value: var person })
            {
                NeedsProof = person?.ProvenRecently != true;
                show(person);
            }
            else
            {
                Failure = (found as Loaded<ActingStaff?>.Failed)?.Explanation;
            }
        });
    }

    /// <summary>Acts; where that needs a fresh proof, the person leaves to give it, and the form comes back with them.</summary>
    /// <typeparam name="TForm">What is kept meanwhile, as a record.</typeparam>
    /// <param name="kept">What the dialog holds.</param>
    /// <param name="returnTo">The address, relative to the base, of the page that opens the dialog again.</param>
    /// <param name="act">The act, which asks for the proof itself before it does anything; an explained failure is shown.</param>
    /// <param name="beforeLeaving">What has to be done before the person leaves; null for nothing.</param>
    protected async Task DoAsync<TForm>(TForm kept, string returnTo, Func<Task> act, Func<Task>? beforeLeaving = null)
        where TForm : class
    {
        if (Busy)
        {
            return; // A second press before the first one's answer.
        }

        Busy = true;
        Failure = null;
        try
        {
            await Proof.DoAsync(kept, returnTo, act, beforeLeaving, Gone);
        }
        catch (ExplainedException failure)
        {
            Failure = failure.Message;
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The window closed meanwhile; what it wanted is recorded as given up.
        }
        finally
        {
            Busy = false;
            Dialog.StateHasChanged(); // The title is drawn by the frame around this.
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newestLook.Dispose();
        base.Dispose(disposing);
    }
}
