using Microsoft.AspNetCore.Components;

namespace SupportConsole.Ui;

/// <summary>A choice of one among many.</summary>
public sealed class Choice : FieldFrame
{
    /// <summary>What is chosen.</summary>
    [Parameter, EditorRequired] public required string Value { get; set; }

    /// <summary>Takes another choice.</summary>
    [Parameter] public EventCallback<string> ValueChanged { get; set; }

    /// <summary>What can be chosen, and the words for it. What stands there twice is offered once, with its first words.</summary>
    [Parameter, EditorRequired] public required IEnumerable<(string Value, string Words)> Options { get; set; }

    /// <inheritdoc />
    protected override RenderFragment Control => builder =>
    {
        builder.OpenElement(0, "select");
        builder.AddAttribute(1, "value", BindConverter.FormatValue(Value));
        builder.AddAttribute(2, "onchange", EventCallback.Factory.CreateBinder<string?>(this, TakeAsync, Value));
        builder.SetUpdatesAttributeName("value");
        builder.AddAttribute(3, "aria-invalid", Fault is null ? null : "true");
        builder.AddAttribute(4, "aria-describedby", HintId);
        foreach (var (value, words) in Options.DistinctBy(option => option.Value))
        {
            builder.OpenElement(5, "option");
            builder.SetKey(value);
            builder.AddAttribute(6, "value", value);
            builder.AddContent(7, words);
            builder.CloseElement();
        }

        builder.CloseElement();
    };

    // A window can send anything; what isn't offered is no choice.
    private Task TakeAsync(string? chosen) =>
        chosen is not null && Options.Any(option => option.Value == chosen) ? ValueChanged.InvokeAsync(chosen) : Task.CompletedTask;
}
