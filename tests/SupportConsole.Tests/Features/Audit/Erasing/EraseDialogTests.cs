using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Erasing;

/// <summary>The dialog says what goes and what stays, asks for a reason, and erases.</summary>
public sealed class EraseDialogTests() : WindowContext(Admin)
{
    private const string Why = "Asked to be forgotten in a letter";
    private static readonly AuditSubjectKey Ada = new("users", "u1");

    [Fact]
    public async Task It_counts_the_events_waits_for_a_reason_and_erases()
    {
        await RecordAsync(2);
        var dialog = await OpenAsync(dialogs => EraseDialog.ShowAsync(dialogs, [Ada]));
        await dialog.WaitForAssertionAsync(() => Assert.Equal("2 events have data of this person.", dialog.Find("p[role=status]").TextContent));
        Assert.Contains("What goes:", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("What stays:", dialog.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("e-mail address among the staff", dialog.Markup, StringComparison.Ordinal);
        Assert.True(IsOff(Button(dialog, "Erase for good")));
        await Field(dialog, "Reason").InputAsync(Why);

        await PressAsync(dialog, "Erase for good");

        await dialog.WaitForAssertionAsync(() => Assert.Equal("2 events have no data of this person any more.", dialog.Find("p[role=status]").TextContent));
        Assert.Equal("Erased", dialog.Find("h2").TextContent);
        Assert.Equal(["Close"], Buttons(dialog));
        var events = await Console.EventsAsync();
        Assert.Equal((AuditEventTypes.AuditErased, Why), (events[^1].Type, events[^1].Reason));
        Assert.All(events.Where(e => e.Type == AuditEventTypes.UserViewed), e => Assert.Equal(PersonalText.ErasedWord, e.Subject!.Name));
    }

    [Fact]
    public async Task Whose_data_it_is_can_be_chosen_and_is_counted_anew()
    {
        await RecordAsync(1);
        var tom = new AuditSubjectKey(AuditSubject.Staff, Person(Nobody).Id.Value);
        var dialog = await OpenAsync(dialogs => EraseDialog.ShowAsync(dialogs, [Ada, tom]));
        await dialog.WaitForAssertionAsync(() => Assert.Equal("1 event has data of this person.", dialog.Find("p[role=status]").TextContent));

        await Field(dialog, "Whose data").ChangeAsync(tom.ToString());

        await dialog.WaitForAssertionAsync(() => Assert.Equal("0 events have data of this person.", dialog.Find("p[role=status]").TextContent));
        Assert.Contains("e-mail address among the staff", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_stands_in_the_dialog()
    {
        var dialog = await OpenAsync(dialogs => EraseDialog.ShowAsync(dialogs, [new AuditSubjectKey(AuditSubject.Staff, Person(Agent).Id.Value)]));
        await Field(dialog, "Reason").InputAsync(Why);
        await dialog.WaitForAssertionAsync(() => Assert.False(IsOff(Button(dialog, "Erase for good"))));

        await PressAsync(dialog, "Erase for good");

        await dialog.WaitForAssertionAsync(() => Assert.Contains("This person still holds a role.", dialog.Find(".mud-alert").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_old_proof_sends_the_admin_away_with_the_form_and_brings_both_back()
    {
        await RecordAsync(1);
        Console.ProveAt(Admin, Console.Clock.GetUtcNow().AddYears(-20));
        var dialog = await OpenAsync(dialogs => EraseDialog.ShowAsync(dialogs, [Ada]));
        await Field(dialog, "Reason").InputAsync(Why);
        await dialog.WaitForAssertionAsync(() => Assert.False(IsOff(Button(dialog, "Erase for good"))));

        await PressAsync(dialog, "Erase for good");

        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        Assert.EndsWith("/signin/confirm?returnUrl=%2Faudit%3Fresume%3Dtrue", navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("kept:ErasureForm", Assert.Single(JSInterop.Invocations["sessionStorage.setItem"]).Arguments[0]);
        Assert.DoesNotContain(AuditEventTypes.AuditErased, await Console.TypesAsync());
        BringBack();
        navigation.NavigateTo("audit?resume=true");
        var page = Render<AuditTrailPage>();

        await dialog.WaitForAssertionAsync(() => Assert.Equal(Why, Field(dialog, "Reason").GetAttribute("value")));
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("table")));
    }

    [Fact]
    public async Task An_entry_offers_it_to_whoever_may_and_says_what_was_erased()
    {
        var at = new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);
        var entry = Entry(new AuditSubject(Ada.Collection, Ada.Id, PersonalText.ErasedWord)) with { Erased = new ErasedText(null, at) };
        var dialog = await OpenAsync(dialogs => AuditEntryDialog.ShowAsync(dialogs, entry));

        Assert.Equal("Erased on 27 Nov 2026", dialog.FindAll("dt").Single(fact => fact.TextContent == "Name and texts of what it is about").NextElementSibling!.TextContent);
        Assert.DoesNotContain("Reason", dialog.FindAll("dt").Select(fact => fact.TextContent));
        await PressAsync(dialog, "Erase this person's data…");
        await dialog.WaitForAssertionAsync(() => Assert.Equal("Erase this person's data", dialog.Find("h2").TextContent));
        Assert.Equal(["As or about: users/u1", $"Who acted: staff/{Person(Agent).Id}"], Field(dialog, "Whose data").Children.Select(choice => choice.TextContent));
    }

    [Fact]
    public async Task An_entry_offers_it_to_nobody_else()
    {
        Me = Console.As(Agent);

        var dialog = await OpenAsync(dialogs => AuditEntryDialog.ShowAsync(dialogs, Entry(new AuditSubject("users", "u1", "Ada"))));

        Assert.Equal(["Proof", "Close"], Buttons(dialog));
    }

    [Fact]
    public async Task A_damaged_entry_and_one_of_the_consoles_own_are_nobodys()
    {
        var dialog = await OpenAsync(dialogs => AuditEntryDialog.ShowAsync(dialogs, Entry(null) with { Event = Entry(null).Event with { Actor = AuditActor.System } }));

        Assert.Equal(["Proof", "Close"], Buttons(dialog));
    }

    [Fact]
    public void A_row_says_once_that_its_texts_were_erased()
    {
        var happened = Entry(null) with { Event = Entry(null).Event with { Detail = PersonalText.ErasedWord, Ticket = PersonalText.ErasedWord } };

        Assert.Equal(PersonalText.ErasedWord, EventSummary.Of(EventSentence.Of(happened)));
    }

    private static AuditEntry Entry(AuditSubject? subject) => new(
        7,
        new AuditEvent(AuditEventTypes.UserViewed, DateTimeOffset.UnixEpoch, new AuditActor(Person(Agent).Id, "Mia Chen", [Role.Agent]))
        {
            Subject = subject, Reason = PersonalText.ErasedWord,
        },
        [0xab]);

    private async Task RecordAsync(int events) => await Console.Get<AuditTrail>().AppendAsync([.. Enumerable.Range(0, events).Select(i =>
        new AuditEvent(AuditEventTypes.UserViewed, Console.Clock.GetUtcNow(), new AuditActor(Person(Agent).Id, "Mia Chen", [Role.Agent]))
        {
            Subject = new AuditSubject(Ada.Collection, Ada.Id, "Ada Lovelace"),
        })]);
}
