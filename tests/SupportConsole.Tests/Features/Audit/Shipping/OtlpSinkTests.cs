using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using SupportConsole.Core.Audit;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>Events as OpenTelemetry logs: what a collector doesn't accept is sent again.</summary>
public sealed partial class OtlpSinkTests : IAsyncLifetime
{
    private readonly ShippedTrail _trail = new();
    private Relay _collector = null!;

    private Uri Endpoint => new(_collector.Url, "/v1/logs?key=hush");

    public async ValueTask InitializeAsync() => _collector = await Relay.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _trail.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task A_collector_gets_each_event_in_order_as_protobuf()
    {
        _collector.AnswerAlways(200, "application/x-protobuf", "");
        await _trail.AppendAsync(5);
        await _trail.Trail.AppendAsync(_trail.Event("\ud800 lone, \0 nul") with { Outcome = AuditOutcome.Denied });
        await _trail.ShipAsync(_trail.Otlp(Endpoint));
        await _trail.ReachesInOneRoundAsync("otlp", 6);

        Assert.Equal([1, 2, 3, 4, 5, 6], Sequences());
        Assert.All(_collector.Requests, request =>
        {
            Assert.Equal(("POST", "/v1/logs?key=hush", "application/x-protobuf"), (request.Method, request.Path, request.Headers["Content-Type"]));
            Assert.All(["support-console", "role.granted", "actor_name", "Ruth Okafor", "users/ada0000000000000"], text => Assert.Contains(text, request.Body, StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData(503, "it answered with status 503")]
    [InlineData(400, "it answered with status 400")]
    [InlineData(302, "a redirection (status 302)")]
    [InlineData(410, "it is gone")]
    public async Task The_place_moves_only_after_acceptance(int status, string says)
    {
        _collector.AnswerAlways(status, "text/plain", "the collector's hush");
        await _trail.AppendAsync(3);
        await _trail.ShipAsync(_trail.Otlp(Endpoint));
        await _trail.FailsAsync("otlp", says);
        Assert.Equal(0, _trail.Row("otlp").Position);
        Assert.All(Sequences(), sequence => Assert.Equal(1, sequence));

        _collector.Clear();
        _collector.AnswerAlways(200, "application/x-protobuf", "");
        _trail.Clock.Advance(TimeSpan.FromHours(1));
        await _trail.ReachesAsync("otlp", 3);
        Assert.Equal([1, 2, 3], Sequences().Distinct());
        Assert.DoesNotContain(_trail.Log.All, line => line.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_never_answers_is_given_up_and_asked_again()
    {
        _collector.Intercept = async context =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            return true;
        };
        await _trail.AppendAsync(1);
        await _trail.ShipAsync(_trail.Otlp(Endpoint));
        await _trail.FailsAsync("otlp", "it didn't answer within 15 seconds");

        _collector.AnswerAlways(200, "application/x-protobuf", "");
        await _trail.ReachesAsync("otlp", 1);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_not_read()
    {
        _collector.Intercept = async context =>
        {
            var chunk = new byte[65_536];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }

            return true;
        };
        await _trail.AppendAsync(2);
        await _trail.ShipAsync(_trail.Otlp(Endpoint));
        await _trail.ReachesAsync("otlp", 2);
    }

    [Fact]
    public async Task One_that_closes_each_connection_after_its_answer_is_never_paused_for()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = CloseEachAsync(listener);
        await _trail.AppendAsync(40);
        await _trail.ShipAsync(_trail.Otlp(new Uri($"http://{listener.LocalEndpoint}/v1/logs")));
        await _trail.ReachesInOneRoundAsync("otlp", 40);
        listener.Stop();

        Assert.Equal(40, await closing);
    }

    /// <summary>Takes a record on each connection and closes it without a word of that. How many there were.</summary>
    private static async Task<int> CloseEachAsync(TcpListener listener)
    {
        for (var taken = 0; ; taken++)
        {
            try
            {
                using var connection = await listener.AcceptTcpClientAsync();
                var (stream, come, buffer) = (connection.GetStream(), "", new byte[65_536]);
                while (!IsWhole(come))
                {
                    come += Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer));
                }

                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
            catch (SocketException)
            {
                return taken; // Nobody listens any more.
            }
        }
    }

    private static bool IsWhole(string request) =>
        request.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var head && head > 0
        && request.Length - head - 4 >= int.Parse(Length().Match(request).Groups[1].Value, CultureInfo.InvariantCulture);

    private IEnumerable<long> Sequences() => _collector.Requests.Select(request => long.Parse(Id().Match(request.Body).Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("evt_([0-9]+)_[0-9a-f]{16}")]
    private static partial Regex Id();

    [GeneratedRegex("Content-Length: ([0-9]+)")]
    private static partial Regex Length();
}
