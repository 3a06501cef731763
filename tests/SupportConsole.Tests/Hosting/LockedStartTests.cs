using System.Net;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>A database that another program holds while the console starts.</summary>
[Collection(DemoApp.Name)]
public sealed class LockedStartTests(DemoServer server) : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _file.DisposeAsync();
    }

    [Theory]
    [InlineData("BEGIN IMMEDIATE")]
    [InlineData("BEGIN EXCLUSIVE")]
    public async Task The_console_starts_is_not_ready_and_does_its_work_when_the_lock_is_gone(string begin)
    {
        var port = Ports.Free();
        using (var first = Start(port))
        {
            await AnswersAsync(port, "ready", HttpStatusCode.OK);
            await first.KillAsync();
        }

        using var other = _file.Connect();
        other.Run("DELETE FROM role_grant"); // As at the first start, when the demo's roles are yet to be given.
        other.Run(begin);
        port = Ports.Free();
        using var second = Start(port);
        await AnswersAsync(port, "live", HttpStatusCode.OK);
        await AnswersAsync(port, "ready", HttpStatusCode.ServiceUnavailable);
        other.Run("COMMIT");

        await AnswersAsync(port, "ready", HttpStatusCode.OK);
        using var limit = Limited();
        while (Count("SELECT count(*) FROM role_grant") == 0 || Count("SELECT count(*) FROM audit_event WHERE type = 'system.started'") < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }

        Assert.Equal(2, Count("SELECT count(*) FROM audit_event WHERE type = 'system.started'"));

        long Count(string query) => other.Number(query);
    }

    private async Task AnswersAsync(int port, string question, HttpStatusCode expected)
    {
        using var limit = Limited();
        while (await AskAsync() != expected)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }

        async Task<HttpStatusCode?> AskAsync()
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/{question}"), limit.Token);
                return answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }

    private ConsoleProcess Start(int port) =>
        ConsoleProcess.Start(_file, server.Url, server.SuperuserToken, "--urls", $"http://127.0.0.1:{port}");

    private static CancellationTokenSource Limited()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return limit;
    }
}
