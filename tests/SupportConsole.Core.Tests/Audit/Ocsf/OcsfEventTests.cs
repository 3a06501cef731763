using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Ocsf;
using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Tests.Audit.Ocsf;

/// <summary>Every event of the trail is one that the framework's schema has, with all that it requires and nothing that it doesn't know.</summary>
public sealed class OcsfEventTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Audit", "Ocsf", "classes.json"))).RootElement;

    private static readonly string[] OfNoClass = [AuditEventTypes.PolicyDenied, AuditEventTypes.PocketBaseUnreachable];

    public static TheoryData<string> Types => [.. AuditEventTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public void Whatever_an_event_has_or_lacks_it_is_as_the_schema_says(string type)
    {
        foreach (var outcome in Enum.GetValues<AuditOutcome>())
        {
            foreach (var happened in (AuditEvent[])[Bare(type), Full(type)])
            {
                var json = Written(new AuditEntry(7, happened with { Outcome = outcome }, [1, 2, 3]));

                AssertValid(json);
                Assert.Equal(outcome == AuditOutcome.Success ? 1 : 2, json.GetProperty("status_id").GetInt32());
                Assert.Equal(OfNoClass.Contains(type), json.GetProperty("class_uid").GetInt32() == 0);
                Assert.Equal((type, 7, "010203"), (Text(json, "metadata.event_code"), At(json, "metadata.sequence")!.Value.GetInt32(), Text(json, "metadata.uid")));
            }
        }
    }

    [Theory]
    [InlineData(AuditEventTypes.SignedIn, 300201)]
    [InlineData(AuditEventTypes.SignedOut, 300202)]
    [InlineData(AuditEventTypes.SessionOpened, 300207)]
    [InlineData(AuditEventTypes.SessionEnded, 300202)]
    [InlineData(AuditEventTypes.RoleGranted, 300501)]
    [InlineData(AuditEventTypes.RoleExpired, 300502)]
    [InlineData(AuditEventTypes.KeyCreated, 300101)]
    [InlineData(AuditEventTypes.KeyRevoked, 300106)]
    [InlineData(AuditEventTypes.UsersSearched, 600504)]
    [InlineData(AuditEventTypes.RecordsListed, 600508)]
    [InlineData(AuditEventTypes.RecordViewed, 600501)]
    [InlineData(AuditEventTypes.AuditErased, 300404)]
    [InlineData(AuditEventTypes.SystemStarted, 600203)]
    [InlineData(AuditEventTypes.PolicyDenied, 99)]
    [InlineData("a.type_of_tomorrow", 99)]
    public void A_type_is_one_activity_of_one_class(string type, int expected) => Assert.Equal(expected, OcsfActivity.Of(type).TypeUid);

    [Fact]
    public void Everything_that_an_event_says_is_in_it()
    {
        var json = Written(new AuditEntry(7, Full(AuditEventTypes.SessionOpened), [1, 2, 3]));

        Assert.Equal(Full("").At.ToUnixTimeMilliseconds(), json.GetProperty("time").GetInt64());
        Assert.Equal("2030-01-02T03:04:05.678901Z", Text(json, "metadata.original_time"));
        Assert.Equal(("demo/mia", "Mia", "u1", "Ada \u202e\0\"", "users"), (Text(json, "actor.user.uid"), Text(json, "actor.user.name"), Text(json, "user.uid"), Text(json, "user.name"), Text(json, "user.domain")));
        Assert.Equal(("s1", "192.0.2.1", "Impersonate"), (Text(json, "session.uid"), Text(json, "src_endpoint.ip"), Text(json, "account_switch_type")));
        foreach (var text in (string[])["reason", "category", "SUP-1", "detail", "posts", "r1", "r2", "hash", "corr", "host/1", "Support agent"])
        {
            Assert.Contains($"\"{text}\"", json.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_damaged_is_of_no_class_and_what_was_erased_says_so()
    {
        var damaged = Written(new AuditEntry(7, new AuditEvent(AuditEventTypes.RecordViewed, Full("").At, AuditActor.Unreadable) { Outcome = AuditOutcome.Failed, Detail = "damaged: why" }, [1], IsDamaged: true));
        var erased = Written(new AuditEntry(7, Full(AuditEventTypes.RecordViewed), [1]) { Erased = new ErasedText(null, Full("").At) });

        AssertValid(damaged);
        AssertValid(erased);
        Assert.Equal((0, 4, "damaged", "damaged: why"), (damaged.GetProperty("class_uid").GetInt32(), damaged.GetProperty("severity_id").GetInt32(), Text(damaged, "unmapped.state"), Text(damaged, "status_detail")));
        Assert.Equal(("erased", "2030-01-02T03:04:05.678901Z", null), (Text(erased, "unmapped.state"), Text(erased, "unmapped.erased.about"), Text(erased, "unmapped.erased.actor")));
    }

    private static AuditEvent Bare(string type) => new(type, new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), AuditActor.System);

    private static AuditEvent Full(string type) =>
        new(type, new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(678901), new AuditActor(new StaffId("demo/mia"), "Mia", [Role.Agent]))
        {
            Subject = new AuditSubject("users", "u1", "Ada \u202e\0\""), SessionId = "s1", Reason = "reason", Category = "category", Ticket = "SUP-1", Detail = "detail",
            ClientAddress = "192.0.2.1", CorrelationId = "corr", Instance = "host/1", Target = new AuditTarget("posts") { RecordIds = ["r1", "r2"], Count = 2, QueryHash = "hash" },
        };

    private static JsonElement Written(AuditEntry entry)
    {
        var to = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(to))
        {
            OcsfEvent.Write(json, entry);
        }

        return JsonDocument.Parse(to.WrittenMemory).RootElement;
    }

    private static void AssertValid(JsonElement json)
    {
        var (every, uid, activity) = (Schema.GetProperty("every"), json.GetProperty("class_uid").GetInt32(), json.GetProperty("activity_id").GetInt32());
        var own = Schema.GetProperty("classes").GetProperty(uid.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(Schema.GetProperty("version").GetString(), Text(json, "metadata.version"));
        Assert.Equal((own.GetProperty("category").GetInt32(), (uid * 100) + activity), (json.GetProperty("category_uid").GetInt32(), json.GetProperty("type_uid").GetInt32()));
        Assert.Equal(own.GetProperty("name").GetString(), json.GetProperty("class_name").GetString());
        Assert.Contains(activity, Numbers(own, "activities"));
        Assert.Contains(json.GetProperty("severity_id").GetInt32(), Numbers(every, "severities"));
        Assert.Contains(json.GetProperty("status_id").GetInt32(), Numbers(every, "statuses"));
        Assert.All(Names(every, "required").Concat(Names(own, "required")), path => Assert.True(At(json, path) is { ValueKind: not JsonValueKind.Null }, $"{path} is missing."));
        Assert.True(Names(own, "one_of") is [] || Names(own, "one_of").Any(name => json.TryGetProperty(name, out _)), "None of the names is there of which one must be.");
        Assert.Empty(json.EnumerateObject().Select(member => member.Name).Except([.. Names(every, "known"), .. Names(own, "known")]));
        Assert.All(Schema.GetProperty("objects").EnumerateObject().Where(part => At(json, part.Name) is not null), part => Assert.Contains(
            part.Value.EnumerateArray(), name => At(json, $"{part.Name}.{name.GetString()}") is { ValueKind: JsonValueKind.Object } or { ValueKind: JsonValueKind.String }));
    }

    private static string[] Names(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(each => each.GetString()!)];

    private static int[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(each => each.GetInt32())];

    private static string? Text(JsonElement json, string path) => At(json, path)?.GetString();

    private static JsonElement? At(JsonElement json, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json;
    }
}
