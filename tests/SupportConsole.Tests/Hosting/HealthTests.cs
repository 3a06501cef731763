using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Hosting;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>How often PocketBase is asked when anybody may ask whether the console is ready.</summary>
[Collection(DemoApp.Name)]
public sealed class SharedCheckTests(DemoServer server)
{
    [Fact]
    public async Task PocketBase_is_asked_once_a_second_however_many_ask()
    {
        await using var console = await ConsoleServices.StartAsync(server);
        var health = new PocketBaseHealth(console.Get<SuperuserClient>(), console.Clock);
        var held = new TaskCompletionSource();
        console.Relay.Clear();
        console.Relay.Intercept = async _ =>
        {
            await held.Task;
            return false;
        };

        var askers = Enumerable.Range(0, 200).Select(_ => CheckAsync(health)).ToArray();
        console.Clock.Advance(TimeSpan.FromSeconds(2));
        var late = CheckAsync(health);
        held.SetResult();

        Assert.All(await Task.WhenAll([.. askers, late]), status => Assert.Equal(HealthStatus.Healthy, status));
        Assert.Single(console.Relay.Requests);

        await CheckAsync(health); // Its look is two seconds old.
        Assert.Equal(2, console.Relay.Requests.Count);
        console.Clock.Advance(TimeSpan.FromMilliseconds(999));
        await CheckAsync(health);
        Assert.Equal(2, console.Relay.Requests.Count);
        console.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await CheckAsync(health);
        Assert.Equal(3, console.Relay.Requests.Count);
    }

    [Fact]
    public async Task An_asker_who_leaves_takes_nobody_elses_answer_along()
    {
        await using var console = await ConsoleServices.StartAsync(server);
        var health = new PocketBaseHealth(console.Get<SuperuserClient>(), console.Clock);
        var held = new TaskCompletionSource();
        console.Relay.Intercept = async _ =>
        {
            await held.Task;
            return false;
        };
        using var leaving = new CancellationTokenSource();

        var first = health.CheckHealthAsync(new HealthCheckContext(), leaving.Token);
        var second = CheckAsync(health);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        held.SetResult();

        Assert.Equal(HealthStatus.Healthy, await second);
    }

    private static async Task<HealthStatus> CheckAsync(PocketBaseHealth health) =>
        (await health.CheckHealthAsync(new HealthCheckContext(), CancellationToken.None)).Status;
}

/// <summary>What the two health addresses tell, and what they don't, while something is down.</summary>
public sealed class HealthTests(ConsoleApp app) : IClassFixture<ConsoleApp>, IDisposable
{
    private readonly HttpClient _stranger = new() { BaseAddress = app.Root };

    [Fact]
    public async Task Ready_follows_what_the_console_needs_while_it_lives_all_along()
    {
        await AssertAsync("/health/ready", HttpStatusCode.OK, "Healthy");

        await using (await app.LockDatabaseAsync())
        {
            await BecomesAsync(HttpStatusCode.ServiceUnavailable);
            await AssertAsync("/health/ready", HttpStatusCode.ServiceUnavailable, "Unhealthy\nThe audit trail can't be written. The console's log says why.");
            await AssertAsync("/health/live", HttpStatusCode.OK, "Healthy");
        }

        await BecomesAsync(HttpStatusCode.OK);
        await app.PocketBase.StopAsync();
        await BecomesAsync(HttpStatusCode.ServiceUnavailable);
        await AssertAsync(
            "/health/ready", HttpStatusCode.ServiceUnavailable,
            "Unhealthy\nPocketBase can't be reached. Nothing was read. Try again in a moment; if it stays so, tell the people who run it.");
        await AssertAsync("/health/live", HttpStatusCode.OK, "Healthy");
        // A proxy on this machine that nobody listed asks for a stranger.
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/health/ready") { Headers = { { "X-Forwarded-For", "203.0.113.9" } } };
        using var told = await _stranger.SendAsync(asked);
        Assert.Equal("Unhealthy", await told.Content.ReadAsStringAsync());
        await app.PocketBase.StartAsync();
        await BecomesAsync(HttpStatusCode.OK);
    }

    public void Dispose() => _stranger.Dispose();

    // An answer is shared for a second, so a change is seen when the next look was made: asked for until then, not timed.
    private async Task BecomesAsync(HttpStatusCode status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await _stranger.GetAsync(new Uri("/health/ready", UriKind.Relative), limit.Token)).StatusCode != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private async Task AssertAsync(string path, HttpStatusCode status, string word)
    {
        using var answer = await _stranger.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((path, status, word), (path, answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain(
            answer.Headers.Concat(answer.Content.Headers).SelectMany(header => header.Value.Prepend(header.Key)),
            text => text.Contains("pocketbase", StringComparison.OrdinalIgnoreCase) || text.Contains("sqlite", StringComparison.OrdinalIgnoreCase)
                || text.Contains("trail", StringComparison.OrdinalIgnoreCase) || text.Contains("Kestrel", StringComparison.OrdinalIgnoreCase));
    }
}
