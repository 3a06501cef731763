using Microsoft.AspNetCore.Components.Server;
using MudBlazor.Services;
using SupportConsole.Ui;

namespace SupportConsole.Site;

/// <summary>What browsers are served: the windows, and what they are drawn with.</summary>
internal static class SiteFeature
{
    public static void AddSite(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.Configure<CircuitOptions>(options =>
        {
            options.DetailedErrors = builder.Environment.IsDevelopment();
            // A window that lost its connection keeps its state for a minute: long enough for a tunnel, short enough that
            // what a revoked person had on the screen doesn't live on here.
            options.DisconnectedCircuitMaxRetained = 50;
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            // Later than that a window is loaded again, with a sentence, rather than rebuilt from what was kept of it.
            options.PersistedCircuitInMemoryMaxRetained = 0;
        });
        builder.Services.AddMudServices();
    }

    public static void MapSite(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapMethods($"/{ThemeSheet.Place}", [HttpMethods.Get, HttpMethods.Head], ThemeAsync).AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            // The response carries its own policy; a second one here would only differ from it one day.
            options.ContentSecurityFrameAncestorsPolicy = null;
            // A page shows what strangers wrote beside what they mustn't learn, and compression tells one from the other by length.
            options.DisableWebSocketCompression = true;
        });
    }

    /// <summary>
    /// The theme's sheet. Its address says which it is, so that whoever has it needn't ask again; under another one, as that of a newer console
    /// beside this one, it is given and not kept.
    /// </summary>
    private static async Task<IResult> ThemeAsync(HttpRequest request)
    {
        var isNamed = await ThemeSheet.AddressAsync() == $"{ThemeSheet.Place}{request.QueryString}";
        request.HttpContext.Response.Headers.CacheControl = isNamed ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(await ThemeSheet.BytesAsync(), "text/css; charset=utf-8");
    }
}
