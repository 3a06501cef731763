using Microsoft.AspNetCore.Components;

namespace SupportConsole.Ui;

/// <summary>A native control with its name: each of MudBlazor's fields would cost a window more memory.</summary>
public abstract partial class FieldFrame : ComponentBase, IHandleEvent
{
    private static int s_hints;

    private string? _hintId;

    /// <summary>The control's name, which is also its accessible one.</summary>
    [Parameter, EditorRequired] public required string Label { get; set; }

    /// <summary>What is expected; null where the name says it all.</summary>
    [Parameter] public string? Hint { get; set; }

    /// <summary>What is wrong with what was entered; null where nothing is.</summary>
    [Parameter] public string? Fault { get; set; }

    /// <summary>What else belongs to the field, such as proposals.</summary>
    [Parameter] public RenderFragment? Below { get; set; }

    /// <summary>The control itself.</summary>
    protected abstract RenderFragment Control { get; }

    /// <summary>The hint's id, for the control to point to; null without a hint.</summary>
    protected string? HintId => Hint is null ? null : _hintId ??= $"hint-{Interlocked.Increment(ref s_hints)}";

    // Drawn by its owner alone, who knows what was entered last. By itself it would draw what the owner gave it before that, and so take
    // back letters from somebody who types fast, wherever something stands between the two, as a dialog's frame does.
    Task IHandleEvent.HandleEventAsync(EventCallbackWorkItem item, object? arg) => item.InvokeAsync(arg);
}
