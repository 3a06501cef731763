using System.Globalization;
using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Dossier;

/// <summary>What a person sees of a session: afterwards all of it, before that its log so far.</summary>
[Collection(DemoApp.Name)]
public sealed class DossierComponentsTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string Post = "pw3lc0met0th3h4";
    private ViewAsSession _session = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        AddAuthorization().SetAuthorized("Mia Chen");
        _session = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"), Agent);
        await Console.Reader.PostsAsync(Console.As(Agent), _session.Id, after: null, Token);
        await Console.Reader.PostAsync(Console.As(Agent), _session.Id, Post, Token);
        await Console.Reader.PostAsync(Console.As(Agent), _session.Id, "doesnotexist000", Token);
    }

    [Fact]
    public async Task A_session_is_told_in_order_with_who_as_whom_why_and_how_it_ended()
    {
        Console.Clock.Advance(TimeSpan.FromSeconds(252));
        await EndAsync();
        var page = await ShowAsync(Agent);

        Assert.Equal(
            [AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpened, AuditEventTypes.RecordsListed, AuditEventTypes.RecordViewed, AuditEventTypes.RecordViewed, AuditEventTypes.SessionEnded,
                AuditEventTypes.SessionViewed],
            page.FindAll("tr[data-line]").Select(row => row.GetAttribute("data-event")));
        var facts = page.Find("dl").TextContent;
        foreach (var fact in (string[])["Ada Lovelace", "Mia Chen", "Support agent", Purpose.Reason.Text, Purpose.Category, Purpose.Ticket, "every rule was met", "asked for 15 min", "ended by agent", "4 min 12 s", "3 reads · 1 refused"])
        {
            Assert.Contains(fact, facts, StringComparison.Ordinal);
        }

        var listed = page.Find("tr[data-event='records.listed']");
        var ids = (await Console.EventsAsync(_session.Id)).Single(entry => entry.Type == AuditEventTypes.RecordsListed).Target!.RecordIds;
        Assert.Equal(ids, listed.QuerySelectorAll(".line-records bdi").Select(id => id.TextContent));
        Assert.Contains("hidden or missing", page.Find("tr[data-state='refused']").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("tr[data-line] a"));
    }

    [Fact]
    public async Task Whoever_reads_the_trail_finds_each_entry_in_it_and_that_they_looked()
    {
        await EndAsync();

        var page = await ShowAsync(Admin);

        var first = page.FindAll("tr[data-line] a")[0];
        Assert.Equal($"audit?event=session.requested&session={_session.Id}", first.GetAttribute("href"));
        Assert.Contains("Dossier looked at", page.Find("tr[data-event='session.viewed']").TextContent, StringComparison.Ordinal);
        Assert.Contains("Ines Duarte", page.Find("tr[data-event='session.viewed']").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_of_PocketBase_until_somebody_wishes_it()
    {
        await EndAsync();
        Console.Relay.Clear();
        var page = await ShowAsync(Agent);
        Assert.Empty(Console.Relay.Requests);

        await PressAsync(page, "Compare with PocketBase's log");

        await page.WaitForAssertionAsync(() => Assert.Contains("that it was done is in the audit trail", page.Markup, StringComparison.Ordinal));
        Assert.Contains("PocketBase's log", page.FindAll("th").Select(head => head.TextContent));
        Assert.Contains(AuditEventTypes.SessionCompared, await Console.TypesAsync(_session.Id));
        Assert.EndsWith("dossier?compared=true", Button(page, "Download the dossier").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comparison_that_fails_says_why_and_can_be_tried_again()
    {
        await EndAsync();
        var page = await ShowAsync(Agent);
        Console.Relay.AnswerAlways(200, "text/html", "<html>maintenance</html>");

        await PressAsync(page, "Compare with PocketBase's log");
        await page.WaitForAssertionAsync(() => Assert.Contains("Try again", Buttons(page)));
        Console.Relay.Intercept = _ => Task.FromResult(false);
        await PressAsync(page, "Try again");

        await page.WaitForAssertionAsync(() => Assert.Contains("that it was done is in the audit trail", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void What_nobody_can_explain_is_said_first_and_as_an_alert()
    {
        var line = new RequestLogLine(Console.Clock.GetUtcNow(), "DELETE", "/api/collections/posts/records/post1", 204, "users", "");

        var shown = Render<ComparedWithLog>(p => p.Add(c => c.Compared, new LogComparison
        {
            At = Console.Clock.GetUtcNow(), Unexpected = [new UnexpectedRequest(line, "a view-as session only reads")], UnexpectedCount = 1,
        }));

        Assert.Contains("DELETE /api/collections/posts/records/post1", shown.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("<div class=\"danger-note\"", shown.Find(".stack").InnerHtml.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_summary_for_a_ticket_is_a_few_lines_that_nobodys_text_breaks()
    {
        await EndAsync();
        await Console.Get<AuditTrail>().AppendAsync(
        [
            .. (await Console.EventsAsync(_session.Id)).Where(entry => entry.Type is AuditEventTypes.SessionOpened or AuditEventTypes.SessionEnded)
                .Select(entry => entry with { SessionId = "feed", Reason = "First\r\nTicket: forged\u2028\u202Eturned", Subject = entry.Subject! with { Name = "A\nda" } }),
        ]);

        var page = await ShowAsync(Agent, "feed");

        var summary = page.Find("#session-summary").TextContent;
        var lines = summary.Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.Equal($"Support session feed", lines[0]);
        Assert.StartsWith("Mia Chen viewed as A da (users/u8k2m1c0a3l9x7q), read-only", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', summary);
        Assert.Equal("Copy summary for the ticket", Button(page, "Copy summary for the ticket").TextContent);
    }

    [Fact]
    public async Task A_long_session_is_turned_over_page_by_page()
    {
        for (var i = 0; i < 130; i++)
        {
            await Console.Reader.PostAsync(Console.As(Agent), _session.Id, Post, Token);
        }

        await EndAsync();
        var page = await ShowAsync(Agent);
        Assert.Contains("Lines 1 to 100 of 137", page.Markup, StringComparison.Ordinal);
        Assert.Equal(100, page.FindAll("tr[data-line]").Count);

        await PressAsync(page, "Later lines");

        await page.WaitForAssertionAsync(() => Assert.Equal(37, page.FindAll("tr[data-line]").Count));
        Assert.Equal(
            [AuditEventTypes.SessionEnded, AuditEventTypes.SessionViewed],
            page.FindAll("tr[data-line]").TakeLast(2).Select(row => row.GetAttribute("data-event")));
        Assert.True(IsOff(Button(page, "Later lines")));
    }

    [Fact]
    public async Task A_live_sessions_agent_reads_its_log_and_reads_it_again()
    {
        var log = Render<SessionLog>(p => p.Add(c => c.Session, _session.Id));
        await log.WaitForAssertionAsync(() => Assert.Equal(6, log.FindAll("tr[data-line]").Count));
        await Console.Reader.PostAsync(Console.As(Agent), _session.Id, Post, Token);
        Assert.Equal(6, log.FindAll("tr[data-line]").Count);

        await PressAsync(log, "Refresh");

        await log.WaitForAssertionAsync(() => Assert.Equal(8, log.FindAll("tr[data-line]").Count));
        // That it was looked at, each time, is part of it.
        Assert.Equal(2, log.FindAll("tr[data-event='session.viewed']").Count);
        Assert.Contains("4 reads", log.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OtherAgent)]
    [InlineData(Admin)]
    [InlineData(Manager)]
    public async Task A_live_sessions_log_is_shown_to_nobody_else(string person)
    {
        Me = Console.As(person);

        var log = Render<SessionLog>(p => p.Add(c => c.Session, _session.Id));

        await log.WaitForAssertionAsync(() => Assert.Contains("no session of yours", log.Markup, StringComparison.Ordinal));
        Assert.Empty(log.FindAll("tr[data-line]"));
    }

    [Fact]
    public async Task A_session_that_a_purge_cut_says_when_and_by_which_event_and_shows_what_is_left()
    {
        await EndAsync();
        var opened = (await Console.Get<AuditReader>().SessionBoundsAsync(_session.Id, Token)).Opened!;
        var by = await Console.PurgeAsync(opened.Sequence);
        Me = Console.As(Manager);

        var page = Render<NoSession>(p => p.Add(c => c.Id, _session.Id));
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("tr[data-line]")));

        Assert.Contains($"as event {by} tells", page.Find(".note").TextContent, StringComparison.Ordinal);
        Assert.Equal(Console.Clock.GetUtcNow(), DateTimeOffset.Parse(page.Find(".note time").GetAttribute("datetime")!, CultureInfo.InvariantCulture), TimeSpan.FromMinutes(1));
        Assert.Empty(page.FindAll("tr[data-event='session.opened']"));
        Assert.NotEmpty(page.FindAll("tr[data-event='session.ended']"));
    }

    private Task EndAsync() => Console.Desk.EndAsync(Console.As(Agent), _session.Id, Token);

    private async Task<IRenderedComponent<SessionEnded>> ShowAsync(string person, string? id = null)
    {
        Me = Console.As(person);
        var session = await Console.Get<SessionHistory>().FindAsync(Me, id ?? _session.Id, Token);
        var page = Render<SessionEnded>(p => p.Add(c => c.Session, session!));
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("tr[data-line]")));
        return page;
    }
}
