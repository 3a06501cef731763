using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>The page that says why a user can't see a record.</summary>
public sealed class WhyViewTests(GuardedApp server) : WindowContext(Agent, server), IClassFixture<GuardedApp>
{
    private const string AdasDraft = "p1nv0icetempl8t", TomsDraft = "pq3pr1celist8k2";

    private ViewAsSession _session = null!;

    private string Address => Services.GetRequiredService<BunitNavigationManager>().Uri;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await Console.OpenAsync(User("u8k2m1c0a3l9x7q"));
    }

    [Fact]
    public async Task A_pasted_address_leads_to_its_records_explanation()
    {
        var view = Render<WhyView>(p => p.Add(v => v.Session, _session));
        Assert.Contains("Name a record", view.Markup, StringComparison.Ordinal);

        await view.Find("input").ChangeAsync(new() { Value = $"https://harbour.example/p/{TomsDraft}" });

        await view.WaitForAssertionAsync(() => Assert.EndsWith($"/sessions/{_session.Id}/why/posts?record={TomsDraft}", Address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_nowhere_is_said_to_be_nowhere()
    {
        var view = Render<WhyView>(p => p.Add(v => v.Session, _session).Add(v => v.Record, "n0suchp0stexist"));

        await view.WaitForAssertionAsync(() => Assert.Contains("There is no such record", view.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_truth_table_says_of_each_condition_whether_it_holds_and_what_it_read()
    {
        var view = Explain("posts", TomsDraft);

        await view.WaitForAssertionAsync(() => Assert.Equal("Ada Lovelace can't see this record", view.Find("article h2").TextContent));
        Assert.Equal(TomsDraft, view.Find("article").GetAttribute("data-record-id"));
        var row = view.Find("tr[data-condition=\"status = 'published'\"]");
        Assert.Equal("false", row.GetAttribute("data-holds"));
        Assert.Contains("draft", row.QuerySelector("[data-label='What it read']")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("At least one of these", view.Find("tr.depth-0 strong").TextContent);
        Assert.Single(view.FindAll("section[aria-label='List and view rule']"));
        Assert.Contains("through its companion hook", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Price list", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_seen_is_said_to_be_seen()
    {
        var view = Explain("posts", AdasDraft);

        await view.WaitForAssertionAsync(() => Assert.Equal("Ada Lovelace sees this record", view.Find("article h2").TextContent));
        Assert.Contains("moderation_note", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Places_where_a_record_is_missed_lead_to_its_explanation()
    {
        var record = Render<RecordView>(p => p.Add(v => v.Session, _session).Add(v => v.Collection, "posts").Add(v => v.Id, TomsDraft));
        var post = Render<PostsView>(p => p.Add(v => v.Session, _session).Add(v => v.PostId, TomsDraft));

        await record.WaitForAssertionAsync(() => Assert.Equal($"sessions/{_session.Id}/why/posts?record={TomsDraft}", record.Find("a.mud-button-root").GetAttribute("href")));
        await post.WaitForAssertionAsync(() => Assert.Equal($"sessions/{_session.Id}/why?record={TomsDraft}", post.Find("a.mud-button-root").GetAttribute("href")));
    }

    private IRenderedComponent<WhyView> Explain(string collection, string id) =>
        Render<WhyView>(p => p.Add(v => v.Session, _session).Add(v => v.Collection, collection).Add(v => v.Record, id));
}
