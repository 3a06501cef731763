using Bunit;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Changes;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>How the smallest changes are told.</summary>
public sealed class ChangesPanelTests : ConsoleContext
{
    private static readonly CollectionSchema s_posts = new("posts", "base", [], null, null, null, null, null, null);
    private static readonly CollectionSchema s_users = s_posts with { Name = "users", Type = "auth" };

    private static readonly ValueChange s_published = new(ValueChangeKind.Set, s_posts, "p1", new CollectionField("status", "select", false, false), "published") { RecordName = "Hello" };
    private static readonly ValueChange s_member = new(ValueChangeKind.Add, s_posts, "t1", new CollectionField("members", "relation", false, false), "u1") { RecordName = "Blue", ValueName = "Ben" };
    private static readonly ValueChange s_verified = new(ValueChangeKind.Set, s_users, "u1", new CollectionField("verified", "bool", false, false), "true") { RecordName = "Ben" };

    [Fact]
    public void Alternatives_stand_beside_each_other_and_parts_together()
    {
        var panel = Show(new AccessChanges([new([s_published]), new([s_member, s_verified])], HasMore: true, [], []));

        Assert.Equal(
            ["set status of Hello to “published”", "or add Ben to members of Blue and verify the account of Ben: set verified to true"],
            panel.FindAll("[data-change]").Select(change => string.Join(' ', change.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains("There are more ways", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", panel.Markup, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("h3"));
    }

    [Fact]
    public void What_no_change_is_named_for_stands_apart()
    {
        Assert.True(RuleParser.TryParse("@request.headers.x = '1'", FilterGrammar.Modern, out var header, out _));
        Assert.True(RuleParser.TryParse("id = 'x'", FilterGrammar.Modern, out var id, out _));

        var panel = Show(new AccessChanges([], HasMore: false, [new(header, "it looks at the request")], [new(id, "an id can't be changed")]));

        Assert.Equal(["Needs the request's context", "No change can be named"], panel.FindAll("h3").Select(heading => heading.TextContent));
        Assert.Equal(["@request.headers.x = '1' it looks at the request", "id = 'x' an id can't be changed"], panel.FindAll("li").Select(one => one.TextContent));
        Assert.Contains("No change could be named that would let", panel.Markup, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("[data-change]"));
    }

    private IRenderedComponent<ChangesPanel> Show(AccessChanges changes) =>
        Render<ChangesPanel>(p => p.Add(panel => panel.Changes, changes).Add(panel => panel.UserName, "Ben").Add(panel => panel.RecordName, "Hello"));
}
