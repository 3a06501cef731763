using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

#pragma warning disable RS0030 // Random, of the seed 20301128: the same events in each run.
namespace SupportConsole.Tests.Features.Audit.Finding;

/// <summary>The chart's counts are what counting one event after the other gives.</summary>
public sealed class TrailHistogramTests
{
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana"];
    private static readonly string[] Types = [AuditEventTypes.SessionOpened, AuditEventTypes.RecordViewed, AuditEventTypes.PolicyDenied, AuditEventTypes.RoleGranted];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_are_those_of_each_event_also_after_a_restart_and_an_erasure()
    {
        await using var file = new SqliteFile();
        var dice = new Random(20301128);
        await using (var console = await StartAsync(file: file))
        {
            for (var round = 0; round < 12; round++)
            {
                await console.Get<AuditTrail>().AppendAsync([.. Enumerable.Range(0, dice.Next(1, 200)).Select(_ => Rolled(dice, console.Clock.GetUtcNow()))]);
                await AssertCountsAsync(console, dice);
            }

            await console.Get<Erasure>().EraseAsync(console.As(Admin), new AuditSubjectKey("users", "u1"), "Asked for by the person", Token);
            await AssertCountsAsync(console, dice);
        }

        await using (var again = await StartAsync(file: file))
        {
            await again.Get<AuditTrail>().AppendAsync([.. Enumerable.Range(0, 100).Select(_ => Rolled(dice, again.Clock.GetUtcNow()))]);
            await AssertCountsAsync(again, dice);
        }

        // A database from before there were counts.
        using (var connection = file.Connect())
        {
            connection.Run("DROP TRIGGER audit_count_is_never_removed; DELETE FROM audit_count; DROP TRIGGER audit_counted_only_goes_on; UPDATE audit_counted SET seq = 0");
        }

        await using var older = await StartAsync(file: file);
        await AssertCountsAsync(older, dice);
    }

    [Theory]
    [InlineData("")]
    [InlineData("session:s1")]
    [InlineData("-ticket:SUP-1")]
    [InlineData("actor:system -refund")]
    [InlineData("-event:role.* event:session.opened")]
    public async Task What_grows_is_what_counting_anew_gives(string typed)
    {
        await using var console = await StartAsync();
        var (dice, trail, charts) = (new Random(20301129), console.Get<AuditTrail>(), console.Get<TrailHistogram>());
        var query = FilterReading.Read(AskedFilter.AddressOf(typed, new AuditAddress(), TimeZoneInfo.Utc)).Query;
        await trail.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => Rolled(dice, console.Clock.GetUtcNow()) with { SessionId = "s1" })]);
        var drawn = await charts.OfAsync(console.As(Admin), query, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Token);
        for (var round = 0; round < 8; round++)
        {
            console.Clock.Advance(TimeSpan.FromHours(9));
            await trail.AppendAsync([.. Enumerable.Range(0, dice.Next(4)).Select(_ => Rolled(dice, console.Clock.GetUtcNow()) with { SessionId = "s1" })]);

            drawn = await charts.GrownAsync(console.As(Admin), query, drawn!, Token);

            var anew = await charts.OfAsync(console.As(Admin), query, drawn!.Zone, Token);
            Assert.Equal(anew!.Bars.Where(bar => bar.Events > 0), drawn.Bars.Where(bar => bar.Events > 0));
            Assert.Equal((anew.Unit, anew.Head), (drawn.Unit, drawn.Head));
        }
    }

    [Fact]
    public async Task Only_what_came_is_counted_one_by_one()
    {
        await using var console = await StartAsync();
        var (trail, charts) = (console.Get<AuditTrail>(), console.Get<TrailHistogram>());
        var occurred = new AuditEvent(AuditEventTypes.SignedIn, console.Clock.GetUtcNow(), AuditActor.System) { SessionId = "s1" };
        var query = new AuditQuery { SessionId = "s1" };
        await trail.AppendAsync([occurred, occurred]);
        var drawn = await charts.OfAsync(console.As(Admin), query, TimeZoneInfo.Utc, Token);
        // As if there had been more: what was counted before isn't counted again.
        drawn = drawn! with { Bars = [.. drawn.Bars.Select(bar => bar.Events == 0 ? bar : bar with { Events = 7_000_000 })] };

        await trail.AppendAsync([occurred with { SessionId = "s2" }, occurred]);
        drawn = await charts.GrownAsync(console.As(Admin), query, drawn, Token);

        Assert.Equal(7_000_001, drawn!.Bars.Sum(bar => bar.Events));
    }

    [Theory]
    [InlineData("UPDATE audit_count SET events = 1", "only grows")]
    [InlineData("UPDATE audit_count SET quarter = 7", "only grows")]
    [InlineData("DELETE FROM audit_count", "never removed")]
    [InlineData("INSERT OR REPLACE INTO audit_count SELECT quarter, type, outcome, 1 FROM audit_count", "never replaced")]
    [InlineData("UPDATE audit_counted SET seq = seq - 1", "never passes over")]
    [InlineData("UPDATE audit_counted SET seq = seq + 1", "never passes over")]
    [InlineData("DELETE FROM audit_counted", "never forgets")]
    public async Task Database_refuses_to_miscount(string statement, string refused)
    {
        await using var file = new SqliteFile();
        await file.OpenTrail(file.Open()).AppendAsync([.. Enumerable.Range(0, 3).Select(_ => new AuditEvent(AuditEventTypes.SignedIn, DateTimeOffset.UnixEpoch, AuditActor.System))]);
        await file.OpenTrail(file.Open()).CountAsync(Token);
        using var other = file.Connect();

        var refusal = Assert.Throws<SqliteException>(() => other.Run(statement));

        Assert.Contains(refused, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(3, other.Number("SELECT sum(events) FROM audit_count"));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", 23)]
    [InlineData("Europe/Berlin", "2026-10-25", 24)] // The hour that comes twice has one bar of two hours.
    [InlineData("America/Havana", "2026-03-08", 23)]
    [InlineData("Asia/Kathmandu", "2026-03-08", 24)]
    public void Hours_are_those_that_clocks_show(string zone, string day, int bars)
    {
        var own = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var first = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        var (unit, marks) = Histogram.Divide(FilterReading.BeginningOf(first, own), FilterReading.BeginningOf(first.AddDays(1), own), own);

        Assert.Equal((HistogramUnit.Hour, bars + 1), (unit, marks.Count));
        Assert.All(marks, mark => Assert.Equal(mark.Begin, TimeZoneInfo.ConvertTime(mark.At, own).DateTime));
    }

    private static async Task AssertCountsAsync(ConsoleServices console, Random dice)
    {
        var all = await console.EventsAsync();
        var (first, last) = (all.Min(occurred => occurred.At), all.Max(occurred => occurred.At));
        foreach (var zone in Zones.Select(TimeZoneInfo.FindSystemTimeZoneById))
        {
            for (var i = 0; i < 4; i++)
            {
                var whole = dice.Next(3) > 0;
                var query = new AuditQuery
                {
                    From = dice.Next(2) == 0 ? null : Rounded(first.AddHours(dice.Next(900)), whole),
                    To = dice.Next(2) == 0 ? null : Rounded(last.AddHours(-dice.Next(900)), whole),
                    Types = dice.Next(3) == 0 ? [Types[dice.Next(4)], AuditEventTypes.AuditViewed] : [],
                    Outcome = dice.Next(4) == 0 ? AuditOutcome.Denied : null,
                    Actor = dice.Next(4) == 0 ? new StaffId("demo/mia-chen") : null,
                    Ticket = dice.Next(6) == 0 ? "SUP-1" : null,
                    Except = dice.Next(3) == 0 ? new AuditExcept { Types = [Types[dice.Next(4)]], Outcomes = [AuditOutcome.Failed] } : null,
                };
                var histogram = await console.Get<TrailHistogram>().OfAsync(console.As(Admin), query, zone, Token);

                var fitting = all.Where(query.Fits).ToList();
                if (histogram is null)
                {
                    Assert.True(fitting.Count == 0 || query.From >= query.To);
                    continue;
                }

                Assert.Equal(fitting.Count, histogram.Bars.Sum(bar => bar.Events));
                Assert.All(histogram.Bars, bar => Assert.Equal(
                    fitting.Count(occurred => TimeZoneInfo.ConvertTime(occurred.At, zone).DateTime is var clock && clock >= bar.Begin && clock < bar.End), bar.Events));
            }
        }
    }

    private static DateTimeOffset Rounded(DateTimeOffset instant, bool whole) =>
        whole ? instant.AddTicks(-(instant.Ticks % TimeSpan.FromMinutes(15).Ticks)) : instant;

    private static AuditEvent Rolled(Random dice, DateTimeOffset now) => new(
        Types[dice.Next(Types.Length)],
        now.AddMinutes(-dice.Next(80 * 24 * 60)).AddTicks(dice.Next()),
        new AuditActor(dice.Next(3) == 0 ? new StaffId("demo/mia-chen") : StaffId.System, "Mia Chen", []))
    {
        Outcome = (AuditOutcome)Math.Max(0, dice.Next(8) - 5),
        Subject = dice.Next(2) == 0 ? new AuditSubject("users", $"u{dice.Next(3)}", "Ada") : null,
        Ticket = dice.Next(4) == 0 ? "SUP-1" : null,
    };
}
