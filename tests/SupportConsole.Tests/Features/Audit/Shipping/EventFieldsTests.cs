using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Shipping;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>How an event is said outside.</summary>
public sealed class EventFieldsTests
{
    private static readonly ImmutableArray<byte> Hash = [.. Enumerable.Range(0, 32).Select(each => (byte)each)];

    private static readonly AuditEvent Whole = new(AuditEventTypes.RecordsListed, new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]))
    {
        Outcome = AuditOutcome.Denied, Subject = new AuditSubject("users", "ada1", "Ada"), SessionId = "s1", Reason = "why", Category = "Bug", Ticket = "SUP-1", Detail = "more",
        ClientAddress = "192.0.2.7", Target = new AuditTarget("posts") { Count = 2, RecordIds = ["a", "b"], QueryHash = "qh" }, CorrelationId = "c1", Instance = "host/1",
    };

    [Fact]
    public void It_has_every_column_of_the_document_in_its_order()
    {
        var entry = new AuditEntry(7, Whole, Hash, IsDamaged: true) { Erased = new ErasedText(Whole.At, Whole.At) };

        Assert.Equal(
            """{"id":"evt_7_0001020304050607","seq":7,"time":"2030-01-02T03:04:05.678000Z","type":"records.listed","outcome":"denied","actor":"demo/mia-chen","actor_name":"Mia Chen","actor_roles":["Agent"],"subject":"users/ada1","subject_name":"Ada","session":"s1","reason":"why","category":"Bug","ticket":"SUP-1","detail":"more","client":"192.0.2.7","target":"posts","target_records":["a","b"],"target_count":2,"target_query":"qh","correlation":"c1","instance":"host/1","actor_erased":"2030-01-02T03:04:05.678000Z","text_erased":"2030-01-02T03:04:05.678000Z","damaged":true}""",
            Encoding.UTF8.GetString(EventFields.Json(entry)));
        var document = File.ReadAllLines(Path.Combine(TestKit.Checkout.Root, "docs", "audit-sinks.md"));
        Assert.Equal(
            EventFields.Of(entry).Select(field => $"`{field.Name}`"),
            document.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && !line.Contains("Audit:", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim()));
    }

    [Fact]
    public void What_it_has_not_is_not_there() =>
        Assert.Equal(
            """{"id":"evt_1_0001020304050607","seq":1,"time":"2030-01-02T03:04:05.678000Z","type":"system.started","outcome":"success","actor":"system","actor_name":"System"}""",
            Encoding.UTF8.GetString(EventFields.Json(new AuditEntry(1, new AuditEvent(AuditEventTypes.SystemStarted, Whole.At, AuditActor.System), Hash))).Replace(StaffId.System.Value!, "system", StringComparison.Ordinal));

    [Theory]
    [InlineData("two\r\nlines\u2028and\u2029more\u0085still")]
    [InlineData("\u001b[31mred\u001b[0m \0 nul \u0007")]
    [InlineData("\u202eesrever\u2066 \u200f \ud83d\ude00 na\u00efve \u0645\u0631\u062d\u0628\u0627")]
    [InlineData("\"},{\"seq\":1,\"type\":\"role.granted")]
    public void No_text_forges_a_line_or_moves_a_terminal(string hostile)
    {
        var line = Encoding.UTF8.GetString(EventFields.Json(new AuditEntry(7, Whole with { Reason = hostile, Subject = new AuditSubject("users", "ada1", hostile) }, Hash)));

        Assert.All(line, character => Assert.InRange(character, ' ', '~'));
        using var json = JsonDocument.Parse(line);
        Assert.Equal((hostile, hostile, 7), (json.RootElement.GetProperty("reason").GetString(), json.RootElement.GetProperty("subject_name").GetString(), json.RootElement.GetProperty("seq").GetInt32()));
    }
}
