using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>From the end of a session to what is kept of it: on the page, in the clipboard, on paper, as a file, and beside PocketBase's log.</summary>
[Collection(Journeys.Name)]
public sealed class DossierJourneyTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    private const string Compare = "Compare with PocketBase's log";

    [Fact]
    public async Task A_session_leaves_its_dossier()
    {
        var mia = await OpenAsync("Mia Chen", keepsBodies: true);
        await mia.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await mia.OpenSessionAsync();
        var session = mia.SessionId;
        var listed = await mia.PostIdsAsync();
        await mia.Posts.First.Locator("h2 button").ClickAsync();
        await Expect(mia.Page.Locator(".post-body")).ToBeVisibleAsync();
        await Expect(mia.Page.Locator(".attachments img")).ToHaveJSPropertyAsync("naturalWidth", 100);
        await mia.Button("End session").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Session ended");

        var lines = mia.Page.Locator("tr[data-line]");
        await Expect(lines).ToHaveCountAsync(7);
        Assert.Equal(
            [AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpened, AuditEventTypes.RecordsListed, AuditEventTypes.RecordViewed, AuditEventTypes.FileViewed, AuditEventTypes.SessionEnded,
                AuditEventTypes.SessionViewed],
            await lines.EvaluateAllAsync<string[]>("lines => lines.map(line => line.dataset.event)"));
        Assert.Equal(listed, await lines.Nth(2).Locator(".line-records bdi").AllTextContentsAsync());
        Assert.Equal([listed[0]], await lines.Nth(3).Locator(".line-records bdi").AllTextContentsAsync());

        await mia.Button("Copy summary for the ticket").ClickAsync();
        await Expect(mia.Page.Locator("[data-copied=session-summary]")).ToHaveTextAsync("Copied");
        var copied = await mia.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Contains("Mia Chen viewed as Ada Lovelace", copied, StringComparison.Ordinal);
        Assert.Contains("3 reads", copied, StringComparison.Ordinal);

        await ComparedAsync(mia);
        await Expect(lines.Nth(2)).ToContainTextAsync("found");
        await Expect(mia.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        Assert.Equal([], await FaultsAsync(mia));

        var download = await mia.Page.RunAndWaitForDownloadAsync(() => mia.Page.GetByRole(AriaRole.Link, new() { Name = "Download the dossier" }).ClickAsync());
        Assert.Equal($"session-{session}.html", download.SuggestedFilename);
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var file = await reader.ReadToEndAsync();
        Assert.Matches("End of the dossier: ([0-9]+) of \\1 lines", file);
        Assert.Contains("found ·", file, StringComparison.Ordinal);
        Assert.All(listed, id => Assert.Contains(id, file, StringComparison.Ordinal));
        Assert.Contains((await App.SessionEventsAsync(session)).Select(entry => entry.Event.Type), type => type == AuditEventTypes.SessionDownloaded);

        await mia.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(mia.Page.GetByRole(AriaRole.Button).And(mia.Page.Locator(":visible"))).ToHaveCountAsync(0);
        await Expect(lines.First).ToBeVisibleAsync();
        await Expect(mia.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await Expect(mia.Heading).ToHaveCSSAsync("color", "rgb(0, 0, 0)");
        Assert.DoesNotContain(await mia.TrafficAsync(), Tokens.Real().IsMatch);
    }

    [Fact]
    public async Task Whoever_sees_all_sees_it_and_that_they_did()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var session = mia.SessionId;
        await mia.Button("End session").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
        var ines = await OpenAsync("Ines Duarte", ColorScheme.Dark);

        await ines.GoAsync($"/sessions/{session}");

        // Her own look, and the agent's at the end.
        await Expect(ines.Page.Locator("tr[data-event='session.viewed']")).ToHaveCountAsync(2);
        await Expect(ines.Page.Locator("tr[data-event='session.viewed']").Last).ToContainTextAsync("Ines Duarte");
        Assert.Equal([], await FaultsAsync(ines));
        await ines.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^#[0-9, #]+ in the audit trail$") }).First.ClickAsync();
        await Expect(ines.Page.Locator("tr[data-event='session.requested']")).ToHaveCountAsync(1);
        var jan = await OpenAsync("Jan Peeters");
        await jan.GoAsync($"/sessions/{session}");
        await Expect(jan.Heading).ToHaveTextAsync("No such session");
    }

    /// <summary>
    /// Compares until PocketBase has written its lines: that it does when nobody has asked for anything for three seconds, so that asking
    /// without a pause would wait for ever.
    /// </summary>
    private static async Task ComparedAsync(Window window)
    {
        var found = window.Page.GetByText("Each of the 3 reads that PocketBase answered is in its log.");
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await window.Button(Compare).ClickAsync();
            await Expect(window.Page.GetByText("that it was done is in the audit trail")).ToBeVisibleAsync();
            try
            {
                await Expect(found).ToBeVisibleAsync(new() { Timeout = 3500 });
                return;
            }
            catch (PlaywrightException)
            {
                // Not written yet.
            }
        }

        await Expect(found).ToBeVisibleAsync();
    }
}
