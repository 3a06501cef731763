using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace SupportConsole.Ui;

/// <summary>A field for a day, or none.</summary>
public sealed class DateField : FieldFrame
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>The day; null for none.</summary>
    [Parameter] public DateOnly? Value { get; set; }

    /// <summary>Takes another day, or none.</summary>
    [Parameter] public EventCallback<DateOnly?> ValueChanged { get; set; }

    /// <summary>The first day that can be chosen.</summary>
    [Parameter] public DateOnly? Min { get; set; }

    /// <summary>The last one.</summary>
    [Parameter] public DateOnly? Max { get; set; }

    /// <inheritdoc />
    protected override RenderFragment Control => builder =>
    {
        builder.OpenElement(0, "input");
        builder.AddAttribute(1, "type", "date");
        builder.AddAttribute(2, "value", BindConverter.FormatValue(Value, Format, CultureInfo.InvariantCulture));
        builder.AddAttribute(3, "onchange", EventCallback.Factory.CreateBinder(this, (Func<DateOnly?, Task>)ValueChanged.InvokeAsync, Value, Format, CultureInfo.InvariantCulture));
        builder.SetUpdatesAttributeName("value");
        builder.AddAttribute(4, "min", Min?.ToString(Format, CultureInfo.InvariantCulture));
        builder.AddAttribute(5, "max", Max?.ToString(Format, CultureInfo.InvariantCulture));
        builder.AddAttribute(6, "aria-invalid", Fault is null ? null : "true");
        builder.AddAttribute(7, "aria-describedby", HintId);
        builder.CloseElement();
    };
}
