using System.Collections.Concurrent;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>One database has one console, and so a sink has one sender.</summary>
[Collection(DemoApp.Name)]
public sealed class SecondSenderTests(DemoServer server) : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private readonly ConcurrentQueue<string> _came = new();
    private Relay _receiver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        _receiver = await Relay.StartAsync();
        _receiver.Intercept = context =>
        {
            _came.Enqueue(context.Request.Headers["webhook-id"].ToString());
            return Task.FromResult(true);
        };
        await File.WriteAllTextAsync(Path.Combine(_file.Folder, "webhook.secret"), ShippedTrail.Secret, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_second_start_sends_nothing_and_the_one_after_the_first_goes_on()
    {
        using (var first = Start())
        {
            await ReachesAsync(1);
            using var second = Start();
            var (code, _, errors) = await second.EndAsync(Token);
            Assert.True(code == 1 && errors.Contains("Another Support Console runs on the database", StringComparison.Ordinal), errors);
            string[] sofar = [.. _came]; // More may come yet, here and below.
            Assert.Equal(sofar.Length, sofar.Distinct().Count());
            await first.KillAsync();
        }

        using var third = Start();
        await ReachesAsync(2);
        string[] came = [.. _came.Distinct()];
        Assert.Equal(Enumerable.Range(1, came.Length), came.Select(id => int.Parse(id.Split('_')[1], System.Globalization.CultureInfo.InvariantCulture)));
        await third.KillAsync();
    }

    private ConsoleProcess Start() => ConsoleProcess.Start(
        _file, server.Url, server.SuperuserToken, "--urls", $"http://127.0.0.1:{Ports.Free()}", "--Audit:Webhook:Url", _receiver.Url.ToString(), "--Audit:Webhook:SecretFile",
        Path.Combine(_file.Folder, "webhook.secret"), "--Audit:Webhook:Events:0", "system.*", "--Audit:Webhook:Events:1", "role.*", "--Audit:Webhook:From", "start");

    // Each start writes one event of its own; those of roles come with the first.
    private Task ReachesAsync(int starts) => Waiting.UntilAsync(
        () => _receiver.Requests.Count(request => request.Body.Contains("\"system.started\"", StringComparison.Ordinal)) >= starts && _came.Count >= 3);
}
