using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Roles;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>Files through the whole console: who gets them, what the browser is told, and where they end.</summary>
[Collection(Alone.Name)]
public sealed class FileEndpointTests(FilesApp app) : IClassFixture<FilesApp>, IAsyncLifetime
{
    private const string Ada = "u8k2m1c0a3l9x7q", AdasDraft = "p1nv0icetempl8t", Picture = "invoice_preview_k3v9t2m1qa.png", TextFile = "fields_for_the_tax_office_p8w2x5c7rd.txt";
    private RawBrowser _mia = null!;
    private ViewAsSession _session = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await app.ResetAsync();
        app.Relay.Intercept = _ => Task.FromResult(false);
        _session = await OpenAsync(Agent);
        _mia = await RawBrowser.SignInAsync(app.Root, Agent);
        app.Relay.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _mia.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_picture_is_shown_and_kept_by_nobody()
    {
        using var answer = await _mia.GetAsync(Address(Picture));
        using var small = await _mia.GetAsync($"{Address(Picture)}&thumb=100x100");

        Assert.Equal((HttpStatusCode.OK, "image/png", "inline"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal("image/png", small.Content.Headers.ContentType!.ToString());
        Assert.NotEqual(await answer.Content.ReadAsByteArrayAsync(Token), await small.Content.ReadAsByteArrayAsync(Token));
        AssertGuarded(answer);
        AssertGuarded(small);
    }

    [Fact]
    public async Task Anything_else_is_saved_whatever_it_calls_itself()
    {
        var post = await AddPostAsync(
            ("page.html", "<script>alert(1)</script>"u8.ToArray()), ("drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray()),
            ("photo.png", "<html><script>alert(1)</script>"u8.ToArray()), ("real.txt", [0xFF, 0xD8, 0xFF, 0xE0, 0, 1]));
        foreach (var name in post.Files.Take(3))
        {
            using var answer = await _mia.GetAsync(Address(name, post.Id));
            using var small = await _mia.GetAsync($"{Address(name, post.Id)}&thumb=100x100");

            Assert.All([answer, small], one => Assert.Equal(
                ("application/octet-stream", "attachment"), (one.Content.Headers.ContentType!.ToString(), one.Content.Headers.ContentDisposition!.DispositionType)));
            AssertGuarded(answer);
        }

        using var jpeg = await _mia.GetAsync(Address(post.Files[3], post.Id));
        Assert.Equal(("image/jpeg", "inline"), (jpeg.Content.Headers.ContentType!.ToString(), jpeg.Content.Headers.ContentDisposition!.DispositionType));
    }

    [Theory]
    [InlineData("say \"hi\"; filename=evil.exe.txt")]
    [InlineData("two\r\nSet-Cookie: a=b.txt")]
    [InlineData("Grüße 你好 \u202Egnp.txt")]
    [InlineData("../../etc/passwd")]
    [InlineData("..\\..\\boot.ini")]
    public async Task A_name_can_say_anything_and_stays_a_name(string name) => await AssertNamedAsync(name);

    [Fact]
    public async Task A_name_of_200_characters_stays_a_name() => await AssertNamedAsync(new string('é', 200));

    // No upload can have such names; a hook of the app can give them.
    private async Task AssertNamedAsync(string name)
    {
        app.Relay.Intercept = async context =>
        {
            if (context.Request.Path.StartsWithSegments("/api/collections/posts/records", StringComparison.Ordinal))
            {
                await context.Response.WriteAsJsonAsync(new { id = AdasDraft, attachments = new[] { name } });
                return true;
            }

            if (context.Request.Path.StartsWithSegments("/api/files/posts", StringComparison.Ordinal))
            {
                await context.Response.WriteAsync("words");
                return true;
            }

            return false;
        };

        using var answer = await _mia.GetAsync(Address(name));

        Assert.Equal((HttpStatusCode.OK, "words"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)));
        var disposition = answer.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.Equal(name, disposition.FileNameStar);
        Assert.Equal(["filename", "filename*"], disposition.Parameters.Select(parameter => parameter.Name).Order());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Nobody_signed_in_gets_anything_or_has_anything_read()
    {
        using var stranger = new RawBrowser(app.Root);

        using var answer = await stranger.GetAsync(Address(TextFile));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/signin", answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.PathAndQuery : answer.Headers.Location.OriginalString, StringComparison.Ordinal);
        Assert.Empty(app.Relay.Requests);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("Same-Origin")]
    [InlineData("")]
    public async Task Another_sites_page_has_nothing_read_or_recorded(string site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address(TextFile), UriKind.Relative)) { Headers = { { "Sec-Fetch-Site", site } } };
        var before = (await app.SessionEventsAsync(_session.Id)).Count;

        using var answer = await _mia.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(app.Relay.Requests);
        Assert.Equal(before, (await app.SessionEventsAsync(_session.Id)).Count);
        AssertGuarded(answer);
    }

    [Theory]
    [InlineData("same-origin")]
    [InlineData("none")]
    public async Task The_consoles_own_page_and_the_address_bar_get_it(string site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address(TextFile), UriKind.Relative)) { Headers = { { "Sec-Fetch-Site", site } } };

        using var answer = await _mia.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Another_agents_session_and_one_that_is_over_are_gone()
    {
        var others = await OpenAsync(OtherAgent);
        app.Relay.Clear();

        foreach (var id in new[] { others.Id, "00000000000000000000", "..%2F..%2Fusers", _session.Id })
        {
            if (id == _session.Id)
            {
                await app.Services.GetRequiredService<SessionEnds>().EndAsync(id, EndReason.EndedByAgent);
            }

            using var answer = await _mia.GetAsync(Address(TextFile, session: id));
            Assert.Equal((id, HttpStatusCode.Gone), (id, answer.StatusCode));
            AssertGuarded(answer);
        }

        Assert.DoesNotContain(app.Relay.Requests, request => request.Path.Contains("/records/", StringComparison.Ordinal) || request.Path.StartsWith("/api/files/posts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_lost_the_role_gets_nothing()
    {
        await app.Services.GetRequiredService<RoleBook>().RevokeAsync(await app.AsAsync(Manager), Person(Agent).Id, Role.Agent, "No longer works in support", Token);
        app.Relay.Clear();

        using var answer = await _mia.GetAsync(Address(TextFile));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain(app.Relay.Requests, request => request.Path.Contains("/api/files/posts", StringComparison.Ordinal));
        AssertGuarded(answer);
    }

    [Theory]
    [InlineData("&thumb=5000x5000")]
    [InlineData("&thumb=100x100f")]
    [InlineData("&thumb=100x100&thumb=0x1")]
    public async Task No_other_size_is_made(string more)
    {
        using var answer = await _mia.GetAsync(Address(Picture) + more);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(app.Relay.Requests);
    }

    [Theory]
    [InlineData("posts", AdasDraft, "nosuch.png")]
    [InlineData("posts", "pq3pr1celist8k2", "x.png")]
    [InlineData("", "", "")]
    [InlineData("posts/records", AdasDraft, Picture)]
    [InlineData("_superusers", AdasDraft, Picture)]
    public async Task What_the_user_can_not_see_is_not_found(string collection, string record, string name)
    {
        using var answer = await _mia.GetAsync(Address(name, record, collection: collection));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        AssertGuarded(answer);
    }

    [Fact]
    public async Task A_download_that_the_session_ends_under_is_broken_and_not_short()
    {
        var post = await app.LargePostAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address(post.File, post.Id), UriKind.Relative));
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = _mia.Cookies, UseCookies = true }) { BaseAddress = app.Root };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await using var body = await answer.Content.ReadAsStreamAsync(Token);
        var part = new byte[64 * 1024];
        long read = await body.ReadAsync(part, Token);
        Assert.Equal(FilesApp.LargeBytes, answer.Content.Headers.ContentLength);

        await app.Services.GetRequiredService<SessionEnds>().EndAsync(_session.Id, EndReason.EndedByAgent);

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (int more; (more = await body.ReadAsync(part, Token)) > 0; read += more)
            {
            }
        });
        Assert.InRange(read, 1, FilesApp.LargeBytes - 1);
    }

    [Fact]
    public async Task Fifty_megabytes_pass_through_a_small_memory()
    {
        var post = await app.LargePostAsync();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = _mia.Cookies, UseCookies = true }) { BaseAddress = app.Root };
        var part = new byte[64 * 1024];
        await DownloadAsync();

        // The console, what stands in PocketBase's place before it and the one that reads, all in this process.
        var (before, watch) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.StartNew());
        var read = await DownloadAsync();
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{read:N0} bytes in {watch.ElapsedMilliseconds:N0} ms, {allocated:N0} bytes allocated");

        Assert.Equal(FilesApp.LargeBytes, read);
        Assert.InRange(allocated, 0, FilesApp.LargeBytes / 2);

        async Task<long> DownloadAsync()
        {
            using var answer = await http.GetAsync(new Uri(Address(post.File, post.Id), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
            await using var body = await answer.Content.ReadAsStreamAsync(Token);
            long all = 0;
            for (int more; (more = await body.ReadAsync(part, Token)) > 0; all += more)
            {
            }

            return all;
        }
    }

    [Fact]
    public async Task A_server_that_falls_silent_breaks_the_download_and_one_that_never_begins_is_said_to_be_slow()
    {
        var parts = 1;
        app.Relay.Intercept = async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/api/files/posts", StringComparison.Ordinal))
            {
                return false;
            }

            for (var i = 0; i < parts; i++)
            {
                context.Response.ContentLength = 100_000;
                await context.Response.Body.WriteAsync(new byte[1000]);
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _mia.GetAsync(Address(TextFile)));
        parts = 0;
        using var answer = await _mia.GetAsync(Address(TextFile));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        AssertGuarded(answer);
        Assert.Contains((await app.SessionEventsAsync(_session.Id)).Select(entry => entry.Event), entry => entry is { Type: AuditEventTypes.FileViewed, Outcome: AuditOutcome.Failed });
    }

    [Fact]
    public async Task A_file_that_PocketBase_breaks_off_is_broken_for_the_browser()
    {
        app.Relay.Intercept = async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/api/files/posts", StringComparison.Ordinal))
            {
                return false;
            }

            await context.Response.Body.WriteAsync(new byte[200_000]);
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _mia.GetAsync(Address(TextFile)));
    }

    [Fact]
    public async Task The_token_that_leads_to_a_file_stays_on_the_server()
    {
        List<string> seen = [];
        foreach (var address in new[] { Address(TextFile), Address(Picture), $"{Address(Picture)}&thumb=100x100", Address("nosuch") })
        {
            using var answer = await _mia.GetAsync(address);
            seen.Add($"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(Token)}");
        }

        var tokens = app.Relay.Requests.SelectMany(request => Regex.Matches(request.Path, "[?&]token=([^&]+)")).Select(match => match.Groups[1].Value).Distinct().ToArray();
        Assert.NotEmpty(tokens);
        Assert.DoesNotContain(seen, text => tokens.Any(token => text.Contains(token, StringComparison.Ordinal)) || Tokens.Shape().IsMatch(text));
        Assert.Empty(app.FilesWith(new Regex(string.Join('|', tokens.Select(Regex.Escape)))));
        Assert.Empty(app.FilesWith(Tokens.Shape()));
    }

    private static void AssertGuarded(HttpResponseMessage answer)
    {
        string? Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
        Assert.Equal("no-store", Header("Cache-Control"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        var policy = Header("Content-Security-Policy")!;
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Matches("(^|; )sandbox($|;)", policy);
    }

    private string Address(string name, string record = AdasDraft, string? session = null, string collection = "posts") => QueryHelpers.AddQueryString(
        $"/sessions/{session ?? _session.Id}/file", new Dictionary<string, string?> { ["collection"] = collection, ["record"] = record, ["name"] = name });

    private async Task<ViewAsSession> OpenAsync(string person) => Assert.IsType<ViewAsOutcome.Opened>(await app.Services.GetRequiredService<ViewAsDesk>().OpenAsync(
        await app.AsAsync(person), User(Ada), Purpose, 15, Token)).Session;

    private async Task<(string Id, IReadOnlyList<string> Files)> AddPostAsync(params (string Name, byte[] Content)[] files)
    {
        var id = await app.PocketBase.AddPostAsync("With files", "<p>See below.</p>", Ada);
        var saved = await app.UploadAsync(id, files);
        return (id, [.. saved["attachments"]!.AsArray().Select(name => name!.GetValue<string>())]);
    }
}

/// <summary>A console whose PocketBase is reached through a relay.</summary>
public sealed class FilesApp : ConsoleApp
{
    public const long LargeBytes = 50 * 1024 * 1024;

    private readonly Dictionary<string, string> _settings;
    private (string Id, string File)? _large;

    public FilesApp() => Settings = _settings = new() { ["PocketBase:TimeoutSeconds"] = "5" };

    public Relay Relay { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await PocketBase.InitializeAsync();
        Relay = await Relay.StartAsync(PocketBase.Url);
        _settings["PocketBase:Url"] = Relay.Url.ToString();
        StartServer();
    }

    /// <summary>A post with a file of fifty megabytes.</summary>
    public async Task<(string Id, string File)> LargePostAsync()
    {
        if (_large is { } made)
        {
            return made;
        }

        var posts = await PocketBase.AdminAsync(HttpMethod.Get, "/api/collections/posts");
        var fields = JsonNode.Parse(posts.GetProperty("fields").GetRawText())!.AsArray();
        fields.Single(field => field!["name"]!.GetValue<string>() == "attachments")!["maxSize"] = 100_000_000;
        await PocketBase.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new JsonObject { ["fields"] = fields });
        var id = await PocketBase.AddPostAsync("With a large file", "<p>See below.</p>", "u8k2m1c0a3l9x7q");
        var saved = await UploadAsync(id, ("large.bin", new byte[LargeBytes]));
        _large = (id, saved["attachments"]![0]!.GetValue<string>());
        return _large.Value;
    }

    /// <summary>Adds files to a post.</summary>
    public async Task<JsonNode> UploadAsync(string post, params (string Name, byte[] Content)[] files)
    {
        using var http = new HttpClient();
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
        {
            form.Add(new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }, "attachments", name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(PocketBase.Url, $"/api/collections/posts/records/{post}")) { Content = form };
        request.Headers.TryAddWithoutValidation("Authorization", PocketBase.SuperuserToken);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Relay.DisposeAsync();
    }
}
