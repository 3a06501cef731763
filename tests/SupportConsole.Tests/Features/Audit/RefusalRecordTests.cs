using System.Globalization;
using System.Text.RegularExpressions;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit;

/// <summary>A refusal in a loop leaves few entries and an exact count.</summary>
public sealed partial class RefusalRecordTests : IAsyncLifetime
{
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RefusalRecord Record => _console.Get<RefusalRecord>();

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Ten_minutes_of_refusals_leave_an_entry_a_minute_and_none_is_lost()
    {
        const int minutes = 10, each = 300;
        for (var minute = 0; minute < minutes; minute++)
        {
            for (var refusal = 0; refusal < each; refusal++)
            {
                await RefuseAsync(Nobody);
            }

            await MinuteAsync();
        }

        var denied = await DeniedAsync(Nobody);
        Assert.InRange(denied.Length, 2, minutes + 1);
        Assert.Equal(nameof(Duty.ReadAudit), denied[0].Detail);
        Assert.Equal(minutes * each, denied.Sum(CountOf));

        // A colleague's first one is there at once, whatever others do.
        await RefuseAsync(Agent);
        Assert.Equal(nameof(Duty.ReadAudit), Assert.Single(await DeniedAsync(Agent)).Detail);
    }

    [Fact]
    public async Task All_windows_at_once_count_each_refusal_once()
    {
        using var counting = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var looks = Task.Run(async () =>
        {
            while (!counting.IsCancellationRequested)
            {
                await Record.RecordCountsAsync(all: true);
            }
        }, Token);
        await Parallel.ForAsync(0, 500, Token, async (_, _) => await RefuseAsync(Nobody));
        await counting.CancelAsync();
        await looks;
        await Record.RecordCountsAsync(all: true);

        Assert.Equal(500, (await DeniedAsync(Nobody)).Sum(CountOf));
    }

    [Fact]
    public async Task A_count_is_recorded_without_a_further_refusal_and_at_the_stop()
    {
        await Record.StartAsync(Token);
        await RefuseAsync(Nobody);
        await RefuseAsync(Nobody);
        await RefuseAsync(Nobody);
        await _console.Clock.TickUntilAsync(async () => (await DeniedAsync(Nobody)).Length >= 2);

        await RefuseAsync(Nobody);
        Assert.Equal(3, (await DeniedAsync(Nobody)).Sum(CountOf));
        await Record.StopAsync(Token);

        Assert.Equal(4, (await DeniedAsync(Nobody)).Sum(CountOf));
    }

    [Fact]
    public async Task What_can_not_be_recorded_is_counted_and_told_of_later()
    {
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => _console.As(Nobody).DemandAsync(Duty.ReadAudit, Token));
            await RefuseAsync(Nobody);
            await Assert.ThrowsAsync<NotWrittenException>(() => Record.RecordCountsAsync(all: true));
        }

        Assert.Empty(await DeniedAsync(Nobody));
        await MinuteAsync();

        Assert.StartsWith("ReadAudit · and 2 more like it since ", Assert.Single(await DeniedAsync(Nobody)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_quiet_minute_the_next_one_is_a_first_again()
    {
        await RefuseAsync(Nobody);
        await MinuteAsync();
        await RefuseAsync(Nobody);

        Assert.Equal([nameof(Duty.ReadAudit), nameof(Duty.ReadAudit)], (await DeniedAsync(Nobody)).Select(e => e.Detail));
    }

    [Fact]
    public async Task Kinds_that_never_end_are_counted_as_others()
    {
        var staff = await _console.As(Nobody).FindAsync(Token);
        for (var kind = 0; kind < 1000; kind++)
        {
            await Record.RefusedAsync(staff!, $"kind {kind}");
        }

        await Record.RecordCountsAsync(all: true);

        var denied = await DeniedAsync(Nobody);
        Assert.Equal(RefusalRecord.KindsPerPerson + 2, denied.Length);
        Assert.StartsWith($"and {1000 - RefusalRecord.KindsPerPerson - 1} more of other kinds since ", denied[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_of_roles_that_are_refused_in_a_loop_are_counted_too()
    {
        for (var change = 0; change < 40; change++)
        {
            await Assert.ThrowsAsync<RoleChangeRefusedException>(
                () => _console.Roles.GrantAsync(_console.As(Manager), Person(Manager).Id, Role.Admin, "Covers the weekend shift", null, Token));
        }

        await MinuteAsync();

        var denied = (await _console.EventsAsync()).Where(e => e.Type == AuditEventTypes.RoleChangeDenied).ToArray();
        Assert.Equal((2, 40), (denied.Length, denied.Sum(CountOf)));
        Assert.All(denied, e => Assert.Equal((Person(Manager).Id.Value, AuditOutcome.Denied), (e.Subject?.Id, e.Outcome)));
    }

    private Task<DutyRefusedException> RefuseAsync(string person) => Assert.ThrowsAsync<DutyRefusedException>(() => _console.As(person).DemandAsync(Duty.ReadAudit, Token));

    private Task MinuteAsync()
    {
        _console.Clock.Advance(TimeSpan.FromMinutes(1));
        return Record.RecordCountsAsync();
    }

    private async Task<AuditEvent[]> DeniedAsync(string person) =>
        [.. (await _console.EventsAsync()).Where(e => e.Type == AuditEventTypes.PolicyDenied && e.Actor.Id == Person(person).Id)];

    /// <summary>How many refusals an entry stands for.</summary>
    internal static int CountOf(AuditEvent entry) =>
        More().Match(entry.Detail!) is { Success: true } more ? int.Parse(more.Groups[1].Value, CultureInfo.InvariantCulture) : 1;

    [GeneratedRegex("and ([0-9]+) more")]
    private static partial Regex More();
}
