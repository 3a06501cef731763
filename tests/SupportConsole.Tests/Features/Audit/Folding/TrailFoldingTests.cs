using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Folding;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Folding;

/// <summary>Rows of the trail: a read's two entries are one, a session may be one, and each entry is on exactly one, wherever pages end.</summary>
public sealed class TrailFoldingTests : IAsyncLifetime
{
    private static readonly AuditActor Mia = new(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]);

    private static readonly AuditActor Jan = new(new StaffId("demo/jan-peeters"), "Jan Peeters", [Role.Agent]);

    private static readonly AuditSubject Ada = new("users", "u1", "Ada Lovelace");

    private ConsoleServices _console = null!;
    private DateTimeOffset _now;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync();
        _now = _console.Clock.GetUtcNow();
    }

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData(3, 500)]
    [InlineData(7, 2000)]
    [InlineData(50, 2000)]
    [InlineData(400, 2000)]
    public async Task Each_event_is_on_exactly_one_row_wherever_pages_end(int pageLength, int events)
    {
        await FillAsync(events);
        var answered = ReadPairs.In(await FoundAsync(AuditQuery.All));
        foreach (var filter in (string[])["all", "session", "answers", "questions", "lists", "failed", "successful", "text", "person", "subject"])
        {
            var query = QueryOf(filter);
            var found = await FoundAsync(query);

            var rows = await ScrollAsync(new KeysetPages(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), query, pageLength: pageLength), 250);

            Assert.Equal(found.Select(entry => entry.Sequence).Order(), SequencesIn(rows).Order());
            Assert.Equal(found.Select(entry => entry.Sequence).Intersect(rows.Select(row => row.Entry.Sequence)), rows.Select(row => row.Entry.Sequence));
            // A pair is a row wherever the list has both, and one is without an answer only where there is none at all.
            var pairs = ReadPairs.In(found);
            Assert.All(rows, row =>
            {
                Assert.Equal(pairs.GetValueOrDefault(row.Entry.Sequence)?.Sequence, row.Question?.Sequence);
                Assert.Equal(ReadPairs.IsQuestion(row.Entry) && !answered.ContainsKey(row.Entry.Sequence), row.IsUnanswered);
            });
            Assert.Equal(filter is not ("answers" or "questions" or "failed"), rows.Exists(row => row.Question is not null));
            Assert.Equal(filter is not ("answers" or "failed"), rows.Exists(row => row.IsUnanswered));
        }
    }

    [Theory]
    [InlineData("all", 0)]
    [InlineData("all", 7)]
    [InlineData("all", 50)]
    [InlineData("session", 7)]
    [InlineData("answers", 50)]
    [InlineData("failed", 7)]
    [InlineData("text", 50)]
    [InlineData("person", 7)]
    public async Task A_session_is_one_row_and_has_all_that_the_filters_find(string filter, int pageLength)
    {
        await FillAsync(900);
        var query = QueryOf(filter);
        var found = await FoundAsync(query);
        var pages = new KeysetPages(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), query, bySession: true, pageLength);

        var folded = await ScrollAsync(pages, 100);

        var sessions = found.Where(entry => entry.Event.SessionId is not null).GroupBy(entry => entry.Event.SessionId).ToList();
        Assert.Equal(sessions.Select(session => session.First().Sequence), folded.Where(row => row.Session is not null).Select(row => row.Entry.Sequence));
        foreach (var row in folded.Where(row => row.IsFold))
        {
            await pages.ToggleAsync(row, Token);
        }

        var unfolded = await ScrollAsync(pages, 100);
        Assert.Equal(found.Select(entry => entry.Sequence).Order(), SequencesIn(unfolded.Where(row => row.Session is null), withQuestions: false).Concat(QuestionsFolded(unfolded)).Order());
        foreach (var row in folded.Where(row => row.IsFold).Reverse())
        {
            await pages.ToggleAsync(row, Token);
        }

        Assert.Equal(folded.Select(row => row.Key), (await ScrollAsync(pages, 100)).Select(row => row.Key));
    }

    [Fact]
    public async Task What_is_unfolded_stands_below_its_row_however_the_list_is_asked_for()
    {
        await FillAsync(200);
        var pages = new KeysetPages(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), AuditQuery.All, pageLength: 20);
        var folded = await ScrollAsync(pages, 10);
        var some = folded.Where(row => row.IsFold).Where((_, number) => number % 3 == 0).ToList();
        foreach (var row in some.AsEnumerable().Reverse())
        {
            await pages.ToggleAsync(row, Token);
        }

        var all = await ScrollAsync(pages, 1000);

        Assert.NotEmpty(some);
        Assert.Equal(folded.Count + some.Count, all.Count);
        Assert.All(some, row => Assert.Equal(row.Question!.Sequence, all[all.FindIndex(drawn => drawn.Key == row.Key) + 1].Entry.Sequence));
        for (var start = 0; start < all.Count; start++)
        {
            var given = await pages.ProvideAsync(start, 3, Token);
            Assert.Equal(all.Skip(start).Take(3).Select(row => (row.Entry.Sequence, row.Depth, row.IsOpen)), given.Items.Select(row => (row.Entry.Sequence, row.Depth, row.IsOpen)));
        }
    }

    [Fact]
    public async Task An_answer_that_comes_while_somebody_reads_neither_hides_its_question_nor_makes_it_unanswered()
    {
        await AppendAsync(Question("r1", "s1"));
        var pages = new KeysetPages(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), AuditQuery.All);
        Assert.True((await ScrollAsync(pages, 10)).Single(row => row.Entry.Event.CorrelationId == "r1").IsUnanswered);

        await AppendAsync(Answer("r1", "s1"));

        var row = (await ScrollAsync(pages, 10)).Single(row => row.Entry.Event.CorrelationId == "r1");
        Assert.Equal((AuditEventTypes.ReadRequested, false), (row.Entry.Event.Type, row.IsUnanswered));
        Assert.Equal("Mia Chen asked for posts as Ada Lovelace", row.Sentence.ToString());
        var anew = await ScrollAsync(new KeysetPages(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), AuditQuery.All), 10);
        Assert.Equal("Mia Chen read 3 posts as Ada Lovelace", anew.Single(row => row.Question is not null).Sentence.ToString());
    }

    /// <summary>What says that it belongs to a read, but not of this session, of this person or of this kind, doesn't.</summary>
    [Fact]
    public async Task Only_what_agrees_in_everything_is_a_pair()
    {
        var written = await AppendAsync(
            Question("r1", "s1"), Answer("r1", "s2"), Answer("r1", null), Answer("r1", "s1") with { Actor = Jan }, Answer("r1", "s1") with { Type = AuditEventTypes.FileViewed },
            Question("r2", "s1"), Question("r2", "s1"), Answer("r2", "s1"), Answer("r2", "s1"));

        var rows = await ScrollAsync(PagesOf(1), 50);

        Assert.Equal(written.Order(), SequencesIn(rows).Intersect(written).Order());
        Assert.Equal(SequencesIn(rows).Count(), SequencesIn(rows).Distinct().Count());
        var pair = Assert.Single(rows, row => row.Question is not null);
        Assert.Equal("r2", pair.Entry.Event.CorrelationId);
        Assert.Equal(pair.Entry.Sequence - 1, pair.Question!.Sequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task A_damaged_entry_is_a_row_and_may_be_the_answer(int pageLength)
    {
        var written = await AppendAsync(Question("r1", "s1"), Answer("r1", "s1"), Question("r2", "s1"));
        Damage(written[1]);

        var rows = await ScrollAsync(PagesOf(pageLength), 50);

        Assert.Equal([true, false, false], rows.Where(row => written.Contains(row.Entry.Sequence)).Select(row => row.IsUnanswered));
        Assert.Contains(rows, row => row.Entry.IsDamaged && row.Sentence.ToString().StartsWith("A damaged entry (records.listed)", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Sentence.ToString() == "Mia Chen asked for posts as Ada Lovelace");
    }

    [Theory]
    [InlineData(true, false, "Somebody (the entry of its opening is damaged) viewed as Ada Lovelace for 2 minutes: 1 list; SUP-12; ended by Mia Chen")]
    [InlineData(false, true, "Mia Chen viewed as Ada Lovelace for 2 minutes: 1 list; SUP-12; the entry of its end is damaged")]
    [InlineData(false, false, "Mia Chen viewed as Ada Lovelace for 2 minutes: 1 list; SUP-12; ended by Mia Chen")]
    public async Task A_session_with_damaged_entries_is_told_by_the_others(bool opening, bool end, string sentence)
    {
        var written = await AppendAsync(
            InSession(AuditEventTypes.SessionOpened, "s1") with { Detail = "15 min", Ticket = "SUP-12" }, Question("r1", "s1"), Answer("r1", "s1"),
            InSession(AuditEventTypes.SessionEnded, "s1") with { At = _now.AddMinutes(2), Detail = "ended by agent", Ticket = "SUP-12" });
        foreach (var damaged in (long[])[.. opening ? [written[0]] : Array.Empty<long>(), .. end ? [written[3]] : Array.Empty<long>()])
        {
            Damage(damaged);
        }

        var pages = new KeysetPages(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), AuditQuery.All, bySession: true);
        var rows = await ScrollAsync(pages, 50);

        var session = Assert.Single(rows, row => row.Session is not null);
        Assert.Equal(sentence, session.Sentence.ToString());
        Assert.Equal(written.Length, SequencesIn(rows.Where(row => row.Session is null)).Intersect(written).Count() + await UnfoldedAsync(pages, session, written));
    }

    [Fact]
    public async Task A_session_of_thousands_shows_some_below_its_row_and_leads_to_all()
    {
        await AppendAsync([InSession(AuditEventTypes.SessionOpened, "s1"), .. Enumerable.Range(1, 700).SelectMany(number => (AuditEvent[])[Question($"r{number}", "s1"), Answer($"r{number}", "s1")])]);
        var pages = new KeysetPages(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), AuditQuery.All, bySession: true);

        var session = Assert.Single(await ScrollAsync(pages, 50), row => row.Session is not null);
        await pages.ToggleAsync(session, Token);
        var rows = await ScrollAsync(pages, 50);

        Assert.Contains(": 700 lists; not ended yet", session.Sentence.ToString(), StringComparison.Ordinal);
        Assert.InRange(rows.Count(row => row.Depth == 1), KeysetPages.MostOfSession / 2, KeysetPages.MostOfSession + 1);
        Assert.True(rows.FindLast(row => row.Depth == 1)!.IsRest);
        Assert.Single(rows, row => row.IsRest);
    }

    private static async Task<int> UnfoldedAsync(KeysetPages pages, TrailRow session, long[] written)
    {
        await pages.ToggleAsync(session, Token);
        return SequencesIn((await ScrollAsync(pages, 50)).Where(row => row.Depth > 0)).Intersect(written).Count();
    }

    private KeysetPages PagesOf(int length) => new(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), AuditQuery.All, pageLength: length);

    private static AuditQuery QueryOf(string filter) => filter switch
    {
        "session" => new AuditQuery { SessionId = "s2" },
        "answers" => new AuditQuery { Types = [AuditEventTypes.RecordsListed, AuditEventTypes.UsersSearched] },
        "questions" => new AuditQuery { Types = [AuditEventTypes.ReadRequested] },
        "lists" => new AuditQuery { Types = [AuditEventTypes.ReadRequested, AuditEventTypes.RecordsListed] },
        "failed" => new AuditQuery { Outcome = AuditOutcome.Failed },
        "successful" => new AuditQuery { Outcome = AuditOutcome.Success },
        "text" => new AuditQuery { Text = "blue" },
        "person" => new AuditQuery { Actor = Mia.Id },
        "subject" => new AuditQuery { Subject = new AuditSubjectKey("users", "u1") },
        _ => AuditQuery.All,
    };

    private async Task<IReadOnlyList<AuditEntry>> FoundAsync(AuditQuery query) => (await _console.Get<AuditReader>().ReadAsync(query, null, 10_000, Token)).Entries;

    private async Task<long[]> AppendAsync(params AuditEvent[] events) =>
        [.. (await _console.Get<AuditTrail>().AppendAsync(events)).Select(entry => entry.Sequence)];

#pragma warning disable RS0030 // The seed is said.
    /// <summary>Sessions and searches of two people at once, with questions that wait for their answers, some for ever, and a clock that is set back now and then.</summary>
    private async Task FillAsync(int events)
    {
        var dice = new Random(11);
        List<AuditEvent> happened = [.. Enumerable.Range(1, 6).Select(number => InSession(AuditEventTypes.SessionOpened, $"s{number}"))];
        List<AuditEvent> waiting = [];
        while (happened.Count < events)
        {
            _now = _now.AddMilliseconds(dice.Next(100) == 0 ? -dice.Next(60_000) : dice.Next(500));
            var text = dice.Next(3) == 0 ? "a blue thing" : "a red thing";
            switch (dice.Next(10))
            {
                case < 4:
                    var session = dice.Next(3) == 0 ? null : $"s{dice.Next(1, 7)}";
                    var answer = Answer($"r{happened.Count}", session) with
                    {
                        Type = session is null ? AuditEventTypes.UsersSearched : dice.Next(2) == 0 ? AuditEventTypes.RecordsListed : AuditEventTypes.RecordViewed,
                        Actor = dice.Next(2) == 0 ? Mia : Jan, Outcome = dice.Next(5) == 0 ? AuditOutcome.Failed : AuditOutcome.Success, Reason = text,
                    };
                    happened.Add(answer with { Type = AuditEventTypes.ReadRequested, Detail = answer.Type, Outcome = AuditOutcome.Success, Reason = dice.Next(4) == 0 ? "a green thing" : text });
                    if (dice.Next(12) > 0)
                    {
                        waiting.Add(answer);
                    }

                    break;
                case < 8 when waiting.Count > 0:
                    var next = dice.Next(waiting.Count);
                    happened.Add(waiting[next] with { At = _now });
                    waiting.RemoveAt(next);
                    break;
                default:
                    happened.Add(new AuditEvent(AuditEventTypes.SignedIn, _now, dice.Next(2) == 0 ? Mia : Jan) { Detail = text });
                    break;
            }
        }

        await AppendAsync([.. happened]);
    }
#pragma warning restore RS0030

    private AuditEvent Question(string read, string? session) => Answer(read, session) with { Type = AuditEventTypes.ReadRequested, Detail = AuditEventTypes.RecordsListed, Target = new AuditTarget("posts") };

    private AuditEvent Answer(string read, string? session) => new(AuditEventTypes.RecordsListed, _now, Mia)
    {
        SessionId = session, CorrelationId = read, Subject = Ada, Target = new AuditTarget("posts") { Count = 3 },
    };

    private AuditEvent InSession(string type, string session) => new(type, _now, Mia) { SessionId = session, CorrelationId = session, Subject = Ada };

    private void Damage(long sequence)
    {
        using var connection = _console.File.Connect();
        connection.Run($"DROP TRIGGER IF EXISTS audit_event_is_never_changed; UPDATE audit_event SET body = x'00' WHERE seq = {sequence}");
    }

    private static IEnumerable<long> SequencesIn(IEnumerable<TrailRow> rows, bool withQuestions = true) =>
        rows.SelectMany(row => withQuestions && row.Question is { } question ? (long[])[row.Entry.Sequence, question.Sequence] : [row.Entry.Sequence]);

    /// <summary>Those in rows that aren't open.</summary>
    private static IEnumerable<long> QuestionsFolded(IEnumerable<TrailRow> rows) => rows.Where(row => !row.IsOpen).Select(row => row.Question).OfType<AuditEntry>().Select(question => question.Sequence);

    private static async Task<List<TrailRow>> ScrollAsync(KeysetPages pages, int step)
    {
        List<TrailRow> rows = [];
        while (true)
        {
            var given = await pages.ProvideAsync(rows.Count, step, Token);
            rows.AddRange(given.Items);
            if (rows.Count >= given.TotalItemCount)
            {
                Assert.Equal(given.TotalItemCount, rows.Count);
                return rows;
            }

            Assert.NotEmpty(given.Items);
        }
    }
}
