using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>The user's posts as they see them, each look recorded, and every way in which there is nothing to see.</summary>
[Collection(DemoApp.Name)]
public sealed class PostsViewTests(DemoServer server) : WindowContext(Agent, server)
{
    private const string AdasDraft = "p1nv0icetempl8t", TomsDraft = "pq3pr1celist8k2";
    private ViewAsSession _session = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"));
    }

    [Fact]
    public async Task A_post_of_the_list_is_opened_by_its_title()
    {
        var view = Show();
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("article")));

        await view.Find($"[data-record-id='{AdasDraft}'] button.post-open").ClickAsync(new());

        Assert.EndsWith($"?post={AdasDraft}", Services.GetRequiredService<BunitNavigationManager>().Uri, StringComparison.Ordinal);
        Assert.True(IsOff(Button(view, "New post")));
    }

    [Fact]
    public async Task Going_back_to_the_list_reads_nothing_again()
    {
        var view = Show();
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("article")));
        view.Render(p => p.Add(v => v.PostId, AdasDraft));
        await view.WaitForAssertionAsync(() => Assert.Equal("Invoice template for freelancers", view.Find("h1").TextContent));
        var before = await Console.TypesAsync(_session.Id);

        view.Render(p => p.Add(v => v.PostId, null));

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("button.post-open")));
        Assert.Equal(before, await Console.TypesAsync(_session.Id));
        Assert.Equal(1, before.Count(type => type == AuditEventTypes.RecordsListed));
        Assert.Equal(1, before.Count(type => type == AuditEventTypes.RecordViewed));
    }

    [Fact]
    public async Task The_focus_goes_to_the_heading_when_a_post_takes_the_lists_place_and_not_before()
    {
        var view = Show();
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("article")));
        Assert.Empty(JSInterop.Invocations["supportConsole.focus"]);

        view.Render(p => p.Add(v => v.PostId, AdasDraft));

        await view.WaitForAssertionAsync(() => Assert.Equal("Invoice template for freelancers", view.Find("h1").TextContent));
        await view.InvokeAsync(() => { }); // What follows a drawing has had its turn by now.
        Assert.Equal(["h1"], Assert.Single(JSInterop.Invocations["supportConsole.focus"]).Arguments);
    }

    [Theory]
    [InlineData(TomsDraft)]
    [InlineData("n0suchp0stexist")]
    [InlineData("../../_superusers/records/x")]
    public async Task Hidden_missing_and_nonsense_look_the_same(string post)
    {
        var view = Show(post);

        await view.WaitForAssertionAsync(() => Assert.EndsWith("can't see this post", view.Find("h1").TextContent, StringComparison.Ordinal));
        Assert.Empty(view.FindAll("article"));
    }

    [Fact]
    public async Task A_read_that_fails_says_why_and_can_be_tried_again()
    {
        var silence = new TaskCompletionSource();
        Console.Relay.Intercept = async context =>
        {
            await silence.Task;
            context.Abort();
            return true;
        };
        var view = Show();
        Assert.Contains("Reading posts as this user…", view.Markup, StringComparison.Ordinal);
        silence.SetResult();
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("[role=alert]")));
        Console.Relay.Intercept = _ => Task.FromResult(false);

        await PressAsync(view, "Try again");

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("article")));
    }

    [Fact]
    public async Task An_app_that_refuses_the_read_itself_is_named()
    {
        AnswerPosts(StatusCodes.Status403Forbidden, """{"status":403,"message":"Not today.","data":{}}""");

        var view = Show();

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("h2")));
        Assert.DoesNotContain("Not today.", view.Markup, StringComparison.Ordinal);
        Assert.Contains("refuse", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_over_shows_nothing_any_more()
    {
        await Console.Desk.EndAsync(Console.As(Agent), _session.Id, Token);

        var view = Show(AdasDraft);

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("[role=alert]")));
        Assert.DoesNotContain("Invoice template", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_window_reads_nothing_through_it()
    {
        Me = Console.As(OtherAgent);

        var view = Show(AdasDraft);

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("[role=alert]")));
        Assert.DoesNotContain("Invoice template", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_of_the_list_lead_on_and_back()
    {
        var titles = Enumerable.Range(1, 30).Select(number => $"Page turner {number} {Guid.NewGuid():n}").ToList();
        List<string> posts = [];
        foreach (var title in titles)
        {
            posts.Add(await server.AddPostAsync(title, "<p>Turn</p>"));
        }

        try
        {
            var navigation = Services.GetRequiredService<BunitNavigationManager>();
            var view = Show();
            await view.WaitForAssertionAsync(() => Assert.Contains("Older posts", Buttons(view)));
            Assert.DoesNotContain("Newest posts", Buttons(view));
            var first = view.Find("article").GetAttribute("data-record-id");

            await PressAsync(view, "Older posts");
            var after = System.Web.HttpUtility.ParseQueryString(new Uri(navigation.Uri).Query)["after"];
            Assert.NotNull(after);
            view.Render(p => p.Add(v => v.After, after));
            await view.WaitForAssertionAsync(() => Assert.NotEqual(first, view.Find("article").GetAttribute("data-record-id")));

            await PressAsync(view, "Newer posts");
            Assert.DoesNotContain("after=", navigation.Uri, StringComparison.Ordinal);

            // Somebody who comes by an address knows no page before it.
            var reloaded = Render<PostsView>(p => p.Add(v => v.Session, _session).Add(v => v.After, after));
            await reloaded.WaitForAssertionAsync(() => Assert.Contains("Newest posts", Buttons(reloaded)));
        }
        finally
        {
            foreach (var post in posts)
            {
                await server.RemoveAsync("posts", post);
            }
        }
    }

    private void AnswerPosts(int status, string body)
    {
        Console.Relay.Intercept = async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/api/collections/posts/records", StringComparison.Ordinal))
            {
                return false;
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
            return true;
        };
    }

    private IRenderedComponent<PostsView> Show(string? post = null) => Render<PostsView>(p => p.Add(v => v.Session, _session).Add(v => v.PostId, post));
}
