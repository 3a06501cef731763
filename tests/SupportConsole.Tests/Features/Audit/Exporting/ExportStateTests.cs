using System.IO.Pipelines;
using Bunit;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Exporting;

/// <summary>How far an export is, is said to whoever began it and to nobody else, and how it ended with the way to go on.</summary>
public sealed class ExportStateTests() : WindowContext(Admin)
{
    // A page at a time: the next one waits until the one before was taken.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));

    private ExportDesk Desk => Console.Get<ExportDesk>();

    private ExportFeed Feed => Console.Get<ExportFeed>();

    [Fact]
    public async Task A_window_says_how_many_have_gone_out_and_at_last_that_it_is_whole()
    {
        await FillAsync(600);
        var state = await ShowAsync();
        Assert.Empty(state.FindAll(".export"));
        var export = await BeginAsync(ExportFormat.Csv);

        var sending = Desk.SendAsync(export, _pipe.Writer, Token);
        await state.WaitForAssertionAsync(() => Assert.Equal($"0 events so far, at event 0 of {export.Until}", Far(state)));
        Assert.Equal("The export as CSV has begun.", Said(state));
        Assert.Equal("CSV event users.searched", state.Find(".what").TextContent);
        await TakePageAsync(export);
        Assert.StartsWith("0 events", Far(state), StringComparison.Ordinal); // Drawn by the clock alone, however fast pages go out.
        await TickAsync(state, () => Assert.Equal($"256 events so far, at event {export.Until - 600 + 256} of {export.Until}", Far(state)));
        Assert.Equal("0", state.Find("[role=progressbar]").GetAttribute("aria-valuemin"));
        Assert.Equal($"{Math.Floor(100.0 * (export.Until - 600 + 256) / export.Until)}", state.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Equal("The export as CSV has begun.", Said(state)); // Not each picture.
        Console.Clock.Advance(TimeSpan.FromSeconds(15));
        await state.WaitForAssertionAsync(() => Assert.StartsWith("256 events so far", Said(state), StringComparison.Ordinal));
        Assert.Equal(600, await TakeAllAsync(sending));

        await TickAsync(state, () => Assert.Equal("600 events, done.", Far(state)));
        Assert.Equal("600 events, done.", Said(state));
        Assert.Empty(state.FindAll("[role=progressbar], a"));
        Assert.Equal("600 events, done.", Far(await ShowAsync())); // As after a reload.
        await PressAsync(state, "Dismiss the export as CSV");
        Assert.Empty(state.FindAll(".export"));
        Assert.Empty((await Desk.OwnAsync(Me, Token)).Exports);
    }

    [Fact]
    public async Task Nobody_sees_anothers()
    {
        await Console.Roles.GrantAsync(Console.As(Manager), Person(Agent).Id, Role.Admin, "Covers the weekend shift", null, Token);
        Me = Console.As(Agent);
        var others = await ShowAsync();
        Me = Console.As(Admin);
        var mine = await ShowAsync();
        var sending = Desk.SendAsync(await BeginAsync(ExportFormat.Ocsf), _pipe.Writer, Token);

        await TakeAllAsync(sending);

        await TickAsync(mine, () => Assert.Equal("0 events, done.", Far(mine)));
        Assert.Empty(others.FindAll(".export"));
        Assert.Equal("", Said(others));
        Assert.Empty((await Desk.OwnAsync(Console.As(Agent), Token)).Exports);
        Assert.Single((await Desk.OwnAsync(Console.As(Admin), Token)).Exports);
    }

    [Theory]
    [InlineData("reader", "The download was broken off: by you, by the browser, or on the way.")]
    [InlineData("role", "Your right to read the trail was taken away.")]
    [InlineData("sign-in", "Your sign-in ended.")]
    [InlineData("database", "The console's own database can't be read")]
    [InlineData("fault", "The console failed; its log says how.")]
    public async Task One_that_stops_says_where_and_why_and_how_to_go_on(string what, string why)
    {
        await FillAsync(1500);
        var state = await ShowAsync();
        var export = await BeginAsync(ExportFormat.Csv, after: 2);
        var sending = Desk.SendAsync(export, what == "fault" ? new FailingWriter(_pipe.Writer) : _pipe.Writer, Token);
        if (what != "fault")
        {
            await TakePageAsync(export);
        }

        switch (what)
        {
            case "reader":
                await _pipe.Reader.CompleteAsync();
                break;
            case "role":
                await Console.Roles.RevokeAsync(Console.As(Manager), Person(Admin).Id, Role.Admin, "Left the support team", Token);
                break;
            case "sign-in":
                Execute($"DELETE FROM sign_in WHERE id = '{SignInOf(Admin)}'");
                break;
            case "database":
                Execute("ALTER TABLE audit_event RENAME TO gone");
                break;
        }

        await Assert.ThrowsAnyAsync<Exception>(() => TakeAllAsync(sending));

        var gone = what == "fault" ? "0 events, at event 2" : $"{export.Progress!.Events} events, at event {export.Progress.Reached}";
        await TickAsync(state, () => Assert.StartsWith($"Stopped after {gone} of {Numbers.Number(export.Until)}. {why}", Far(state), StringComparison.Ordinal));
        Assert.EndsWith("What came is not the whole.", Far(state), StringComparison.Ordinal);
        Assert.Equal(Far(state), Said(state));
        Assert.Equal($"audit/export?event=users.searched&format=csv&after=2&until={export.Until}", Button(state, "Start again").GetAttribute("href"));
    }

    [Fact]
    public async Task The_rest_of_a_part_follows_the_event_that_its_owner_says()
    {
        await FillAsync(300);
        var export = await BeginAsync(ExportFormat.JsonLines);
        await _pipe.Reader.CompleteAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Desk.SendAsync(export, _pipe.Writer, Token));
        var state = await ShowAsync();
        Assert.Contains("One more than the index in its last whole line.", state.Markup, StringComparison.Ordinal);
        Assert.False(Button(state, "Download the rest").HasAttribute("href"));

        foreach (var wrong in (string[])["-1", "x", $"{export.Until + 1}", "99999999999999999999"])
        {
            await Field(state, "Last event of the part").InputAsync(wrong);
            Assert.False(Button(state, "Download the rest").HasAttribute("href"));
            Assert.Contains($"they are 1 to {export.Until}.", state.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        }

        await Field(state, "Last event of the part").InputAsync("120");
        var rest = Button(state, "Download the rest").GetAttribute("href")!;
        Assert.Equal($"audit/export?event=users.searched&format=jsonl&after=120&until={export.Until}", rest);
        Assert.Equal(export.Progress!.Wish with { After = 120 }, ExportWish.Read(rest["audit/export".Length..]));
    }

    [Fact]
    public async Task One_that_is_refused_says_why_where_the_browser_only_says_that_it_failed()
    {
        var state = await ShowAsync();

        await Assert.ThrowsAsync<ExportRefusedException>(() => Desk.BeginAsync(Me, new ExportWish(ExportFormat.Csv, new AuditAddress(Event: "nothing")), Token));

        await state.WaitForAssertionAsync(() => Assert.StartsWith("Nothing is exported. “", Far(state), StringComparison.Ordinal));
        Assert.Equal(Far(state), Said(state));
        Assert.Equal(["Dismiss the export as CSV"], Buttons(state));
    }

    [Fact]
    public async Task The_last_that_ended_are_remembered_however_long_ago_they_began()
    {
        var longest = new ExportProgress(Person(Admin).Id, new ExportWish(ExportFormat.Csv, new AuditAddress()), "", Console.Clock);
        await Feed.BeginAsync(longest);
        for (var i = 0; i < ExportFeed.MostEnded; i++)
        {
            var quick = new ExportProgress(Person(Admin).Id, new ExportWish(ExportFormat.Csv, new AuditAddress()), "", Console.Clock);
            quick.Finish();
            await Feed.BeginAsync(quick);
        }

        Console.Clock.Advance(TimeSpan.FromSeconds(1));
        longest.Stop(new IOException("The line went dead."));

        Assert.Equal((ExportFeed.MostEnded, true), (Feed.Of(Person(Admin).Id).Count, Feed.Of(Person(Admin).Id).Contains(longest)));
    }

    [Fact]
    public async Task Those_that_have_ended_are_forgotten()
    {
        var going = new ExportProgress(Person(Admin).Id, new ExportWish(ExportFormat.Csv, new AuditAddress()), "", Console.Clock);
        await Feed.BeginAsync(going);
        for (var i = 0; i < ExportFeed.MostEnded + 3; i++)
        {
            await SendWholeAsync(Admin);
        }

        await SendWholeAsync(Agent);
        Assert.Equal(ExportFeed.MostEnded + 1, Feed.Of(Person(Admin).Id).Count);
        Assert.Same(going, Feed.Of(Person(Admin).Id)[^1]);

        Console.Clock.Advance(ExportFeed.Remembered);
        Assert.Equal([going], Feed.Of(Person(Admin).Id));
        Assert.Empty(Feed.Of(Person(Agent).Id));

        async Task SendWholeAsync(string person)
        {
            var export = new ExportProgress(Person(person).Id, new ExportWish(ExportFormat.Csv, new AuditAddress()), "", Console.Clock);
            export.Finish();
            await Feed.BeginAsync(export);
        }
    }

    [Fact]
    public async Task A_window_that_closes_listens_no_more()
    {
        await ShowAsync();
        Assert.Equal(1, Feed.Listeners);

        await DisposeComponentsAsync();

        Assert.Equal(0, Feed.Listeners);
    }

    private async Task<IRenderedComponent<ExportState>> ShowAsync()
    {
        var known = Feed.Of(Person(Admin).Id).Count;
        var state = Render<ExportState>();
        await state.WaitForStateAsync(() => state.FindAll(".export").Count >= known);
        return state;
    }

    private Task<TrailExport> BeginAsync(ExportFormat format, long after = 0) =>
        Desk.BeginAsync(Me, new ExportWish(format, new AuditAddress(Event: AuditEventTypes.UsersSearched)) { After = after }, Token);

    private async Task FillAsync(int count) => await Console.Get<AuditTrail>().AppendAsync(
        [.. Enumerable.Range(0, count).Select(_ => new AuditEvent(AuditEventTypes.UsersSearched, Console.Clock.GetUtcNow(), AuditActor.System))]);

    /// <summary>Reads the first page, until it is counted, and not the page behind it.</summary>
    private async Task TakePageAsync(TrailExport export)
    {
        var read = await _pipe.Reader.ReadAsync(Token);
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        await Waiting.UntilAsync(() => export.Progress!.Events > 0);
    }

    private async Task<long> TakeAllAsync(Task<long> sending)
    {
        while (!sending.IsCompleted)
        {
            try
            {
                if (_pipe.Reader.TryRead(out var read))
                {
                    _pipe.Reader.AdvanceTo(read.Buffer.End);
                }
            }
            catch (InvalidOperationException)
            {
                break; // Nobody reads any more.
            }

            await Task.Yield();
        }

        return await sending;
    }

    private async Task TickAsync(IRenderedComponent<ExportState> state, Action assertion)
    {
        Console.Clock.Advance(TimeSpan.FromMilliseconds(500));
        await state.WaitForAssertionAsync(assertion);
    }

    private void Execute(string statement)
    {
        using var connection = Console.File.Connect();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements of the tests' own.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static string Far(IRenderedComponent<ExportState> state) => state.Find(".far").TextContent;

    private static string Said(IRenderedComponent<ExportState> state) => state.Find("[role=status]").TextContent;

    /// <summary>A response that has a fault of its own.</summary>
    private sealed class FailingWriter(PipeWriter inner) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException("A fault that nobody thought of.");
    }
}
