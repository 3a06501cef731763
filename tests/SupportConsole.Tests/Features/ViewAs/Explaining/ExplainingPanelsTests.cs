using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining.Trying;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>The panels that try a rule and count whom it concerns.</summary>
public sealed class ExplainingPanelsTests(GuardedApp server) : WindowContext(Agent, server, ("ViewAs:ProtectedUsers", "")), IClassFixture<GuardedApp>
{
    private const string AdasDraft = "p1nv0icetempl8t", Ada = "u8k2m1c0a3l9x7q";
    private ViewAsSession _session = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await Console.OpenAsync(User(Ada));
    }

    [Fact]
    public async Task A_rule_is_tried_for_the_user_and_for_all_users()
    {
        var panel = WhatIf("author = @request.auth.id");
        Assert.Equal("author = @request.auth.id", Field(panel, "Rule to try").GetAttribute("value"));
        await panel.InvokeAsync(() => Field(panel, "Rule to try").InputAsync(new() { Value = "author != @request.auth.id" }));
        Assert.DoesNotContain(await Console.EventsAsync(_session.Id), entry => entry.Type == AuditEventTypes.ReadRequested);

        await PressAsync(panel, "Try it for Ada Lovelace");
        await panel.WaitForAssertionAsync(() => Assert.Contains("Would disappear", panel.Markup, StringComparison.Ordinal));
        Assert.Equal($"sessions/{_session.Id}/why/posts?record={AdasDraft}", panel.Find($"a[data-record-id={AdasDraft}]").GetAttribute("href"));

        await PressAsync(panel, "Try it for all users");
        await panel.WaitForAssertionAsync(() => Assert.Contains("and 1 lose it.", panel.Markup, StringComparison.Ordinal));
        Assert.Equal($"users/users/{Ada}", panel.Find($"a[data-record-id={Ada}]").GetAttribute("href"));
    }

    [Fact]
    public async Task A_rule_that_is_none_is_said_and_other_kinds_are_chosen()
    {
        var panel = WhatIf("author = @request.auth.id");
        await panel.InvokeAsync(() => Field(panel, "Rule to try").InputAsync(new() { Value = "author =" }));
        await PressAsync(panel, "Try it for Ada Lovelace");
        await panel.WaitForAssertionAsync(() => Assert.Contains("A value is missing. (At character 9.)", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        await panel.InvokeAsync(() => Field(panel, "Rule to try").InputAsync(new() { Value = " " }));
        Assert.True(IsOff(Button(panel, "Try it for Ada Lovelace")));

        await panel.InvokeAsync(() => panel.Find("input[value='Superusers only']").ChangeAsync(new() { Value = "Superusers only" }));
        await PressAsync(panel, "Try it for all users");
        await panel.WaitForAssertionAsync(() => Assert.Contains("0 would gain this record and 1 lose it.", panel.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Users_are_counted_for_a_condition()
    {
        var panel = Render<AffectedPanel>(p => p.Add(v => v.Session, _session).Add(v => v.Collection, "posts").Add(v => v.Record, AdasDraft).Add(v => v.Conditions, ["author = @request.auth.id"]));
        await panel.InvokeAsync(() => panel.Find("select").ChangeAsync(new() { Value = "author = @request.auth.id" }));

        await PressAsync(panel, "Count the users");

        await panel.WaitForAssertionAsync(() => Assert.Contains("it doesn't hold.", panel.Markup, StringComparison.Ordinal));
        Assert.Equal(2, panel.FindAll("a[data-record-id]").Count);
        Assert.Equal($"users/users/{Ada}", panel.FindAll("a[data-record-id]")[1].GetAttribute("href"));
        Assert.StartsWith("a condition of the list rule", (await Console.EventsAsync(_session.Id))[^1].Detail, StringComparison.Ordinal);
    }

    private IRenderedComponent<WhatIfPanel> WhatIf(string present) =>
        Render<WhatIfPanel>(p => p.Add(v => v.Session, _session).Add(v => v.Collection, "posts").Add(v => v.Record, AdasDraft).Add(v => v.Present, present));
}
