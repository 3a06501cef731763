using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.PocketBase;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// Renders components in the window of a demo person: what is a window's own is made here, everything else comes from the console's
/// real services.
/// </summary>
public abstract class WindowContext(string person, AppServer? server = null, params (string Key, string Value)[] settings) : ConsoleContext, IAsyncLifetime
{
    private protected ConsoleServices Console { get; private set; } = null!;

    /// <summary>Whose window it is, for what is rendered from now on.</summary>
    protected CurrentStaff Me { get; set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Console = await ConsoleServices.StartAsync(server, settings: settings);
        Services.AddFallbackServiceProvider(new OwnServices(Console.Get<IServiceProvider>()));
        Services.AddSingleton(Console.Get<IOptions<PocketBaseOptions>>());
        Services.AddSingleton<TimeProvider>(Console.Clock);
        Me = Console.As(person);
        Services.AddTransient(_ => Me);
        Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        Services.AddScoped<ProtectedSessionStorage>();
        Services.AddTransient<StepUp>();
        Services.AddSingleton<AntiforgeryStateProvider, NoAntiforgery>();
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await Console.DisposeAsync();
    }

    /// <summary>The place where dialogs open.</summary>
    protected IRenderedComponent<MudDialogProvider> RenderDialogs()
    {
        Render<MudPopoverProvider>();
        return Render<MudDialogProvider>();
    }

    /// <summary>Opens a dialog and returns once it stands there.</summary>
    protected async Task<IRenderedComponent<MudDialogProvider>> OpenAsync(Func<IDialogService, Task> show)
    {
        var dialogs = RenderDialogs();
        await dialogs.InvokeAsync(() => show(Services.GetRequiredService<IDialogService>()));
        await dialogs.WaitForAssertionAsync(() => Assert.NotEmpty(dialogs.FindAll("h2")));
        return dialogs;
    }

    /// <summary>Gives the window what it kept of a form, as the browser does once its person is back.</summary>
    protected void BringBack(object? kept = null) => JSInterop.Setup<string?>("sessionStorage.getItem", _ => true)
        .SetResult((kept ?? JSInterop.Invocations["sessionStorage.setItem"][^1].Arguments[1])?.ToString());

    /// <summary>The console's own services: those of the framework under them are bUnit's.</summary>
    private sealed class OwnServices(IServiceProvider services) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType.Namespace?.StartsWith(nameof(SupportConsole), StringComparison.Ordinal) == true ? services.GetService(serviceType) : null;
    }

    /// <summary>There is no request here whose cookie a form would have to match.</summary>
    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
