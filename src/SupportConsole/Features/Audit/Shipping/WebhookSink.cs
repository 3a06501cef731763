using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>
/// Sends events one by one (Standard Webhooks). A receiver tells repeats by <c>webhook-id</c>, which is the event's own, and forgeries by
/// the signature; it knows that none is missing by their order.
/// </summary>
internal sealed class WebhookSink : IEventSink, IDisposable
{
    private readonly WebhookOptions _options;
    private readonly string _secrets;
    private readonly bool _areSecretsPrivate;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http = new(SinkHttp.Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    public WebhookSink(IOptions<WebhookOptions> options, IHostEnvironment environment, TimeProvider clock)
    {
        (_options, _clock) = (options.Value, clock);
        _secrets = IsConfigured ? _options.FileUnder(environment.ContentRootPath) : "";
        _areSecretsPrivate = !environment.IsDevelopment();
        Types = _options.Types();
    }

    public string Name => "webhook";

    public string Label => $"The webhook to {new Uri(_options.Url).IdnHost}";

    public bool IsConfigured => _options.Url.Length > 0;

    public bool FromStart => _options.From == SinkStart.Start;

    public IReadOnlyList<string>? Types { get; }

    public int Piece => 1;

    public async Task TakeAsync(IReadOnlyList<AuditEntry> piece, CancellationToken cancellationToken)
    {
        // Read and judged anew each time: a secret is replaced without a restart, and others may be let in by that.
        if (_areSecretsPrivate && PrivateFile.OpennessOf(_secrets) == Openness.Others)
        {
            throw new SinkException("the file of its secrets is open to others than its owner: give it mode 600, and the receiver another secret if somebody may have read it", path: _secrets);
        }

        var secrets = WebhookSecrets.In(_secrets);
        foreach (var entry in piece)
        {
            await SendAsync(entry, secrets, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(AuditEntry entry, IReadOnlyList<byte[]> secrets, CancellationToken cancellationToken)
    {
        var (id, timestamp, body) = (EventFields.IdOf(entry), _clock.GetUtcNow().ToUnixTimeSeconds(), EventFields.WebhookBody(entry));
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSecrets.Sign(secrets, id, timestamp, body));
        using var limit = new CancellationTokenSource(SinkHttp.Limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            SinkHttp.RequireTaken(response, _clock);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && SinkHttp.Explain(fault) is { } refusal)
        {
            throw refusal;
        }
    }
}
