using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Browser;

/// <summary>
/// A journey in real windows. Whatever it was about, it fails when a window logged an error, broke the content security policy
/// or asked another origin for anything.
/// </summary>
public abstract class BrowserTest(ConsoleApp app, Browsers browsers) : IAsyncLifetime
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly List<Window> _windows = [];
    private readonly List<IBrowserContext> _profiles = [];

    protected ConsoleApp App => app;

    /// <summary>Where else than to the console a window of these tests may go.</summary>
    protected virtual Uri[] Elsewhere => [];

    public async ValueTask InitializeAsync() => await app.ResetAsync();

    public async ValueTask DisposeAsync()
    {
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        foreach (var window in _windows.Where(window => failed && !window.Page.IsClosed))
        {
            var picture = Path.Combine(Checkout.Root, "TestResults", $"{GetType().Name}-{TestContext.Current.TestMethod?.MethodName}-{_windows.IndexOf(window)}.png");
            await window.Page.ScreenshotAsync(new() { Path = picture });
        }

        foreach (var profile in _profiles)
        {
            await profile.DisposeAsync();
        }

        Assert.Equal([], _windows.SelectMany(window => window.Faults.Where(fault => window.ExpectedFault is not { } expected || !fault.Contains(expected, StringComparison.Ordinal))));
        GC.SuppressFinalize(this);
    }

    /// <summary>What is wrong with a page as it stands there: what axe finds serious, and whether it is wider than the window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="accessible">Whether axe is asked, which takes longest of all.</param>
    private protected static async Task<IReadOnlyList<string>> FaultsAsync(Window window, bool accessible = true)
    {
        // A colour on its way from one state to the next is neither's. What moves for ever is waiting for something and isn't waited for.
        await window.Page.EvaluateAsync(
            "Promise.all(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity).map(one => one.finished.catch(() => {})))");
        List<string> faults = [];
        if (accessible)
        {
            faults.AddRange(await AxeFaultsAsync(window.Page));
        }

        if (await window.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth") is > 0 and var wide)
        {
            faults.Add($"{wide} px wider than the window");
        }

        return faults;
    }

    /// <summary>
    /// Asks axe within the page and takes only what it finds serious or critical: carrying over all that is well, as the wrapper for this
    /// driver does, takes four times as long. The console's pages have no frames that would have to be asked apart.
    /// </summary>
    private static async Task<string[]> AxeFaultsAsync(IPage page)
    {
        Assert.Single(page.Frames);
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Axe);
        }

        return await page.EvaluateAsync<string[]>("""
            async () => {
              const { violations } = await axe.run(document, { resultTypes: ['violations'] });
              return violations
                .filter(violation => ['serious', 'critical'].includes(violation.impact))
                .flatMap(({ id, impact, nodes }) => nodes.map(({ html, any }) => `${id} (${impact}): ${html} ${any.map(check => check.message).join(' ')}`));
            }
            """);
    }

    /// <summary>A window with a profile of its own.</summary>
    private protected async Task<Window> OpenAsync(
        string? person = null, ColorScheme colours = ColorScheme.Light, int width = 1280, bool keepsBodies = false)
    {
        var profile = await browsers.NewProfileAsync(colours, width);
        _profiles.Add(profile);
        var window = await OpenTabAsync(profile);
        if (keepsBodies)
        {
            window.KeepBodies();
        }

        if (person is not null)
        {
            await window.SignInAsync(person);
        }

        return window;
    }

    /// <summary>Another window of the same profile.</summary>
    private protected async Task<Window> OpenTabAsync(IBrowserContext profile)
    {
        var window = new Window(await profile.NewPageAsync(), app.Root, Elsewhere);
        _windows.Add(window);
        return window;
    }
}

/// <summary>The journeys share a console and a browser, and follow one another.</summary>
[CollectionDefinition(Name)]
public sealed class Journeys : ICollectionFixture<ConsoleApp>, ICollectionFixture<Browsers>
{
    public const string Name = "Journeys";
}

/// <summary>What is looked at without changing much has a console of its own, beside the journeys.</summary>
[CollectionDefinition(Name)]
public sealed class Looks : ICollectionFixture<ConsoleApp>, ICollectionFixture<Browsers>
{
    public const string Name = "Looks";
}
