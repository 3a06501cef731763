using Bunit;
using SupportConsole.Core.Staff;
using SupportConsole.Site;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Site;

/// <summary>Who uses this window, with the roles of this moment.</summary>
public sealed class StaffCardTests() : WindowContext(Agent)
{
    private const string Why = "Covers the weekend shift";

    [Fact]
    public void It_names_the_person_and_the_roles_and_signs_out_by_a_form()
    {
        var card = Render<StaffCard>();

        Assert.Equal("Mia Chen", card.Find(".staff-name").TextContent);
        Assert.Equal(["Support agent"], RolesOf(card));
        Assert.Equal(("post", "signout"), (card.Find("form").GetAttribute("method"), card.Find("form").GetAttribute("action")));
        Assert.Equal("submit", Button(card, "Sign out").GetAttribute("type"));
    }

    [Fact]
    public async Task It_follows_the_roles()
    {
        var announced = AddAuthorization().SetAuthorized("Mia Chen");
        var card = Render<StaffCard>();

        await Console.Roles.GrantAsync(Console.As(Manager), Person(Agent).Id, Role.Admin, Why, until: null, Token);
        await card.InvokeAsync(() => announced.SetAuthorized("Mia Chen"));
        await card.WaitForAssertionAsync(() => Assert.Equal(["Support agent", "Admin"], RolesOf(card)));

        await Console.Roles.RevokeAsync(Console.As(Manager), Person(Agent).Id, Role.Agent, Why, Token);
        await Console.Roles.RevokeAsync(Console.As(Manager), Person(Agent).Id, Role.Admin, Why, Token);
        await card.InvokeAsync(() => announced.SetAuthorized("Mia Chen"));
        await card.WaitForAssertionAsync(() => Assert.Empty(RolesOf(card)));
        Assert.Equal("Mia Chen", card.Find(".staff-name").TextContent);
    }

    [Fact]
    public void While_the_database_does_not_answer_there_is_no_card_rather_than_a_failed_page()
    {
        using (Console.DamageRoles())
        {
            Assert.Equal("", Render<StaffCard>().Markup.Trim());
        }

        Me = Console.AsNobody();
        Assert.Equal("", Render<StaffCard>().Markup.Trim());
    }

    private static IEnumerable<string> RolesOf(IRenderedComponent<StaffCard> card) => card.FindAll(".tag").Select(role => role.TextContent);
}
