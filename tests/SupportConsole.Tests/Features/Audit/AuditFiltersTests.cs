using Bunit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit;

/// <summary>The fields say what the address asks for, whatever stands there.</summary>
public sealed class AuditFiltersTests : ConsoleContext
{
    [Theory]
    [InlineData(null, "Anyone", "All", "All")]
    [InlineData("", "Anyone", "All", "All")]
    [InlineData("nonsense", "nonsense", "nonsense", "nonsense")]
    [InlineData("\u202Edenied", "\u202Edenied", "\u202Edenied", "\u202Edenied")]
    public void What_is_asked_for_is_chosen(string? asked, string staff, string type, string outcome)
    {
        var filters = Show(new AuditAddress(Actor: asked, Event: asked, Outcome: asked));

        string Chosen(string label)
        {
            var select = filters.FindAll("label").Single(field => field.QuerySelector("span")!.TextContent == label).QuerySelector("select")!;
            return select.Children.Single(option => option.GetAttribute("value") == (select.GetAttribute("value") ?? "")).TextContent;
        }

        Assert.Equal([staff, type, outcome], [Chosen("Staff member"), Chosen("Event"), Chosen("Outcome")]);
    }

    [Theory]
    [InlineData(" denied entry ", "denied entry")]
    [InlineData("  ", null)]
    [InlineData("", null)]
    public async Task What_is_typed_is_taken_without_the_space_around_it(string typed, string? taken)
    {
        var changed = new List<AuditAddress>();
        var filters = Render<AuditFilters>(p => p.Add(f => f.Filter, new AuditAddress(Outcome: "denied")).Add(f => f.OnChange, changed.Add));

        await filters.Find("input[type=search]").ChangeAsync(typed);

        Assert.Equal([new AuditAddress(Outcome: "denied", Text: taken)], changed);
    }

    [Theory]
    [InlineData("From (UTC)", "2026-12-02", "after:2026-12-02 before:2026-12-09T10:07 actor:mia subject:ada session:s1 outcome:failed")]
    [InlineData("To (UTC)", "2026-12-02", "before:2026-12-03 after:2026-12-01T10:07 actor:mia subject:ada session:s1 outcome:failed")]
    [InlineData("Outcome", "denied", "outcome:denied after:2026-12-01T10:07 before:2026-12-09T10:07 actor:mia subject:ada session:s1")]
    [InlineData("User: e-mail, name or id", "grace", "subject:grace after:2026-12-01T10:07 before:2026-12-09T10:07 actor:mia session:s1 outcome:failed")]
    [InlineData("Session", "s2", "session:s2 after:2026-12-01T10:07 before:2026-12-09T10:07 actor:mia subject:ada outcome:failed")]
    public async Task What_a_field_takes_is_no_second_one_of_what_was_typed(string label, string value, string asked)
    {
        var changed = new List<AuditAddress>();
        var filters = Render<AuditFilters>(p => p
            .Add(f => f.Filter, new AuditAddress(Query: "after:2026-12-01T10:07 before:2026-12-09T10:07 actor:mia subject:ada session:s1 outcome:failed"))
            .Add(f => f.OnChange, changed.Add));

        await filters.FindAll("label").Single(field => field.QuerySelector("span")!.TextContent == label).QuerySelector("input, select")!.ChangeAsync(value);

        Assert.Equal([asked], changed.Select(AskedFilter.TextOf));
    }

    private IRenderedComponent<AuditFilters> Show(AuditAddress filter) => Render<AuditFilters>(p => p.Add(f => f.Filter, filter));
}
