using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Tests.TestKit;
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

    private static AuditEntry Entry { get; } = new(
        7, new AuditEvent(AuditEventTypes.RecordViewed, DateTimeOffset.UnixEpoch, new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent])), [0xab, 0xff]);

    private static string Fact(IRenderedComponent<MudBlazor.MudDialogProvider> dialog, string name) =>
        dialog.FindAll("dt").Single(fact => fact.TextContent == name).NextElementSibling!.TextContent;

    private IRenderedComponent<AuditTrailPage> Show(string address)
    {
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo(address);
        return Render<AuditTrailPage>();
    }
}
