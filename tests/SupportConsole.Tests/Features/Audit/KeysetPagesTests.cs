using Microsoft.AspNetCore.Components.Web.Virtualization;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Folding;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit;

/// <summary>What the list of the audit page is given as it is scrolled: every row once, whatever else happens meanwhile.</summary>
public sealed class KeysetPagesTests : IAsyncLifetime
{
    private static readonly AuditQuery Searches = new() { Types = [AuditEventTypes.UsersSearched] };

    private ConsoleServices _console = null!;
    private KeysetPages _pages = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync();
        _pages = PagesOf(Searches);
    }

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData(0, 25)]
    [InlineData(1, 25)]
    [InlineData(49, 25)]
    [InlineData(50, 25)]
    [InlineData(51, 60)]
    [InlineData(100, 7)]
    [InlineData(237, 72)]
    [InlineData(400, 25)]
    public async Task A_list_scrolled_to_its_end_has_shown_every_row_once(int events, int step)
    {
        var written = await FillAsync(events);

        Assert.Equal(written, await ScrollAsync(step));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(49)]
    [InlineData(120)]
    public async Task What_is_recorded_while_somebody_scrolls_takes_no_row_away(int more)
    {
        var written = await FillAsync(180);
        await _pages.ProvideAsync(0, 25, Token);

        await FillAsync(more);

        Assert.Equal(written, await ScrollAsync(25));
        // Back at the top, and over the end of the first page: what was there still is.
        Assert.Equal(written.Take(25), Rows(await _pages.ProvideAsync(0, 25, Token)));
        Assert.Equal(written.Skip(40).Take(25), Rows(await _pages.ProvideAsync(40, 25, Token)));
    }

    [Fact]
    public async Task A_text_is_looked_for_in_the_order_of_writing_and_takes_no_row_away_either()
    {
        var pages = PagesOf(Searches with { Text = "filler" });
        var written = await FillAsync(130);
        await pages.ProvideAsync(0, 25, Token);

        await FillAsync(3);

        Assert.Equal(written, await ScrollAsync(25, pages));
    }

    [Fact]
    public async Task A_list_that_was_empty_shows_what_came_meanwhile_once_it_is_asked_again()
    {
        Assert.Equal(0, (await _pages.ProvideAsync(0, 25, Token)).TotalItemCount);

        var written = await FillAsync(3);

        Assert.Equal(written, Rows(await _pages.ProvideAsync(0, 25, Token)));
    }

    [Fact]
    public async Task Requests_overtaken_by_newer_ones_leave_no_gap()
    {
        var written = await FillAsync(400);

        // As a list that is scrolled faster than it is read: each request is given up for the next, at any moment.
        for (var start = 0; start < 400; start += 10)
        {
            using var overtaken = new CancellationTokenSource();
            var reading = _pages.ProvideAsync(start, 25, overtaken.Token).AsTask();
            if (start % 30 != 0)
            {
                await overtaken.CancelAsync();
            }

            try
            {
                await reading;
            }
            catch (OperationCanceledException given)
            {
                // The list takes any other one for a failure.
                Assert.Equal(overtaken.Token, given.CancellationToken);
            }
        }

        Assert.Equal(written, await ScrollAsync(25));
    }

    private KeysetPages PagesOf(AuditQuery query) => new(_console.Get<AuditDesk>(), _console.As(ConsoleServices.Admin), query);

    /// <summary>The places of so many new searches, newest first.</summary>
    private async Task<long[]> FillAsync(int events)
    {
        if (events == 0)
        {
            return [];
        }

        var entries = await _console.Get<AuditTrail>().AppendAsync([.. Enumerable.Range(1, events).Select(number =>
            new AuditEvent(AuditEventTypes.UsersSearched, _console.Clock.GetUtcNow().AddMilliseconds(number), AuditActor.System) { Detail = $"filler {number}" })]);
        _console.Clock.Advance(TimeSpan.FromMinutes(1));
        return [.. entries.Select(entry => entry.Sequence).OrderDescending()];
    }

    /// <summary>Every row that was given from the top to where the list says that it ends.</summary>
    private async Task<List<long>> ScrollAsync(int step, KeysetPages? pages = null)
    {
        List<long> rows = [];
        while (true)
        {
            var given = await (pages ?? _pages).ProvideAsync(rows.Count, step, Token);
            rows.AddRange(Rows(given));
            if (rows.Count >= given.TotalItemCount)
            {
                Assert.Equal(given.TotalItemCount, rows.Count);
                return rows;
            }

            Assert.NotEmpty(given.Items);
        }
    }

    private static IEnumerable<long> Rows(ItemsProviderResult<TrailRow> given) => given.Items.Select(row => row.Entry.Sequence);
}
