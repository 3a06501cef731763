using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

[Collection(DemoApp.Name)]
public sealed class KeySuspensionTests(DemoServer server) : ServicesTest(server)
{
    private const string Why = "The partner left";

    [Fact]
    public async Task A_suspended_key_reads_what_is_guarded_no_more_and_resumes()
    {
        using var key = await Console.MakeKeyAsync();

        var report = await Console.Suspension.SuspendAsync(Console.As(Admin), key.Key.Id, Why, Token);

        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        // The demo's rules of posts let everybody read what is published, without testing who is suspended.
        Assert.Contains("posts", report.StillReads);
        Assert.DoesNotContain("data", report.StillReads.Concat(report.Untested));
        Assert.Contains("users", report.Untested);
        Assert.True(report.Looked);
        Assert.Equal(KeyState.Suspended, (await LineAsync(key.Key.Id)).StateAt(Console.Clock.GetUtcNow()));
        Assert.Contains("still reads", (await Console.EventsAsync()).Last(told => told.Type == AuditEventTypes.KeySuspended).Detail, StringComparison.Ordinal);

        await Console.Suspension.ResumeAsync(Console.As(Admin), key.Key.Id, "Settled with the partner", Token);
        Assert.Equal(25, (await server.ListAsync("data", key.Reveal())).Count);
        Assert.Equal(KeyState.Active, (await LineAsync(key.Key.Id)).StateAt(Console.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_suspension_whose_look_fails_is_a_suspension_all_the_same()
    {
        using var key = await Console.MakeKeyAsync();
        var patched = false;
        Console.Relay.Intercept = context =>
        {
            var fails = patched;
            patched |= context.Request.Method == "PATCH";
            context.Response.StatusCode = fails ? 503 : 200;
            return Task.FromResult(fails);
        };

        var report = await Console.Suspension.SuspendAsync(Console.As(Admin), key.Key.Id, Why, Token);

        Assert.False(report.Looked);
        Console.Relay.Intercept = _ => Task.FromResult(false);
        Assert.Equal(KeyState.Suspended, (await LineAsync(key.Key.Id)).StateAt(Console.Clock.GetUtcNow()));
        await Console.Suspension.ResumeAsync(Console.As(Admin), key.Key.Id, Why, Token);
        Assert.Equal(25, (await server.ListAsync("data", key.Reveal())).Count);
    }

    [Fact]
    public async Task A_key_disabled_in_PocketBase_itself_is_shown_as_suspended_and_can_be_resumed()
    {
        using var key = await Console.MakeKeyAsync();
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/service_accounts/records/{key.Key.Id}", new JsonObject { ["disabled"] = true });

        Assert.Equal(KeyState.Suspended, (await LineAsync(key.Key.Id)).StateAt(Console.Clock.GetUtcNow()));
        await Console.Suspension.ResumeAsync(Console.As(Admin), key.Key.Id, Why, Token);

        Assert.Equal(KeyState.Active, (await LineAsync(key.Key.Id)).StateAt(Console.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Suspending_where_no_rule_would_care_is_refused_with_the_way_out()
    {
        using var key = await Console.MakeKeyAsync();
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Path != "/api/collections")
            {
                return false;
            }

            var collections = await server.AdminAsync(HttpMethod.Get, "/api/collections?perPage=200");
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(collections.GetRawText().Replace("@request.auth.disabled", "@request.auth.verified", StringComparison.Ordinal));
            return true;
        };

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => Console.Suspension.SuspendAsync(Console.As(Admin), key.Key.Id, Why, Token));

        Assert.Contains("auth rule", refusal.Message, StringComparison.Ordinal);
        Assert.False((await server.AccountAsync(key.Key.Id)).GetProperty("disabled").GetBoolean());
    }

    private async Task<KeyLine> LineAsync(string id) =>
        (await Console.Inventory.ListAsync(Console.As(Admin), Token)).Lines.Single(line => line.Key.Id == id);
}
