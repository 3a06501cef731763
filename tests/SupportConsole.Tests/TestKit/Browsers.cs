using Microsoft.Playwright;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// One Chromium of the machine; each person gets a profile of their own in it. Nothing is downloaded. Its headless shell is taken where
/// there is one: the same engine without windows around it, for half the work.
/// </summary>
public sealed class Browsers : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--no-first-run",
        // Certificates of a test's own making. Only ignored by the profile, as requests past the page need it, each has the browser try again,
        // which with self-signed ones is known to end in ERR_TOO_MANY_RETRIES now and then.
        "--ignore-certificate-errors",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (FindChromium() is { } executable)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = Arguments });
            Assertions.SetDefaultExpectTimeout(15_000);
        }
    }

    /// <summary>A profile nobody has signed in to. Without a browser the test is skipped, and fails where tests must run.</summary>
    public async Task<IBrowserContext> NewProfileAsync(ColorScheme colours = ColorScheme.Light, int width = 1280, bool scripts = true)
    {
        const string missing = "There is no Chromium: install one, or name it with CHROMIUM=/path.";
        Assert.SkipWhen(_browser is null && Environment.GetEnvironmentVariable("CI") != "true", missing);
        Assert.True(_browser is not null, missing);
        var profile = await _browser.NewContextAsync(new() { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce, ViewportSize = new() { Width = width, Height = 800 }, IgnoreHTTPSErrors = true, JavaScriptEnabled = scripts });
        profile.SetDefaultTimeout(20_000);
        return profile;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static string? FindChromium()
    {
        var named = Environment.GetEnvironmentVariable("CHROMIUM");
        return !string.IsNullOrEmpty(named)
            ? named
            : new[] { "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome" }
                .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
                .FirstOrDefault(File.Exists);
    }
}
