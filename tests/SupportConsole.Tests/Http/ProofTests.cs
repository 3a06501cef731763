using System.IO.Compression;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>Proofs that are taken away: for whom they are, that it is recorded first, and that they hold with nothing but the log's key.</summary>
[Collection(DemoApp.Name)]
public sealed class ProofTests : IAsyncLifetime
{
    private const string Id = "0123456789abcdef0123";

    private readonly ConsoleSite _site;

    public ProofTests(DemoServer server)
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        _site = new ConsoleSite(server);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Uri OfEvent { get; } = new("/audit/3/proof", UriKind.Relative);

    private static Uri OfSession { get; } = new($"/sessions/{Id}/proofs", UriKind.Relative);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task The_proof_of_an_event_holds_and_that_it_was_taken_away_is_recorded()
    {
        using var admin = await _site.BrowserOfAsync(Admin);

        using var answer = await admin.GetAsync(OfEvent, Token);

        AssertFile(answer, "event-3.tlog-proof");
        await using var proof = await answer.Content.ReadAsStreamAsync(Token);
        var (holds, says) = await File().VerifyAsync(proof, Token);
        Assert.True(holds, says);
        Assert.StartsWith("Event 3 (", says, StringComparison.Ordinal);
        var taken = Assert.Single(await ExportedAsync());
        Assert.Equal((Person(Admin).Id, "the proof of event 3"), (taken.Actor.Id, taken.Detail));
    }

    [Fact]
    public async Task An_event_that_no_checkpoint_is_over_gets_one_first()
    {
        using var admin = await _site.BrowserOfAsync(Admin);
        await _site.Services.GetRequiredService<CheckpointDesk>().MakeAsync();
        var newest = await _site.Services.GetRequiredService<AuditTrail>().AppendAsync(new AuditEvent(AuditEventTypes.UsersSearched, TimeProvider.System.GetUtcNow(), AuditActor.System));

        var proof = await admin.GetStringAsync(new Uri($"/audit/{newest.Sequence}/proof", UriKind.Relative), Token);

        Assert.True(LogProof.TryRead(proof, out var read));
        Assert.Equal(newest.Sequence - 1, read.Index);
        Assert.True(Checkpoint.TryRead(read.Checkpoint.Text, out var checkpoint) && checkpoint.Size > newest.Sequence); // Over the entry of its taking away too.
    }

    [Fact]
    public async Task Nobody_else_gets_it_and_what_can_not_be_recorded_is_not_made()
    {
        using var admin = await _site.BrowserOfAsync(Admin);
        using var agent = await _site.BrowserOfAsync(Agent);
        using var stranger = _site.Browser();

        using var refused = await agent.GetAsync(OfEvent, Token);
        using var redirected = await stranger.GetAsync(OfEvent, Token);
        using var zeroth = await admin.GetAsync(new Uri("/audit/0/proof", UriKind.Relative), Token);
        using var future = await admin.GetAsync(new Uri("/audit/99999/proof", UriKind.Relative), Token);
        using var word = await admin.GetAsync(new Uri("/audit/three/proof", UriKind.Relative), Token);
        HttpResponseMessage unrecorded;
        await using (var other = new SqliteConnection($"Data Source={_site.Services.GetRequiredService<ConsoleDb>().File};Pooling=False"))
        {
            await other.OpenAsync(Token);
            other.Run("BEGIN IMMEDIATE");
            unrecorded = await admin.GetAsync(OfEvent, Token);
        }

        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.Redirect, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable),
            (refused.StatusCode, redirected.StatusCode, zeroth.StatusCode, future.StatusCode, word.StatusCode, unrecorded.StatusCode));
        Assert.DoesNotContain("tlog-proof", await unrecorded.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        unrecorded.Dispose();
        Assert.Empty(await ExportedAsync());
    }

    [Fact]
    public async Task The_proofs_of_a_session_are_for_whoever_may_see_its_dossier_one_an_event_all_against_one_checkpoint()
    {
        await FillAsync(reads: 700);
        foreach (var person in (string[])[Agent, Admin, Manager])
        {
            using var browser = await _site.BrowserOfAsync(person);

            using var answer = await browser.GetAsync(OfSession, Token);

            AssertFile(answer, $"session-{Id}-proofs.zip");
            await using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync(Token));
            var events = (await _site.Services.GetRequiredService<AuditReader>().SessionEntriesAsync(Id, 0, 10_000, Token)).Entries;
            Assert.Equal(events.Select(entry => $"{entry.Sequence:d16}.tlog-proof"), archive.Entries.Select(file => file.FullName));
            Assert.Equal((AuditEventTypes.AuditExported, Person(person).Id), (events[^1].Event.Type, events[^1].Event.Actor.Id));
            Assert.StartsWith("the proofs of the session's events", events[^1].Event.Detail, StringComparison.Ordinal);
            var checkpoints = new HashSet<string>();
            foreach (var file in archive.Entries)
            {
                using var reader = new StreamReader(await file.OpenAsync(Token));
                var text = await reader.ReadToEndAsync(Token);
                Assert.True(LogProof.TryRead(text, out var proof));
                checkpoints.Add(proof.Checkpoint.ToString());
                var (holds, says) = await File().VerifyAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Token);
                Assert.True(holds, $"{file.FullName}: {says}");
            }

            Assert.Single(checkpoints);
        }
    }

    [Fact]
    public async Task The_proofs_of_a_session_that_is_somebody_elses_or_not_there_look_the_same()
    {
        await FillAsync(reads: 1);
        using var colleague = await _site.BrowserOfAsync(OtherAgent);
        using var nobody = await _site.BrowserOfAsync(Nobody);
        using var stranger = _site.Browser();

        using var others = await colleague.GetAsync(OfSession, Token);
        using var none = await colleague.GetAsync(new Uri("/sessions/00000000000000000000/proofs", UriKind.Relative), Token);
        using var refused = await nobody.GetAsync(OfSession, Token);
        using var redirected = await stranger.GetAsync(OfSession, Token);

        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Redirect),
            (others.StatusCode, none.StatusCode, refused.StatusCode, redirected.StatusCode));
        Assert.Empty(await ExportedAsync());
    }

    private static void AssertFile(HttpResponseMessage answer, string name)
    {
        Assert.Equal((HttpStatusCode.OK, $"attachment; filename={name}"), (answer.StatusCode, answer.Content.Headers.ContentDisposition?.ToString().Split("; filename*")[0]));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    /// <summary>What verifies with the log's public key and nothing else.</summary>
    private LogFile File() => new([.. _site.Services.GetRequiredService<ConsoleDb>().Read(CheckpointTable.Keys, Token).Select(known => known.Key)]);

    private async Task<AuditEvent[]> ExportedAsync() =>
        [.. (await _site.Services.GetRequiredService<AuditReader>().ReadAsync(new AuditQuery { Types = [AuditEventTypes.AuditExported] }, null, 100, Token)).Entries.Select(entry => entry.Event)];

    private async Task FillAsync(int reads)
    {
        AuditEvent Of(string type) => new(type, TimeProvider.System.GetUtcNow(), new AuditActor(Person(Agent).Id, "Mia Chen", [Role.Agent]))
        {
            SessionId = Id, Subject = new AuditSubject("users", "u8k2m1c0a3l9x7q", "Ada Lovelace"), Reason = "Cannot see the price list",
        };
        AuditEvent[] events = [Of(AuditEventTypes.SessionOpened), .. Enumerable.Range(0, reads).Select(_ => Of(AuditEventTypes.RecordsListed)), Of(AuditEventTypes.SessionEnded)];
        var trail = _site.Services.GetRequiredService<AuditTrail>();
        foreach (var some in events.Chunk(500))
        {
            await trail.AppendAsync(some);
        }
    }
}
