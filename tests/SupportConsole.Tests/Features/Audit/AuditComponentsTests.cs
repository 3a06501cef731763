using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Folding;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit;

/// <summary>The page of the trail, an entry of it and the choice of a person.</summary>
public sealed class AuditComponentsTests() : WindowContext(Admin)
{
    [Fact]
    public async Task A_look_is_recorded_before_anything_is_shown()
    {
        var page = Show("audit");

        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("table")));
        Assert.Equal([AuditEventTypes.AuditViewed], await Console.TypesAsync());
        Assert.Equal("Everything", page.Find("nav [aria-current=true]").TextContent);
    }

    [Theory]
    [InlineData("audit?outcome=nonsense")]
    [InlineData("audit?from=yesterday")]
    [InlineData("audit?zone=Nowhere/Atall&from=2030-01-01")]
    public async Task A_filter_that_can_not_be_read_shows_no_event(string address)
    {
        var page = Show(address);

        await page.WaitForAssertionAsync(() => Assert.Contains("a filter can't be read", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("table"));
    }

    [Theory]
    [InlineData("audit?q=evnet:x", "did you mean “event:”?")]
    [InlineData("audit?q=-", "leaves nothing out")]
    public async Task A_query_that_can_not_be_read_shows_no_event(string address, string sentence)
    {
        var page = Show(address);

        await page.WaitForAssertionAsync(() => Assert.Contains(sentence, page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("table"));
    }

    [Theory]
    [InlineData("from=2026-10-25&to=2026-10-25", "Europe/Berlin", "audit?from=2026-10-25&to=2026-10-25&zone=Europe%2FBerlin", "2026-10-24T22:00", "2026-10-25T23:00")] // Clocks are put back: 25 hours.
    [InlineData("q=after:2026-03-29%20before:2026-03-30&fold=sessions", "Europe/Berlin", "audit?zone=Europe%2FBerlin&q=after%3A2026-03-29%20before%3A2026-03-30&fold=sessions", "2026-03-28T23:00", "2026-03-29T22:00")] // And forward: 23.
    [InlineData("from=2026-10-25&to=2026-10-25&zone=Asia/Tokyo", "Europe/Berlin", "audit?from=2026-10-25&to=2026-10-25&zone=Asia/Tokyo", "2026-10-24T15:00", "2026-10-25T15:00")]
    [InlineData("from=2026-10-25&to=2026-10-25", "Etc/UTC", "audit?from=2026-10-25&to=2026-10-25&zone=UTC", "2026-10-25T00:00", "2026-10-26T00:00")]
    public async Task Days_of_an_address_without_a_zone_are_the_readers_and_it_says_so(string typed, string zone, string becomes, string begin, string end)
    {
        var (first, after) = (At(begin), At(end));
        var written = await Console.Get<AuditTrail>().AppendAsync([.. new[] { first.AddTicks(-10), first, after.AddTicks(-10), after }.Select((at, number) => new AuditEvent(AuditEventTypes.SignedOut, at, AuditActor.System) { Detail = $"no. {number}" })]);
        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        navigation.NavigateTo($"audit?{typed}");
        var entries = navigation.History.Count;

        var page = RenderIn(zone);

        await page.WaitForAssertionAsync(() => Assert.Equal(2, page.FindAll("tr[data-seq]").Count));
        Assert.Equal([$"{written[2].Sequence}", $"{written[1].Sequence}"], page.FindAll("tr[data-seq]").Select(row => row.GetAttribute("data-seq")));
        Assert.Equal(becomes, navigation.ToBaseRelativePath(navigation.Uri));
        Assert.Equal(entries, navigation.History.Count);
        Assert.Single(await Console.EventsAsync(), occurred => occurred.Type == AuditEventTypes.AuditViewed);

        static DateTimeOffset At(string utc) => DateTimeOffset.Parse($"{utc}Z", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Nothing_is_asked_of_days_whose_zone_the_browser_has_yet_to_say()
    {
        var (navigation, facts) = (Services.GetRequiredService<BunitNavigationManager>(), new WindowFacts(isDark: false));
        navigation.NavigateTo("audit?from=2026-10-25");
        var page = Render<CascadingValue<WindowFacts>>(p => p.Add(c => c.Value, facts).AddChildContent<CascadingValue<BrowserClock>>(c => c.Add(inner => inner.Value, BrowserClock.From(null)).AddChildContent<AuditTrailPage>()));
        Assert.Contains("Reading the trail…", page.Markup, StringComparison.Ordinal);
        Assert.EndsWith("?from=2026-10-25", navigation.Uri, StringComparison.Ordinal);
        Assert.Empty(await Console.TypesAsync());

        var berlin = BrowserClock.From("Europe/Berlin");
        facts.Learn(berlin, isDark: false);
        var clock = page.FindComponent<CascadingValue<BrowserClock>>().Instance;
        await page.InvokeAsync(() => clock.SetParametersAsync(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(clock.Value)] = berlin, [nameof(clock.ChildContent)] = clock.ChildContent })));

        await page.WaitForAssertionAsync(() => Assert.EndsWith("?from=2026-10-25&zone=Europe%2FBerlin", navigation.Uri, StringComparison.Ordinal));
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("table")));
        Assert.Equal(["from 2026-10-25, days of Europe/Berlin"], (await Console.EventsAsync()).Where(occurred => occurred.Type == AuditEventTypes.AuditViewed).Select(occurred => occurred.Detail));
    }

    [Fact]
    public async Task A_colleague_who_is_chosen_takes_the_place_of_the_one_in_the_query()
    {
        await Console.Get<AuditTrail>().AppendAsync(new AuditEvent(AuditEventTypes.SignedOut, Console.Clock.GetUtcNow(), new AuditActor(Person(Agent).Id, "Mia Chen", [])));
        var page = Show("audit?q=-event:audit.viewed%20actor:demo/ines-duarte");
        await page.WaitForAssertionAsync(() => Assert.Contains("Mia Chen", Field(page, "Staff member").TextContent, StringComparison.Ordinal));

        await Field(page, "Staff member").ChangeAsync(Person(Agent).Id.Value);

        await page.WaitForAssertionAsync(() => Assert.Single(page.FindAll("tr[data-event='auth.signed_out']")));
        Assert.EndsWith("/audit?staff=demo%2Fmia-chen&q=-event%3Aaudit.viewed", Services.GetRequiredService<BunitNavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_without_events_says_which_filter_to_loosen()
    {
        var page = Show("audit?event=role.granted&outcome=denied&q=-actor:demo/mia-chen");

        await page.WaitForAssertionAsync(() => Assert.Contains("There are some without", page.Markup, StringComparison.Ordinal));
        Assert.Equal(
            [("outcome:denied", "audit?event=role.granted&q=-actor:demo%2Fmia-chen")],
            page.FindAll("td a").Select(link => (link.TextContent, link.GetAttribute("href")!.Replace("%3A", ":", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("staff=mia", "?staff=demo%2Fmia-chen")]
    [InlineData("q=-actor:INES@corp.example", "?q=-actor:demo%2Fines-duarte")]
    public async Task A_colleague_is_found_by_name_and_address(string typed, string address)
    {
        var page = Show($"audit?{typed}");

        await page.WaitForAssertionAsync(() => Assert.EndsWith(address, Services.GetRequiredService<BunitNavigationManager>().Uri.Replace("%3A", ":", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("audit?q=actor:demo/mia-chen%20subject:users/u1%20session:s1%20-outcome:denied")]
    [InlineData("audit?q=actor:demo/mia-chen%20subject:users/u1%20session:s1%20-outcome:denied&fold=sessions")]
    public async Task A_link_of_a_row_takes_the_place_of_what_was_typed(string address)
    {
        await Console.Get<AuditTrail>().AppendAsync([.. Enumerable.Repeat(
            new AuditEvent(AuditEventTypes.SessionOpened, Console.Clock.GetUtcNow(), new AuditActor(Person(Agent).Id, "Mia Chen", [])) { SessionId = "s1", Subject = new AuditSubject("users", "u1", "Ada") }, 2)]);
        var page = Show(address);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("td.audit-what a")));

        foreach (var link in page.FindAll("tr[data-row] a").Select(link => link.GetAttribute("href")!).ToList())
        {
            var led = Show(link);
            await led.WaitForAssertionAsync(() => Assert.NotEmpty(led.FindAll("tr[data-row]")));
        }
    }

    [Fact]
    public async Task A_name_of_several_colleagues_asks_which()
    {
        var page = Show("audit?staff=o");

        await page.WaitForAssertionAsync(() => Assert.Contains("people fit: choose one", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("table"));
    }

    [Fact]
    public async Task A_trail_that_can_not_be_read_says_why_and_can_be_tried_again()
    {
        IRenderedComponent<AuditTrailPage> page;
        using (Console.DamageRoles())
        {
            page = Show("audit");
            await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("section[role=alert]")));
        }

        await PressAsync(page, "Try again");

        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("table")));
    }

    [Fact]
    public async Task Whoever_may_not_read_it_sees_no_event()
    {
        Me = Console.As(Agent);

        var page = Show("audit");

        await page.WaitForAssertionAsync(() => Assert.Contains("Your role doesn't allow this", page.Find("section[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("table"));
        Assert.Equal([AuditEventTypes.PolicyDenied], await Console.TypesAsync());
    }

    [Fact]
    public async Task An_entry_says_what_it_has_and_leads_to_its_session()
    {
        var dialog = await OpenAsync(dialogs => AuditEntryDialog.ShowAsync(dialogs, Entry with
        {
            Event = Entry.Event with { Reason = "<script>alert(1)</script>", SessionId = "s1", Subject = new AuditSubject("users", "u1", "Ada Lovelace") },
        }));

        Assert.Equal($"#7 · {AuditEventTypes.RecordViewed}", dialog.Find("h2").TextContent);
        Assert.Equal("Mia Chen opened a record as Ada Lovelace", dialog.Find("h2 ~ * p, p").TextContent.Trim());
        Assert.Equal("<script>alert(1)</script>", Fact(dialog, "Reason"));
        Assert.Equal("Ada Lovelace users/u1", Fact(dialog, "As or about"));
        Assert.Equal("abff", Fact(dialog, "SHA-256").Split(' ')[0]);
        Assert.Equal("audit/7/proof", Button(dialog, "Proof").GetAttribute("href"));
        Assert.DoesNotContain("Ticket", dialog.FindAll("dt").Select(name => name.TextContent));
        Assert.Equal("audit?session=s1", Button(dialog, "All of this session").GetAttribute("href"));

        await PressAsync(dialog, "Close");
        await dialog.WaitForAssertionAsync(() => Assert.Empty(dialog.FindAll("h2")));
    }

    [Fact]
    public async Task An_entry_about_a_colleague_without_a_session_says_so_and_leads_nowhere()
    {
        var dialog = await OpenAsync(dialogs => AuditEntryDialog.ShowAsync(dialogs, Entry with
        {
            Event = Entry.Event with { Subject = new AuditSubject(AuditSubject.Staff, "demo/mia-chen", "Mia Chen") },
        }));

        Assert.Equal("Mia Chen staff/demo/mia-chen", Fact(dialog, "Concerning"));
        Assert.DoesNotContain("All of this session", Buttons(dialog));
    }

    [Fact]
    public void A_row_is_a_sentence_whose_people_are_filters_and_has_its_event_beside_it()
    {
        var entry = Entry with { Event = Entry.Event with { Subject = new AuditSubject("users", "u1", "Ada \u202ELovelace"), Ticket = "SUP-12", Reason = "Posts\r\nare missing" } };

        var row = Row(new TrailRow(entry), new AuditAddress(Outcome: "success"));

        Assert.Equal(("7", AuditEventTypes.RecordViewed), (row.Find("tr").GetAttribute("data-seq"), row.Find("tr").GetAttribute("data-event")));
        Assert.Equal("Mia Chen opened a record as \u2068Ada Lovelace\u2069", row.Find(".audit-sentence").TextContent.Trim());
        Assert.Equal(["audit?staff=demo%2Fmia-chen&outcome=success", "audit?user=users%2Fu1&outcome=success"], row.FindAll(".audit-sentence a").Select(link => link.GetAttribute("href")));
        Assert.Equal(2, row.FindAll(".audit-sentence a > bdi").Count);
        Assert.Equal("SUP-12 · Posts are missing", row.Find(".audit-beside").TextContent);
        Assert.Equal("#7", row.Find("button[aria-label='Entry 7, record.viewed']").TextContent);
        Assert.Empty(row.FindAll("[aria-expanded]"));
    }

    [Fact]
    public void Whom_no_filter_finds_is_no_link()
    {
        var entry = Entry with { Event = Entry.Event with { Actor = new AuditActor(default, "", []), Subject = new AuditSubject("no collection", "u1", "<b>Ada</b>") } };

        var row = Row(new TrailRow(entry), new AuditAddress());

        Assert.Equal("somebody without a name opened a record as <b>Ada</b>", row.Find(".audit-sentence").TextContent.Trim());
        Assert.Empty(row.FindAll(".audit-sentence a"));
    }

    [Fact]
    public async Task A_read_unfolds_by_a_button_that_says_what_it_has_and_whether_it_is_open()
    {
        TrailRow? toggled = null;
        AuditEntry? opened = null;
        var read = new TrailRow(Entry) { Question = Entry with { Sequence = 5 } };

        var row = Render<AuditRow>(p => p.Add(r => r.Row, read).Add(r => r.Filter, new AuditAddress()).Add(r => r.OnToggle, what => toggled = what).Add(r => r.OnOpen, what => opened = what));
        var button = row.Find("button[aria-expanded]");
        await button.ClickAsync(new());

        Assert.Equal(("false", "Question and answer: #5, #7"), (button.GetAttribute("aria-expanded"), button.GetAttribute("aria-label")));
        Assert.Equal((read, null), (toggled, opened));
        Assert.Equal("true", Row(read with { IsOpen = true }, new AuditAddress()).Find("button[aria-expanded]").GetAttribute("aria-expanded"));
    }

    [Fact]
    public async Task A_session_is_a_row_of_no_event_and_leads_to_all_of_its_own()
    {
        TrailRow? toggled = null;
        var entry = Entry with { Event = Entry.Event with { SessionId = "s1" } };
        var session = new TrailRow(entry) { Session = EventSentence.OfSession(entry, null, entry, new Dictionary<string, long>()) };

        var row = Render<AuditRow>(p => p.Add(r => r.Row, session).Add(r => r.Filter, new AuditAddress { Fold = AuditAddress.Sessions }).Add(r => r.OnToggle, what => toggled = what));
        await row.Find("tr").ClickAsync(new());

        Assert.Equal(session, toggled);
        Assert.Null(row.Find("tr").GetAttribute("data-seq"));
        Assert.Equal("s1", row.Find("tr").GetAttribute("data-session-line"));
        Assert.Equal("audit?session=s1", row.Find(".audit-event a").GetAttribute("href"));
        Assert.Equal("audit?session=s1", Row(new TrailRow(entry) { IsRest = true }, new AuditAddress()).Find("a").GetAttribute("href"));
    }

    [Fact]
    public async Task Folding_sessions_is_in_the_address_and_no_look_of_its_own()
    {
        var page = Show("audit?outcome=success");
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("table")));

        await page.InvokeAsync(() => page.Find("input[role=switch]").ChangeAsync(new() { Value = true }));

        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        Assert.EndsWith("/audit?outcome=success&fold=sessions", navigation.Uri, StringComparison.Ordinal);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("table")));
        Assert.Equal([AuditEventTypes.AuditViewed], await Console.TypesAsync());
        Assert.Contains("fold=sessions", page.Find("nav.views a").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "role.*", "role.*")]
    [InlineData("role.*", "key.*", "role.*,key.*")]
    [InlineData("role.granted, role.revoked", "key.*", "role.granted,role.revoked,key.*")]
    public async Task Several_events_are_chosen_one_after_the_other(string? asked, string chosen, string expected)
    {
        string? changed = null;
        var choice = Render<EventChoice>(p => p.Add(c => c.Asked, asked).Add(c => c.OnChange, types => changed = types));

        await choice.FindAll("select")[^1].ChangeAsync(new() { Value = chosen });

        Assert.Equal(expected, changed);
        Assert.Equal(asked is null ? 1 : 2, choice.FindAll("select").Count);
    }

    [Fact]
    public async Task One_of_several_events_is_taken_away_again()
    {
        string? changed = null;
        var choice = Render<EventChoice>(p => p.Add(c => c.Asked, "role.*,key.*,role.*").Add(c => c.OnChange, types => changed = types));

        await choice.Find("button[aria-label='Without role.*']").ClickAsync(new());

        Assert.Equal("key.*", changed);
        Assert.Equal(2, choice.FindAll("button").Count);
        Assert.Empty(Render<EventChoice>(p => p.Add(c => c.Asked, "key.*")).FindAll("button"));
    }

    [Theory]
    [InlineData(0, false, "Nobody is found by this", 0)]
    [InlineData(1, true, "This may be (or somebody further back, who can be named as collection/id): choose one.", 1)]
    [InlineData(2, false, "2 people fit: choose one.", 2)]
    [InlineData(8, false, "8 people fit: choose one.", 8)]
    [InlineData(11, true, "11 people fit (or somebody further back, who can be named as collection/id): choose one.", 8)]
    public void Whom_a_text_may_mean_is_offered_eight_at_most(int found, bool more, string words, int shown)
    {
        var people = new AuditPeople([.. Enumerable.Range(1, found).Select(number => new AuditSubject("users", $"u{number}", $"Ada \u202E{number}"))], more);

        var choice = Render<AuditPeopleChoice>(p => p.Add(c => c.People, people).Add(c => c.AddressOf, subject => $"audit?user={subject.Id}"));

        Assert.StartsWith(words, choice.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, shown).Select(number => $"audit?user=u{number}"), choice.FindAll("li a").Select(link => link.GetAttribute("href")));
        Assert.Equal(shown, choice.FindAll("li bdi").Count);
        Assert.Equal(found > shown ? $"and {found - shown} more. Type more of the name." : null, choice.FindAll("p.quiet").SingleOrDefault()?.TextContent);
    }

    private IRenderedComponent<AuditRow> Row(TrailRow row, AuditAddress filter) => Render<AuditRow>(p => p.Add(r => r.Row, row).Add(r => r.Filter, filter));

    private static AuditEntry Entry { get; } = new(
        7, new AuditEvent(AuditEventTypes.RecordViewed, DateTimeOffset.UnixEpoch, new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent])), [0xab, 0xff]);

    private static string Fact(IRenderedComponent<MudBlazor.MudDialogProvider> dialog, string name) =>
        dialog.FindAll("dt").Single(fact => fact.TextContent == name).NextElementSibling!.TextContent;

    /// <summary>The page of the address, in a window whose browser has said where it is.</summary>
    private IRenderedComponent<CascadingValue<BrowserClock>> RenderIn(string zone) =>
        Render<CascadingValue<BrowserClock>>(p => p.Add(c => c.Value, BrowserClock.From(zone)).AddChildContent<AuditTrailPage>());

    private IRenderedComponent<AuditTrailPage> Show(string address)
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo(address);
        return Render<AuditTrailPage>();
    }
}
