using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>Whatever stands in the texts of an event, it is kept as it was, found, proved, and forges no line anywhere; nor does its time.</summary>
public sealed class HostileTextTests : IAsyncLifetime
{
    private readonly ProvenLog _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Texts { get; } = new()
    {
        { "line breaks", "a\r\n2030-01-02 ALERT: all is well\n" },
        { "ANSI", "\u001b[2J\u001b[31mred\u009b0m" },
        { "bidi", "\u202etxet\u2066 \u2067" },
        { "NUL", "before\0after" },
        { "a megabyte", new string('m', 1_000_000) },
        { "JSON", "\"},\"by\":{\"salt\":\"" },
        { "beyond the plane", "😀\U0010FFFF\uFFFE" },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Texts_are_kept_and_proved(string what, string text)
    {
        AuditEvent[] written =
        [
            _log.Event("plain") with { Reason = text },
            _log.Event("plain") with { Ticket = text },
            _log.Event("plain") with { Category = text },
            _log.Event("plain") with { Detail = text },
            _log.Event("plain") with { ClientAddress = text },
            _log.Event("plain") with { CorrelationId = text },
            _log.Event("plain") with { SessionId = text },
            _log.Event("plain") with { Subject = new AuditSubject("users", "u1", text) },
            _log.Event("plain") with { Subject = new AuditSubject(text, text, "Ada") },
            _log.Event("plain") with { Actor = new AuditActor(new StaffId("demo/x"), text, []) },
            _log.Event("plain") with { Actor = new AuditActor(new StaffId(text), "Mia", []) },
            _log.Event("plain") with { Target = new AuditTarget(text) { RecordIds = [text, text], QueryHash = text } },
            _log.Event("plain") with { Type = text },
        ];
        foreach (var each in written)
        {
            await _log.Trail.AppendAsync(each);
        }

        var read = await new AuditReader(_log.Db, _log.Trail).ReadAsync(AuditQuery.All, null, 100, Token);

        Assert.Equal(written.Length, read.Entries.Count);
        Assert.DoesNotContain(read.Entries, entry => entry.IsDamaged);
        Assert.Equal(
            written.Select(each => each.ToString()),
            read.Entries.OrderBy(entry => entry.Sequence).Select(entry => (entry.Event with { Instance = null }).ToString()));
        Assert.True((await _log.VerifyAsync()).IsGood, what);
        await _log.Checkpoints.MakeAsync();
        Assert.DoesNotContain(_log.Log.All, line => line.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_that_goes_back_a_day_changes_neither_order_nor_proof()
    {
        foreach (var days in new[] { 0, -1, -1, 3, 0 })
        {
            await _log.Trail.AppendAsync(_log.Event($"{days}") with { At = _log.Clock.GetUtcNow().AddDays(days) });
            await _log.Checkpoints.MakeAsync();
        }

        var verdict = await _log.VerifyAsync();

        Assert.Empty(verdict.Faults);
        Assert.Equal((5, 5), (verdict.Size, verdict.SignedTo));
    }
}
