using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Ui;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What the dialogs about keys share: one act at a time, its failure in the dialog, and the way to confirm who one is.</summary>
public abstract class KeyDialogBase : LivingComponent
{
    /// <summary>Who uses the window.</summary>
    [Inject] public required CurrentStaff Staff { get; init; }

    /// <summary>The way to a fresh proof of identity.</summary>
    [Inject] public required StepUp Proof { get; init; }

    /// <summary>The dialog that this is drawn in.</summary>
    [CascadingParameter] public required IMudDialogInstance Dialog { get; set; }

    /// <summary>What was typed before the person confirmed who they are; null for a fresh form.</summary>
    [Parameter] public KeyForm? Form { get; set; }

    /// <summary>Why the last act failed; null when it didn't.</summary>
    protected string? Failure { get; private set; }

    /// <summary>Whether an act is under way.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Whether the key that was shown is hidden again.</summary>
    protected bool KeyHidden { get; private set; }

    /// <summary>Whether going on asks the person to confirm who they are.</summary>
    protected bool NeedsProof { get; private set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        try
        {
            NeedsProof = await Proof.IsNeededAsync(Gone);
        }
        catch (ExplainedException failure)
        {
            Failure = failure.Message;
        }
    }

    /// <summary>Acts, after the person has confirmed who they are where that is needed.</summary>
    /// <param name="kept">What the dialog holds.</param>
    /// <param name="act">The act; an explained failure is shown.</param>
    /// <param name="beforeLeaving">What has to be done before the person leaves to confirm who they are; null for nothing.</param>
    protected async Task DoAsync(KeyForm kept, Func<Task> act, Func<Task>? beforeLeaving = null)
    {
        if (Busy)
        {
            return; // A second press before the first one's answer.
        }

        Busy = true;
        Failure = null;
        try
        {
            if (await Proof.IsNeededAsync(Gone))
            {
                await (beforeLeaving?.Invoke() ?? Task.CompletedTask);
                await Proof.AskAsync(kept, "keys?resume=true", Gone);
                return;
            }

            await act();
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

    /// <summary>Takes a key to show, unless the dialog went while it was made: then nobody holds its token.</summary>
    protected void Keep(IssuedKey issued, Action<IssuedKey> show)
    {
        ArgumentNullException.ThrowIfNull(issued);
        ArgumentNullException.ThrowIfNull(show);
        if (Gone.IsCancellationRequested)
        {
            issued.Dispose();
        }
        else
        {
            show(issued);
        }
    }

    /// <summary>Notes that the key that was shown is hidden again.</summary>
    protected void NoteKeyHidden() => KeyHidden = true;

    /// <summary>How the dialogs are drawn: not closed by a click beside them, so that nothing typed or shown is lost by one.</summary>
    protected static DialogOptions Options(MaxWidth width = MaxWidth.Small, bool closeOnEscape = true) =>
        new() { MaxWidth = width, FullWidth = true, CloseOnEscapeKey = closeOnEscape, BackdropClick = false };
}
