using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Dossier;

/// <summary>A session's entries as lines: in order, each once, however many there are and whatever became of some.</summary>
public sealed class SessionLinesTests : IAsyncLifetime
{
    private const string Id = "0123456789abcdef0123";

    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_question_and_its_answer_are_one_line_where_the_answer_stands()
    {
        await AppendAsync(
            Begin(), Opened(), Asked("a", AuditEventTypes.RecordsListed), Asked("b", AuditEventTypes.RecordViewed),
            Answered("b", AuditEventTypes.RecordViewed), Answered("a", AuditEventTypes.RecordsListed), Ended());

        var lines = await LinesAsync();

        Assert.Equal(
            [AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpened, AuditEventTypes.RecordViewed, AuditEventTypes.RecordsListed, AuditEventTypes.SessionEnded],
            lines.Select(line => line.Type));
        Assert.Equal([false, false, true, true, false], lines.Select(line => line.IsRead));
        Assert.Equal(lines[2].Question!.Sequence + 1, lines[2].Entry.Sequence);
        Assert.Equal(lines[3].Question!.Sequence + 3, lines[3].Entry.Sequence);
    }

    [Fact]
    public async Task What_was_asked_and_never_answered_is_a_line_where_it_was_asked()
    {
        await AppendAsync(
            Opened(), Asked("a", AuditEventTypes.RecordViewed), Asked("twice", AuditEventTypes.RecordViewed), Asked("twice", AuditEventTypes.RecordViewed),
            Answered("twice", AuditEventTypes.RecordViewed), Asked(null, AuditEventTypes.RecordsListed), Ended());

        var (outline, lines) = (await OutlineAsync(), await LinesAsync());

        Assert.Equal(
            [LineState.Done, LineState.Unanswered, LineState.Unanswered, LineState.Done, LineState.Unanswered, LineState.Done], lines.Select(line => line.State));
        Assert.Equal((3, 4, 6), (outline.Unanswered, outline.Reads, outline.Lines));
        Assert.Contains("no answer", LineWords.HowOf(lines[1], outline), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_and_a_failure_say_that_nothing_was_shown()
    {
        await AppendAsync(
            Opened(), Asked("a", AuditEventTypes.RecordViewed), Answered("a", AuditEventTypes.RecordViewed) with { Outcome = AuditOutcome.Denied, Detail = "hidden or missing" },
            Asked("b", AuditEventTypes.RecordsListed), Answered("b", AuditEventTypes.RecordsListed) with { Outcome = AuditOutcome.Failed, Detail = "TimedOut" }, Ended());

        var (outline, lines) = (await OutlineAsync(), await LinesAsync());

        Assert.Equal([LineState.Refused, LineState.Failed], lines.Skip(1).Take(2).Select(line => line.State));
        Assert.Equal(["refused hidden or missing", "failed nothing shown: TimedOut"], lines.Skip(1).Take(2).Select(line => $"{LineWords.StateOf(line)} {LineWords.HowOf(line, outline)}"));
        Assert.Equal("2 reads · 1 refused · 1 failed", LineWords.SumOf(outline));
    }

    [Theory]
    [InlineData(3)] // Its question: the answer is a read all the same.
    [InlineData(4)] // Its answer: the question has none that can be read.
    public async Task A_damaged_entry_is_a_line_and_hides_none(int place)
    {
        var entries = await AppendAsync(Begin(), Opened(), Asked("a", AuditEventTypes.RecordViewed), Answered("a", AuditEventTypes.RecordViewed), Ended());
        await OutlineAsync(); // What finds the entries is written before, or the damage would keep it from being so.
        Damage(entries[place - 1].Sequence);

        var (outline, lines) = (await OutlineAsync(), await LinesAsync());

        var damaged = Assert.Single(lines, line => line.State == LineState.Damaged);
        Assert.Equal(entries[place - 1].Sequence, damaged.Entry.Sequence);
        Assert.Equal((5, 1, 1), (outline.Lines, outline.Damaged, outline.Reads));
        Assert.Equal(place == 4 ? 1 : 0, outline.Unanswered);
    }

    [Fact]
    public async Task A_session_whose_bounds_are_damaged_is_still_told_to_who_sees_all()
    {
        var entries = await AppendAsync(Begin(), Opened(), Ended());
        var history = _console.Get<SessionHistory>();
        Assert.NotNull(await history.FindAsync(_console.As(Agent), Id, Token));
        Damage(entries[1].Sequence);
        Damage(entries[2].Sequence);

        var found = await history.FindAsync(_console.As(Manager), Id, Token);

        Assert.NotNull(found);
        Assert.Equal((2, "Mia Chen", "Ada Lovelace"), (found.Outline.Damaged, found.Outline.Purpose?.Actor.Name, found.Outline.Purpose?.Subject?.Name));
        Assert.Contains("can't be told", LineWords.EndOf(found), StringComparison.Ordinal);
        Assert.Null(await history.FindAsync(_console.As(OtherAgent), Id, Token));
    }

    [Fact]
    public async Task What_a_purge_left_of_a_session_is_shown_to_who_sees_all_with_the_event_that_tells_of_it()
    {
        var entries = await AppendAsync(Begin(), Opened(), Asked("q1", AuditEventTypes.RecordViewed), Answered("q1", AuditEventTypes.RecordViewed), Ended());
        var history = _console.Get<SessionHistory>();
        Assert.Null(await history.FindCutAsync(_console.As(Manager), Id, Token));
        var by = await _console.PurgeAsync(entries[1].Sequence);

        Assert.Null(await history.FindAsync(_console.As(Manager), Id, Token));
        Assert.Null(await history.FindCutAsync(_console.As(Agent), Id, Token));
        Assert.Null(await history.FindCutAsync(_console.As(Manager), "another", Token));
        var left = await history.FindCutAsync(_console.As(Manager), Id, Token);

        Assert.NotNull(left);
        Assert.Equal((entries[1].Sequence, by), (left.Purged, left.By.Sequence));
        var lines = await history.PageAsync(_console.As(Manager), left.Outline, 1, Token);
        Assert.Equal([AuditEventTypes.RecordViewed, AuditEventTypes.SessionEnded, AuditEventTypes.SessionViewed], lines.Select(line => line.Type));
        Assert.Equal("what a purge left of it", lines[^1].Entry.Event.Detail);
    }

    [Fact]
    public async Task Thousands_of_reads_are_all_there_in_order_page_by_page_and_one_after_the_other()
    {
        const int Reads = 2345;
        await AppendAsync(Begin(), Opened());
        foreach (var chunk in Enumerable.Range(0, Reads).Chunk(400))
        {
            // Answers cross the ends of pages and of what is read at once, and one in fifty never comes.
            await AppendAsync([.. chunk.SelectMany(i => (AuditEvent?[])
            [
                Asked($"q{i}", AuditEventTypes.RecordViewed),
                i % 7 != 0 && i % 50 != 3 ? Answered($"q{i}", AuditEventTypes.RecordViewed) : null,
                i % 7 == 6 ? Answered($"q{i - 6}", AuditEventTypes.RecordViewed) : null,
            ]).OfType<AuditEvent>()]);
        }

        await AppendAsync(Answered("q2345", AuditEventTypes.RecordViewed), Ended());

        var outline = await OutlineAsync();
        var lines = await LinesAsync();
        List<SessionLine> paged = [];
        for (var page = 1; page <= outline.Pages; page++)
        {
            var read = await _console.Get<SessionHistory>().PageAsync(_console.As(Agent), outline, page, Token);
            Assert.True(read.Count == SessionLines.PageLength || page == outline.Pages);
            paged.AddRange(read);
        }

        Assert.Equal(outline.Lines, lines.Count);
        Assert.Equal(lines.Select(line => (line.Entry.Sequence, line.Question?.Sequence, line.State)), paged.Select(line => (line.Entry.Sequence, line.Question?.Sequence, line.State)));
        Assert.Equal(lines.Select(line => line.Entry.Sequence).Order(), lines.Select(line => line.Entry.Sequence));
        var all = (await _console.Get<AuditReader>().ReadAsync(new AuditQuery { SessionId = Id }, null, 10_000, Token)).Entries.Select(entry => entry.Sequence).Order();
        Assert.Equal(all, lines.SelectMany(line => (long?[])[line.Question?.Sequence, line.Entry.Sequence]).OfType<long>().Order());
        Assert.Contains(lines, line => line.State == LineState.Unanswered);
    }

    [Fact]
    public async Task What_is_written_after_the_first_look_shifts_no_page()
    {
        await AppendAsync(Opened(), Asked("a", AuditEventTypes.RecordViewed));
        var outline = await _console.Get<SessionHistory>().FindOwnAsync(_console.As(Agent), Id, Token);
        await AppendAsync(Answered("a", AuditEventTypes.RecordViewed), Asked("b", AuditEventTypes.RecordViewed));

        var page = await _console.Get<SessionHistory>().PageAsync(_console.As(Agent), outline!, 1, Token);

        Assert.Equal([LineState.Done, LineState.Unanswered, LineState.Done], page.Select(line => line.State));
        Assert.Equal(AuditEventTypes.SessionViewed, page[2].Type);
        Assert.Equal("no answer yet", LineWords.HowOf(page[1], outline!));
    }

    [Fact]
    public async Task What_the_agent_was_refused_meanwhile_is_there_although_it_names_no_session()
    {
        var mia = Person(Agent);
        await AppendAsync(Refused(mia.Id, "before"));
        Later();
        await AppendAsync(Begin(), Opened());
        Later();
        await AppendAsync(Refused(mia.Id, "240 pages a minute"), Refused(Person(OtherAgent).Id, "somebody else"));
        Later();
        await AppendAsync(Ended());
        Later();
        await AppendAsync(Refused(mia.Id, "after"));

        var outline = await OutlineAsync();

        Assert.Equal(["240 pages a minute"], outline.Refusals.Select(refused => refused.Event.Detail));
    }

    [Fact]
    public async Task Looking_is_recorded_first_whosever_it_is_and_nothing_is_of_what_is_not_shown()
    {
        await AppendAsync(Begin(), Opened(), Ended());
        var history = _console.Get<SessionHistory>();
        var known = (await _console.EventsAsync()).Length;

        await history.FindAsync(_console.As(OtherAgent), Id, Token);
        Assert.Equal(known, (await _console.EventsAsync()).Length);
        await history.FindAsync(_console.As(Agent), Id, Token);
        var own = (await _console.EventsAsync(Id))[^1];
        Assert.Equal((AuditEventTypes.SessionViewed, Person(Agent).Id, "Ada Lovelace", "SUP-12", null), (own.Type, own.Actor.Id, own.Subject?.Name, own.Ticket, own.Detail));

        var found = await history.FindAsync(_console.As(Admin), Id, Token);

        var viewed = (await _console.EventsAsync(Id))[^1];
        Assert.Equal(
            (AuditEventTypes.SessionViewed, Person(Admin).Id, "Ada Lovelace", "SUP-12", $"session of Mia Chen ({Person(Agent).Id})"),
            (viewed.Type, viewed.Actor.Id, viewed.Subject?.Name, viewed.Ticket, viewed.Detail));
        Assert.Equal(5, found!.Outline.Lines);
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => history.FindAsync(_console.As(Admin), Id, Token));
            await Assert.ThrowsAsync<NotWrittenException>(() => history.FindAsync(_console.As(Agent), Id, Token));
        }
    }

    [Fact]
    public async Task A_log_so_far_is_its_agents_alone()
    {
        await AppendAsync(Opened());
        var history = _console.Get<SessionHistory>();

        Assert.NotNull(await history.FindOwnAsync(_console.As(Agent), Id, Token));
        var viewed = (await _console.EventsAsync(Id))[^1];
        Assert.Equal((AuditEventTypes.SessionViewed, Person(Agent).Id, "SUP-12"), (viewed.Type, viewed.Actor.Id, viewed.Ticket));
        Assert.Null(await history.FindOwnAsync(_console.As(OtherAgent), Id, Token));
        Assert.Null(await history.FindOwnAsync(_console.As(Admin), Id, Token));
        Assert.Null(await history.FindOwnAsync(_console.As(Agent), "00000000000000000000", Token));
        Assert.Equal(2, (await _console.EventsAsync(Id)).Length);
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => history.FindOwnAsync(_console.As(Agent), Id, Token));
        }
    }

    private async Task<SessionOutline> OutlineAsync()
    {
        var (opened, ended) = await _console.Get<AuditReader>().SessionBoundsAsync(Id, Token);
        return await _console.Get<SessionLines>().OutlineAsync(Id, opened, ended, Token);
    }

    private async Task<List<SessionLine>> LinesAsync()
    {
        List<SessionLine> lines = [];
        await foreach (var line in _console.Get<SessionLines>().AllAsync(await OutlineAsync(), Token))
        {
            lines.Add(line);
        }

        return lines;
    }

    private Task<IReadOnlyList<AuditEntry>> AppendAsync(params AuditEvent[] events) => _console.Get<AuditTrail>().AppendAsync(events);

    private void Later() => _console.Clock.Advance(TimeSpan.FromSeconds(10));

    private void Damage(long sequence)
    {
        using var connection = _console.File.Connect();
        connection.Run($"DROP TRIGGER IF EXISTS audit_event_is_never_changed; UPDATE audit_event SET body = x'00' WHERE seq = {sequence}");
    }

    private AuditEvent Begin() => Of(AuditEventTypes.SessionRequested) with { Detail = "15 min" };

    private AuditEvent Opened() => Of(AuditEventTypes.SessionOpened) with { Detail = "15 min" };

    private AuditEvent Ended() => Of(AuditEventTypes.SessionEnded) with { Detail = "ended by agent" };

    private AuditEvent Asked(string? correlation, string type) => Of(AuditEventTypes.ReadRequested) with { CorrelationId = correlation, Detail = type, Target = new AuditTarget("posts") };

    private AuditEvent Answered(string correlation, string type) => Of(type) with { CorrelationId = correlation, Target = new AuditTarget("posts") { RecordIds = [correlation] } };

    private AuditEvent Refused(StaffId staff, string detail) =>
        new(AuditEventTypes.PolicyDenied, _console.Clock.GetUtcNow(), new AuditActor(staff, "Somebody", [])) { Outcome = AuditOutcome.Denied, Detail = detail };

    private AuditEvent Of(string type) => new(type, _console.Clock.GetUtcNow(), new AuditActor(Person(Agent).Id, "Mia Chen", [Role.Agent]))
    {
        SessionId = Id, Subject = new AuditSubject("users", "u8k2m1c0a3l9x7q", "Ada Lovelace"), Reason = "Draft is missing", Ticket = "SUP-12",
    };
}
