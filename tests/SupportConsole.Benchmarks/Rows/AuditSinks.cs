using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>Durable appends a second while what bears on security goes to a webhook, against the same console without one.</summary>
internal sealed class AuditSinks : Row
{
    private const int Rounds = 10;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1);

    public override string Name => "audit-sinks";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var (with, without) = (Places.Fresh(), Places.Fresh());
        using var receiver = new Receiver();
        var secret = Path.Combine(with, "webhook.secret");
        await File.WriteAllTextAsync(secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        await using var plain = await ConsoleStage.StartAsync(without);
        await using var shipping = await ConsoleStage.StartAsync(
            with, settings: [("Audit:Webhook:Url", receiver.Url), ("Audit:Webhook:SecretFile", secret)]);
        var events = TrailFiller.Events(new Dice(11)).Take(2000).ToArray();
        foreach (var callers in new[] { 1, 64 })
        {
            await AppendsASecondAsync(plain, events, callers);
            await AppendsASecondAsync(shipping, events, callers);
            var (ours, floor) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                // By turns, and each begins when nothing is left of the one before: neither to be sent nor to be indexed.
                foreach (var (stage, rates) in round % 2 == 0 ? new[] { (plain, floor), (shipping, ours) } : [(shipping, ours), (plain, floor)])
                {
                    await SentAsync(shipping);
                    await plain.Get<AuditTrail>().IndexAsync(CancellationToken.None);
                    await shipping.Get<AuditTrail>().IndexAsync(CancellationToken.None);
                    rates.Add(await AppendsASecondAsync(stage, events, callers));
                }
            }

            var ratio = Median(ours) / Median(floor);
            yield return new Line(
                $"audit append with a webhook, {(callers == 1 ? "1 caller" : $"{callers} callers")}, against without", Rate(ours), Rate(floor), Line.Times(ratio), $"≥ {Line.Times(0.95)}", ratio >= 0.95);
        }
    }

    private static async Task SentAsync(ConsoleStage stage)
    {
        var db = stage.Get<ConsoleDb>();
        while (db.Read(connection => SinkTable.OldestPosition(connection) < TrailTable.Bounds(connection).Newest, CancellationToken.None))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task<double> AppendsASecondAsync(ConsoleStage stage, AuditEvent[] events, int callers)
    {
        var (trail, done, begun) = (stage.Get<AuditTrail>(), 0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var next = caller; Stopwatch.GetElapsedTime(begun) < RoundLength; next++)
            {
                await trail.AppendAsync(events[next % events.Length]);
                Interlocked.Increment(ref done);
            }
        }));
        return done / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private static string Rate(List<double> rates) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(rates):N0}/s ({rates.Min():N0} to {rates.Max():N0})");

    /// <summary>Takes whatever comes, with as little work as can be: a receiver works on another machine.</summary>
    private sealed class Receiver : IDisposable
    {
        private static readonly byte[] Taken = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Receiver()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public string Url => $"http://{_listener.LocalEndpoint}";

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            while (true)
            {
                var connection = await _listener.AcceptSocketAsync();
                _ = AnswerAsync(connection);
            }
        }

        private static async Task AnswerAsync(Socket connection)
        {
            using (connection)
            {
                var (buffer, have) = (new byte[65_536], 0);
                while (await connection.ReceiveAsync(buffer.AsMemory(have)) is var more and > 0)
                {
                    have += more;
                    if (IsWhole(buffer.AsSpan(0, have)))
                    {
                        have = 0;
                        await connection.SendAsync(Taken);
                    }
                }
            }
        }

        /// <summary>Whether a message is there to its end, which is that of its body: the one object in it.</summary>
        private static bool IsWhole(ReadOnlySpan<byte> message) => message.IndexOf("\r\n\r\n"u8) is var head and > 0
            && message.IndexOf("Content-Length: "u8) is var length and > 0
            && Utf8Parser.TryParse(message[(length + 16)..], out int bytes, out _) && message.Length >= head + 4 + bytes;
    }
}
