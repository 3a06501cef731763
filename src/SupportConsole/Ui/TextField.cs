using Microsoft.AspNetCore.Components;

namespace SupportConsole.Ui;

/// <summary>A field for a line of text, or for what a browser's own field of another type gives as text.</summary>
public sealed class TextField : FieldFrame
{
    private ElementReference _input;

    /// <summary>The text; nothing entered is null or empty.</summary>
    [Parameter] public string? Value { get; set; }

    /// <summary>Takes what was entered.</summary>
    [Parameter] public EventCallback<string> ValueChanged { get; set; }

    /// <summary>HTML's type of input, such as "search" or "date".</summary>
    [Parameter] public string Type { get; set; } = "text";

    /// <summary>Whether each key counts; otherwise the text does once the field is left or Enter is pressed.</summary>
    [Parameter] public bool Immediate { get; set; }

    /// <summary>Whether nothing goes on without it.</summary>
    [Parameter] public bool Required { get; set; }

    /// <summary>Whether the dialog begins in this field.</summary>
    [Parameter] public bool AutoFocus { get; set; }

    /// <summary>How many characters the field takes.</summary>
    [Parameter] public int? MaxLength { get; set; }

    /// <summary>What stands in the empty field.</summary>
    [Parameter] public string? Placeholder { get; set; }

    /// <inheritdoc />
    protected override RenderFragment Control => builder =>
    {
        // By hand, because markup that binds a value can't choose the event.
        builder.OpenElement(0, "input");
        builder.AddAttribute(1, "type", Type);
        builder.AddAttribute(2, "value", BindConverter.FormatValue(Value));
        builder.AddAttribute(3, Immediate ? "oninput" : "onchange", EventCallback.Factory.CreateBinder<string?>(this, text => ValueChanged.InvokeAsync(text ?? ""), Value));
        builder.SetUpdatesAttributeName("value");
        builder.AddAttribute(4, "maxlength", MaxLength);
        builder.AddAttribute(5, "placeholder", Placeholder);
        builder.AddAttribute(6, "aria-required", Required ? "true" : null);
        builder.AddAttribute(7, "aria-invalid", Fault is null ? null : "true");
        builder.AddAttribute(8, "aria-describedby", HintId);
        builder.AddElementReferenceCapture(9, input => _input = input);
        builder.CloseElement();
    };

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && AutoFocus)
        {
            await _input.FocusAsync();
        }
    }
}
