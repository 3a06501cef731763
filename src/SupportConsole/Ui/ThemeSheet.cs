using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using MudBlazor;
using MudBlazor.Services;

namespace SupportConsole.Ui;

/// <summary>
/// <see cref="ConsoleTheme"/> as a style sheet, of what MudBlazor's own provider writes for it. In a page the provider would be sent to each
/// window and kept for it twice, some 46 kB of heap (measured); as a sheet it is made once, and browsers keep it.
/// </summary>
internal static partial class ThemeSheet
{
    /// <summary>Where it is served, below the console's own address.</summary>
    public const string Place = "theme.css";

    private static readonly Lazy<Task<(byte[] Bytes, string Address)>> s_sheet = new(MakeAsync);

    /// <summary>The sheet, as UTF-8.</summary>
    public static async Task<byte[]> BytesAsync() => (await s_sheet.Value).Bytes;

    /// <summary>What a page links to. Another sheet has another address, so that browsers may keep each for good.</summary>
    public static async Task<string> AddressAsync() => (await s_sheet.Value).Address;

    private static async Task<(byte[] Bytes, string Address)> MakeAsync()
    {
        await using var services = new ServiceCollection().AddLogging().AddMudServices().AddSingleton<IJSRuntime, NoBrowser>().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var (light, dark) = (await WrittenAsync(renderer, isDark: false), await WrittenAsync(renderer, isDark: true));
        var darkened = string.Concat(Variable().Matches(dark).Select(variable => variable.Value).Except(Variable().Matches(light).Select(variable => variable.Value)));

        // Who never chose has the colours of the system, until the page's script has said which they are.
        var sheet = Encoding.UTF8.GetBytes(
            $$"""
            {{light}}
            :root[data-theme="dark"] {
            {{darkened}}}
            @media (prefers-color-scheme: dark) {
            :root:not([data-theme]) {
            {{darkened}}} }

            """);
        return (sheet, $"{Place}?v={Convert.ToHexStringLower(SHA256.HashData(sheet))[..16]}");
    }

    private static async Task<string> WrittenAsync(HtmlRenderer renderer, bool isDark)
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = ConsoleTheme.Theme,
            [nameof(MudThemeProvider.IsDarkMode)] = isDark,
        });
        var markup = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>(parameters)).ToHtmlString());
        return StyleTag().Replace(markup, "");
    }

    [GeneratedRegex("</?style[^>]*>")]
    private static partial Regex StyleTag();

    [GeneratedRegex(@"^--[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Variable();

    /// <summary>The provider tells a browser when it goes, and here is none.</summary>
    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => ValueTask.FromResult(default(TValue)!);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => ValueTask.FromResult(default(TValue)!);
    }
}
