using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>The webhook, and the place in the trail that every sink has: nothing is lost, and what comes twice can be told.</summary>
public sealed class TrailShippingTests : IAsyncLifetime
{
    private readonly ShippedTrail _trail = new();
    private readonly ConcurrentQueue<(string Id, long Sequence)> _taken = new();
    private Relay _receiver = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Uri Url => new(_receiver.Url, "/T0/hush?token=hush");

    public async ValueTask InitializeAsync()
    {
        _receiver = await Relay.StartAsync();
        Take();
    }

    public async ValueTask DisposeAsync()
    {
        await _trail.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_one_of_standard_webhooks()
    {
        await _trail.AppendAsync(1);
        await _trail.ShipAsync(_trail.Webhook(Url, clock: _trail.Clock));
        await _trail.ReachesInOneRoundAsync("webhook", 1);

        var request = Assert.Single(_receiver.Requests);
        var (id, timestamp) = (request.Headers["webhook-id"], request.Headers["webhook-timestamp"]);
        Assert.Equal(("POST", "/T0/hush?token=hush", "application/json"), (request.Method, request.Path, request.Headers["Content-Type"]));
        Assert.Matches("^evt_1_[0-9a-f]{16}$", id);
        Assert.Equal(_trail.Clock.GetUtcNow().ToUnixTimeSeconds(), long.Parse(timestamp, CultureInfo.InvariantCulture));
        var expected = HMACSHA256.HashData(Convert.FromBase64String(ShippedTrail.Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{request.Body}"));
        Assert.Equal($"v1,{Convert.ToBase64String(expected)}", request.Headers["webhook-signature"]);
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal(["type", "timestamp", "data"], body.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal((id, 1, "reason 1"), (
            body.RootElement.GetProperty("data").GetProperty("id").GetString(), body.RootElement.GetProperty("data").GetProperty("seq").GetInt32(),
            body.RootElement.GetProperty("data").GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_secret_is_replaced_without_a_restart()
    {
        await _trail.ShipAsync(_trail.Webhook(Url));
        await File.AppendAllTextAsync(_trail.SecretFile, "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", Token);
        await _trail.AppendAsync(1);
        await _trail.ReachesAsync("webhook", 1);
        Assert.Equal(2, _receiver.Requests[^1].Headers["webhook-signature"].Split(' ').Length);

        await File.WriteAllTextAsync(_trail.SecretFile, "nonsense", Token);
        await _trail.AppendAsync(1);
        await _trail.FailsAsync("webhook", "must hold whsec_");
        Assert.Single(_receiver.Requests);
        await File.WriteAllTextAsync(_trail.SecretFile, ShippedTrail.Secret, Token);
        await _trail.ReachesAsync("webhook", 2);
    }

    [Fact]
    public async Task A_secret_that_others_may_read_since_the_start_signs_nothing_until_they_may_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights don't stand in a mode here.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_trail.SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _trail.Environment = Environments.Production;
            await _trail.ShipAsync(_trail.Webhook(Url));
            await _trail.AppendAsync(1);
            await _trail.ReachesAsync("webhook", 1);

            File.SetUnixFileMode(_trail.SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            await _trail.AppendAsync(1);
            await _trail.FailsAsync("webhook", "the file of its secrets is open to others");
            Assert.Single(_receiver.Requests);
            Assert.DoesNotContain(_trail.File.Folder, _trail.Row("webhook").Fault, StringComparison.Ordinal);

            File.SetUnixFileMode(_trail.SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await _trail.ReachesAsync("webhook", 2);
        }
    }

    [Fact]
    public async Task Only_the_chosen_events_are_sent_and_the_place_goes_past_the_others()
    {
        await _trail.AppendAsync(5000, AuditEventTypes.RecordsListed);
        await _trail.AppendAsync(2);
        await _trail.AppendAsync(3, AuditEventTypes.RecordsListed);
        await _trail.ShipAsync(_trail.Webhook(Url, events: ["role.*"]));
        await _trail.ReachesAsync("webhook", 5005);

        Assert.Equal([5001, 5002], _taken.Select(message => message.Sequence));
    }

    [Fact]
    public async Task A_receiver_that_is_down_for_seven_days_in_every_way_gets_everything_in_order_afterwards()
    {
        await _trail.AppendAsync(5);
        await _trail.ShipAsync(_trail.Webhook(Url, clock: _trail.Clock));
        await _trail.ReachesInOneRoundAsync("webhook", 5);
        var began = _trail.Clock.GetUtcNow();
        var (asked, turn, isSilent) = (0, 0, false);
        _receiver.Intercept = async context =>
        {
            Interlocked.Increment(ref asked);
            switch (Interlocked.Increment(ref turn) % 6)
            {
                case 0:
                    isSilent = true; // Only the passing of time ends that.
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                    break;
                case 1:
                    context.Abort();
                    break;
                case var way:
                    context.Response.StatusCode = way switch { 2 => 500, 3 => 410, 4 => 429, _ => 302 };
                    context.Response.Headers.Location = "http://127.0.0.1:9/";
                    context.Response.Headers.RetryAfter = "1800";
                    break;
            }

            return true;
        };
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            if (hour % 6 == 0)
            {
                await _trail.AppendAsync(3);
            }

            isSilent = false;
            _trail.Clock.Advance(TimeSpan.FromHours(1));
            do
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
            }
            while (!_trail.Rounds.IsCompleted && !isSilent);
        }

        var row = _trail.Row("webhook");
        Assert.Equal(5, row.Position);
        Assert.NotNull(row.Fault);
        Assert.InRange(row.Since!.Value - began, TimeSpan.Zero, TimeSpan.FromHours(2));
        Assert.InRange(asked, 50, 400);
        Take();
        _trail.Clock.Advance(TimeSpan.FromHours(1));
        await _trail.ReachesAsync("webhook", 5 + (28 * 3), busy: () => !_trail.Rounds.IsCompleted && !isSilent);

        AssertAllInOrder(5 + (28 * 3));
        var first = _receiver.Requests.Where(request => request.Headers["webhook-id"].StartsWith("evt_6_", StringComparison.Ordinal)).ToList();
        Assert.True(first.Count > 50);
        Assert.Single(first.Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Single(first.Select(request => request.Body).Distinct());
        Assert.DoesNotContain(_trail.Log.All, line => line.Contains("hush", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500, null, 1)]
    [InlineData(429, "120", 120)]
    [InlineData(503, "Wed, 02 Jan 2030 12:10:00 GMT", 590)]
    [InlineData(429, "999999999", 3600)]
    [InlineData(429, "-5", 1)]
    [InlineData(410, null, 3600)]
    public async Task It_is_left_alone_for_as_long_as_it_asks_and_no_longer(int status, string? retryAfter, int seconds)
    {
        _receiver.Intercept = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.FromResult(true);
        };
        await _trail.AppendAsync(1);
        await _trail.ShipAsync(_trail.Webhook(Url, clock: _trail.Clock));
        await SeenAsync(1);
        await _trail.Rounds;
        if (seconds > 1)
        {
            _trail.Clock.Advance(TimeSpan.FromSeconds(seconds - 10));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
            Assert.Single(_receiver.Requests);
        }

        _trail.Clock.Advance(TimeSpan.FromSeconds(20));
        await SeenAsync(2);
    }

    [Fact]
    public async Task The_pause_grows_to_five_minutes()
    {
        _receiver.AnswerAlways(500, "text/plain", "");
        await _trail.AppendAsync(1);
        await _trail.ShipAsync(_trail.Webhook(Url));
        for (var second = 0; second < 3600; second += 5)
        {
            _trail.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Token);
            await _trail.Rounds;
        }

        // 1, 2, 4 … 256 seconds, and then one in five minutes, each a little less.
        Assert.InRange(_receiver.Requests.Count, 14, 26);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_taken_by_its_status_and_not_read()
    {
        _receiver.Intercept = async context =>
        {
            var chunk = new byte[65_536];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }

            return true;
        };
        await _trail.AppendAsync(3);
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 3);
        Assert.Equal(3, _receiver.Requests.Count);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_a_fault_and_the_next_good_one_mends_it()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var secure = builder.Build();
        var asked = 0;
        secure.Run(_ =>
        {
            asked++;
            return Task.CompletedTask;
        });
        await secure.StartAsync(Token);
        await _trail.AppendAsync(2);

        await _trail.ShipAsync(_trail.Webhook(new Uri(secure.Urls.Single())));
        await _trail.FailsAsync("webhook", "its certificate isn't trusted");
        Assert.Equal(0, asked);
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 2);
        AssertAllInOrder(2);
    }

    [Fact]
    public async Task A_dead_sink_keeps_neither_the_others_nor_the_trail_waiting()
    {
        _receiver.Intercept = async context =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            return true;
        };
        await _trail.ShipAsync(_trail.Webhook(Url), _trail.Mirror(Path.Combine(_trail.File.Folder, "mirror", "audit-.jsonl")));
        await _trail.AppendAsync(500);
        await _trail.ReachesAsync("mirror", 500);
        Assert.Equal(0, _trail.Row("webhook").Position);
        Assert.Equal(0, _trail.Db.Read(SinkTable.OldestPosition, Token));
    }

    [Fact]
    public async Task One_that_is_new_begins_now_or_at_the_start_and_then_goes_on_where_it_was()
    {
        await _trail.AppendAsync(3);
        await _trail.ShipAsync(_trail.Webhook(Url, SinkStart.Now));
        await _trail.AppendAsync(2);
        await _trail.ReachesAsync("webhook", 5);
        Assert.Equal([4, 5], _taken.Select(message => message.Sequence));

        await _trail.ShipAsync(); // Taken out of the settings, it keeps its place.
        Assert.Null(_trail.Db.Read(SinkTable.OldestPosition, Token));
        await _trail.AppendAsync(2);
        await _trail.RestartAsync();
        await _trail.ShipAsync(_trail.Webhook(new Uri(_receiver.Url, "/elsewhere"), SinkStart.Start));
        await _trail.ReachesAsync("webhook", 7);
        Assert.Equal([4, 5, 6, 7], _taken.Select(message => message.Sequence));
        Assert.Equal(7, _trail.Db.Read(SinkTable.OldestPosition, Token));
    }

    [Fact]
    public async Task Events_that_were_removed_before_it_had_them_are_counted_in_the_log()
    {
        await _trail.AppendAsync(10);
        await _trail.RestartAsync(() =>
        {
            using var connection = _trail.File.Connect();
            SqliteFile.Tamper(connection, "DELETE FROM audit_event WHERE seq <= 4");
        });
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 10);

        Assert.Equal([5, 6, 7, 8, 9, 10], _taken.Select(message => message.Sequence));
        Assert.Contains(_trail.Log.All, line => line.Contains("3024: The webhook to 127.0.0.1 never got 4 events", StringComparison.Ordinal) && line.Contains("event 5", StringComparison.Ordinal));
        Assert.Equal(1, _trail.Logged(3024));
    }

    [Fact]
    public async Task A_place_beyond_the_trail_is_an_alarm_and_what_this_start_wrote_is_sent()
    {
        await _trail.AppendAsync(3);
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 3);
        await _trail.StopAsync();
        using (var connection = _trail.File.Connect())
        {
            connection.Run("UPDATE audit_sink SET position = 99");
        }

        await _trail.AppendAsync(1, AuditEventTypes.SystemStarted);
        await _trail.AppendAsync(1);
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 5);

        Assert.Equal([1, 2, 3, 4, 5], _taken.Select(message => message.Sequence));
        Assert.Contains(_trail.Log.All, line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains("ALERT: The webhook to 127.0.0.1 has event 99, and the trail ends with 5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_event_in_the_same_place_is_no_repeat()
    {
        await _trail.AppendAsync(2);
        await _trail.RestartAsync(() => File.Copy(_trail.File.File, $"{_trail.File.File}.copy"));
        await _trail.AppendAsync(1);
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 3);
        await _trail.RestartAsync(() => File.Copy($"{_trail.File.File}.copy", _trail.File.File, overwrite: true));
        await _trail.Trail.AppendAsync(_trail.Event("another"));
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 3);

        Assert.Equal([1, 2, 3, 1, 2, 3], _taken.Select(message => message.Sequence));
        Assert.Equal(4, _taken.Distinct().Count());
    }

    [Fact]
    public async Task What_was_erased_is_said_to_be_and_keeps_its_id()
    {
        await _trail.AppendAsync(1);
        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 1);
        await _trail.StopAsync();
        using (var connection = _trail.File.Connect())
        {
            using var read = connection.Prepare("SELECT personal FROM audit_event");
            var erased = PersonalText.Decode((byte[])read.ExecuteScalar()!).Erase(by: true, about: true, _trail.Clock.GetUtcNow()).Encode();
            SqliteFile.Tamper(connection, "UPDATE audit_sink SET position = 0");
            using var write = connection.Prepare("UPDATE audit_event SET personal = $personal", ("$personal", erased));
            write.ExecuteNonQuery();
        }

        await _trail.ShipAsync(_trail.Webhook(Url));
        await _trail.ReachesAsync("webhook", 1);

        Assert.Single(_taken.Distinct());
        using var body = JsonDocument.Parse(_receiver.Requests[^1].Body);
        var data = body.RootElement.GetProperty("data");
        Assert.Equal((PersonalText.ErasedWord, PersonalText.ErasedWord), (data.GetProperty("actor_name").GetString(), data.GetProperty("reason").GetString()));
        Assert.True(data.TryGetProperty("actor_erased", out _) && data.TryGetProperty("text_erased", out _));
        Assert.DoesNotContain("Okafor", _receiver.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_trail_cant_be_written_it_is_sent_all_the_same_and_the_place_follows()
    {
        await _trail.AppendAsync(3);
        await _trail.ShipAsync(_trail.Webhook(Url, SinkStart.Start));
        await _trail.ReachesAsync("webhook", 3);
        await _trail.AppendAsync(2);
        using (var connection = _trail.File.Connect())
        {
            connection.Run("BEGIN IMMEDIATE");
            await _trail.Clock.TickUntilAsync(() => _taken.Count == 5 && _trail.Logged(3023) == 1);
            Assert.Equal(3, _trail.Row("webhook").Position);
        }

        await _trail.ReachesAsync("webhook", 5);
        Assert.Equal([1, 2, 3, 4, 5], _taken.Select(message => message.Sequence));
    }

    /// <summary>Takes what comes.</summary>
    private void Take() => _receiver.Intercept = context =>
    {
        var id = context.Request.Headers["webhook-id"].ToString();
        _taken.Enqueue((id, long.Parse(id.Split('_')[1], CultureInfo.InvariantCulture)));
        return Task.FromResult(true);
    };

    private void AssertAllInOrder(int count) => Assert.Equal(Enumerable.Range(1, count).Select(each => (long)each), _taken.Distinct().Select(message => message.Sequence));

    private async Task SeenAsync(int count)
    {
        while (_receiver.Requests.Count < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }
    }
}
