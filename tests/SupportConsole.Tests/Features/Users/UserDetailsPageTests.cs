using System.Text.Json.Nodes;
using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Users;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Users;

/// <summary>What stands on the page of one user, for whom, and every way in which there is none.</summary>
[Collection(DemoApp.Name)]
public sealed class UserDetailsPageTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string Ada = "u8k2m1c0a3l9x7q", Guarded = "q9w8e7r6t5y4u3i", Disabled = "d1s4bl3dv1ct0r9";

    [Fact]
    public async Task An_agent_reads_who_it_is_and_begins_a_session_from_there()
    {
        var dialogs = RenderDialogs();
        var page = await ShowAsync(Ada);
        Assert.Equal("Ada Lovelace", page.Find("h1").TextContent);
        Assert.Equal((Ada, "users", "ada", "verified"), (Fact(page, "Record id"), Fact(page, "Collection"), Fact(page, "username"), Fact(page, "E-mail address")));
        Assert.StartsWith("yes", Fact(page, "Can sign in"), StringComparison.Ordinal);

        await PressAsync(page, "View as");

        await dialogs.WaitForAssertionAsync(() => Assert.Equal("View as Ada Lovelace", dialogs.Find("h2").TextContent));
    }

    [Fact]
    public async Task An_admin_reads_the_same_and_is_not_offered_a_session()
    {
        Me = Console.As(Admin);

        var page = await ShowAsync(Ada);

        Assert.Equal("Ada Lovelace", page.Find("h1").TextContent);
        Assert.Empty(Buttons(page));
    }

    [Fact]
    public async Task Whoever_may_not_look_learns_nothing()
    {
        Me = Console.As(Nobody);

        var page = await ShowAsync(Ada);

        Assert.Contains("Your role doesn't allow this", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Lovelace", page.Markup, StringComparison.Ordinal);
        Assert.Empty(Console.Relay.Requests);
    }

    [Theory]
    [InlineData("users", "n0suchus3r0here")]
    [InlineData("users", "../../posts/records/x")]
    public async Task A_user_who_is_not_there_is_said_to_be_missing_with_the_way_back(string collection, string record)
    {
        var page = await ShowAsync(record, collection);

        Assert.Equal("No such user", page.Find("[role=status] h1").TextContent);
        Assert.Equal("users", Button(page, "Back to the search").GetAttribute("href"));
    }

    [Fact]
    public async Task An_account_that_can_not_sign_in_is_shown_with_the_rule_that_refuses_it()
    {
        var page = await ShowAsync(Disabled);

        Assert.Contains("refuses this account", Fact(page, "Can sign in"), StringComparison.Ordinal);
        Assert.Equal("disabled = false", page.Find("dd code").TextContent);
    }

    [Theory]
    [InlineData(null, "no The collection lets nobody sign in.")]
    [InlineData("@request.query.app = '2'", "undecided The app's auth rule looks at the request itself, which can't be tried out from here: @request.query.app = '2'")]
    public async Task Whether_somebody_can_sign_in_is_not_guessed(string? rule, string said)
    {
        await SetAuthRuleAsync(rule);
        try
        {
            var page = await ShowAsync(Ada);

            Assert.Equal(said, Fact(page, "Can sign in"));
        }
        finally
        {
            await SetAuthRuleAsync("disabled = false");
        }
    }

    [Fact]
    public async Task A_protected_user_is_marked()
    {
        var page = await ShowAsync(Guarded);

        Assert.Contains("Protected", page.FindAll("header .tag").Select(tag => tag.TextContent.Trim()));
    }

    [Fact]
    public async Task Earlier_sessions_are_listed_with_who_and_why()
    {
        var before = await ShowAsync(Ada);
        Assert.Contains("Nobody has viewed as this user yet.", before.Markup, StringComparison.Ordinal);
        await Console.OpenAsync(User(Ada));

        var page = await ShowAsync(Ada);

        var row = Assert.Single(page.FindAll("tbody tr"));
        Assert.Equal($"Mia Chen, {Purpose.Reason}, {Purpose.Ticket}", string.Join(", ", row.QuerySelectorAll("[data-label]").Select(cell => cell.TextContent)));
    }

    [Fact]
    public async Task Without_PocketBase_that_is_said_and_the_page_can_be_tried_again()
    {
        Console.Relay.Intercept = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        var page = await ShowAsync(Ada);
        Assert.Contains("can't be reached", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Console.Relay.Intercept = _ => Task.FromResult(false);

        await PressAsync(page, "Try again");

        await page.WaitForAssertionAsync(() => Assert.Equal("Ada Lovelace", page.Find("h1").TextContent));
    }

    [Fact]
    public async Task A_user_who_was_asked_for_later_is_not_replaced_by_an_answer_about_the_one_before()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        Console.Relay.Answered = context =>
        {
            var isAdas = context.Request.QueryString.Value!.Contains(Ada, StringComparison.Ordinal);
            return isAdas && asked.TrySetResult() ? answer.Task : Task.CompletedTask;
        };
        var page = Render<UserDetailsPage>(p => p.Add(u => u.Collection, "users").Add(u => u.Record, Ada));
        await asked.Task.WaitAsync(limit.Token);

        page.Render(p => p.Add(u => u.Record, Guarded));
        await page.WaitForAssertionAsync(() => Assert.Equal("Adalbert Kiss", page.Find("h1").TextContent));
        answer.SetResult();
        while ((await Console.TypesAsync()).Count(type => type == AuditEventTypes.UserViewed) < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token); // The older look is over once the trail says how it went.
        }

        await page.InvokeAsync(() => { });

        Assert.Equal("Adalbert Kiss", page.Find("h1").TextContent);
    }

    private async Task SetAuthRuleAsync(string? rule) => await server.AdminAsync(HttpMethod.Patch, "/api/collections/users", new JsonObject { ["authRule"] = rule });

    private async Task<IRenderedComponent<UserDetailsPage>> ShowAsync(string record, string collection = "users")
    {
        var page = Render<UserDetailsPage>(p => p.Add(u => u.Collection, collection).Add(u => u.Record, record));
        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll("[role=progressbar]")));
        return page;
    }

    private static string Fact(IRenderedComponent<UserDetailsPage> page, string name) => string.Join(' ',
        page.FindAll("dt").Single(term => term.TextContent == name).NextElementSibling!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
