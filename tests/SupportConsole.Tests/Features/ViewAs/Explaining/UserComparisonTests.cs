using Bunit;
using System.Text.Json.Nodes;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Comparing;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>Two users beside each other: what a rule reads of them, what it comes to, and what stays unsaid.</summary>
public sealed class UserComparisonTests(GuardedApp server) : WindowContext(Agent, server), IClassFixture<GuardedApp>
{
    private const string AdasDraft = "p1nv0icetempl8t", Secret = "s3cret-word";
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");
    private ViewAsSession _session = null!;
    private string _other = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await Console.OpenAsync(Ada);
        _other = await AddUserAsync("other", new() { ["team"] = await TeamAsync(), ["internal_note"] = Secret });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_values_and_the_conditions_of_both_stand_beside_each_other(bool byEmail)
    {
        await WithRuleAsync("author = @request.auth.id || (status = 'draft' && @request.auth.team.name != '') || @request.auth.username = 'nobody'", async () =>
        {
            var compared = await CompareAsync(byEmail ? "other@example.test" : _other);

            Assert.Equal(_other, compared.Other.Record);
            Assert.Equal(["id", "team.name", "username"], compared.Fields.Select(field => field.Path));
            Assert.Equal((Ada.Record, _other, false), (compared.Fields[0].Own, compared.Fields[0].Others, compared.Fields[0].IsSame));
            var team = (await server.AdminAsync(HttpMethod.Get, $"/api/collections/users/records/{Ada.Record}?expand=team")).GetProperty("expand").GetProperty("team").GetProperty("name").GetString();
            Assert.Equal(team, compared.Fields[1].Own);
            Assert.Equal(
                [("author = @request.auth.id", true, false), ("status = 'draft'", true, true), ("@request.auth.team.name != ''", true, true), ("@request.auth.username = 'nobody'", false, false)],
                compared.Conditions.Select(condition => (condition.Text, condition.Own.Holds, condition.Others.Holds)));
            var entry = (await Console.EventsAsync(_session.Id))[^1];
            Assert.Equal((AuditEventTypes.AccessCompared, Ada.Record), (entry.Type, entry.Subject!.Id));
            Assert.Contains($"with users/{_other}: 3 values", entry.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("other@example.test", System.Text.Json.JsonSerializer.Serialize(await Console.EventsAsync(_session.Id)), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task What_users_do_not_see_is_not_shown()
    {
        await WithRuleAsync("@request.auth.internal_note = '' || @request.auth.email != '' || @request.auth.tokenKey != ''", async () =>
        {
            var compared = await CompareAsync(_other);

            Assert.Equal("not shown: a hidden field", compared.Fields.Single(field => field.Path == "internal_note").Others);
            Assert.False(compared.Fields.Single(field => field.Path == "internal_note").IsSame);
            Assert.Equal("not shown: an invisible e-mail address", compared.Fields.Single(field => field.Path == "email").Others);
            Assert.Equal(("not shown: a hidden field", null), (compared.Fields.Single(field => field.Path == "tokenKey").Own, compared.Fields.Single(field => field.Path == "tokenKey").IsSame));
            Assert.DoesNotContain(Secret, compared.ToString() + string.Concat(compared.Fields), StringComparison.Ordinal);
            Assert.DoesNotContain("other@example.test", string.Concat(compared.Fields), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Some_users_are_not_compared_with()
    {
        var guarded = await AddUserAsync("guarded", new() { ["protected"] = true });

        Assert.Contains("protected by policy", (await Assert.ThrowsAsync<AccessUnansweredException>(() => CompareAsync(guarded))).Message, StringComparison.Ordinal);
        Assert.Contains("protected by policy", (await Assert.ThrowsAsync<AccessUnansweredException>(() => CompareAsync("guarded@example.test"))).Message, StringComparison.Ordinal);
        Assert.Contains("the session views", (await Assert.ThrowsAsync<AccessUnansweredException>(() => CompareAsync(Ada.Record))).Message, StringComparison.Ordinal);
        Assert.Contains("no user", (await Assert.ThrowsAsync<AccessUnansweredException>(() => CompareAsync("other@example"))).Message, StringComparison.Ordinal);
        Assert.Contains("no user", (await Assert.ThrowsAsync<AccessUnansweredException>(() => CompareAsync("' || id != '"))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await Console.EventsAsync(_session.Id), entry => entry is { Type: AuditEventTypes.AccessCompared, Outcome: AuditOutcome.Success });
    }

    [Fact]
    public async Task The_panel_shows_both_in_tables_and_says_what_stands_against_it()
    {
        var panel = Render<CompareUsersPanel>(p => p.Add(v => v.Session, _session).Add(v => v.Collection, "posts").Add(v => v.Record, AdasDraft));
        Assert.True(IsOff(Button(panel, "Compare")));
        await panel.InvokeAsync(() => Field(panel, "Other user").InputAsync(new() { Value = _other }));

        await PressAsync(panel, "Compare");

        await panel.WaitForAssertionAsync(() => Assert.NotEmpty(panel.FindAll("tr[data-condition]")));
        Assert.Equal("different", panel.Find("tr[data-field=id] [data-label=Same]").TextContent.Trim());
        Assert.Equal($"users/users/{_other}", panel.Find($"a[data-record-id='{_other}']").GetAttribute("href"));

        await panel.InvokeAsync(() => Field(panel, "Other user").InputAsync(new() { Value = "nobody" }));
        await PressAsync(panel, "Compare");
        await panel.WaitForAssertionAsync(() => Assert.Contains("There is no user", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    private Task<ComparedUsers> CompareAsync(string other) =>
        Console.Get<UserComparison>().CompareAsync(Console.As(Agent), _session.Id, "posts", AdasDraft, ReadRule.List, other, TestContext.Current.CancellationToken);

    private async Task<string> TeamAsync() => (await server.AdminAsync(HttpMethod.Get, "/api/collections/teams/records?perPage=1")).GetProperty("items")[0].GetProperty("id").GetString()!;

    private async Task<string> AddUserAsync(string name, JsonObject values)
    {
        var known = await server.AdminAsync(HttpMethod.Get, "/api/collections/users/records?filter=" + Uri.EscapeDataString($"email = '{name}@example.test'"));
        if (known.GetProperty("items").GetArrayLength() > 0)
        {
            return known.GetProperty("items")[0].GetProperty("id").GetString()!;
        }

        foreach (var (key, value) in (((string, string)[])[("name", name), ("email", $"{name}@example.test"), ("password", "test-user-pass-1"), ("passwordConfirm", "test-user-pass-1")]))
        {
            values[key] = value;
        }

        return (await server.AdminAsync(HttpMethod.Post, "/api/collections/users/records", values)).GetProperty("id").GetString()!;
    }

    private async Task WithRuleAsync(string rule, Func<Task> work)
    {
        var before = (await server.AdminAsync(HttpMethod.Get, "/api/collections/posts")).GetProperty("listRule").GetString();
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new() { ["listRule"] = rule });
        try
        {
            await work();
        }
        finally
        {
            await server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new() { ["listRule"] = before });
        }
    }
}
