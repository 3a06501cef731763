using Microsoft.Playwright;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>A server hears of each letter later than it was typed, and must not take back those that came since.</summary>
[Collection(Looks.Name)]
public sealed class TypingTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    [Theory]
    [InlineData("Mia Chen", "/users/users/u8k2m1c0a3l9x7q", "View as", "Reason")]
    [InlineData("Ruth Okafor", "/staff", "Grant a role", "Reason")]
    [InlineData("Ines Duarte", "/keys", "Create a key", "Purpose")]
    [InlineData("Ines Duarte", "/keys", "Emergency…", "To confirm")]
    public async Task No_letter_is_taken_back_in_a_dialog(string person, string path, string button, string field)
    {
        var window = await OpenAsync(person);
        await window.GoAsync(path);
        await window.Button(button).ClickAsync();
        await Expect(window.Dialog.Locator("input:focus, textarea:focus")).ToHaveCountAsync(1); // It takes the focus late, and would take it in the middle.

        await TypeAsync(window, window.Dialog.GetByRole(AriaRole.Textbox, new() { Name = field }));
    }

    [Theory]
    [InlineData("/keys", "Search", false)]
    [InlineData("/users", "Find a user by e-mail, name or id", true)]
    public async Task No_letter_is_taken_back_in_a_page(string path, string field, bool beginsInIt)
    {
        var window = await OpenAsync("Ines Duarte");
        await window.GoAsync(path);
        var box = window.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Searchbox, new() { Name = field });
        await Expect(beginsInIt ? box : window.Heading).ToBeFocusedAsync();

        await TypeAsync(window, box);
    }

    [Fact]
    public async Task A_dialog_begins_in_its_first_text_and_goes_with_Escape()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenUserAsync();
        await mia.Button("View as").ClickAsync();

        await Expect(mia.Field("Reason")).ToBeFocusedAsync();
        await mia.EscapeDialogAsync();
        await Expect(mia.Button("View as")).ToBeFocusedAsync();
    }

    private static async Task TypeAsync(Window window, ILocator field)
    {
        const string Words = "Sphinx of black quartz, judge my vow; and then twice more";
        await field.ClickAsync();
        await field.PressSequentiallyAsync(Words, new() { Delay = 3 });

        // Whatever the server has still to say comes before the answer to this.
        await window.Page.EvaluateAsync("new Promise(done => setTimeout(done, 1500))");
        await Expect(field).ToHaveValueAsync(Words);
    }
}
