using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using SupportConsole.Ui;

namespace SupportConsole.Site;

public sealed partial class MainLayout
{
    private ErrorBoundary? _boundary;
    private bool _drawerOpen = true;
    private bool _isDark;

    [CascadingParameter] public required WindowFacts Facts { get; set; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required IJSRuntime Browser { get; init; }

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    // A page that failed must not haunt the next one.
    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => _boundary?.Recover();

    private async Task SwitchThemeAsync()
    {
        Facts.IsDark = _isDark = !_isDark;
        await Browser.InvokeVoidAsync("supportConsole.keepTheme", _isDark ? "dark" : "light");
    }

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;
}
