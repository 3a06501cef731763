using Bunit;
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

        await view.WaitForAssertionAsync(() => Assert.EndsWith($"?post={post}", view.Find(".follow li a").GetAttribute("href"), StringComparison.Ordinal));
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
