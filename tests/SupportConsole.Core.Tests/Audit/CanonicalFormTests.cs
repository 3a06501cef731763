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

    /// <summary>What <see cref="Full"/> says of people, under salts of the bytes 0 to 31 and 32 to 63.</summary>
    private static readonly string Personal =
        """{"about":{"salt":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=","text":{"detail":"d","reason":"line\nbreak\ttab\u0001\u001fDEL </script> 😀","subject":"Ada \"Countess\" Löwe\\lace","ticket":"SUP-1"}},"by":{"salt":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","text":{"client":"::1","name":"Mia Chen"}}}"""
            .Replace("DEL", "\u007f", StringComparison.Ordinal);

    private static readonly string[] Hostile =
        ["", "\ud800", "\udc00x", "\ud83d\ude00", "\u0000\u0008\u000c\r\n\t\"\\/", "\u2028\u2029\ufeff", "null", "{}"];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String,
        Gen.Char.Array.Select(chars => new string(chars)),
        Gen.Int[0, Hostile.Length - 1].Select(index => Hostile[index]));

    private static readonly Gen<AuditEvent> Events =
        from head in Gen.Select(Gen.OneOf(Text, Gen.Const(AuditEventTypes.ReadRequested)), Gen.DateTimeOffset, Text, Text)
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
    public void Event_whose_names_and_texts_are_kept_apart_has_these_bytes_for_ever()
    {
        var personal = PersonalText.Decode(Encoding.UTF8.GetBytes(Personal));

        var bytes = CanonicalForm.Encode(42, Full with { Instance = "web-1/0a1b2c3d" }, personal);

        Assert.Equal(
            """{"about":"8uXVwD60O+klvd6ljwQ03Lx3PnSoJvP0mfPad6KXhGQ=","actor":{"id":"demo/mia-chen","roles":["agent","manager"]},"by":"eTUNY+cC6EkZu3DezauP7ktYFCmDsgOiDsRTbUVgPXM=","category":"bug","correlation":"c1","instance":"web-1/0a1b2c3d","outcome":"denied","seq":42,"session":"s1","subject":{"collection":"users","id":"u1"},"target":{"collection":"posts","count":2,"queryHash":"ab","records":["r1","r2"]},"time":"2030-01-02T03:04:05.123456Z","type":"session.opened","v":3}""",
            Encoding.UTF8.GetString(bytes));
        Assert.Equal("1e9f71e4cecfa7735727211f37a98aef579f8bc536f44c900bd6e0e2b0b22aed", Convert.ToHexStringLower(CanonicalForm.LeafHash(bytes).AsSpan()));
        Assert.Equal(Personal, Encoding.UTF8.GetString(personal.Encode()));
        var kept = CanonicalForm.Decode(bytes);
        Assert.True(kept.IsBoundTo(personal));
        Assert.Equal(Comparable(CanonicalForm.AsKept(Full with { Instance = "web-1/0a1b2c3d" })), Comparable(kept.With(personal)));
    }

    [Fact]
    public void What_is_erased_has_these_bytes_for_ever()
    {
        var personal = PersonalText.Decode(Encoding.UTF8.GetBytes(Personal)).Erase(by: false, about: true, new DateTimeOffset(2030, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)));

        Assert.Equal(
            """{"about":{"erased":"2030-01-02T03:04:05.000000Z"},"by":{"salt":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","text":{"client":"::1","name":"Mia Chen"}}}""",
            Encoding.UTF8.GetString(personal.Encode()));
    }

    [Fact]
    public void Event_without_names_and_texts_has_no_commitment()
    {
        var occurred = new AuditEvent(AuditEventTypes.SystemStarted, DateTimeOffset.UnixEpoch, AuditActor.System with { Name = "" });

        Assert.Null(PersonalText.Of(occurred));
        Assert.Equal(
            """{"actor":{"id":"system","roles":[]},"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"system.started","v":3}""",
            Encoding.UTF8.GetString(CanonicalForm.Encode(1, occurred, null)));
    }

    [Fact]
    public void What_a_read_asked_for_stays_in_the_bytes()
    {
        var asked = Full with { Type = AuditEventTypes.ReadRequested, Detail = AuditEventTypes.RecordViewed };
        var personal = PersonalText.Of(asked)!;

        var kept = CanonicalForm.Decode(CanonicalForm.Encode(1, asked, personal));

        Assert.Equal(AuditEventTypes.RecordViewed, kept.With(personal.Erase(by: true, about: true, DateTimeOffset.UnixEpoch)).Detail);
    }

    [Fact]
    public void Any_event_comes_back_with_its_names_and_texts() => Events.Sample(occurred =>
    {
        var kept = CanonicalForm.AsKept(occurred);
        var written = PersonalText.Of(kept);
        var personal = written is null ? null : PersonalText.Decode(written.Encode());
        var bytes = CanonicalForm.Encode(7, kept, written);

        var read = CanonicalForm.Decode(bytes);

        Assert.Equal((7, 3), (read.Sequence, read.Version));
        Assert.True(read.IsBoundTo(personal));
        Assert.Equal(Comparable(kept), Comparable(read.With(personal)));
        Assert.Equal(bytes, CanonicalForm.Encode(7, read.With(personal), personal));
    });

    [Fact]
    public void No_name_and_no_text_is_in_the_bytes() => Events.Sample(occurred =>
    {
        // With a text of its own in each of them, so that nothing else is equal by chance.
        var kept = CanonicalForm.AsKept(occurred with
        {
            Actor = occurred.Actor with { Name = "secret-1" }, Subject = occurred.Subject is { } subject ? subject with { Name = "secret-2" } : null,
            Reason = "secret-3", Ticket = "secret-4", Detail = "secret-5 of access.explained", ClientAddress = "secret-6",
        });

        var text = Encoding.UTF8.GetString(CanonicalForm.Encode(1, kept, PersonalText.Of(kept)));

        Assert.DoesNotContain("secret-", text, StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_read_straight_from_the_bytes_is_what_taking_them_apart_reads() => Events.Sample(occurred =>
    {
        var kept = CanonicalForm.AsKept(occurred);
        var personal = PersonalText.Of(kept);
        var bytes = CanonicalForm.Encode(7, kept, personal);
        var read = CanonicalForm.Decode(bytes);

        if (!EventOutline.TryRead(bytes, out var outline))
        {
            // Only what isn't written plainly, or a collection without a name.
            Assert.Contains(
                new[] { kept.Type, kept.Actor.Id.Value, kept.Subject?.Collection, kept.Subject?.Id, kept.SessionId },
                text => text is not null && (text.Length == 0 || text.Any(c => c < ' ' || c is '"' or '\\')));
            return;
        }

        Assert.Equal((7, StoredMicroseconds(kept.At), kept.Outcome), (outline.Sequence, outline.Microseconds, outline.Outcome));
        Assert.Equal(
            (kept.Type, kept.Actor.Id.Value, kept.Subject?.Collection ?? "", kept.Subject?.Id ?? "", kept.SessionId ?? "", read.By ?? "", read.About ?? ""),
            (Words(outline.Type), Words(outline.Actor), Words(outline.SubjectCollection), Words(outline.SubjectId), Words(outline.Session), Words(outline.By), Words(outline.About)));
        Assert.True(Commitments.AreKept(personal is null ? [] : personal.Encode(), outline.By, outline.About));
    });

    [Fact]
    public void Personal_text_with_a_byte_changed_is_never_said_to_be_kept_by_its_bytes() => Gen.Select(Events, Gen.Int[0, 100_000], Gen.Byte).Sample((occurred, place, value) =>
    {
        var kept = CanonicalForm.AsKept(occurred);
        if (PersonalText.Of(kept) is not { } personal || CanonicalForm.Decode(CanonicalForm.Encode(1, kept, personal)) is not { } read)
        {
            return;
        }

        var (bytes, changed) = (personal.Encode(), personal.Encode());
        changed[place % changed.Length] = value;
        var (by, about) = (Encoding.UTF8.GetBytes(read.By ?? ""), Encoding.UTF8.GetBytes(read.About ?? ""));

        Assert.Equal(changed.AsSpan().SequenceEqual(bytes), Commitments.AreKept(changed, by, about));
        Assert.False(Commitments.AreKept(bytes.AsSpan(0, place % bytes.Length), by, about));
        Assert.False(Commitments.AreKept(bytes, about, by));
    });

    private static string Words(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    private static long StoredMicroseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    [Fact]
    public void A_commitment_holds_every_text_and_both_salts() => Gen.Select(Events, Text).Sample((occurred, other) =>
    {
        var kept = CanonicalForm.AsKept(occurred);
        var read = CanonicalForm.Decode(CanonicalForm.Encode(1, kept, PersonalText.Of(kept)));
        other = CanonicalForm.AsKept(kept with { Reason = other }).Reason!;
        AuditEvent[] changed =
        [
            kept, kept with { Reason = other }, kept with { Ticket = other }, kept with { Detail = other }, kept with { ClientAddress = other },
            kept with { Actor = kept.Actor with { Name = other } }, kept with { Reason = null, Ticket = null, Detail = null, Subject = null },
        ];

        // Under other salts even the same texts don't fit.
        Assert.All(changed.Select(PersonalText.Of), made => Assert.Equal((read.By ?? read.About) is null && made is null, read.IsBoundTo(made)));
    });

    [Fact]
    public void What_is_erased_fits_only_where_there_was_something() => Events.Sample(occurred =>
    {
        var kept = CanonicalForm.AsKept(occurred);
        var personal = PersonalText.Of(kept);
        var bytes = CanonicalForm.Encode(1, kept, personal);
        var read = CanonicalForm.Decode(bytes);

        var erased = personal?.Erase(by: true, about: true, DateTimeOffset.UnixEpoch);

        Assert.True(read.IsBoundTo(erased));
        Assert.Equal(bytes, CanonicalForm.Encode(1, kept, personal));
        Assert.Equal((read.By is not null, read.About is not null), (erased?.Erased?.By is not null, erased?.Erased?.About is not null));
        Assert.Equal(read.By is null || read.About is null, !read.IsBoundTo(PersonalText.ErasedOf(by: true, about: true, DateTimeOffset.UnixEpoch)));
        Assert.Equal(erased?.About is null ? kept.Reason : PersonalText.ErasedWord, read.With(erased).Reason);
    });

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"by":7}""")]
    [InlineData("""{"by":{}}""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":7}}}""")]
    [InlineData("""{"by":{"salt":"no","text":{"name":"x"}}}""")]
    [InlineData("""{"by":{"salt":"AB==","text":{"name":"x"}}}""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":"x"}} }""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":"x","name":"x"}}}""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":"\u0078"}}}""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":"\ud800"}}}""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":"x"},"more":"y"}}""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":"x"}},"by":{"salt":"AA==","text":{"name":"x"}}}""")]
    [InlineData("""{"by":{"salt":"AA==","text":{"name":"x"}},"about":{"erased":"2030-01-02T03:04:05.000000Z"}}""")]
    [InlineData("""{"by":{"erased":"2030-01-02"}}""")]
    [InlineData("""{"by":{"erased":"2030-01-02T03:04:05.000000Z","text":{"name":"x"}}}""")]
    public void Other_personal_text_is_refused(string bytes) =>
        Assert.Throws<FormatException>(() => PersonalText.Decode(Encoding.UTF8.GetBytes(bytes)));

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
    public void Keys_are_sorted_and_nothing_is_null() => Gen.Select(Events, Gen.Bool).Sample((occurred, apart) =>
    {
        using var json = JsonDocument.Parse(apart ? CanonicalForm.Encode(1, occurred, PersonalText.Of(occurred)) : CanonicalForm.Encode(1, occurred));

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
    [InlineData("""{"actor":{"id":"system","roles":[]},"detail":"d","outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":3}""")]
    [InlineData("""{"actor":{"id":"system","roles":[]},"client":"::1","outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":3}""")]
    [InlineData("""{"actor":{"id":"system","roles":[]},"by":"AA==","outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":3}""")]
    [InlineData("""{"actor":{"id":"system","roles":[]},"outcome":"success","seq":1,"subject":{"collection":"users","id":"u","name":"n"},"time":"1970-01-01T00:00:00.000000Z","type":"t","v":3}""")]
    [InlineData("""{"actor":{"id":"system","roles":[]},"outcome":"success","seq":1,"time":"1970-01-01T00:00:00.000000Z","type":"t","v":1}""")]
    [InlineData("""{"actor":{"id":"system","name":"System","roles":[]},"outcome":"success","seq":1,"subject":{"collection":"users","id":"u"},"time":"1970-01-01T00:00:00.000000Z","type":"t","v":1}""")]
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
