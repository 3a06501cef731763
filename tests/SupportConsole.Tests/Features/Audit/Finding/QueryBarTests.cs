using Bunit;
using Microsoft.AspNetCore.Components.Web;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Finding;

/// <summary>The typed line above the filters: what it says, what it proposes, and what it points at.</summary>
public sealed class QueryBarTests : ConsoleContext
{
    private readonly List<AuditAddress> _asked = [];

    [Fact]
    public async Task It_says_what_the_fields_say_and_asks_for_what_is_typed()
    {
        var bar = Show(new AuditAddress(Event: "role.*", Query: "-actor:system"));
        Assert.Equal("event:role.* -actor:system", Input(bar).GetAttribute("value"));

        await Input(bar).InputAsync("event:key.* ticket:SUP-1 ");
        await PressAsync(bar, "Enter");

        Assert.Equal([new AuditAddress(Event: "key.*", Query: "ticket:SUP-1")], _asked);
    }

    [Fact]
    public async Task Proposals_are_walked_with_the_arrows_taken_with_Enter_and_closed_with_Escape()
    {
        var bar = Show(new AuditAddress());
        Assert.Equal(("combobox", "false", null), (Input(bar).GetAttribute("role"), Input(bar).GetAttribute("aria-expanded"), Input(bar).GetAttribute("aria-controls")));

        await Input(bar).InputAsync("Ada act");
        Assert.Equal("true", Input(bar).GetAttribute("aria-expanded"));
        Assert.Equal(bar.Find("[role=listbox]").Id, Input(bar).GetAttribute("aria-controls"));
        Assert.Null(Input(bar).GetAttribute("aria-activedescendant"));
        await PressAsync(bar, "ArrowDown");
        Assert.Equal(bar.Find("[role=option][aria-selected=true]").Id, Input(bar).GetAttribute("aria-activedescendant"));
        await PressAsync(bar, "Enter");

        // Behind the key its values come at once.
        Assert.Equal("Ada actor:", Input(bar).GetAttribute("value"));
        Assert.Equal(["actor:Mia Chen"], bar.FindAll("[role=option]").Select(option => option.TextContent));
        await bar.Find("[role=option]").ClickAsync();
        Assert.Equal("Ada actor:demo/mia-chen ", Input(bar).GetAttribute("value"));
        Assert.Empty(bar.FindAll("[role=listbox]"));

        await Input(bar).InputAsync("Ada actor:demo/mia-chen ev");
        await PressAsync(bar, "ArrowUp");
        await PressAsync(bar, "Escape");
        Assert.Empty(bar.FindAll("[role=listbox]"));
        Assert.Empty(_asked);
        await PressAsync(bar, "Enter");
        Assert.Equal([new AuditAddress(Actor: "demo/mia-chen", Text: "Ada ev")], _asked);
    }

    [Fact]
    public async Task Free_text_is_asked_for_while_something_is_proposed()
    {
        var bar = Show(new AuditAddress());

        await Input(bar).InputAsync("out");
        await PressAsync(bar, "Enter");

        Assert.Equal([new AuditAddress(Text: "out")], _asked);
    }

    [Fact]
    public async Task What_cannot_be_read_is_marked_until_it_is_typed_over()
    {
        var bar = Show(new AuditAddress(Query: "Ada evnet:x \u202e"));

        Assert.Equal(["evnet:", "\\u{202e}"], bar.FindAll(".marked mark").Select(mark => mark.TextContent));
        Assert.Equal("true", Input(bar).GetAttribute("aria-invalid"));
        Assert.Equal("Character 5: “evnet:” is no filter; did you mean “event:”?", bar.Find("[role=alert]").TextContent);
        Assert.StartsWith("Character 13: Here stands a character that can't be seen (U+202E).", Assert.Single(bar.FindAll(".places li")).TextContent, StringComparison.Ordinal);

        await Input(bar).InputAsync("Ada event:x");

        Assert.Empty(bar.FindAll(".marked, .places, [role=alert]"));
    }

    [Fact]
    public void Ten_kilobytes_are_a_sentence()
    {
        var bar = Show(new AuditAddress(Query: new string('x', 10_000)));

        Assert.Contains("800 characters at most, and this one has 10,000", bar.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.InRange(bar.Find(".marked").TextContent.Length, 1, 400);
    }

    [Fact]
    public void What_is_typed_stays_when_the_page_is_drawn_again()
    {
        var bar = Show(new AuditAddress());

        Input(bar).Input("typ");
        bar.Render(p => p.Add(b => b.Filter, new AuditAddress()));
        Assert.Equal("typ", Input(bar).GetAttribute("value"));
        bar.Render(p => p.Add(b => b.Filter, new AuditAddress(Outcome: "denied")));
        Assert.Equal("outcome:denied", Input(bar).GetAttribute("value"));
    }

    private static AngleSharp.Dom.IElement Input(IRenderedComponent<QueryBar> bar) => bar.Find("input");

    private static Task PressAsync(IRenderedComponent<QueryBar> bar, string key) => Input(bar).KeyDownAsync(new KeyboardEventArgs { Key = key });

    private IRenderedComponent<QueryBar> Show(AuditAddress filter) => Render<QueryBar>(p => p
        .Add(b => b.Filter, filter)
        .Add(b => b.Look, new AuditLook(1, FilterReading.Read(filter), [new SeenStaff(new StaffId("demo/mia-chen"), "Mia Chen")], null))
        .Add(b => b.OnChange, _asked.Add));
}
