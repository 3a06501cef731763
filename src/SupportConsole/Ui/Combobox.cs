using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace SupportConsole.Ui;

/// <summary>
/// A field for a line of free text, with proposals below it while somebody types: arrows choose one, Enter takes it, Escape closes the list.
/// Focus stays in the field. MudBlazor's MudAutocomplete puts an item in the place of the whole text, where here one goes on with a part of it.
/// </summary>
public sealed class Combobox : FieldFrame
{
    private static int s_lists;

    private readonly string _id = $"proposals-{Interlocked.Increment(ref s_lists)}";

    /// <summary>The text.</summary>
    [Parameter, EditorRequired] public required string Value { get; set; }

    /// <summary>Takes each change of it.</summary>
    [Parameter] public EventCallback<string> ValueChanged { get; set; }

    /// <summary>What is proposed; empty closes the list.</summary>
    [Parameter] public IReadOnlyList<string> Proposals { get; set; } = [];

    /// <summary>Which of them is chosen with the arrows; -1 for none.</summary>
    [Parameter] public int Chosen { get; set; } = -1;

    /// <summary>Takes another choice.</summary>
    [Parameter] public EventCallback<int> ChosenChanged { get; set; }

    /// <summary>Takes a proposal that was pressed, or chosen and entered.</summary>
    [Parameter] public EventCallback<int> OnTake { get; set; }

    /// <summary>The list is to be closed.</summary>
    [Parameter] public EventCallback OnClose { get; set; }

    /// <summary>Enter was pressed while no proposal was chosen.</summary>
    [Parameter] public EventCallback OnEnter { get; set; }

    /// <summary>How long the text may be: a window's connection takes no text of any length.</summary>
    [Parameter, EditorRequired] public required int MaxLength { get; set; }

    /// <summary>What stands in the empty field.</summary>
    [Parameter] public string? Placeholder { get; set; }

    private bool IsOpen => Proposals.Count > 0;

    /// <inheritdoc />
    protected override RenderFragment Control => builder =>
    {
        builder.OpenElement(0, "input");
        builder.AddAttribute(1, "type", "text");
        builder.AddAttribute(2, "value", BindConverter.FormatValue(Value));
        builder.AddAttribute(3, "oninput", EventCallback.Factory.CreateBinder<string?>(this, text => ValueChanged.InvokeAsync(text ?? ""), Value));
        builder.SetUpdatesAttributeName("value");
        builder.AddAttribute(4, "onkeydown", EventCallback.Factory.Create<KeyboardEventArgs>(this, PressAsync));
        builder.AddAttribute(5, "onblur", EventCallback.Factory.Create<FocusEventArgs>(this, () => OnClose.InvokeAsync()));
        builder.AddAttribute(6, "role", "combobox");
        builder.AddAttribute(7, "aria-autocomplete", "list");
        builder.AddAttribute(8, "aria-label", Label); // The proposals stand within the label, and are no part of the name.
        builder.AddAttribute(9, "aria-expanded", IsOpen ? "true" : "false");
        builder.AddAttribute(10, "aria-controls", IsOpen ? _id : null);
        builder.AddAttribute(11, "aria-activedescendant", IsOpen && Chosen >= 0 ? $"{_id}-{Chosen}" : null);
        builder.AddAttribute(12, "aria-invalid", Fault is null ? null : "true");
        builder.AddAttribute(13, "aria-describedby", HintId);
        builder.AddAttribute(14, "autocomplete", "off");
        builder.AddAttribute(15, "spellcheck", "false");
        builder.AddAttribute(16, "placeholder", Placeholder);
        builder.AddAttribute(17, "maxlength", MaxLength);
        builder.CloseElement();
        if (!IsOpen)
        {
            return;
        }

        builder.OpenElement(18, "ul");
        builder.AddAttribute(19, "id", _id);
        builder.AddAttribute(20, "class", "proposals");
        builder.AddAttribute(21, "role", "listbox");
        builder.AddAttribute(22, "aria-label", "Proposals");
        for (var i = 0; i < Proposals.Count; i++)
        {
            var at = i;
            builder.OpenElement(23, "li");
            builder.SetKey(at);
            builder.AddAttribute(24, "id", $"{_id}-{at}");
            builder.AddAttribute(25, "role", "option");
            builder.AddAttribute(26, "aria-selected", at == Chosen ? "true" : "false");
            builder.AddAttribute(27, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, () => OnTake.InvokeAsync(at)));
            // The field would lose its focus to the list, and the list close before it is pressed.
            builder.AddEventPreventDefaultAttribute(28, "onmousedown", true);
            builder.OpenElement(29, "bdi");
            builder.AddContent(30, Proposals[at]);
            builder.CloseElement();
            builder.CloseElement();
        }

        builder.CloseElement();
    };

    private Task PressAsync(KeyboardEventArgs key) => key.Key switch
    {
        _ when key.IsComposing => Task.CompletedTask, // Enter takes what an input method proposes.
        "ArrowDown" when IsOpen => ChosenChanged.InvokeAsync(Chosen + 1 < Proposals.Count ? Chosen + 1 : -1),
        "ArrowUp" when IsOpen => ChosenChanged.InvokeAsync(Chosen < 0 ? Proposals.Count - 1 : Chosen - 1),
        "Escape" when IsOpen => OnClose.InvokeAsync(),
        "Enter" when IsOpen && Chosen >= 0 && Chosen < Proposals.Count => OnTake.InvokeAsync(Chosen),
        "Enter" => OnEnter.InvokeAsync(),
        _ => Task.CompletedTask,
    };
}
