using Bunit;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

/// <summary>A key is shown once, and not for longer than two minutes.</summary>
[Collection(DemoApp.Name)]
public sealed class KeyShownTests(DemoServer server) : WindowContext(Admin, server)
{
    private IssuedKey _issued = null!;
    private string _token = "";
    private int _hidden;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _issued = await Console.MakeKeyAsync();
        _token = _issued.Reveal();
    }

    [Fact]
    public async Task It_hides_itself_after_two_minutes_says_so_and_is_dropped()
    {
        var shown = Show();
        Assert.Contains("It is shown this once, for two minutes", shown.Find("[role=note]").TextContent, StringComparison.Ordinal);
        Assert.Equal("", shown.Find("[aria-live=assertive]").TextContent.Trim());
        Console.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Contains(_token, shown.Markup, StringComparison.Ordinal);

        Console.Clock.Advance(TimeSpan.FromSeconds(1));

        await shown.WaitForAssertionAsync(() => Assert.StartsWith("The key was hidden after two minutes.", shown.Find("[aria-live=assertive]").TextContent.Trim(), StringComparison.Ordinal));
        Assert.DoesNotContain(_token, shown.Markup, StringComparison.Ordinal);
        Assert.Empty(shown.FindAll("[data-secret]"));
        Assert.Contains("rotate it", shown.Markup, StringComparison.Ordinal);
        Assert.Equal(1, _hidden);
        Assert.Throws<PocketBaseProblem>(_issued.Reveal);
    }

    [Fact]
    public async Task It_is_dropped_with_what_it_is_shown_in()
    {
        Show();

        await DisposeComponentsAsync();
        Console.Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Throws<PocketBaseProblem>(_issued.Reveal);
        Assert.Equal(0, _hidden);
    }

    private IRenderedComponent<KeyShown> Show() => Render<KeyShown>(p => p
        .Add(shown => shown.Issued, _issued)
        .Add(shown => shown.Url, "https://api.example.com")
        .Add(shown => shown.OnHidden, () => { _hidden++; }));
}
