using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>The user's whole app as its agent sees it: what is reached, a collection, a record, and each kind of value.</summary>
public sealed class RecordViewsTests(AnyApp server)
    : WindowContext(Agent, server, ("PocketBase:UserCollections:0", "people"), ("ViewAs:ProtectedUsers", "")), IClassFixture<AnyApp>
{
    private ViewAsSession _session = null!;

    private string Address => Services.GetRequiredService<BunitNavigationManager>().Uri;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await Console.OpenAsync(User(AnyApp.Ann, "people"));
    }

    [Fact]
    public async Task Rows_stand_there_while_others_are_still_counted()
    {
        var free = new TaskCompletionSource();
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Path.Value!.Contains("/words/records", StringComparison.Ordinal))
            {
                await free.Task;
            }

            return false;
        };
        var view = Render<ReachView>(p => p.Add(v => v.Session, _session));

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("tr[data-collection]")));
        Assert.Empty(view.FindAll("tr[data-collection=words]"));
        Assert.Contains("Counting as this user…", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("proved as", view.Markup, StringComparison.Ordinal);

        free.SetResult();
        await view.WaitForAssertionAsync(() => Assert.Contains("proved as", view.Markup, StringComparison.Ordinal));
        Assert.Contains("500 records", view.Find("tr[data-collection=spokes] [data-label=List]").TextContent, StringComparison.Ordinal);
        Assert.Contains("locked", view.Find("tr[data-collection=secrets] [data-label=List]").TextContent, StringComparison.Ordinal);
        Assert.Contains("superusers only", view.Find("tr[data-collection=secrets] [data-label=View]").TextContent, StringComparison.Ordinal);
        Assert.Empty(view.FindAll("tr[data-collection=secrets] a"));
        Assert.Equal($"sessions/{_session.Id}/collections/mine", view.Find("tr[data-collection=mine] a").GetAttribute("href"));
        Assert.Contains("by rule", view.Find("tr[data-collection=mine] [data-label=View]").TextContent, StringComparison.Ordinal);
        Assert.Contains("refused by the app", view.Find("tr[data-collection=refusing] [data-label=List]").TextContent, StringComparison.Ordinal);
        Assert.Contains("no answer", view.Find("tr[data-collection=throwing] [data-label=List]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_count_that_fails_in_the_middle_says_so_below_the_rows_and_can_be_begun_again()
    {
        var down = true;
        Console.Relay.Intercept = context =>
        {
            // The proof of the part that holds "words".
            var fails = down && context.Request.Path == "/api/files/token" && Console.Relay.Requests.Any(request => request.Path.Contains("/words/records", StringComparison.Ordinal));
            context.Response.StatusCode = fails ? 503 : context.Response.StatusCode;
            return Task.FromResult(fails);
        };
        var view = Render<ReachView>(p => p.Add(v => v.Session, _session));
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("[role=alert]")));
        Assert.NotEmpty(view.FindAll("tr[data-collection]"));
        Assert.Empty(view.FindAll("tr[data-collection=words]"));
        Assert.DoesNotContain("proved as", view.Markup, StringComparison.Ordinal);

        down = false;
        await PressAsync(view, "Try again");

        await view.WaitForAssertionAsync(() => Assert.Contains("proved as", view.Markup, StringComparison.Ordinal));
        var names = view.FindAll("tr[data-collection]").Select(row => row.GetAttribute("data-collection")).ToArray();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public async Task Nothing_is_counted_for_a_view_that_is_gone()
    {
        var asked = new TaskCompletionSource();
        var free = new TaskCompletionSource();
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Path.Value!.Contains("/records", StringComparison.Ordinal))
            {
                asked.TrySetResult();
                await free.Task;
            }

            return false;
        };
        Render<ReachView>(p => p.Add(v => v.Session, _session));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        await DisposeComponentsAsync();
        free.SetResult();

        await Console.UntilRecordedAsync(entry => entry is { Type: AuditEventTypes.ReachViewed, Outcome: AuditOutcome.Failed, Detail: "abandoned, nothing shown" }, _session.Id);
        Assert.DoesNotContain(await Console.EventsAsync(_session.Id), entry => entry.Type == AuditEventTypes.ReachViewed && entry.Outcome == AuditOutcome.Success);
        Assert.DoesNotContain(Console.Relay.Requests, request => request.Path.Contains("/words/records", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_filter_that_is_none_is_said_at_its_box_and_another_leads_on()
    {
        var view = await ListAsync(new RecordsPlace("mine") { Filter = "titel = 'x'" });

        var box = Field(view, "Filter");
        Assert.Equal("true", box.GetAttribute("aria-invalid"));
        Assert.Contains("Is “title” meant?", view.Find(".fault[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Fields: id, title", view.Find($"[id='{box.GetAttribute("aria-describedby")}']").TextContent, StringComparison.Ordinal);
        Assert.Equal("titel = 'x'", box.GetAttribute("value"));
        Assert.Empty(view.FindAll("tr[data-record-id]"));

        await view.InvokeAsync(() => Field(view, "Filter").ChangeAsync(new() { Value = " title = 'Mine 1' " }));
        Assert.EndsWith($"/sessions/{_session.Id}/collections/mine?filter=title%20%3D%20%27Mine%201%27", Address, StringComparison.Ordinal);
        await ShowAsync(view, new RecordsPlace("mine") { Filter = "title = 'Mine 1'" });
        Assert.Equal("Mine 1", Assert.Single(view.FindAll("tr[data-record-id] a")).TextContent);
        Assert.Null(Field(view, "Filter").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task An_order_that_is_none_is_said_and_can_be_left()
    {
        var view = await ListAsync(new RecordsPlace("mine") { Sort = "nosuch", Filter = "rank = 1" });
        Assert.Contains("nothing called “nosuch”", view.Markup, StringComparison.Ordinal);

        await PressAsync(view, "The app's own order");

        Assert.EndsWith("/collections/mine?filter=rank%20%3D%201", Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_is_chosen_and_pages_lead_on_and_back_to_the_first()
    {
        var view = await ListAsync(new RecordsPlace("mine"));
        Assert.DoesNotContain("First page", Buttons(view));
        await PressAsync(view, "Next page");
        Assert.Contains("?after=", Address, StringComparison.Ordinal);

        await view.InvokeAsync(() => Field(view, "Sort by").ChangeAsync(new() { Value = "-title" }));
        Assert.EndsWith("/collections/mine?sort=-title", Address, StringComparison.Ordinal);
        await ShowAsync(view, new RecordsPlace("mine") { Sort = "-title" });
        Assert.Equal("Mine 9", view.Find("tr[data-record-id] a").TextContent);
        await PressAsync(view, "Next page");
        Assert.EndsWith("/collections/mine?sort=-title&page=2", Address, StringComparison.Ordinal);
        await ShowAsync(view, new RecordsPlace("mine") { Sort = "-title", Page = 3 });
        Assert.DoesNotContain("Next page", Buttons(view));
        await PressAsync(view, "First page");
        Assert.EndsWith("/collections/mine?sort=-title", Address, StringComparison.Ordinal);
        await ShowAsync(view, new RecordsPlace("mine") { Sort = "-title", Page = 9 });
        Assert.Contains("Nothing beyond this point", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Going_back_from_a_record_reads_nothing_again()
    {
        var place = new RecordsPlace("slugs");
        var view = await ListAsync(place);
        Assert.Contains($"sessions/{_session.Id}/collections/slugs?record=0", view.FindAll("tr a").Select(link => link.GetAttribute("href")));
        view.Render(p => p.Add(v => v.Record, "0"));
        await view.WaitForAssertionAsync(() => Assert.Equal("Of 0", view.Find("h1").TextContent));
        var before = await Console.TypesAsync(_session.Id);

        view.Render(p => p.Add(v => v.Record, null));

        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("tr[data-record-id]")));
        Assert.Equal(before, await Console.TypesAsync(_session.Id));
        Assert.Equal((1, 1), (before.Count(type => type == AuditEventTypes.RecordsListed), before.Count(type => type == AuditEventTypes.RecordViewed)));
    }

    [Theory]
    [InlineData("secrets", "The list is locked for users")]
    [InlineData("refusing", "The app itself refuses this read")]
    [InlineData("nosuch", "There is no such collection")]
    public async Task A_list_that_can_not_be_shown_says_why(string collection, string words)
    {
        var view = await ListAsync(new RecordsPlace(collection));

        Assert.Equal(words, view.Find("h2").TextContent);
        Assert.Single(view.FindAll("h1"));
    }

    [Fact]
    public async Task A_filter_that_nothing_fits_and_an_empty_collection_say_so()
    {
        Assert.Contains("fits the filter", (await ListAsync(new RecordsPlace("mine") { Filter = "rank = 99" })).Find("h2").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spokes", "nosuch000000000", "can't see this record")]
    [InlineData("secrets", "secret000000000", "Viewing single records is locked for users")]
    [InlineData("refusing", "refusing0000000", "The app itself refuses this read")]
    [InlineData("spokes", "", "can't see this record")]
    public async Task A_record_that_can_not_be_shown_says_why_under_a_heading(string collection, string id, string words)
    {
        var view = Render<RecordView>(p => p.Add(v => v.Session, _session).Add(v => v.Collection, collection).Add(v => v.Id, id));

        await view.WaitForAssertionAsync(() => Assert.Contains(words, view.Markup, StringComparison.Ordinal));
        Assert.Equal("-1", Assert.Single(view.FindAll("h1")).GetAttribute("tabindex"));
    }

    [Fact]
    public async Task A_record_shows_what_is_absent_what_points_to_it_and_what_the_rules_say()
    {
        var view = await RecordAsync("hubs", "hub000000000000");

        Assert.Equal("Hub", Assert.Single(view.FindAll("h1")).TextContent);
        var pointing = view.Find("section[aria-label='spokes by hub']");
        Assert.Equal(20, pointing.QuerySelectorAll("li a").Length);
        var more = pointing.QuerySelector("p a")!;
        Assert.Equal(("480 more", $"sessions/{_session.Id}/collections/spokes?filter=hub%20%3F%3D%20%22hub000000000000%22"), (more.TextContent, more.GetAttribute("href")));
        Assert.Equal(50, view.Find("section[aria-label=Fields] .record-links").QuerySelectorAll("a").Length);
        Assert.Equal("450 more", view.Find("section[aria-label=Fields] details summary").TextContent);
        Assert.Equal(["yes", "no", "no", "Which"], view.FindAll("section[aria-label='What the rules say'] dd").Select(verdict => verdict.TextContent.Split(' ')[0]));

        var hidden = await RecordAsync("hiding", "hiding000000000");
        Assert.Contains("title, created: the app doesn't give them to this user here", hidden.Markup, StringComparison.Ordinal);
        Assert.Equal("no a view has no records of its own", (await RecordAsync("twice", "M")).FindAll("section[aria-label='What the rules say'] dd")[1].TextContent.Trim());
    }

    [Fact]
    public async Task Each_field_of_a_record_with_two_hundred_is_drawn()
    {
        var view = await RecordAsync("everything", "full00000000000");

        var drawn = view.FindAll("section[aria-label=Fields] dt").Zip(view.FindAll("section[aria-label=Fields] dd")).ToDictionary(pair => pair.First.TextContent, pair => pair.Second);
        Assert.True(drawn.Count > 185, $"{drawn.Count} fields");
        Assert.All(drawn.Where(field => field.Key != "not in the answer"), field => Assert.NotEqual("", field.Value.TextContent.Trim()));
        Assert.Equal("yes", drawn["bool0"].TextContent.Trim());
        Assert.Equal("29 Feb 2024 12:00:00", drawn["date0"].QuerySelector("time")!.TextContent);
        Assert.Equal("bold", drawn["editor0"].QuerySelector("b")!.TextContent);
        Assert.Equal(["red", "blue"], drawn["choices0"].QuerySelectorAll("bdi").Select(choice => choice.TextContent));
        Assert.Equal("-33.86, 151.21", drawn["point0"].TextContent.Trim());
        Assert.Contains("not shown to this user, or gone", drawn["secrets0"].TextContent, StringComparison.Ordinal);
        Assert.Equal($"sessions/{_session.Id}/collections/people?record={AnyApp.Ann}", drawn["person0"].QuerySelector("a")!.GetAttribute("href"));
        Assert.StartsWith($"sessions/{_session.Id}/file?collection=everything&record=full00000000000&name=one_", drawn["file0"].QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Null(drawn["url0"].QuerySelector("a"));
        Assert.DoesNotContain("hunter2", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_value_is_drawn_and_nothing_is_said_to_be_nothing()
    {
        Assert.Equal("empty", Draw(new FieldValue.Nothing()));
        Assert.Equal("nothing visible in 1 character", Draw(new FieldValue.Nothing(1)));
        Assert.Equal("nothing visible in 3 characters", Draw(new FieldValue.Nothing(3)));
        Assert.Equal("no", Draw(new FieldValue.Switch(false)));
        Assert.Equal("-1.5e300", Draw(new FieldValue.Number("-1.5e300")));
        Assert.Equal("0, 0", Draw(new FieldValue.Place(0, 0)));
        Assert.Equal("<script>", Draw(new FieldValue.Choices(["<script>"])));
        Assert.Equal("31 Dec 9999 23:59:59", Draw(new FieldValue.Moment(DateTimeOffset.MaxValue)));
        Assert.Equal("1 Jan 0001 00:00:00", Draw(new FieldValue.Moment(DateTimeOffset.MinValue)));
    }

    [Fact]
    public void Of_very_many_records_the_first_lead_to_them_and_the_others_are_named_each_in_its_own_direction()
    {
        var links = Enumerable.Range(1, 60).Select(number => new RecordLink("spokes", $"id{number}", number == 55 ? "\u202Eturned" : $"Spoke {number}")).ToArray();

        var view = Render<RecordLinks>(p => p.Add(v => v.Links, links).Add(v => v.SessionId, "s"));

        Assert.Equal(50, view.FindAll("li a").Count);
        Assert.Equal("10 more", view.Find("summary").TextContent);
        Assert.Equal("Spoke 51, Spoke 52, Spoke 53, Spoke 54, \u2068turned\u2069, Spoke 56, Spoke 57, Spoke 58, Spoke 59, Spoke 60", view.Find("details p").TextContent);
    }

    [Theory]
    [InlineData(null, "Posts")]
    [InlineData("profile", "Profile")]
    [InlineData("collections", "All collections")]
    [InlineData("why", "Why not?")]
    [InlineData("log", "Session log")]
    [InlineData("nonsense", null)]
    public async Task The_place_that_is_shown_is_marked_among_the_places(string? part, string? marked)
    {
        var page = Render<ViewAsPage>(p => p.Add(v => v.Id, _session.Id).Add(v => v.Part, part));

        await page.WaitForAssertionAsync(() => Assert.Equal(["Posts", "Profile", "All collections", "Why not?", "Session log"], page.FindAll("nav.tabs a").Select(tab => tab.TextContent)));
        Assert.Equal(marked, page.FindAll("nav.tabs a[aria-current=page]").SingleOrDefault()?.TextContent);
    }

    [Fact]
    public async Task A_collection_of_the_places_is_marked_and_an_empty_record_is_none()
    {
        var page = Render<ViewAsPage>(p => p.Add(v => v.Id, _session.Id).Add(v => v.Part, "collections").Add(v => v.Collection, "slugs"));

        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("tr[data-record-id]")));
        Assert.Equal("All collections", page.Find("nav.tabs a[aria-current=page]").TextContent);
    }

    private string Draw(FieldValue value) =>
        Render<FieldView>(p => p.Add(v => v.Value, value).Add(v => v.SessionId, "s").Add(v => v.Collection, "c").Add(v => v.Record, "r")).Nodes.Select(node => node.TextContent).Aggregate("", string.Concat).Trim();

    private async Task<IRenderedComponent<CollectionView>> ListAsync(RecordsPlace place)
    {
        var view = Render<CollectionView>(p => p.Add(v => v.Session, _session).Add(v => v.Place, place));
        await ReadyAsync(view);
        return view;
    }

    private static async Task ShowAsync(IRenderedComponent<CollectionView> view, RecordsPlace place)
    {
        view.Render(p => p.Add(v => v.Place, place));
        await ReadyAsync(view);
    }

    private static Task ReadyAsync(IRenderedComponent<CollectionView> view) =>
        view.WaitForAssertionAsync(() => Assert.True(view.FindAll("tr[data-record-id], h2, [aria-invalid=true]").Count > 0));

    private async Task<IRenderedComponent<RecordView>> RecordAsync(string collection, string id)
    {
        var view = Render<RecordView>(p => p.Add(v => v.Session, _session).Add(v => v.Collection, collection).Add(v => v.Id, id));
        await view.WaitForAssertionAsync(() => Assert.NotEmpty(view.FindAll("article")));
        return view;
    }
}
