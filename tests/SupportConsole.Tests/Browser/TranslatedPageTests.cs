using Microsoft.Playwright;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>A browser that translates the page all the same: words come back, the countdown runs, buttons work.</summary>
[Collection(Journeys.Name)]
public sealed class TranslatedPageTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    /// <summary>How translators put their words in: another text in the place of the page's, or the page's own, wrapped.</summary>
    public static TheoryData<string> Ways =>
    [
        "inner.textContent = text.data.toUpperCase(); text.replaceWith(outer);",
        "text.replaceWith(outer); inner.append(text);",
        "text.parentNode.insertBefore(outer, text); inner.append(text);",
        "inner.textContent = text.data.toUpperCase(); text.after(outer); text.remove();",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_window_survives_and_the_countdown_runs(string way)
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        Assert.Equal("no", await mia.Page.Locator("html").GetAttributeAsync("translate"));
        Assert.Equal("notranslate", await mia.Page.Locator("meta[name=google]").GetAttributeAsync("content"));
        var timer = mia.Page.GetByRole(AriaRole.Timer);
        var titles = await mia.Posts.Locator("h2").AllInnerTextsAsync();

        await TranslateAsync(mia, way);

        await Expect(mia.Page.GetByText("Your browser tried to translate this page.")).ToBeVisibleAsync();
        var left = await timer.InnerTextAsync();
        await Expect(timer).Not.ToHaveTextAsync(left);
        Assert.Equal(titles, await mia.Posts.Locator("h2").AllInnerTextsAsync());
        await mia.Posts.First.Locator("h2 button").ClickAsync();
        await Expect(mia.Page.Locator(".post-body")).ToBeVisibleAsync();
        await TranslateAsync(mia, way);
        await mia.Button("All posts").ClickAsync();
        await Expect(mia.Posts.First).ToBeVisibleAsync();
        await mia.Button("End session").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task What_is_said_of_it_lies_on_no_button_of_a_dialog(int width)
    {
        var mia = await OpenAsync("Mia Chen", width: width);
        await mia.OpenUserAsync();
        await mia.Button("View as").ClickAsync();
        await Expect(mia.Field("Reason")).ToBeVisibleAsync();

        await TranslateAsync(mia, Ways.First().Data);

        await Expect(mia.Page.GetByText("Your browser tried to translate this page.")).ToBeVisibleAsync();
        await mia.StartAsync();
        await Expect(mia.Posts.First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_translator_that_never_gives_up_does_not_keep_a_search_from_working()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.Page.EvaluateAsync($"setInterval({Script(Ways.First().Data)}, 50)");

        foreach (var (typed, found) in new[] { ("ada", "Ada Lovelace"), ("nobody is called so", "Nobody found"), ("adam", "Adam Brandt") })
        {
            await mia.SearchBox.FillAsync(typed);
            await Expect(mia.Page.GetByText(found)).ToBeVisibleAsync();
        }
    }

    private static async Task TranslateAsync(Window window, string way) => await window.Page.EvaluateAsync(Script(way));

    private static string Script(string way) => $$"""
        () => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const texts = [];
          while (walker.nextNode()) {
            if (walker.currentNode.data.trim() && !walker.currentNode.parentElement.closest('script, style, font')) {
              texts.push(walker.currentNode);
            }
          }
          for (const text of texts) {
            const [outer, inner] = [document.createElement('font'), document.createElement('font')];
            outer.append(inner);
            {{way}}
          }
        }
        """;
}
