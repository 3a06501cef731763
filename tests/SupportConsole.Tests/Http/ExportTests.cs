#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>The trail as files, through a real server: what is in them, for whom they are, and that no part of one passes for the whole.</summary>
[Collection(DemoApp.Name)]
public sealed class ExportTests : IAsyncLifetime
{
    private const string Hostile = "=cmd|' /C calc'!A0\r\n\"quoted\",;@SUM(1)\t\u202eevil\u2066\0\u001b[31m ＝1 😀\ud800";
    private const string User = "u8k2m1c0a3l9x7q";

    private readonly ConsoleSite _site;
    private readonly Random _dice = new(20302);

    public ExportTests(DemoServer server)
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        _site = new ConsoleSite(server);
        _site.UseKestrel(0);
    }

    /// <summary>Each format, by its name in the address.</summary>
    public static TheoryData<string> Formats => [.. ExportFormat.All.Select(format => format.Name)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AuditTrail Trail => _site.Services.GetRequiredService<AuditTrail>();

    public ValueTask InitializeAsync()
    {
        _site.StartServer();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task It_is_an_attachment_that_is_not_kept_recorded_before_it_leaves(string format)
    {
        await FillAsync(1000);
        using var admin = await BrowserOfAsync(Admin);
        var size = await SizeAsync();

        using var answer = await admin.GetAsync(Export(format, "event=records.listed"), Token);
        var file = await answer.Content.ReadAsByteArrayAsync(Token);

        var exported = await ExportedAsync();
        Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.CacheControl?.NoStore));
        Assert.Matches($"^attachment; filename=audit-20[0-9-]{{8}}-events-1-{size}[.]", answer.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal((size + 1, $"{format}: event records.listed; events 1 to {size}", Person(Admin).Id), (exported.Sequence, exported.Event.Detail, exported.Event.Actor.Id));
        Assert.Equal((await PageAsync(new AuditQuery { Types = [AuditEventTypes.RecordsListed] })).Count, SequencesIn(format, file).Count);
        Assert.Equal($"{size}", answer.Headers.GetValues(ExportingFeature.UntilHeader).Single());
        Assert.Equal((SequencesIn(format, file).Count, size, null), (Progress().Events, Progress().Reached, Progress().End!.Why));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Nobody_else_gets_it_and_what_can_not_be_recorded_does_not_leave(string format)
    {
        using var admin = await BrowserOfAsync(Admin);
        using var agent = await BrowserOfAsync(Agent);
        using var manager = await BrowserOfAsync(Manager);
        using var stranger = Browser();

        using var refused = await agent.GetAsync(Export(format), Token);
        using var refusedToo = await manager.GetAsync(Export(format), Token);
        using var redirected = await stranger.GetAsync(Export(format), Token);
        await using var other = new SqliteConnection($"Data Source={Db.File};Pooling=False");
        await other.OpenAsync(Token);
        other.Run("BEGIN IMMEDIATE");
        using var unrecorded = await admin.GetAsync(Export(format), Token);

        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Redirect, HttpStatusCode.ServiceUnavailable),
            (refused.StatusCode, refusedToo.StatusCode, redirected.StatusCode, unrecorded.StatusCode));
        Assert.DoesNotContain("system.started", await unrecorded.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        other.Run("ROLLBACK");
        Assert.DoesNotContain(await PageAsync(new AuditQuery()), entry => entry.Event.Type == AuditEventTypes.AuditExported);
    }

    [Theory]
    [InlineData("", "say as what, with format=jsonl or csv or ocsf")]
    [InlineData("format=pdf", "say as what")]
    [InlineData("format=csv&format=csv", "format is given twice.")]
    [InlineData("format=csv&after=-1", "after is the number of an event")]
    [InlineData("format=csv&until=1e3", "until is the number of an event")]
    [InlineData("format=csv&until=99999", "so it can't be up to event 99999.")]
    [InlineData("format=csv&after=9223372036854775807", "so none comes after event 9223372036854775807.")]
    [InlineData("format=csv&event=nothing.*", "“nothing.*” is no event.")]
    [InlineData("format=csv&from=yesterday", "“yesterday” is no day.")]
    [InlineData("format=csv&colour=red", "The address has “colour”, which is no filter, or is given twice.")]
    [InlineData("format=csv&outcome=denied&outcome=failed", "The address has “outcome”, which is no filter, or is given twice.")]
    [InlineData("format=csv&user=nobody-of-that-name", "nobody is found")]
    public async Task What_can_not_be_read_is_a_sentence_and_nothing_leaves(string query, string sentence)
    {
        using var admin = await BrowserOfAsync(Admin);

        using var answer = await admin.GetAsync(new Uri($"/audit/export?{query}", UriKind.Relative), Token);

        Assert.Equal((HttpStatusCode.BadRequest, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var said = await answer.Content.ReadAsStringAsync(Token);
        Assert.StartsWith("Nothing is exported", said, StringComparison.Ordinal);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain(await PageAsync(new AuditQuery()), entry => entry.Event.Type == AuditEventTypes.AuditExported);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Each_filter_gives_exactly_what_the_page_shows(string format)
    {
        await FillAsync(3000);
        Tamper("UPDATE audit_event SET personal = x'7b7d' WHERE seq IN (100, 200, 201, 900)");
        using var admin = await BrowserOfAsync(Admin);
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string[] filters =
        [
            "", "event=records.listed", "event=record.*,auth.signed_in", "outcome=denied", "outcome=success&event=user.viewed", "session=s3", $"staff={Person(Agent).Id.Value}",
            $"user=users/{User}", $"user={User}", "text=order 17", "text=order&outcome=failed&event=record.*", "text=nothing-like-it", $"from={day}", $"to={day}&zone=Europe/Berlin", "from=2029-01-01", "event=policy.denied",
        ];
        foreach (var filter in filters)
        {
            using var answer = await admin.GetAsync(Export(format, filter), Token);
            var file = await answer.Content.ReadAsByteArrayAsync(Token);

            Assert.True(answer.IsSuccessStatusCode, $"{filter}: {Encoding.UTF8.GetString(file)}");
            var until = long.Parse(answer.Headers.GetValues(ExportingFeature.UntilHeader).Single(), CultureInfo.InvariantCulture);
            var address = ExportWish.Read($"?format=csv&{filter}").Filter;
            var query = FilterReading.Read(address is { User: User } ? address with { User = $"users/{User}" } : address).Query;
            var shown = (await PageAsync(query)).Select(entry => entry.Sequence).Order().ToList();
            var exported = SequencesIn(format, file);
            Assert.Equal(shown.Where(sequence => sequence <= until), exported);
            Assert.True(filter is "text=nothing-like-it" or "from=2029-01-01" || exported.Count > 0, filter);
        }
    }

    [Fact]
    public async Task The_one_with_proofs_holds_for_the_console_and_for_a_stranger()
    {
        await FillAsync(1500);
        using var admin = await BrowserOfAsync(Admin);
        var key = Db.Read(CheckpointTable.Keys, Token) is [var known, ..] ? known.Key : null;
        var folder = Directory.CreateTempSubdirectory("export-").FullName;
        try
        {
            foreach (var filter in (string[])["", "outcome=denied", "text=order"])
            {
                var file = await admin.GetByteArrayAsync(Export("jsonl", filter), Token);
                key ??= Db.Read(CheckpointTable.Keys, Token)[0].Key;
                var (holds, says) = await new LogFile([key]).VerifyAsync(new MemoryStream(file), Token);
                Assert.True(holds, says);
                await File.WriteAllBytesAsync(Path.Combine(folder, "export.jsonl"), file, Token);
                Assert.StartsWith($"good export of {SequencesIn("jsonl", file).Count} events", (await Stranger.VerifyAsync([("export", Path.Combine(folder, "export.jsonl"))], [key.ToString()]))[0], StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task It_goes_on_after_any_event_with_the_bytes_that_the_whole_has_there(string format)
    {
        await FillAsync(1200);
        using var admin = await BrowserOfAsync(Admin);
        using var answer = await admin.GetAsync(Export(format, "event=record.*,records.*"), Token);
        var whole = await answer.Content.ReadAsByteArrayAsync(Token);
        var (sequences, until) = (SequencesIn(format, whole), answer.Headers.GetValues(ExportingFeature.UntilHeader).Single());
        await FillAsync(10);
        foreach (var after in (long[])[1, sequences[0], sequences[0] - 1, sequences[255], sequences[256], sequences[^2], sequences[^1], long.Parse(until, CultureInfo.InvariantCulture)])
        {
            var rest = await admin.GetByteArrayAsync(Export(format, $"event=record.*,records.*&after={after}&until={until}"), Token);

            var (head, events, end) = Parts(format, whole);
            var (restHead, restEvents, restEnd) = Parts(format, rest);
            Assert.Equal(head, restHead);
            Assert.Equal(events[sequences.Count(sequence => sequence <= after)..], restEvents);
            Assert.Equal(end.Replace($"{events.Length}", $"{restEvents.Length}", StringComparison.Ordinal), restEnd);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_thousand_new_events_a_second_neither_end_nor_change_it(string format)
    {
        await FillAsync(20_000);
        using var admin = await BrowserOfAsync(Admin);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var appended = 0;
        var writing = Task.Run(
            async () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    await Trail.AppendAsync([.. Enumerable.Range(0, 100).Select(Odd)]);
                    appended += 100;
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
                }
            },
            Token);
        while (appended < 500)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }

        var before = await SizeAsync();
        using var answer = await admin.GetAsync(Export(format), HttpCompletionOption.ResponseHeadersRead, Token);
        var slowly = new MemoryStream();
        await using (var body = await answer.Content.ReadAsStreamAsync(Token))
        {
            var buffer = new byte[256 * 1024];
            for (int read; (read = await body.ReadAsync(buffer, Token)) > 0;)
            {
                slowly.Write(buffer, 0, read);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
            }
        }

        await enough.CancelAsync();
        await writing;
        var until = long.Parse(answer.Headers.GetValues(ExportingFeature.UntilHeader).Single(), CultureInfo.InvariantCulture);
        Assert.InRange(until, before, await SizeAsync() - 100);
        Assert.Equal(Enumerable.Range(1, (int)until).Select(sequence => (long)sequence), SequencesIn(format, slowly.ToArray()));
    }

    [Theory]
    [InlineData("jsonl", true)]
    [InlineData("jsonl", false)]
    [InlineData("csv", true)]
    [InlineData("csv", false)]
    public async Task A_sign_in_or_a_role_that_ends_meanwhile_ends_it_where_all_see_it(string format, bool isSignIn)
    {
        await FillAsync(30_000);
        using var admin = await BrowserOfAsync(Admin);
        using var answer = await admin.GetAsync(Export(format), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var body = await answer.Content.ReadAsStreamAsync(Token);
        var start = new byte[1024];
        await body.ReadExactlyAsync(start, Token);

        if (isSignIn)
        {
            using var signedOut = await ConsoleSite.PostAsync(admin, "/no-access", "/signout");
            Assert.Equal("/signed-out", signedOut.Headers.Location?.ToString());
        }
        else
        {
            await RevokeAsync(Person(Admin).Id);
        }

        var read = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(read, Token));
        Assert.DoesNotContain("{\"events\":", Encoding.UTF8.GetString(read.ToArray()), StringComparison.Ordinal);
        Assert.Equal(isSignIn ? "Your sign-in ended." : "Your right to read the trail was taken away.", Progress().End?.Why);
    }

    [Fact]
    public async Task Whoever_stops_reading_stops_the_reading_of_the_trail_and_is_forgotten()
    {
        await FillAsync(5000);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 65_536, resumeWriterThreshold: 32_768));
        var asked = 0;
        var export = new TrailExport(Db, _ => { asked++; return Task.CompletedTask; }, ExportFormat.Csv, AuditQuery.All, null) { After = 0, Until = await SizeAsync() };

        var writing = export.WriteAsync(pipe.Writer, Token);
        await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Token));
        Assert.False(writing.IsCompleted);
        var (read, begun) = (await pipe.Reader.ReadAtLeastAsync(65_536, Token), asked);
        Assert.InRange(read.Buffer.Length, 65_536, 65_536 + 512 * 1024); // A page over what is allowed, and no more.
        Assert.InRange(begun, 1, 2);
        await pipe.Reader.CompleteAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.InRange(asked, begun, begun + 1);
    }

    [Fact]
    public async Task Hostile_text_is_in_its_cell_and_nowhere_else_and_says_what_it_said()
    {
        var entry = await Trail.AppendAsync(new AuditEvent(AuditEventTypes.RecordViewed, TimeProvider.System.GetUtcNow(), new AuditActor(Person(Agent).Id, Hostile, [Role.Agent, Role.Admin]))
        {
            Subject = new AuditSubject("users", "=1", "+2"), SessionId = "-3", Reason = Hostile, Ticket = "@x", Category = "a;=b", Detail = "line\r\n=line", Outcome = AuditOutcome.Failed,
            Target = new AuditTarget("posts") { RecordIds = ["=a", "b,c"], Count = 2, QueryHash = "q" }, ClientAddress = "192.0.2.1", CorrelationId = "c",
        });
        using var admin = await BrowserOfAsync(Admin);

        var rows = PlainCsv.Rows(await admin.GetByteArrayAsync(Export("csv", $"after={entry.Sequence - 1}&until={entry.Sequence}"), Token));

        Assert.Equal(2, rows.Count);
        var cells = rows[0].Zip(rows[1]).ToDictionary(cell => cell.First, cell => cell.Second);
        var kept = CanonicalForm.AsKept(entry.Event);
        string[] expected =
        [
            $"{entry.Sequence}", kept.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), "record.viewed", "failed", "whole", kept.Actor.Id.Value, kept.Actor.Name,
            "Support agent, Admin", "192.0.2.1", "users", "=1", "+2", "-3", kept.Reason!, "a;=b", "@x", "line\r\n=line", "posts", "=a\nb,c", "2", "q", "c", kept.Instance!, "", "",
            Convert.ToHexStringLower(entry.LeafHash.AsSpan()),
        ];
        Assert.Equal(expected, rows[1].Select(PlainCsv.Undone));
        Assert.All(cells.Values, cell => Assert.DoesNotMatch("(^|[,;|\t\r\n\"])\\s*[=+\\-@＝]", cell));
        Assert.EndsWith("\ufffd", PlainCsv.Undone(cells["reason"]), StringComparison.Ordinal); // As the trail keeps half of a pair.
    }

    [Fact]
    public async Task What_is_damaged_or_erased_is_there_and_says_so()
    {
        await FillAsync(20);
        var size = await SizeAsync();
        Tamper($"UPDATE audit_event SET body = x'ff' WHERE seq = {size}");
        await _site.Services.GetRequiredService<AuditTrail>().AppendAsync(Odd(1) with { Subject = new AuditSubject("users", "gone", "Gone"), Type = AuditEventTypes.RecordViewed });
        Tamper($$"""UPDATE audit_event SET personal = CAST('{"about":{"erased":"2030-01-02T03:04:05.000006Z"},' || substr(CAST(personal AS TEXT), instr(CAST(personal AS TEXT), '"by"')) AS BLOB) WHERE seq = {{size + 1}}""");
        using var admin = await BrowserOfAsync(Admin);

        var csv = PlainCsv.Rows(await admin.GetByteArrayAsync(Export("csv", $"after={size - 1}&until={size + 1}"), Token));
        var ocsf = Encoding.UTF8.GetString(await admin.GetByteArrayAsync(Export("ocsf", $"after={size - 1}&until={size + 1}"), Token)).Split('\n');
        var jsonl = Encoding.UTF8.GetString(await admin.GetByteArrayAsync(Export("jsonl", $"after={size - 1}&until={size + 1}"), Token)).Split('\n');

        Assert.Equal(3, csv.Count);
        var columns = csv[0].ToList();
        Assert.Equal(("damaged", "unreadable"), (csv[1][columns.IndexOf("state")], csv[1][columns.IndexOf("actor_id")]));
        Assert.StartsWith("damaged: ", csv[1][columns.IndexOf("detail")], StringComparison.Ordinal);
        Assert.Equal(
            ("erased", "gone", "(erased)", "2030-01-02T03:04:05.000006Z", ""),
            (csv[2][columns.IndexOf("state")], csv[2][columns.IndexOf("subject_id")], csv[2][columns.IndexOf("subject_name")], csv[2][columns.IndexOf("about_erased")], csv[2][columns.IndexOf("actor_erased")]));
        Assert.Equal($$"""{"index":{{size - 1}},"damaged":"/w=="}""", jsonl[1]);
        Assert.Contains("\"personal\":{\"about\":{\"erased\":\"2030-01-02T03:04:05.000006Z\"}", jsonl[2], StringComparison.Ordinal);
        Assert.Equal("{\"events\":2}", jsonl[3]);
        Assert.Contains("\"class_uid\":0,", ocsf[0], StringComparison.Ordinal);
        Assert.Contains("\"state\":\"damaged\"", ocsf[0], StringComparison.Ordinal);
        Assert.Contains("\"erased\":{\"about\":\"2030-01-02T03:04:05.000006Z\"}", ocsf[1], StringComparison.Ordinal);
        Assert.Contains("\"user\":{\"uid\":\"gone\",\"name\":\"(erased)\"".Replace("\"user\":{\"uid\"", "\"subject\":{\"collection\":\"users\",\"id\"", StringComparison.Ordinal), ocsf[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("body = CAST(body || ' ' AS BLOB)")]
    [InlineData("body = zeroblob(2000000)")]
    [InlineData("leaf = zeroblob(32)")]
    [InlineData("leaf = x'00'")]
    [InlineData("personal = NULL")]
    [InlineData("personal = x'7b7d'")]
    [InlineData("body = (SELECT body FROM audit_event WHERE seq = 2), leaf = (SELECT leaf FROM audit_event WHERE seq = 2)")]
    public async Task Events_that_go_out_unread_are_held_against_their_hashes(string tampering)
    {
        await FillAsync(300);
        var size = await SizeAsync();
        const int damaged = 30; // In a tile that is complete: of the others' hashes new roots are signed, and never of damaged ones.
        Tamper($"UPDATE audit_event SET {tampering} WHERE seq = {damaged}");
        using var admin = await BrowserOfAsync(Admin);

        var lines = Encoding.UTF8.GetString(await admin.GetByteArrayAsync(Export("jsonl", $"until={size}"), Token)).TrimEnd('\n').Split('\n');

        var unproved = Enumerable.Range(1, (int)size).Where(sequence => !lines[sequence].Contains("\"proof\":[", StringComparison.Ordinal));
        Assert.Equal(damaged, Assert.Single(unproved));
        Assert.StartsWith($$"""{"index":{{damaged - 1}},"damaged":""", lines[damaged], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 2, 1024 * 1024));
    }

    /// <summary>A browser that shows redirects instead of following them.</summary>
    private HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _site.ClientOptions.BaseAddress };

    private async Task<HttpClient> BrowserOfAsync(string person)
    {
        var browser = Browser();
        using var answer = await ConsoleSite.SignInAsync(browser, person, "/");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    private ExportProgress Progress() => _site.Services.GetRequiredService<ExportFeed>().Of(Person(Admin).Id)[0];

    private ConsoleDb Db => _site.Services.GetRequiredService<ConsoleDb>();

    private static Uri Export(string format, string filter = "") => new($"/audit/export?format={format}&{filter}".TrimEnd('&'), UriKind.Relative);

    private Task<long> SizeAsync() => Db.ReadAsync(TreeTable.SizeOn, Token);

    private async Task<AuditEntry> ExportedAsync() => (await PageAsync(new AuditQuery { Types = [AuditEventTypes.AuditExported] }))[0];

    private async Task<IReadOnlyList<AuditEntry>> PageAsync(AuditQuery query) => (await _site.Services.GetRequiredService<AuditReader>().ReadAsync(query, null, 100_000, Token)).Entries;

    private static List<long> SequencesIn(string format, byte[] file) => format switch
    {
        "csv" => [.. PlainCsv.Rows(file).Skip(1).Select(row => long.Parse(row[0], CultureInfo.InvariantCulture))],
        "jsonl" => [.. Parts(format, file).Events.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("index").GetInt64() + 1)],
        _ => [.. Parts(format, file).Events.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("metadata").GetProperty("sequence").GetInt64())],
    };

    /// <summary>A file by its events: what stands before them, each, and behind them.</summary>
    private static (string Head, string[] Events, string End) Parts(string format, byte[] file)
    {
        if (format == "csv")
        {
            var rows = PlainCsv.Rows(file).Select(row => string.Join('\u0001', row)).ToArray();
            return (rows[0], rows[1..], "");
        }

        var lines = Encoding.UTF8.GetString(file).Split('\n');
        Assert.Equal("", lines[^1]);
        return format == "jsonl" ? (lines[0], lines[1..^2], lines[^2]) : ("", lines[..^1], "");
    }

    private void Tamper(string statements)
    {
        using var connection = new SqliteConnection($"Data Source={Db.File};Pooling=False");
        connection.Open();
        SqliteFile.Tamper(connection, statements);
    }

    private async Task RevokeAsync(StaffId staff)
    {
        await using var scope = _site.Services.CreateAsyncScope();
        var (window, ruth) = (scope.ServiceProvider, Person(Manager));
        var signIn = await window.GetRequiredService<SignInDesk>().BeginAsync(new ProvenPerson(ruth.Id, ruth.Name, ruth.Email, TimeProvider.System.GetUtcNow()), clientAddress: null, Token);
        ((IHostEnvironmentAuthenticationStateProvider)window.GetRequiredService<AuthenticationStateProvider>()).SetAuthenticationState(
            Task.FromResult(new AuthenticationState(StaffClaims.Principal(ruth.Id, ruth.Name, ruth.Email, signIn, "Test"))));
        await window.GetRequiredService<RoleBook>().RevokeAsync(window.GetRequiredService<CurrentStaff>(), staff, Role.Admin, "No longer works in support", Token);
    }

    private async Task FillAsync(int count)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            await Trail.AppendAsync([.. some.Select(Odd)]);
            await Trail.IndexAsync(Token); // However slow the machine, none of it is left for whoever exports.
        }
    }

    private AuditEvent Odd(int number)
    {
        string[] types = [AuditEventTypes.RecordsListed, AuditEventTypes.RecordViewed, AuditEventTypes.UserViewed, AuditEventTypes.SignedIn, AuditEventTypes.PolicyDenied];
        return new AuditEvent(types[_dice.Next(types.Length)], TimeProvider.System.GetUtcNow().AddMinutes(-_dice.Next(3000)), new AuditActor(Person(_dice.Next(2) == 0 ? Agent : OtherAgent).Id, "Mia Chen", [Role.Agent]))
        {
            Outcome = (AuditOutcome)_dice.Next(3), SessionId = _dice.Next(3) == 0 ? null : $"s{_dice.Next(9)}", Subject = _dice.Next(2) == 0 ? null : new AuditSubject("users", _dice.Next(2) == 0 ? User : "other", "Ada Lovelace"),
            Reason = $"Cannot see order {_dice.Next(40)}, line {number}", ClientAddress = "192.0.2.7", Target = new AuditTarget("posts") { RecordIds = [$"r{number}"], Count = 1 },
        };
    }
}
