using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace SupportConsole.PocketBase;

/// <summary>
/// The one way to PocketBase. Who is asking stands in each request, never in shared state. It sends once, waits a bounded
/// time, reads a bounded amount, and lets only answers through that have the shape of PocketBase's API.
/// </summary>
/// <remarks>
/// It owns its <see cref="HttpClient"/> instead of taking one from the factory, whose logging handlers see every header.
/// </remarks>
internal sealed partial class PocketBaseTransport : IDisposable
{
    /// <summary>The name of the parameter that gives each read an address of its own.</summary>
    public const string OnceParameter = "once";

    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    // An app's JSON field may nest 10,000 deep, which is where Go stops reading; the answer adds a few around it. Nothing recursive reads it here.
    private static readonly JsonSerializerOptions s_json = new() { MaxDepth = 10_050 };

    private readonly HttpClient _http;
    private readonly string _root;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;
    private readonly ILogger<PocketBaseTransport> _logger;
    private int _outages;

    public PocketBaseTransport(IOptions<PocketBaseOptions> options, TimeProvider clock, ILogger<PocketBaseTransport> logger)
    {
        _root = options.Value.Url.TrimEnd('/');
        _timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds);
        _clock = clock;
        _logger = logger;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = _timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => ServerCertificate.Judge(certificate, chain, errors) },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    /// <summary>Counts failures to get an answer at all. A server that was away may come back as another version.</summary>
    public int Outages => Volatile.Read(ref _outages);

    /// <summary>
    /// Sends one request and returns PocketBase's answer, whatever its status below 500 (429 apart). The path, with its query,
    /// is made of checked segments and escaped values; without a token the request is a guest's.
    /// </summary>
    /// <exception cref="PocketBaseProblem">No answer, or none of PocketBase's API.</exception>
    public async Task<PocketBaseAnswer> SendAsync(
        HttpMethod method, string path, string? token, string userAgent, JsonObject? body, CancellationToken cancellation,
        IEnumerable<KeyValuePair<string, string>>? headers = null)
    {
        try
        {
            return await ExchangeAsync(method, path, token, userAgent, body, headers ?? [], cancellation);
        }
        catch (PocketBaseProblem problem)
        {
            if (problem.Kind is PocketBaseProblemKind.Unreachable or PocketBaseProblemKind.NotPocketBase or PocketBaseProblemKind.Failed)
            {
                Interlocked.Increment(ref _outages);
            }

            // The path stays out of the log: its filter holds what somebody searched for.
            LogProblem(method.Method, problem.Kind, problem.Kind == PocketBaseProblemKind.Certificate ? problem.Message : "");
            throw;
        }
    }

    /// <summary>
    /// Opens a file. PocketBase has as long to begin as for any answer, and as long for each part of it; the whole may take as long as the
    /// reader does.
    /// </summary>
    /// <returns>The file; null when PocketBase has none for this address.</returns>
    /// <exception cref="PocketBaseProblem">No answer, or none of PocketBase's API.</exception>
    public async Task<PocketBaseFile?> OpenFileAsync(
        string path, string userAgent, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellation) =>
        await OpenAsync(path, userAgent, headers, mediaType: null, cancellation) is { } response
            ? new PocketBaseFile(response, response.Content.ReadAsStream(CancellationToken.None), this)
            : null;

    /// <summary>Opens a connection on which PocketBase announces changes. On whose behalf it does, another request has to say.</summary>
    /// <exception cref="PocketBaseProblem">No answer, or none of PocketBase's API.</exception>
    public async Task<RecordChanges> OpenChangesAsync(
        string path, string userAgent, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellation) =>
        new(await OpenAsync(path, userAgent, headers, "text/event-stream", cancellation) ?? throw PocketBaseProblem.ReadRefused(), this);

    /// <summary>Does one step of an exchange within the time that PocketBase has for it: that for an answer, unless another is given.</summary>
    /// <exception cref="PocketBaseProblem">It took longer, or the connection failed.</exception>
    internal async Task<T> WithinLimitAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellation, TimeSpan? longest = null)
    {
        using var limit = new CancellationTokenSource(longest ?? _timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw PocketBaseProblem.TimedOut(longest ?? _timeout);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw PocketBaseProblem.TooLarge(e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            throw PocketBaseProblem.NotPocketBase(e);
        }
        catch (HttpRequestException e) when (ServerCertificate.FaultIn(e) is { } fault)
        {
            throw PocketBaseProblem.Certificate(fault, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw PocketBaseProblem.Unreachable(e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage?> OpenAsync(
        string path, string userAgent, IEnumerable<KeyValuePair<string, string>> headers, string? mediaType, CancellationToken cancellation)
    {
        var once = NewOnce();
        using var request = Request(HttpMethod.Get, path, null, userAgent, headers, once);
        var response = await WithinLimitAsync(
            limit => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit), cancellation);
        try
        {
            if (CacheMarks.Of(response) is { } mark)
            {
                throw PocketBaseProblem.SharedAnswer(mark);
            }

            // It is asked for without the user's token, so whose it is isn't said; that it answers this very request is.
            SeenAs(response, once);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK when mediaType is null || response.Content.Headers.ContentType?.MediaType == mediaType:
                    var opened = response;
                    response = null;
                    return opened;
                case HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized:
                    return null;
                case HttpStatusCode.TooManyRequests:
                    throw PocketBaseProblem.RateLimited();
                default:
                    throw (int)response.StatusCode >= 500 ? PocketBaseProblem.Failed() : PocketBaseProblem.NotPocketBase();
            }
        }
        catch (PocketBaseProblem problem)
        {
            LogProblem(HttpMethod.Get.Method, problem.Kind, "");
            throw;
        }
        finally
        {
            response?.Dispose();
        }
    }

    private async Task<PocketBaseAnswer> ExchangeAsync(
        HttpMethod method, string path, string? token, string userAgent, JsonObject? body, IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellation)
    {
        var once = NewOnce();
        using var request = Request(method, path, token, userAgent, headers, once);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        return await WithinLimitAsync(
            async limit =>
            {
                using var response = await _http.SendAsync(request, limit);
                return await ReadAsync(response, once, limit);
            },
            cancellation);
    }

    private HttpRequestMessage Request(
        HttpMethod method, string path, string? token, string userAgent, IEnumerable<KeyValuePair<string, string>> headers, string once)
    {
        var request = new HttpRequestMessage(method, _root + (method == HttpMethod.Get ? Alone(path, once) : path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.CacheControl = new CacheControlHeaderValue { NoStore = true, NoCache = true };
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation(CompanionScript.ReadHeader, once);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        return request;
    }

    private static string NewOnce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>
    /// An address that nobody asked for before or can guess: whatever a cache between here and the server holds, it isn't for this.
    /// PocketBase takes no notice of a parameter that it doesn't know.
    /// </summary>
    private static string Alone(string path, string once) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{OnceParameter}={once}";

    /// <summary>
    /// What the companion hook says of this very request; null where it says nothing. An answer to another request was kept by something
    /// between here and the server.
    /// </summary>
    private static string? SeenAs(HttpResponseMessage response, string once)
    {
        if (!response.Headers.TryGetValues(CompanionScript.ReadHeader, out var echoed))
        {
            return null;
        }

        return echoed.SequenceEqual([once]) && response.Headers.TryGetValues(CompanionScript.SeenAsHeader, out var seen)
            ? seen.Single()
            : throw PocketBaseProblem.SharedAnswer("it echoes another request");
    }

    private async Task<PocketBaseAnswer> ReadAsync(HttpResponseMessage response, string once, CancellationToken cancellation)
    {
        switch ((int)response.StatusCode)
        {
            case 429:
                throw PocketBaseProblem.RateLimited();
            case < 200 or (>= 300 and < 400):
                throw PocketBaseProblem.NotPocketBase();
        }

        var seenAs = SeenAs(response, once);

        // Go's server always sends Date; without one (a proxy may drop it) the local clock has to do.
        var serverClock = response.Headers.Date ?? _clock.GetUtcNow();
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return new PocketBaseAnswer(response.StatusCode, default, serverClock) { SeenAs = seenAs };
        }

        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            throw (int)response.StatusCode >= 500 ? PocketBaseProblem.Failed() : PocketBaseProblem.NotPocketBase();
        }

        if (CacheMarks.Of(response) is { } mark)
        {
            throw PocketBaseProblem.SharedAnswer(mark);
        }

        var body = Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        if (body.ValueKind != JsonValueKind.Object || !(response.IsSuccessStatusCode || IsPocketBaseError(body, response.StatusCode)))
        {
            throw (int)response.StatusCode >= 500 ? PocketBaseProblem.Failed() : PocketBaseProblem.NotPocketBase();
        }

        return (int)response.StatusCode >= 500
            ? throw PocketBaseProblem.Failed(ofServer: true)
            : new PocketBaseAnswer(response.StatusCode, body, serverClock) { SeenAs = seenAs };
    }

    /// <summary>JSON as deep as an app's may be.</summary>
    /// <exception cref="PocketBaseProblem">It isn't JSON.</exception>
    internal static JsonElement Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(bytes, s_json);
        }
        catch (JsonException)
        {
            // Not kept as the cause: its message quotes the answer.
            throw PocketBaseProblem.NotPocketBase();
        }
    }

    /// <summary>Errors repeat their status in the body; the request for a second factor alone carries an id instead.</summary>
    private static bool IsPocketBaseError(JsonElement body, HttpStatusCode status) =>
        (body.TryGetProperty("status", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) && number == (int)status)
        || body.TryGetProperty("mfaId", out _);

    [LoggerMessage(EventId = 6000, Level = LogLevel.Warning, Message = "PocketBase gave no usable answer to a {Method}: {Kind} {Cause}")]
    private partial void LogProblem(string method, PocketBaseProblemKind kind, string cause);
}
