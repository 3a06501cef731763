using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Ui;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What the dialogs about keys share: where a proof leads back to, and what is done with a key that is shown.</summary>
public abstract class KeyDialogBase : ProvenDialog
{
    /// <summary>What was typed before the person confirmed who they are; null for a fresh form.</summary>
    [Parameter] public KeyForm? Form { get; set; }

    /// <summary>Whether the key that was shown is hidden again.</summary>
    protected bool KeyHidden { get; private set; }

    /// <summary>Acts, after the person has confirmed who they are where that is needed.</summary>
    protected Task DoAsync(KeyForm kept, Func<Task> act, Func<Task>? beforeLeaving = null) => DoAsync(kept, "keys?resume=true", act, beforeLeaving);

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
