using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>The trail is verified in a window; then somebody has the file in their hands. In a console of its own: its trail stays damaged.</summary>
public sealed class ProofJourneyTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers), IClassFixture<ConsoleApp>, IClassFixture<Browsers>
{
    [Fact]
    public async Task What_was_changed_in_the_file_is_red_and_stays_so()
    {
        await App.FillTrailAsync(300);
        var ines = await OpenAsync("Ines Duarte");
        await ines.GoAsync("/audit");
        await Expect(ines.Page.GetByText("Not verified yet")).ToBeVisibleAsync();

        await ines.Button("Verify now").ClickAsync();

        await Expect(Verdict(ines)).ToHaveTextAsync(new Regex("^In order: all 3[0-9]{2} events are what was written"));
        await Expect(ines.Page.GetByText(new Regex("^Verified up to event 3[0-9]{2} · a moment ago$"))).ToBeVisibleAsync();
        Assert.Empty(await FaultsAsync(ines));
        await DownloadProofAsync(ines);

        Tamper("UPDATE audit_event SET body = CAST(replace(CAST(body AS TEXT), 'users.searched', 'users.searchet') AS BLOB) WHERE seq = 100");
        await ines.Button("Verify now").ClickAsync();
        await Expect(Red(ines)).ToContainTextAsync("Not in order: Event 100 isn't what was written");
        await Expect(Verdict(ines)).ToHaveTextAsync(new Regex("^NOT in order"));

        await ines.Page.ReloadAsync();

        await Expect(Red(ines)).ToContainTextAsync("Not in order: Event 100 isn't what was written");
        await Expect(ines.Page.GetByRole(AriaRole.Link, new() { Name = "Audit trail" })).ToHaveAccessibleNameAsync(new Regex("found it not in order"));
        await Red(ines).GetByText(new Regex("fault")).First.ClickAsync();
        Assert.Empty(await FaultsAsync(ines));
        await Red(ines).GetByRole(AriaRole.Button, new() { Name = "event 100" }).First.ClickAsync();
        await Expect(ines.Dialog).ToContainTextAsync("damaged");
        await Expect(ines.Dialog.GetByRole(AriaRole.Link, new() { Name = "Proof" })).ToHaveCountAsync(0);

        var small = await OpenAsync("Ines Duarte", ColorScheme.Dark, 390);
        await small.GoAsync("/audit");
        await Red(small).GetByText(new Regex("fault")).First.ClickAsync();
        Assert.Empty(await FaultsAsync(small));
    }

    private static async Task DownloadProofAsync(Window window)
    {
        await window.Page.Locator("tr[data-seq]").First.ClickAsync();
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Dialog.GetByRole(AriaRole.Link, new() { Name = "Proof" }).ClickAsync());
        Assert.Matches(@"^event-[0-9]+\.tlog-proof$", download.SuggestedFilename);
        await window.EscapeDialogAsync();
    }

    private void Tamper(string statements)
    {
        using var connection = new SqliteConnection($"Data Source={App.Services.GetRequiredService<ConsoleDb>().File};Pooling=False");
        connection.Open();
        SqliteFile.Tamper(connection, statements);
    }

    private static ILocator Verdict(Window window) => window.Page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new Regex("in order", RegexOptions.IgnoreCase) });

    private static ILocator Red(Window window) => window.Page.GetByRole(AriaRole.Region, new() { Name = "The trail is not in order" });
}
