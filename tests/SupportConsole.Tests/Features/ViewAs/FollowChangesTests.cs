using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>The switch beside a list, and what is told there of changes.</summary>
[Collection(DemoApp.Name)]
public sealed class FollowChangesTests(DemoServer server) : WindowContext(Agent, server)
{
    private ViewAsSession _session = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"));
    }

    [Fact]
    public async Task Nothing_is_followed_until_somebody_wants_it_and_nothing_any_more_afterwards()
    {
        var view = await ShowAsync("posts");
        Assert.Empty(Streams);
        Assert.False(view.Find("[role=switch]").HasAttribute("checked"));

        await TurnAsync(view, on: true);
        await view.WaitForAssertionAsync(() => Assert.Contains("following since", view.Markup, StringComparison.Ordinal));
        Assert.Single(Streams);
        await TurnAsync(view, on: false);

        Assert.DoesNotContain("following since", view.Markup, StringComparison.Ordinal);
        await UntilAsync(() => Streams.Count == 0);
    }

    [Fact]
    public async Task Changes_stand_beside_the_list_which_is_read_again_when_somebody_asks()
    {
        var view = await ShowAsync("posts");
        await TurnAsync(view, on: true);
        await view.WaitForAssertionAsync(() => Assert.Contains("following since", view.Markup, StringComparison.Ordinal));
        var before = view.FindAll("tr[data-record-id]").Select(row => row.GetAttribute("data-record-id")).ToArray();

        var post = await server.AddPostAsync("Breaking \u202Enews", "<p>Now</p>");
        try
        {
            await view.WaitForAssertionAsync(() => Assert.StartsWith("1 change: 1 created, the last at ", view.Find(".follow [role=status] .note").TextContent, StringComparison.Ordinal));
            Assert.Equal($"sessions/{_session.Id}/collections/posts?record={post}", view.Find(".follow li a").GetAttribute("href"));
            Assert.EndsWith("created Breaking \u202Enews", string.Join(' ', view.Find(".follow li").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.Equal("auto", view.Find(".follow li a").GetAttribute("dir"));
            Assert.Equal(before, view.FindAll("tr[data-record-id]").Select(row => row.GetAttribute("data-record-id")));

            await PressAsync(view, "Read the list again");
            await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll($"tr[data-record-id='{post}']")));

            Assert.Empty(view.FindAll(".follow .note"));
            Assert.Contains("following since", view.Markup, StringComparison.Ordinal);
            Assert.Equal(2, (await Console.TypesAsync(_session.Id)).Count(type => type == AuditEventTypes.RecordsListed));
            Console.Clock.Advance(TimeSpan.FromSeconds(1)); // What comes next is in another second.
        }
        finally
        {
            await server.RemoveAsync("posts", post);
        }

        await view.WaitForAssertionAsync(() => Assert.Contains("1 deleted", view.Markup, StringComparison.Ordinal));
        Assert.Empty(view.FindAll(".follow li a"));
    }

    [Fact]
    public async Task A_lost_connection_is_said_and_once_it_is_back_what_may_be_missing()
    {
        var refused = true;
        Console.Relay.Intercept = context =>
        {
            var isRefused = refused && context.Request.Path == "/api/realtime";
            context.Response.StatusCode = isRefused ? 503 : context.Response.StatusCode;
            return Task.FromResult(isRefused);
        };
        var view = await ShowAsync("posts");
        await TurnAsync(view, on: true);
        await view.WaitForAssertionAsync(() => Assert.Contains("reconnecting…", view.Markup, StringComparison.Ordinal));

        refused = false;

        await UntilAsync(() => view.Markup.Contains("What changed in between may be missing here.", StringComparison.Ordinal), TimeSpan.FromSeconds(1));
        Assert.Contains("Read the list again", Buttons(view));
    }

    [Fact]
    public async Task What_keeps_it_from_going_on_is_said_and_the_switch_is_off()
    {
        var view = await ShowAsync("posts");
        using (Console.LockTrail())
        {
            await TurnAsync(view, on: true);

            await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll(".follow [role=alert]")));
        }

        Assert.False(view.Find("[role=switch]").HasAttribute("checked"));
        Assert.Empty(Streams);
    }

    [Fact]
    public async Task A_window_that_closes_leaves_no_connection_behind()
    {
        var view = await ShowAsync("posts");
        await TurnAsync(view, on: true);
        await UntilAsync(() => Streams.Count == 1);

        await DisposeComponentsAsync();

        await UntilAsync(() => Streams.Count == 0);
    }

    [Fact]
    public async Task Opening_a_record_ends_it()
    {
        var view = await ShowAsync("posts");
        await TurnAsync(view, on: true);
        await UntilAsync(() => Streams.Count == 1);

        view.Render(p => p.Add(v => v.Record, "p1nv0icetempl8t"));

        await UntilAsync(() => Streams.Count == 0);
    }

    [Fact]
    public async Task What_is_followed_stands_in_the_address_and_is_followed_again_by_whoever_comes_back()
    {
        var view = await ShowAsync("posts");
        await TurnAsync(view, on: true);
        Assert.Equal(($"sessions/{_session.Id}/collections/posts?follow=1", true), LastAddress());
        view.Render(p => p.Add(v => v.IsFollowed, true));
        await UntilAsync(() => Streams.Count == 1);
        Assert.All(view.FindAll("tr[data-record-id] a"), link => Assert.Contains("?follow=1&record=", link.GetAttribute("href"), StringComparison.Ordinal));

        view.Render(p => p.Add(v => v.Record, "p1nv0icetempl8t"));
        await UntilAsync(() => Streams.Count == 0);
        await PressAsync(view, "All of posts");
        Assert.Equal(($"sessions/{_session.Id}/collections/posts?follow=1", false), LastAddress());
        view.Render(p => p.Add(v => v.Record, null));

        await view.WaitForAssertionAsync(() => Assert.Contains("following since", view.Markup, StringComparison.Ordinal));
        Assert.True(view.Find("[role=switch]").HasAttribute("checked"));
        Assert.Single(Streams);
        Assert.Equal(2, (await Console.EventsAsync(_session.Id)).Count(e => e.Type == AuditEventTypes.ReadRequested && e.Detail == AuditEventTypes.RecordsFollowed));
        Assert.Single(await Console.EventsAsync(_session.Id), e => e.Type == AuditEventTypes.RecordsListed);
    }

    [Fact]
    public async Task An_address_that_says_so_is_followed()
    {
        var view = Render<CollectionView>(p => p.Add(v => v.Session, _session).Add(v => v.Place, new RecordsPlace("posts")).Add(v => v.IsFollowed, true));

        await view.WaitForAssertionAsync(() => Assert.Contains("following since", view.Markup, StringComparison.Ordinal));
    }

    /// <summary>A window's address comes back from the browser a moment later, when it may have failed already.</summary>
    [Fact]
    public async Task What_can_not_be_followed_says_why_and_the_address_that_comes_back_does_not_begin_it_again()
    {
        var view = await ShowAsync("posts");
        using (Console.LockTrail())
        {
            await TurnAsync(view, on: true);
            await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll(".follow [role=alert]")));
        }

        await view.WaitForAssertionAsync(() => Assert.Equal(($"sessions/{_session.Id}/collections/posts", true), LastAddress()));
        view.Render(p => p.Add(v => v.IsFollowed, true));
        view.Render(p => p.Add(v => v.IsFollowed, false));

        Assert.NotEmpty(view.FindAll(".follow [role=alert]"));
        Assert.Empty(Streams);
    }

    [Fact]
    public async Task What_the_user_may_not_list_offers_nothing_to_follow()
    {
        var view = Render<CollectionView>(p => p.Add(v => v.Session, _session).Add(v => v.Place, new RecordsPlace("_superusers")));

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("h2")));
        Assert.Empty(view.FindAll("[role=switch]"));
    }

    [Fact]
    public async Task Posts_are_followed_too()
    {
        var view = Render<PostsView>(p => p.Add(v => v.Session, _session));
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("[role=switch]")));
        await view.InvokeAsync(() => view.Find("[role=switch]").ChangeAsync(new() { Value = true }));
        await view.WaitForAssertionAsync(() => Assert.Contains("following since", view.Markup, StringComparison.Ordinal));

        var post = await server.AddPostAsync("Breaking news", "<p>Now</p>");
        await server.RemoveAsync("posts", post);

        await view.WaitForAssertionAsync(() => Assert.EndsWith($"?follow=1&post={post}", view.Find(".follow li a").GetAttribute("href"), StringComparison.Ordinal));
        Assert.EndsWith("?follow=1", LastAddress().Address, StringComparison.Ordinal);
        view.Render(p => p.Add(v => v.IsFollowed, true).Add(v => v.PostId, "p1nv0icetempl8t"));
        await UntilAsync(() => Streams.Count == 0);

        view.Render(p => p.Add(v => v.PostId, null));

        await view.WaitForAssertionAsync(() => Assert.Contains("following since", view.Markup, StringComparison.Ordinal));
    }

    /// <summary>Where the window was sent last, and whether that took the place of where it was.</summary>
    private (string Address, bool Replaced) LastAddress()
    {
        var last = Services.GetRequiredService<BunitNavigationManager>().History.First();
        return (last.Uri.Replace("http://localhost/", "", StringComparison.Ordinal), last.Options.ReplaceHistoryEntry);
    }

    private IReadOnlyCollection<Relay.Seen> Streams =>
        [.. Console.Relay.Open.Where(request => request.Method == "GET" && request.Path.StartsWith("/api/realtime", StringComparison.Ordinal))];

    private async Task<IRenderedComponent<CollectionView>> ShowAsync(string collection)
    {
        var view = Render<CollectionView>(p => p.Add(v => v.Session, _session).Add(v => v.Place, new RecordsPlace(collection)));
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("[role=switch]")));
        return view;
    }

    // Not by the component's drawings: a connection closes without any.
    private async Task UntilAsync(Func<bool> noticed, TimeSpan tick = default)
    {
        for (var look = 0; !noticed(); look++)
        {
            Assert.True(look < 300, "not noticed");
            Console.Clock.Advance(tick);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        }
    }

    private static Task TurnAsync(IRenderedComponent<CollectionView> view, bool on) =>
        view.InvokeAsync(() => view.Find("[role=switch]").ChangeAsync(new() { Value = on }));
}
