using AngleSharp.Dom;
using Bunit;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>The native fields: what they are called, what they hand over and when, and what they refuse.</summary>
public sealed class FieldTests : ConsoleContext
{
    private readonly List<string> _taken = [];

    [Fact]
    public void A_field_is_named_by_its_label_alone_and_described_by_its_hint()
    {
        var field = Render<TextField>(p => p.Add(f => f.Label, "Reason").Add(f => f.Hint, "At least 10 letters").Add(f => f.Required, true).Add(f => f.MaxLength, 500));

        var input = field.Find("input");
        Assert.Equal("Reason", field.Find("label").TextContent.Trim());
        Assert.Equal("At least 10 letters", field.Find($"#{input.GetAttribute("aria-describedby")}").TextContent);
        Assert.Equal("true", input.GetAttribute("aria-required"));
        Assert.Equal("500", input.GetAttribute("maxlength"));
    }

    [Fact]
    public void Two_hints_do_not_share_an_id()
    {
        string? Described(string label) =>
            Render<TextField>(p => p.Add(f => f.Label, label).Add(f => f.Hint, "Something")).Find("input").GetAttribute("aria-describedby");

        Assert.NotEqual(Described("One"), Described("Other"));
    }

    [Fact]
    public void A_fault_is_said_and_marks_the_field()
    {
        var field = Render<TextField>(p => p.Add(f => f.Label, "From").Add(f => f.Type, "date").Add(f => f.Fault, "This is no day."));

        Assert.Equal("This is no day.", field.Find("[role=alert]").TextContent);
        Assert.Equal("true", field.Find("input").GetAttribute("aria-invalid"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_is_taken_at_each_key_or_when_the_field_is_left(bool immediate)
    {
        var field = Render<TextField>(p => p.Add(f => f.Label, "Ticket").Add(f => f.Immediate, immediate).Add(f => f.ValueChanged, _taken.Add));

        await (immediate ? field.Find("input").InputAsync("SUP-1") : field.Find("input").ChangeAsync("SUP-1"));

        Assert.Equal(["SUP-1"], _taken);
        await Assert.ThrowsAsync<MissingEventHandlerException>(() => immediate ? field.Find("input").ChangeAsync("x") : field.Find("input").InputAsync("x"));
    }

    [Theory]
    [InlineData("2030-02-28", "2030-02-28")]
    [InlineData("", "none")]
    [InlineData("2030-02-30", null)]
    [InlineData("28.2.2030", null)]
    public async Task A_day_is_taken_or_none(string sent, string? taken)
    {
        var field = Render<DateField>(p => p.Add(f => f.Label, "Until").Add(f => f.Value, new DateOnly(2030, 1, 2)).Add(f => f.Max, new DateOnly(2031, 1, 1))
            .Add(f => f.ValueChanged, day => _taken.Add(day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "none")));
        Assert.Equal("2030-01-02", field.Find("input").GetAttribute("value"));
        Assert.Equal("2031-01-01", field.Find("input").GetAttribute("max"));

        await field.Find("input").ChangeAsync(sent);

        Assert.Equal(taken is null ? [] : [taken], _taken);
    }

    [Theory]
    [InlineData("agent", true)]
    [InlineData("", true)]
    [InlineData("superuser", false)]
    [InlineData("AGENT", false)]
    public async Task A_choice_that_is_not_offered_is_none(string sent, bool offered)
    {
        var choice = Render<Choice>(p => p.Add(c => c.Label, "Role").Add(c => c.Value, "manager")
            .Add(c => c.Options, [("", "None"), ("agent", "Support agent"), ("manager", "Manager")]).Add(c => c.ValueChanged, _taken.Add));
        Assert.Equal("Manager", choice.Find("option[selected], option[value=manager]").TextContent);

        await choice.Find("select").ChangeAsync(sent);

        Assert.Equal(offered ? [sent] : [], _taken);
    }

    [Fact]
    public async Task One_of_a_few_is_chosen()
    {
        var minutes = 0;
        var segments = Render<Segments<int>>(p => p.Add(s => s.Legend, "Time box").Add(s => s.Name, "time").Add(s => s.Choices, [5, 15]).Add(s => s.Words, time => $"{time} min")
            .Add(s => s.Value, 15).Add(s => s.ValueChanged, time => minutes = time));
        IElement Radio(string words) => segments.FindAll("label").Single(label => label.TextContent == words).QuerySelector("input")!;
        Assert.True(Radio("15 min").HasAttribute("checked"));
        Assert.False(Radio("5 min").HasAttribute("checked"));

        await Radio("5 min").ChangeAsync("5 min");

        Assert.Equal(5, minutes);
    }

    [Fact]
    public void A_table_names_its_columns_and_how_they_are_sorted()
    {
        var table = Render<DataTable>(p => p.Add(t => t.Columns, [new TableColumn("Key", "keys?sort=-name", "ascending"), new TableColumn("Owner"), TableColumn.Actions])
            .AddChildContent("<tr><td>one</td></tr>"));

        Assert.Equal(["Key", "Owner", "Actions"], table.FindAll("th").Select(head => head.TextContent));
        Assert.Equal("ascending", table.Find("th").GetAttribute("aria-sort"));
        Assert.Equal("keys?sort=-name", table.Find("th a").GetAttribute("href"));
        Assert.False(table.FindAll("th")[1].HasAttribute("aria-sort"));
        Assert.False(table.Find(".table").HasAttribute("role"));
    }

    [Fact]
    public void A_table_that_is_scrolled_by_itself_can_be_reached_by_keys()
    {
        var table = Render<DataTable>(p => p.Add(t => t.Columns, TableColumn.Of("Time")).Add(t => t.Label, "Events").AddChildContent("<tr><td>one</td></tr>"));

        Assert.Equal("Events", table.Find("[role=region][tabindex='0']").GetAttribute("aria-label"));
    }
}
