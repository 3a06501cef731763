using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Site;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Site;

/// <summary>The search box above every page but the search itself.</summary>
public sealed class SearchJumpTests : ConsoleContext
{
    private readonly BunitAuthorizationContext _rights;
    private readonly BunitNavigationManager _navigation;

    public SearchJumpTests()
    {
        _rights = AddAuthorization().SetAuthorized("Mia Chen").SetPolicies(DutyPolicies.For(Duty.FindUsers));
        _navigation = Services.GetRequiredService<BunitNavigationManager>();
        _navigation.NavigateTo("sessions");
    }

    [Theory]
    [InlineData("ada@example.com", "users?q=ada%40example.com")]
    [InlineData("a&sort=x #1 +é", "users?q=a%26sort%3Dx%20%231%20%2B%C3%A9")]
    [InlineData("", "users?q=")]
    public async Task Enter_goes_to_the_search_with_what_was_typed(string typed, string address)
    {
        var jump = Render<SearchJump>();

        await jump.Find("input").InputAsync(typed);
        await jump.Find("form").SubmitAsync();

        Assert.Equal(_navigation.BaseUri + address, _navigation.Uri);
    }

    [Theory]
    [InlineData("users", false)]
    [InlineData("users?q=ada", false)]
    [InlineData("users#content", false)]
    [InlineData("users/users/u8k2m1c0a3l9x7q", true)]
    [InlineData("audit?text=users", true)]
    [InlineData("", true)]
    public async Task It_stands_above_every_page_but_the_search(string address, bool stands)
    {
        var jump = Render<SearchJump>();

        await jump.InvokeAsync(() => _navigation.NavigateTo(address));

        Assert.Equal(stands ? 1 : 0, jump.FindAll("[role=search] input[data-search]").Count);
    }

    [Fact]
    public async Task Going_elsewhere_empties_it()
    {
        var jump = Render<SearchJump>();
        await jump.Find("input").InputAsync("ada@example.com");

        await jump.InvokeAsync(() => _navigation.NavigateTo("audit"));

        Assert.Equal("", jump.Find("input").GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task It_is_for_those_who_may_find_users()
    {
        var jump = Render<SearchJump>();

        await jump.InvokeAsync(() => _rights.SetPolicies(DutyPolicies.For(Duty.ManageRoles)).SetAuthorized("Mia Chen"));

        Assert.Empty(jump.FindAll("input"));
    }

    [Fact]
    public async Task One_that_is_gone_follows_no_more()
    {
        var jump = Render<SearchJump>();
        var drawn = jump.RenderCount;
        await DisposeComponentsAsync();

        _navigation.NavigateTo("audit");

        Assert.Equal(drawn, jump.RenderCount);
    }
}
