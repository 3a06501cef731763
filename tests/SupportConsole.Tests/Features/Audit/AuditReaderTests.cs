using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Hosting;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit;

public sealed class AuditReaderTests : IAsyncLifetime
{
    private const int Events = 3000;
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Words = ["Refund", "refunds", "résumé", "SUP-12", "naïve", "日本語", "x", "conversation", "build27"];
    private static readonly string[] Types =
        [AuditEventTypes.SessionOpened, AuditEventTypes.SessionEnded, AuditEventTypes.RecordViewed, AuditEventTypes.PolicyDenied];

    private readonly SqliteFile _file = new();
    private ConsoleDb _db = null!;
    private ConsoleWriter _writer = null!;
    private AuditTrail _trail = null!;
    private AuditReader _reader = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _db = _file.Open();
        _writer = _file.OpenWriter(_db);
        _trail = SqliteFile.TrailOn(_writer, _db);
        _reader = new AuditReader(_db, _trail);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Every_combination_of_filters_finds_what_a_plain_search_finds()
    {
        var all = await _trail.AppendAsync([.. Enumerable.Range(0, Events).Select(Varied)]);

        for (var mask = 0; mask < 256; mask++)
        {
            foreach (var seed in new[] { 3, 1717 })
            {
                var query = QueryFor(mask, Varied(seed));
                var expected = Newest(all.Where(entry => Matches(query, entry.Event)), query);
                Assert.Equal(expected, await ReadAllAsync(query, take: 97));
            }
        }
    }

    [Fact]
    public async Task Every_code_point_of_the_first_plane_is_recorded_and_found_again()
    {
        const int each = 64;
        var events = Enumerable.Range(0, 0x10000 / each).Select(part => new AuditEvent(AuditEventTypes.SessionRequested, Noon.AddSeconds(part), AuditActor.System)
        {
            Reason = $"part{part:0000} {new string([.. Enumerable.Range(part * each, each).Select(value => (char)value)])}",
        }).ToArray();
        await _trail.AppendAsync(events);

        foreach (var (written, part) in events.Select((written, part) => (written, part)))
        {
            var found = Assert.Single((await _reader.ReadAsync(new AuditQuery { Text = $"part{part:0000}" }, null, 10, Token)).Entries, entry => entry.Event.At == written.At);
            Assert.Equal(CanonicalForm.AsKept(written).Reason, found.Event.Reason);
        }

        Assert.Equal(events.Length, (await ReadAllAsync(AuditQuery.All, take: 97)).Count);
    }

    [Fact]
    public async Task A_damaged_entry_is_shown_as_such_and_hides_nothing_else()
    {
        await _trail.AppendAsync([.. Enumerable.Range(0, 3).Select(Varied)]);
        using (var other = _file.Connect())
        {
            using var insert = other.Prepare(
                "INSERT INTO audit_event (seq, time, type, outcome, actor, subject, session, leaf, body) VALUES (4, $time, 'session.opened', 0, 1, NULL, NULL, x'00', x'7b7b')",
                ("$time", StoredTime.From(Noon.AddDays(1))));
            insert.ExecuteNonQuery();
        }

        await _trail.AppendAsync([.. Enumerable.Range(5, 3).Select(Varied)]);

        var entries = (await _reader.ReadAsync(AuditQuery.All, null, 100, Token)).Entries;
        Assert.Equal(7, entries.Count);
        var damaged = Assert.Single(entries, entry => entry.IsDamaged);
        Assert.Equal((4, "session.opened", Noon.AddDays(1)), (damaged.Sequence, damaged.Event.Type, damaged.Event.At));
        Assert.StartsWith("damaged", damaged.Event.Detail, StringComparison.Ordinal);
        Assert.NotEmpty((await _reader.ReadAsync(new AuditQuery { Types = [Varied(6).Type] }, null, 100, Token)).Entries);
        // What the index found it by, it can't say itself any more.
        var succeeded = new AuditQuery { Outcome = AuditOutcome.Success };
        Assert.Contains((await _reader.ReadAsync(succeeded, null, 100, Token)).Entries, entry => entry.IsDamaged);
        Assert.Contains((await _reader.ReadSinceAsync(succeeded, 0, 100, Token)).Entries, entry => entry.IsDamaged);
    }

    [Theory]
    [InlineData("UPDATE audit_event SET body = (SELECT body FROM audit_event WHERE seq = 1) WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET body = (SELECT body FROM audit_event WHERE seq = 1), leaf = (SELECT leaf FROM audit_event WHERE seq = 1) WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET body = CAST(replace(CAST(body AS TEXT), 'staff-', 'stuff-') AS BLOB) WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET leaf = x'' WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET body = x'' WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = NULL WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = x'' WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = x'7b7d' WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = x'edA080' WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = (SELECT personal FROM audit_event WHERE seq = 1) WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = CAST(replace(CAST(personal AS TEXT), 'Staff', 'Stuff') AS BLOB) WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = CAST(replace(CAST(personal AS TEXT), 'Staff', 'St\\u0061ff') AS BLOB) WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET personal = CAST(replace(CAST(personal AS TEXT), '{\"about\"', '{ \"about\"') AS BLOB) WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET body = x'00', time = 300000000000000000 WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET body = x'00', time = 9223372036854775807 WHERE seq = 2")]
    [InlineData("UPDATE audit_event SET body = x'00', time = -9223372036854775808 WHERE seq = 2")]
    public async Task An_entry_that_was_changed_past_the_triggers_is_shown_as_damaged(string statement)
    {
        await _trail.AppendAsync([.. Enumerable.Range(0, 3).Select(Varied)]);
        await _trail.IndexAsync(Token);
        using (var other = _file.Connect())
        {
            other.Run($"DROP TRIGGER audit_event_is_never_changed; {statement}");
        }

        var entries = (await _reader.ReadAsync(AuditQuery.All, null, 100, Token)).Entries;

        Assert.Equal([(1L, false), (2L, true), (3L, false)], entries.Select(entry => (entry.Sequence, entry.IsDamaged)).Order());
        // Also where it is the last of a page, at which the next one continues.
        Assert.Equal([1, 2, 3], (await ReadAllAsync(AuditQuery.All, 1)).Order());
    }

    [Fact]
    public async Task Text_beside_an_entry_that_is_bound_to_none_is_shown_as_damage()
    {
        await _trail.AppendAsync(Varied(1));
        using (var other = _file.Connect())
        {
            var body = CanonicalForm.Encode(2, Varied(2));
            using var insert = other.Prepare(
                "INSERT INTO audit_event (seq, time, type, outcome, actor, leaf, body, personal) SELECT 2, time, type, outcome, actor, $leaf, $body, personal FROM audit_event",
                ("$leaf", CanonicalForm.LeafHash(body).ToArray()), ("$body", body));
            insert.ExecuteNonQuery();
            using var older = other.Prepare(
                "INSERT INTO audit_event (seq, time, type, outcome, actor, leaf, body) SELECT 3, time, type, outcome, actor, $leaf, $body FROM audit_event WHERE seq = 1",
                ("$leaf", CanonicalForm.LeafHash(CanonicalForm.Encode(3, Varied(3))).ToArray()), ("$body", CanonicalForm.Encode(3, Varied(3))));
            older.ExecuteNonQuery();
        }

        var entries = (await _reader.ReadAsync(AuditQuery.All, null, 9, Token)).Entries;

        Assert.Equal([(1L, false), (2L, true), (3L, false)], entries.Select(entry => (entry.Sequence, entry.IsDamaged)).Order());
        Assert.Equal(Varied(3).Reason, entries.Single(entry => entry.Sequence == 3).Event.Reason);
    }

    [Theory]
    [InlineData("INSERT INTO audit_find SELECT seq, time, 'role.granted', outcome, actor, subject, session FROM audit_event WHERE seq = 4", "something else")]
    [InlineData("INSERT INTO audit_find VALUES (9, 1, 'role.granted', 0, 1, NULL, NULL)", "something else")]
    [InlineData("INSERT OR REPLACE INTO audit_find SELECT * FROM audit_find", "never replaced")]
    [InlineData("UPDATE audit_find SET time = 0", "never changed")]
    [InlineData("DELETE FROM audit_find", "never removed")]
    [InlineData("UPDATE audit_found SET seq = 4", "never passes over")]
    [InlineData("UPDATE audit_found SET seq = 1", "never passes over")]
    [InlineData("DELETE FROM audit_found", "never forgets")]
    public async Task Database_refuses_to_hide_events_from_the_filters(string statement, string refused)
    {
        await _trail.AppendAsync([.. Enumerable.Range(0, 3).Select(Varied)]);
        await _reader.ReadAsync(AuditQuery.All, null, 1, Token);
        await _trail.AppendAsync(Varied(4));
        using var other = _file.Connect();

        var refusal = Assert.Throws<SqliteException>(() => other.Run(statement));

        Assert.Contains(refused, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await ReadAllAsync(AuditQuery.All, 2)).Count);
    }

    [Fact]
    public async Task Index_that_stands_still_is_told_from_a_trail_that_cannot_be_written()
    {
        await _trail.AppendAsync(Varied(1));
        Assert.True(await _trail.IsIndexedAsync());
        using (var other = _file.Connect())
        {
            other.Run("DROP TABLE audit_text");
        }

        Assert.True(await _writer.IsWritableAsync());
        Assert.False(await _trail.IsIndexedAsync()); // Though every event is in it that there is.
        var ready = await new TrailHealth(_writer, _trail, TimeProvider.System).CheckHealthAsync(new HealthCheckContext(), Token);
        Assert.Equal(HealthStatus.Unhealthy, ready.Status);
        Assert.Contains("index stands still", ready.Description, StringComparison.Ordinal);
        Assert.Equal(2, (await _trail.AppendAsync(Varied(2))).Sequence);
        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _reader.ReadAsync(AuditQuery.All, null, 9, Token));
        Assert.Equal(NotWrittenReason.Index, refusal.Reason);
    }

    [Fact]
    public async Task Index_that_has_not_come_so_far_yet_is_told_from_a_disk_that_does_not_answer()
    {
        foreach (var some in Enumerable.Range(0, 20_000).Chunk(1000))
        {
            await _trail.AppendAsync([.. some.Select(Varied)]);
        }

        var reasons = new List<NotWrittenReason>();
        _trail.IndexLimit = TimeSpan.FromMilliseconds(1);
        while (reasons is not [.., NotWrittenReason.IndexBehind])
        {
            reasons.Add((await Assert.ThrowsAsync<NotWrittenException>(() => _reader.ReadAsync(AuditQuery.All, null, 9, Token))).Reason);
            _trail.IndexLimit *= 1.5;
        }

        Assert.All(reasons.SkipLast(1), reason => Assert.Equal(NotWrittenReason.Disk, reason)); // Not one piece came in so short a time.
        _trail.IndexLimit = TimeSpan.FromMinutes(5);
        Assert.Equal(20_000, (await _reader.ReadAsync(AuditQuery.All, null, 1, Token)).Entries[0].Sequence);
    }

    [Fact]
    public async Task Ids_decide_and_not_their_fingerprints()
    {
        var stranger = Varied(1) with { SessionId = "s-other", Type = AuditEventTypes.SessionOpened, Subject = new AuditSubject("users", "eve", "Eve") };
        await _trail.AppendAsync([Session("a", AuditEventTypes.SessionOpened), Session("b", AuditEventTypes.SessionOpened)]);
        // Two ids with one number can't be found, so events are given the numbers of another's.
        using (var other = _file.Connect())
        {
            AppendAs(other, 3, stranger, IdFingerprint.Of("users/ada"), IdFingerprint.Of("b"));
            AppendAs(other, 4, stranger with { Type = AuditEventTypes.SessionEnded }, IdFingerprint.Of("users/ada"), IdFingerprint.Of("b"));
        }

        var ada = new AuditSubjectKey("users", "ada");

        Assert.Equal("b", (await _reader.LastViewsAsync([ada], Token))[ada].Event.SessionId);
        Assert.Equal(["b", "a"], (await _reader.SessionsOfSubjectAsync(ada, 2, Token)).Select(entry => entry.Event.SessionId));
        var (opened, ended) = await _reader.SessionBoundsAsync("b", Token);
        Assert.Equal("b", opened?.Event.SessionId);
        Assert.Null(ended);
        Assert.Equal([2L, 1L], await ReadAllAsync(new AuditQuery { Subject = ada }, 9));
        // The end of somebody else's session doesn't end this one.
        Assert.Equal(["a", "b", "s-other"], (await _reader.OpenSessionsAtLastStopAsync(Token)).Select(entry => entry.Event.SessionId));

        static void AppendAs(SqliteConnection connection, long seq, AuditEvent occurred, long? subject, long? session)
        {
            var body = CanonicalForm.Encode(seq, occurred);
            using var insert = connection.Prepare(
                "INSERT INTO audit_event (seq, time, type, outcome, actor, subject, session, leaf, body) VALUES ($seq, $time, $type, $outcome, 1, $subject, $session, $leaf, $body)",
                ("$seq", seq), ("$time", StoredTime.From(occurred.At)), ("$type", occurred.Type), ("$outcome", (long)occurred.Outcome),
                ("$subject", subject), ("$session", session), ("$leaf", CanonicalForm.LeafHash(body).ToArray()), ("$body", body));
            insert.ExecuteNonQuery();
        }
    }

    [Fact]
    public async Task Every_combination_walks_an_index()
    {
        _db.Prepare();
        for (var mask = 0; mask < 256; mask++)
        {
            foreach (var outcome in Enum.GetValues<AuditOutcome>())
            {
                var search = TrailSearch.For(QueryFor(mask, Varied(1) with { Outcome = outcome }), new AuditCursor(StoredTime.From(Noon), 9), 50);
                if (search is null)
                {
                    continue;
                }

                var plan = await _db.ReadAsync(
                    connection =>
                    {
                        using var command = search.On(connection);
#pragma warning disable CA2100 // The statement under test.
                        command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText}";
#pragma warning restore CA2100
                        using var rows = command.ExecuteReader();
                        var steps = new List<string>();
                        while (rows.Read())
                        {
                            steps.Add(rows.GetString(3));
                        }

                        return string.Join('\n', steps);
                    },
                    Token);

                if (!plan.Contains("COMPOUND", StringComparison.Ordinal))
                {
                    Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal); // Else it sorts a page of each type.
                }

                Assert.DoesNotContain("SCAN f", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("SCAN e", plan, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Pages_neither_skip_nor_repeat_while_the_clock_jumps_and_events_arrive()
    {
        var all = await _trail.AppendAsync([.. Enumerable.Range(0, 200).Select(i => Varied(i) with { At = Noon.AddSeconds(i % 7) })]);

        var seen = new List<long>();
        AuditCursor? before = null;
        do
        {
            var page = await _reader.ReadAsync(AuditQuery.All, before, 7, Token);
            seen.AddRange(page.Entries.Select(entry => entry.Sequence));
            before = page.Next;
            await _trail.AppendAsync(Varied(5) with { At = Noon.AddDays(1) });
        }
        while (before is not null);

        Assert.Equal(Newest(all, AuditQuery.All), seen);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("refund\" OR \"x")]
    [InlineData("NEAR(refund x)")]
    [InlineData("words:refund")]
    [InlineData("refund*")]
    [InlineData("-refund")]
    [InlineData("^refund AND NOT x")]
    [InlineData("'; DROP TABLE audit_event; --")]
    [InlineData("\0refund")]
    [InlineData("\ud800")]
    [InlineData("\ue000arefund")]
    [InlineData("( ) { } + : , .")]
    [InlineData("🙂")]
    public async Task Hostile_text_is_only_words(string text)
    {
        var all = await _trail.AppendAsync([.. Enumerable.Range(0, 50).Select(Varied)]);
        var query = new AuditQuery { Text = text };

        var found = await ReadAllAsync(query, 20);

        Assert.Equal(Newest(all.Where(entry => Matches(query, entry.Event)), query), found);
    }

    [Theory]
    [InlineData("RESUME")]
    [InlineData("résu")]
    [InlineData("ada love")]
    [InlineData("sup 4711")]
    [InlineData("SUP-47")]
    [InlineData("日本")]
    [InlineData("r1")]
    [InlineData("conv")]
    [InlineData("internationalisation")]
    [InlineData("internationa")]
    [InlineData("build")]
    [InlineData("build2")]
    public async Task Text_finds_beginnings_of_words_without_case_and_accents(string text)
    {
        await _trail.AppendAsync(Varied(1) with { Reason = "unrelated", Ticket = null, Target = null, Subject = null, Detail = null });
        var wanted = await _trail.AppendAsync(Varied(1) with
        {
            Reason = "the Résumé of 日本語: build27, internationalisation, conversations",
            Ticket = "SUP-4711",
            Subject = new AuditSubject("users", "u1", "Ada Lovelace"),
            Target = new AuditTarget("posts") { RecordIds = ["r1x2"] },
        });

        var page = await _reader.ReadAsync(new AuditQuery { Text = text }, null, 10, Token);

        Assert.Equal(wanted.Sequence, Assert.Single(page.Entries).Sequence);
    }

    [Fact]
    public async Task Appends_have_their_turn_while_a_long_trail_is_indexed()
    {
        await _trail.AppendAsync([.. Enumerable.Range(0, 4000).Select(Varied)]);

        var reading = _reader.ReadAsync(new AuditQuery { Text = "refund" }, null, 5, Token);
        var appends = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _trail.AppendAsync(Varied(i))));

        Assert.Equal(5, (await reading).Entries.Count);
        Assert.Equal(4020, appends.Max(entry => entry.Sequence));
    }

    [Fact]
    public async Task Open_sessions_are_those_without_an_end()
    {
        await _trail.AppendAsync([Session("a", AuditEventTypes.SessionOpened), Session("b", AuditEventTypes.SessionOpened)]);
        await _trail.AppendAsync([Session("a", AuditEventTypes.SessionEnded), Session("c", AuditEventTypes.SessionOpened)]);

        var open = await _reader.OpenSessionsAtLastStopAsync(Token);

        Assert.Equal(["b", "c"], open.Select(entry => entry.Event.SessionId));
    }

    [Fact]
    public async Task Open_sessions_are_looked_for_no_further_back_than_the_last_start()
    {
        await _trail.AppendAsync([Session("a", AuditEventTypes.SessionOpened), Session("a", AuditEventTypes.SessionEnded)]);
        await _trail.AppendAsync(Session("b", AuditEventTypes.SessionOpened));
        await _trail.AppendAsync(new AuditEvent(AuditEventTypes.SystemStarted, DateTimeOffset.UnixEpoch, AuditActor.System));
        await _trail.AppendAsync(Session("c", AuditEventTypes.SessionOpened));

        var open = await _reader.OpenSessionsAtLastStopAsync(Token);

        Assert.Equal("c", Assert.Single(open).Event.SessionId);
    }

    [Fact]
    public async Task Last_view_of_a_user_is_the_newest_opened_session()
    {
        await _trail.AppendAsync([Session("a", AuditEventTypes.SessionOpened), Session("b", AuditEventTypes.SessionOpened), Session("b", AuditEventTypes.SessionEnded)]);
        var ada = new AuditSubjectKey("users", "ada");

        var views = await _reader.LastViewsAsync([ada, new AuditSubjectKey("users", "nobody"), new AuditSubjectKey("staff", "ada")], Token);

        Assert.Equal("b", Assert.Single(views).Value.Event.SessionId);
        Assert.Equal(["b", "a"], (await _reader.SessionsOfSubjectAsync(ada, 9, Token)).Select(entry => entry.Event.SessionId));
    }

    [Fact]
    public async Task A_session_has_its_beginning_and_its_end()
    {
        await _trail.AppendAsync(
        [
            Session("a", AuditEventTypes.SessionOpened), Session("b", AuditEventTypes.SessionOpened),
            Session("b", AuditEventTypes.ReadRequested), Session("b", AuditEventTypes.RecordsListed),
            Session("a", AuditEventTypes.RecordViewed), Session("b", AuditEventTypes.RecordViewed),
            Session("b", AuditEventTypes.RecordViewed) with { Outcome = AuditOutcome.Denied }, Session("b", AuditEventTypes.SessionEnded),
        ]);

        var (opened, ended) = await _reader.SessionBoundsAsync("b", Token);

        Assert.Equal((2, 8), (opened?.Sequence, ended?.Sequence));
        Assert.Equal((1L, null), ((await _reader.SessionBoundsAsync("a", Token)).Opened?.Sequence, (await _reader.SessionBoundsAsync("a", Token)).Ended));
        Assert.Equal((null, null), await _reader.SessionBoundsAsync("nobody's", Token));
    }

    [Fact]
    public async Task Staff_seen_go_by_their_last_name()
    {
        var mia = new AuditActor(new StaffId("demo/mia"), "Mia Chen", []);
        await _trail.AppendAsync([Varied(1) with { Actor = mia, At = Noon }, Varied(1) with { Actor = mia with { Name = "Mia Chen-Lee" }, At = Noon.AddDays(1) }]);
        await _trail.AppendAsync(Varied(1) with { Actor = AuditActor.System });

        var seen = await _reader.StaffSeenAsync(Token);

        Assert.Equal([new SeenStaff(mia.Id, "Mia Chen-Lee"), new SeenStaff(StaffId.System, "System")], seen);
    }

    [Fact]
    public async Task An_empty_trail_has_an_empty_page_and_entries_are_as_they_were_appended()
    {
        Assert.Empty((await _reader.ReadAsync(AuditQuery.All, null, 5, Token)).Entries);
        var entries = await _trail.AppendAsync([Varied(1), Varied(2)]);

        Assert.Equal(
            entries.Reverse().Select(entry => Convert.ToHexString(entry.LeafHash.AsSpan())),
            (await _reader.ReadAsync(AuditQuery.All, null, 5, Token)).Entries.OrderByDescending(entry => entry.Sequence).Select(entry => Convert.ToHexString(entry.LeafHash.AsSpan())));
    }

    [Fact]
    public async Task Events_of_another_instance_are_found()
    {
        await _file.OpenTrail(_file.Open()).AppendAsync(Varied(1));

        Assert.Single((await _reader.ReadAsync(new AuditQuery { Actor = Varied(1).Actor.Id }, null, 5, Token)).Entries);
    }

    private async Task<List<long>> ReadAllAsync(AuditQuery query, int take)
    {
        var found = new List<long>();
        AuditCursor? before = null;
        do
        {
            var page = await _reader.ReadAsync(query, before, take, Token);
            found.AddRange(page.Entries.Select(entry => entry.Sequence));
            before = page.Next;
        }
        while (before is not null);
        return found;
    }

    private static IEnumerable<long> Newest(IEnumerable<AuditEntry> entries, AuditQuery query) =>
        (query.Text is null
            ? entries.OrderByDescending(entry => entry.Event.At).ThenByDescending(entry => entry.Sequence)
            : entries.OrderByDescending(entry => entry.Sequence)).Select(entry => entry.Sequence);

    private static AuditQuery QueryFor(int mask, AuditEvent like) => new()
    {
        From = (mask & 1) != 0 ? Noon.AddSeconds(200) : null,
        To = (mask & 2) != 0 ? Noon.AddSeconds(800) : null,
        Actor = (mask & 4) != 0 ? like.Actor.Id : null,
        Subject = (mask & 8) != 0 ? new AuditSubjectKey(like.Subject?.Collection ?? "users", like.Subject?.Id ?? "u0") : null,
        // One, or two: the like's own and one more.
        Types = (mask & 16) == 0 ? [] : (mask & 1) != 0 ? [like.Type] : [.. new[] { like.Type, AuditEventTypes.PolicyDenied }.Distinct()],
        Outcome = (mask & 32) != 0 ? like.Outcome : null,
        SessionId = (mask & 64) != 0 ? like.SessionId ?? "s0" : null,
        Text = (mask & 128) != 0 ? like.Reason![..3] : null,
    };

    /// <summary>The filters said again, the slow way.</summary>
    private static bool Matches(AuditQuery query, AuditEvent occurred) =>
        (query.From is not { } from || occurred.At >= from)
        && (query.To is not { } to || occurred.At < to)
        && (query.Actor is not { } actor || actor == occurred.Actor.Id)
        && (query.Subject is not { } subject || $"{subject}" == $"{occurred.Subject?.Collection}/{occurred.Subject?.Id}")
        && (query.SessionId is not { } session || session == occurred.SessionId)
        && (query.Types.Count == 0 || query.Types.Contains(occurred.Type))
        && (query.Outcome is null || query.Outcome == occurred.Outcome)
        && (query.Text is not { } text || Holds(text, occurred));

    private static bool Holds(string text, AuditEvent occurred)
    {
        var wanted = IndexWords.WordsIn(text).ToList();
        string?[] texts = [occurred.Reason, occurred.Ticket, occurred.Actor.Id.Value, occurred.Actor.Name, occurred.Subject?.Collection,
            occurred.Subject?.Id, occurred.Subject?.Name, occurred.SessionId, occurred.Detail];
        var words = texts.OfType<string>().SelectMany(IndexWords.WordsIn).ToList();
        return wanted.Count > 0 && wanted.All(word => words.Any(have => have.StartsWith(word, StringComparison.Ordinal)));
    }

    private static AuditEvent Session(string id, string type) =>
        Varied(1) with { Type = type, SessionId = id, Subject = new AuditSubject("users", "ada", "Ada") };

    /// <summary>Events that differ in everything, the same in each run; the clock goes back now and then.</summary>
    private static AuditEvent Varied(int i)
    {
        var roll = (int)((uint)i * 2654435761u >> 8);
        return new AuditEvent(
            Types[roll % 4],
            Noon.AddSeconds((i / 3) - (i % 11 == 0 ? 40 : 0)),
            new AuditActor(new StaffId($"demo/staff-{roll / 4 % 5}"), $"Staff {roll / 4 % 5}", [Role.Agent]))
        {
            Outcome = (AuditOutcome)(roll / 32 % 10 > 7 ? (roll / 320 % 2) + 1 : 0),
            Subject = roll / 64 % 5 == 0 ? null : new AuditSubject("users", $"u{roll / 64 % 9}", "Ada"),
            SessionId = roll / 128 % 3 == 0 ? null : $"s{roll / 128 % 6}",
            Reason = $"{Words[roll / 7 % Words.Length]} {Words[roll / 13 % Words.Length]}",
            Ticket = $"T{roll % 20}",
        };
    }
}
