using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>The file that is taken away of a session: for whom it is, what it says, and that nothing in it is more than text.</summary>
[Collection(DemoApp.Name)]
public sealed partial class DossierTests : IAsyncLifetime
{
    private const string Id = "0123456789abcdef0123";
    private const string Hostile = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\r\nSet-Cookie: a=b\u202Eevil\0\"'&";

    private readonly ConsoleSite _site;

    public DossierTests(DemoServer server)
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        _site = new ConsoleSite(server);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Uri Address => new($"/sessions/{Id}/dossier", UriKind.Relative);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task The_agent_and_who_sees_all_get_it_as_an_attachment_that_is_not_kept_and_it_is_recorded()
    {
        foreach (var person in (string[])[Agent, Admin, Manager])
        {
            using var browser = await _site.BrowserOfAsync(person);
            await FillAsync(3);

            using var answer = await browser.GetAsync(Address, Token);

            Assert.Equal((HttpStatusCode.OK, "text/html", $"attachment; filename=session-{Id}.html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.ToString().Split("; filename*")[0]));
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            var downloaded = (await EntriesAsync())[0].Event;
            Assert.Equal((AuditEventTypes.SessionDownloaded, Person(person).Id), (downloaded.Type, downloaded.Actor.Id));
        }
    }

    [Fact]
    public async Task Whose_it_is_not_and_what_is_not_there_look_the_same()
    {
        await FillAsync(3);
        using var colleague = await _site.BrowserOfAsync(OtherAgent);
        using var nobody = await _site.BrowserOfAsync(Nobody);
        using var stranger = _site.Browser();

        using var others = await colleague.GetAsync(Address, Token);
        using var none = await colleague.GetAsync(new Uri("/sessions/00000000000000000000/dossier", UriKind.Relative), Token);
        using var refused = await nobody.GetAsync(Address, Token);
        using var redirected = await stranger.GetAsync(Address, Token);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (others.StatusCode, none.StatusCode));
        Assert.Equal(WithoutChance(await others.Content.ReadAsStringAsync(Token)), WithoutChance(await none.Content.ReadAsStringAsync(Token)));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Redirect), (refused.StatusCode, redirected.StatusCode));
        Assert.DoesNotContain(await EntriesAsync(), entry => entry.Event.Type == AuditEventTypes.SessionDownloaded);
    }

    [Fact]
    public async Task It_holds_every_line_and_nothing_of_it_is_markup()
    {
        await FillAsync(2500);
        using var browser = await _site.BrowserOfAsync(Agent);

        var html = await browser.GetStringAsync(Address, Token);

        Assert.Equal(2503, Rows().Count(html)); // Opened, read, ended, and that it was taken away.
        Assert.Contains("2,503 of 2,503 lines", html, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 2500), Records().Matches(html).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\0', html);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Equal(Isolated().Count(html), html.Split('\u202E').Length - 1 + Encoded().Count(html));
        Assert.Contains(Convert.ToHexStringLower((await EntriesAsync())[^1].LeafHash.AsSpan()), html, StringComparison.Ordinal);
    }

    private async Task FillAsync(int reads)
    {
        var clock = TimeProvider.System;
        var mia = new AuditActor(Person(Agent).Id, Hostile, [Role.Agent]);
        AuditEvent Of(string type, string? correlation = null) => new(type, clock.GetUtcNow(), mia)
        {
            SessionId = Id, Subject = new AuditSubject("users", "u8k2m1c0a3l9x7q", Hostile), Reason = Hostile, Ticket = Hostile, CorrelationId = correlation,
        };
        var trail = _site.Services.GetRequiredService<AuditTrail>();
        await trail.AppendAsync(Of(AuditEventTypes.SessionOpened) with { Detail = "15 min" });
        foreach (var chunk in Enumerable.Range(0, reads).Chunk(500))
        {
            await trail.AppendAsync(
            [
                .. chunk.SelectMany(i => (AuditEvent[])
                [
                    Of(AuditEventTypes.ReadRequested, $"q{i}") with { Detail = AuditEventTypes.RecordViewed },
                    Of(AuditEventTypes.RecordViewed, $"q{i}") with { Target = new AuditTarget("posts") { RecordIds = [$"record-{i}"] } },
                ]),
            ]);
        }

        await trail.AppendAsync(Of(AuditEventTypes.SessionEnded) with { Detail = Hostile });
    }

    private async Task<IReadOnlyList<AuditEntry>> EntriesAsync() =>
        (await _site.Services.GetRequiredService<AuditReader>().ReadAsync(new AuditQuery { SessionId = Id }, null, 10_000, Token)).Entries;

    // Each answer has antiforgery values and asset marks of its own.
    private static string WithoutChance(string html) => Chance().Replace(html, "");

    [GeneratedRegex("<tr><td>#")]
    private static partial Regex Rows();

    [GeneratedRegex("<code><bdi>record-([0-9]+)</bdi></code>")]
    private static partial Regex Records();

    [GeneratedRegex("[A-Za-z0-9_-]{60,}")]
    private static partial Regex Chance();

    [GeneratedRegex("&#x202E;", RegexOptions.IgnoreCase)]
    private static partial Regex Encoded();

    [GeneratedRegex("<bdi>[^<]*(\u202E|&#x202E;)[^<]*</bdi>", RegexOptions.IgnoreCase)]
    private static partial Regex Isolated();
}
