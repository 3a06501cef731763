using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;
using Serilog.Sinks.OpenTelemetry;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>
/// Sends events as OpenTelemetry logs (OTLP, http/protobuf). The library's batches would lose what a collector refuses; as an audit log it
/// sends one by one and says of each whether it was accepted.
/// </summary>
internal sealed class OtlpSink : IEventSink, IDisposable
{
    private readonly OtlpOptions _options;
    private readonly Lazy<Logger> _log;

    public OtlpSink(IOptions<OtlpOptions> options, TimeProvider clock)
    {
        _options = options.Value;
        _log = new Lazy<Logger>(() => new LoggerConfiguration().MinimumLevel.Verbose().AuditTo.OpenTelemetry(otlp =>
        {
            otlp.LogsEndpoint = _options.Endpoint;
            otlp.TracesEndpoint = null;
            otlp.Protocol = OtlpProtocol.HttpProtobuf;
            otlp.IncludedData = IncludedData.None;
            otlp.HttpMessageHandler = new Judge(clock);
            otlp.ResourceAttributes = new Dictionary<string, object> { ["service.name"] = "support-console" };
        }).CreateLogger());
    }

    public string Name => "otlp";

    public string Label => $"The collector at {new Uri(_options.Endpoint).IdnHost}";

    public bool IsConfigured => _options.Endpoint.Length > 0;

    public bool FromStart => _options.From == SinkStart.Start;

    public IReadOnlyList<string>? Types => null;

    public int Piece => 1;

    public Task TakeAsync(IReadOnlyList<AuditEntry> piece, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            foreach (var entry in piece)
            {
                try
                {
                    _log.Value.Write(Record(entry));
                }
                catch (Exception fault) when (SinkHttp.Explain(fault) is { } refusal)
                {
                    throw refusal;
                }
            }
        },
        cancellationToken);

    public void Dispose()
    {
        if (_log.IsValueCreated)
        {
            _log.Value.Dispose();
        }
    }

    private static LogEvent Record(AuditEntry entry)
    {
        var level = entry.Event.Outcome switch { AuditOutcome.Success => LogEventLevel.Information, AuditOutcome.Denied => LogEventLevel.Warning, _ => LogEventLevel.Error };
        var properties = EventFields.Of(entry).Select(field => new LogEventProperty(
            field.Name, field.Value is string[] texts ? new SequenceValue(texts.Select(text => new ScalarValue(text))) : new ScalarValue(field.Value)));
        return new LogEvent(entry.Event.At, level, null, new MessageTemplate([new TextToken(entry.Event.Type)]), properties);
    }

    /// <summary>
    /// A connection for each record. The library sends without a break, so one that the collector closes after its answer would be used again
    /// before that is noticed; what was sent on it can't be told from what was lost, and would be a fault with its pause, every other time.
    /// </summary>
    private static SocketsHttpHandler Handler()
    {
        var handler = SinkHttp.Handler();
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        return handler;
    }

    /// <summary>Bounds an exchange, and has a refusal say what it was: the library alone would wait for longer and tell less.</summary>
    private sealed class Judge(TimeProvider clock) : DelegatingHandler(Handler())
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var limit = new CancellationTokenSource(SinkHttp.Limit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var response = base.Send(request, either.Token);
            try
            {
                SinkHttp.RequireTaken(response, clock);
                // The library would read the answer to its end, however long it is, and then look at nothing of it.
                response.Content.Dispose();
                response.Content = new ByteArrayContent([]);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}
