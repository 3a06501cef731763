using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// Stands between the console and a real PocketBase: passes requests on and remembers them, until it is told to answer in the
/// server's place. For what a well-behaved server never does: HTML, half an answer, silence.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly ConcurrentQueue<Seen> _seen = new();
    private readonly ConcurrentDictionary<Seen, bool> _open = new(ReferenceEqualityComparer.Instance);

    private Relay(WebApplication app) => _app = app;

    /// <summary>What came through, in order.</summary>
    public IReadOnlyList<Seen> Requests => [.. _seen];

    /// <summary>What came through and hasn't been answered to the end, or given up.</summary>
    public IReadOnlyCollection<Seen> Open => [.. _open.Keys];

    /// <summary>Whether the server is asked at this moment. The console gives an answer eight seconds, by its own clock.</summary>
    public bool IsAsked => !_open.IsEmpty;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Answers in the server's place; false passes the request on.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>Runs when the server has answered and the console doesn't know yet.</summary>
    public Func<HttpContext, Task> Answered { get; set; } = _ => Task.CompletedTask;

    /// <summary>Starts a relay to a server, or one without a server behind it that answers only by <see cref="Intercept"/>.</summary>
    public static async Task<Relay> StartAsync(Uri? target = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var relay = new Relay(app);
        app.Run(context => relay.HandleAsync(context, target));
        await app.StartAsync();
        return relay;
    }

    /// <summary>Every request gets this answer.</summary>
    public void AnswerAlways(int status, string contentType, string body) => Intercept = async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body);
        return true;
    };

    public void Clear() => _seen.Clear();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext context, Uri? target)
    {
        var path = context.Request.Path + context.Request.QueryString.Value;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var seen = new Seen(
            context.Request.Method, path, context.Request.Headers.UserAgent.ToString(), context.Request.Headers.Authorization.ToString(),
            Encoding.UTF8.GetString(body.ToArray()))
        {
            Headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        };
        _seen.Enqueue(seen);
        if (await Intercept(context) || target is null)
        {
            return;
        }

        _open[seen] = true;
        try
        {
            await PassOnAsync(context, new Uri(target, path), body);
        }
        finally
        {
            _open.TryRemove(seen, out _);
        }
    }

    private async Task PassOnAsync(HttpContext context, Uri target, MemoryStream body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray()) { Headers = { { "Content-Type", context.Request.ContentType } } };
        }

        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", context.Request.Headers.UserAgent.ToString());
        foreach (var (name, value) in context.Request.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation(name, value.ToString());
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        await Answered(context);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        foreach (var (name, values) in response.Headers.Where(header => header.Key.StartsWith("X-Support-Console-", StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>A request as it arrived.</summary>
    public sealed record Seen(string Method, string Path, string UserAgent, string Authorization, string Body)
    {
        public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    }
}
