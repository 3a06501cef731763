using System.Text;
using System.Text.Json;
using CsCheck;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Tests.Audit;

public sealed class CanonicalFormTests
{
    private static readonly AuditEvent Full = new(
        AuditEventTypes.SessionOpened,
        new DateTimeOffset(2030, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)).AddTicks(1234567),
        new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent, Role.Manager]))
    {
        Outcome = AuditOutcome.Denied,
        Subject = new AuditSubject("users", "u1", "Ada \"Countess\" Löwe\\lace"),
        SessionId = "s1",
        Reason = "line\nbreak\ttab\u0001\u001f\u007f </script> \ud83d\ude00",
        Category = "bug",
        Ticket = "SUP-1",
        Target = new AuditTarget("posts") { RecordIds = ["r1", "r2"], Count = 2, QueryHash = "ab" },
        Detail = "d",
        ClientAddress = "::1",
        CorrelationId = "c1",
    };

    private static readonly string[] Hostile =
        ["", "\ud800", "\udc00x", "\ud83d\ude00", "\u0000\u0008\u000c\r\n\t\"\\/", "\u2028\u2029\ufeff", "null", "{}"];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String,
        Gen.Char.Array.Select(chars => new string(chars)),
        Gen.Int[0, Hostile.Length - 1].Select(index => Hostile[index]));

    private static readonly Gen<AuditEvent> Events =
        from head in Gen.Select(Text, Gen.DateTimeOffset, Text, Text)
        from roles in Gen.Enum<Role>().Array[0, 3]
        from outcome in Gen.Enum<AuditOutcome>()
        from subject in Gen.Select(Text, Text, Text, (c, i, n) => new AuditSubject(c, i, n)).Null()
        from target in Gen.Select(
            Text, Text.Array[0, 3], Gen.Int.Nullable(), Text.Null(),
            (c, r, n, q) => new AuditTarget(c) { RecordIds = [.. r], Count = n, QueryHash = q }).Null()
        from rest in Text.Null().Array[8]
        select new AuditEvent(head.Item1, head.Item2, new AuditActor(new StaffId(head.Item3), head.Item4, [.. roles]))
        {
            Outcome = outcome, Subject = subject, Target = target, SessionId = rest[0], Reason = rest[1], Category = rest[2],
            Ticket = rest[3], Detail = rest[4], ClientAddress = rest[5], CorrelationId = rest[6], Instance = rest[7],
        };

    [Fact]
    public void Full_event_has_these_bytes_for_ever()
    {
        var bytes = CanonicalForm.Encode(42, Full);

        Assert.Equal(
            """{"actor":{"id":"demo/mia-chen","name":"Mia Chen","roles":["agent","manager"]},"category":"bug","client":"::1","correlation":"c1","detail":"d","outcome":"denied","reason":"line\nbreak\ttab\u0001\u001fDEL </script> 😀","seq":42,"session":"s1","subject":{"collection":"users","id":"u1","name":"Ada \"Countess\" Löwe\\lace"},"target":{"collection":"posts","count":2,"queryHash":"ab","records":["r1","r2"]},"ticket":"SUP-1","time":"2030-01-02T03:04:05.123456Z","type":"session.opened","v":1}"""
                .Replace("DEL", "\u007f", StringComparison.Ordinal),
            Encoding.UTF8.GetString(bytes));
        Assert.Equal("8fabcf1c5b0d5597c746461bd45817f4bc3416e06ebdf3fa59c0b4882c5c194b", Convert.ToHexStringLower(CanonicalForm.LeafHash(bytes).AsSpan()));
    }

    [Fact]
    public void Least_event_has_these_bytes_for_ever()
    {
        var bytes = CanonicalForm.Encode(1, new AuditEvent(AuditEventTypes.SystemStarted, DateTimeOffset.UnixEpoch, AuditActor.System));

        Assert.Equal(
            """{"actor":{"id":"system","name":"System","roles":[]},"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"system.started","v":1}""",
            Encoding.UTF8.GetString(bytes));
        Assert.Equal("3425391e06c705e79a1e9add851d8b04c7d3b2d1b707095f24510aba41541680", Convert.ToHexStringLower(CanonicalForm.LeafHash(bytes).AsSpan()));
    }

    [Fact]
    public void Event_that_names_its_instance_has_these_bytes_for_ever()
    {
        var bytes = CanonicalForm.Encode(
            1, new AuditEvent(AuditEventTypes.SystemStarted, DateTimeOffset.UnixEpoch, AuditActor.System) { Instance = "web-1/0a1b2c3d" });

        Assert.Equal(
            """{"actor":{"id":"system","name":"System","roles":[]},"instance":"web-1/0a1b2c3d","outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"system.started","v":2}""",
            Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Any_event_comes_back_as_it_is_kept() => Events.Sample(occurred =>
    {
        var bytes = CanonicalForm.Encode(7, occurred);
        var entry = CanonicalForm.Decode(bytes);
        var kept = CanonicalForm.AsKept(occurred);

        Assert.Equal(7, entry.Sequence);
        Assert.Equal(bytes, CanonicalForm.Encode(7, entry.Event));
        Assert.Equal(Comparable(kept), Comparable(entry.Event));
        Assert.Equal(kept.Actor.Roles, entry.Event.Actor.Roles);
        Assert.Equal(kept.Target?.RecordIds ?? [], entry.Event.Target?.RecordIds ?? []);
    });

    [Fact]
    public void Keys_are_sorted_and_nothing_is_null() => Events.Sample(occurred =>
    {
        using var json = JsonDocument.Parse(CanonicalForm.Encode(1, occurred));

        foreach (var level in json.RootElement.EnumerateObject().Select(p => p.Value).Where(v => v.ValueKind == JsonValueKind.Object).Append(json.RootElement))
        {
            var keys = level.EnumerateObject().Select(property => property.Name).ToList();
            Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
            Assert.DoesNotContain(level.EnumerateObject(), property => property.Value.ValueKind == JsonValueKind.Null);
        }
    });

    [Fact]
    public void Surrogate_without_its_partner_becomes_the_replacement_character()
    {
        var kept = CanonicalForm.AsKept(Full with { Reason = "a\ud800b\udc00" });

        Assert.Equal("a\ufffdb\ufffd", kept.Reason);
        Assert.Equal(CanonicalForm.Encode(1, kept), CanonicalForm.Encode(1, Full with { Reason = "a\ud800b\udc00" }));
    }

    [Fact]
    public void Sequence_and_every_part_change_the_hash()
    {
        AuditEvent[] variants =
        [
            Full, Full with { Type = "x" }, Full with { At = Full.At.AddMicroseconds(1) }, Full with { Outcome = AuditOutcome.Failed },
            Full with { Actor = Full.Actor with { Roles = [] } }, Full with { Subject = null }, Full with { Reason = null },
            Full with { Reason = "" }, Full with { Target = Full.Target! with { Count = null } }, Full with { Detail = "e" },
        ];

        var hashes = variants.Select(variant => Hash(1, variant)).Append(Hash(2, Full)).ToList();

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":[]},"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":2}""")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":[]},"instance":"w","outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":1}""")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":[]},"instance":"w","outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":3}""")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":["king"]},"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":1}""")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":[]},"outcome":"success","seq":1,"time":"yesterday","type":"t","v":1}""")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":[]},"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":1,"x":1}""")]
    [InlineData("""{"actor":7,"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":1}""")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":[]},"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":1}{}""")]
    public void Other_bytes_are_refused(string bytes) =>
        Assert.Throws<FormatException>(() => CanonicalForm.Decode(Encoding.UTF8.GetBytes(bytes)));

    private static string Hash(long sequence, AuditEvent occurred) =>
        Convert.ToHexString(CanonicalForm.LeafHash(CanonicalForm.Encode(sequence, occurred)).AsSpan());

    /// <summary>Records compare arrays by identity, so these are compared apart.</summary>
    private static AuditEvent Comparable(AuditEvent occurred) => occurred with
    {
        Actor = occurred.Actor with { Roles = default },
        Target = occurred.Target is { } target ? target with { RecordIds = default } : null,
    };
}
