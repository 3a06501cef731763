using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// Renders components with MudBlazor and a clock that moves only when told to. Elements are found as a reader finds them, by their names.
/// </summary>
public abstract class ConsoleContext : BunitContext
{
    static ConsoleContext() => DefaultWaitTimeout = TimeSpan.FromSeconds(30);

    protected ConsoleContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(Clock);
    }

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected static IElement Button<T>(IRenderedComponent<T> rendered, string name)
        where T : IComponent => rendered.FindAll("button, a").Single(button => NameOf(button) == name);

    /// <summary>Finds and presses a button in one turn of the renderer, so that nothing is drawn anew in between.</summary>
    protected static Task PressAsync<T>(IRenderedComponent<T> rendered, string name)
        where T : IComponent => rendered.InvokeAsync(() => Button(rendered, name).ClickAsync(new()));

    protected static IEnumerable<string> Buttons<T>(IRenderedComponent<T> rendered)
        where T : IComponent => rendered.FindAll("button, a").Select(NameOf);

    protected static bool IsOff(IElement button)
    {
        ArgumentNullException.ThrowIfNull(button);
        return button.HasAttribute("disabled");
    }

    protected static IElement Field<T>(IRenderedComponent<T> rendered, string label)
        where T : IComponent =>
        rendered.FindAll("label").Single(field => field.QuerySelector("span")?.TextContent == label).QuerySelector("input, select")!;

    protected static IElement Radio<T>(IRenderedComponent<T> rendered, string words)
        where T : IComponent => rendered.FindAll("label").Single(label => label.TextContent == words).QuerySelector("input[type=radio]")!;

    private static string NameOf(IElement element) => element.GetAttribute("aria-label") ?? element.TextContent.Trim();
}
