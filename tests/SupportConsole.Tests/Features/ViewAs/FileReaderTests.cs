using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Files;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

[Collection(DemoApp.Name)]
public sealed class FileReaderTests(DemoServer server) : IAsyncLifetime
{
    private const string AdasDraft = "p1nv0icetempl8t", Picture = "invoice_preview_k3v9t2m1qa.png", Text = "fields_for_the_tax_office_p8w2x5c7rd.txt";
    private ConsoleServices _console = null!;
    private ViewAsSession _session = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server);
        _session = await _console.OpenAsync(User("u8k2m1c0a3l9x7q"));
    }

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_protected_picture_comes_whole_and_small_and_both_are_recorded()
    {
        var whole = await ReadAsync(Found(await OpenAsync(new FilePlace("posts", AdasDraft, Picture))));
        var small = await ReadAsync(Found(await OpenAsync(new FilePlace("posts", AdasDraft, Picture), FilePlace.Thumbnail)));

        Assert.Equal(0x89, whole[0]);
        Assert.NotEqual(whole, small);
        var entries = (await _console.EventsAsync(_session.Id)).Where(entry => entry.Type == AuditEventTypes.FileViewed).ToArray();
        Assert.Equal(2, entries.Length);
        Assert.All(entries, entry => Assert.Equal((AuditOutcome.Success, AdasDraft), (entry.Outcome, entry.Target!.RecordIds[0])));
        Assert.StartsWith(Picture, entries[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_that_leads_to_a_file_is_kept_anywhere()
    {
        await ReadAsync(Found(await OpenAsync(new FilePlace("posts", AdasDraft, Text))));

        var token = _console.Relay.Requests.Select(request => request.Path).Single(path => path.Contains("?token=", StringComparison.Ordinal)).Split("token=")[1].Split('&')[0];
        Assert.DoesNotContain(_console.Log.All, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(await _console.EventsAsync(_session.Id), entry => JsonSerializer.Serialize(entry).Contains(token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("posts", AdasDraft, "other.png")]
    [InlineData("posts", AdasDraft, "..")]
    [InlineData("posts", AdasDraft, "../x/invoice_preview_k3v9t2m1qa.png")]
    [InlineData("posts", AdasDraft, "")]
    [InlineData("posts", "pq3pr1celist8k2", "x.png")]
    [InlineData("nosuch", AdasDraft, Picture)]
    [InlineData("posts", "a/b", Picture)]
    public async Task What_the_users_own_answer_does_not_name_is_missing(string collection, string record, string name)
    {
        _console.Relay.Clear();

        Assert.IsType<ReadOutcome<ViewedFile>.Missing>(await OpenAsync(new FilePlace(collection, record, name)));

        Assert.DoesNotContain(_console.Relay.Requests, request => request.Path.StartsWith("/api/files/posts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_what_its_bytes_say()
    {
        var drawing = Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
        var post = await AddPostAsync(("drawing.svg", drawing), ("photo.png", "GIF? no"u8.ToArray()), ("page.html", "<script>alert(1)</script>"u8.ToArray()));

        foreach (var name in post.Files)
        {
            var file = Found(await OpenAsync(new FilePlace("posts", post.Id, name)));
            Assert.False(file.Kind.IsPicture);
            Assert.Equal("application/octet-stream", file.Kind.MediaType);
            file.File.Dispose();
        }
    }

    [Fact]
    public async Task A_download_stops_when_the_session_ends()
    {
        var post = await AddPostAsync(("large.bin", RandomNumberGenerator.GetBytes(4 * 1024 * 1024)));
        var file = Found(await OpenAsync(new FilePlace("posts", post.Id, post.Files[0])));

        await _console.Desk.EndAsync(_console.As(Agent), _session.Id, Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await file.File.ReadAsync(new byte[1024], file.Over));
        await Assert.ThrowsAsync<SessionOverException>(() => OpenAsync(new FilePlace("posts", AdasDraft, Text)));
    }

    [Fact]
    public async Task A_dead_token_opens_nothing_and_ends_the_session()
    {
        await server.RotateTokenKeyAsync("u8k2m1c0a3l9x7q");

        await Assert.ThrowsAsync<SessionOverException>(() => OpenAsync(new FilePlace("posts", AdasDraft, Text)));

        Assert.Null(_console.Sessions.Find(_session.Id));
    }

    [Fact]
    public async Task An_answer_that_a_cache_kept_is_refused()
    {
        _console.Relay.Answered = context =>
        {
            if (context.Request.Path.StartsWithSegments("/api/files/posts"))
            {
                context.Response.Headers.Age = "7";
            }

            return Task.CompletedTask;
        };

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => OpenAsync(new FilePlace("posts", AdasDraft, Text)));

        Assert.Equal(PocketBaseProblemKind.SharedAnswer, problem.Kind);
    }

    private Task<ReadOutcome<ViewedFile>> OpenAsync(FilePlace place, string? thumb = null) =>
        _console.Get<FileReader>().OpenAsync(_console.As(Agent), _session.Id, place, thumb, Token);

    private static ViewedFile Found(ReadOutcome<ViewedFile> outcome) => Assert.IsType<ReadOutcome<ViewedFile>.Found>(outcome).Value;

    private static async Task<byte[]> ReadAsync(ViewedFile viewed)
    {
        using var file = viewed.File;
        using var all = new MemoryStream();
        all.Write(viewed.Beginning.Span);
        var part = new byte[8192];
        for (int read; (read = await file.ReadAsync(part, Token)) > 0;)
        {
            all.Write(part, 0, read);
        }

        return all.ToArray();
    }

    private async Task<(string Id, IReadOnlyList<string> Files)> AddPostAsync(params (string Name, byte[] Content)[] files)
    {
        var id = await server.AddPostAsync("With files", "<p>See below.</p>", "u8k2m1c0a3l9x7q");
        using var http = new HttpClient();
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
        {
            form.Add(new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }, "attachments", name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(server.Url, $"/api/collections/posts/records/{id}")) { Content = form };
        request.Headers.TryAddWithoutValidation("Authorization", server.SuperuserToken);
        using var response = await http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var saved = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!;
        return (id, [.. saved["attachments"]!.AsArray().Select(name => name!.GetValue<string>())]);
    }
}
