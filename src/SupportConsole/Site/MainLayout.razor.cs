using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using SupportConsole.Ui;

namespace SupportConsole.Site;

/// <summary>The frame of every signed-in page: bar, menu, theme, and the boundary that keeps a page's failure to that page.</summary>
public sealed partial class MainLayout
{
    private ErrorBoundary? _boundary;
    private bool _drawerOpen = true;

    [CascadingParameter] private WindowFacts Facts { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IJSRuntime Browser { get; init; } = null!;

    /// <inheritdoc />
    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    // A page that failed must not haunt the next one.
    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => _boundary?.Recover();

    private async Task SwitchThemeAsync()
    {
        Facts.IsDark = !Facts.IsDark;
        await Browser.InvokeVoidAsync("supportConsole.keepTheme", Facts.IsDark ? "dark" : "light");
    }

    /// <inheritdoc />
    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;
}
