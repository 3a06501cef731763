using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;

namespace SupportConsole.Tests.Features.Audit;

public sealed class FilterReadingTests
{
    public static TheoryData<AuditAddress, string> Unreadable => new()
    {
        { new(From: "01.12.2026"), "From" },
        { new(From: "2026-13-01"), "From" },
        { new(From: "2026-02-30"), "From" },
        { new(From: "2026-1-1"), "From" },
        { new(From: "0001-01-01"), "From" },
        { new(From: "yesterday\ufffe\u202e"), "From" },
        { new(To: "9999-12-31"), "To" },
        { new(From: "2026-12-02", To: "2026-12-01"), "To" },
        { new(From: "2026-12-01", Zone: "Mars/Olympus"), "Zone" },
        { new(Outcome: "refused"), "Outcome" },
        { new(Outcome: "1"), "Outcome" },
        { new(Outcome: "denied,failed"), "Outcome" },
        { new(Event: "x"), "Event" },
        { new(Event: "role"), "Event" },
        { new(Event: "*"), "Event" },
        { new(Event: ".*"), "Event" },
        { new(Event: "role.granted,nothing"), "Event" },
        { new(Event: ","), "Event" },
        { new(Text: "..."), "Text" },
        { new(Text: "\u200b\u2800"), "Text" },
        { new(Text: string.Join(' ', Enumerable.Range(100, 17))), "Text" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_is_a_fault_at_its_filter(AuditAddress filter, string name)
    {
        var question = FilterReading.Read(filter);

        var (at, sentence) = Assert.Single(question.Faults);
        Assert.Equal(name, at);
        Assert.NotEmpty(sentence);
        Assert.Equal($"nothing: the filter {name.ToLowerInvariant()} can't be read", question.Describe());
    }

    [Theory]
    [InlineData("?usr=ada", "usr")]
    [InlineData("?text[]=zzzz", "text[]")]
    [InlineData("?from[0]=2026-11-27", "from[0]")]
    [InlineData("?text=&text=zzzz", "text")]
    [InlineData("?outcome=success&Outcome=denied", "outcome")]
    public void What_is_no_filter_in_the_address_is_a_fault(string query, string name)
    {
        var unread = AuditAddress.UnreadIn($"https://console.example.test/audit{query}");
        var question = FilterReading.Read(new AuditAddress { Unread = unread });

        Assert.Equal(name, unread);
        Assert.Contains(name, question.Faults[nameof(AuditAddress.Unread)], StringComparison.Ordinal);
        Assert.Equal("nothing: the filter address can't be read", question.Describe());
    }

    [Fact]
    public void A_whole_address_has_nothing_unread() =>
        Assert.Null(AuditAddress.UnreadIn($"https://console.example.test/{new AuditAddress("a", "b", "c", "d", "e", "f", "g", "h", "i", "j").ToAddress()}"));

    [Theory]
    [InlineData("users/anna@example.org", "user (an address)")]
    [InlineData("users/u1", "user users/u1")]
    public void An_address_that_was_taken_for_an_id_is_not_written_down(string user, string description) =>
        Assert.Equal(description, FilterReading.Read(new AuditAddress(User: user)).Describe());

    [Fact]
    public void What_is_cut_is_cut_between_letters() =>
        Assert.True(FilterReading.Read(new AuditAddress(Session: $"{new string('a', 59)}😀😀")).Describe().EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar));

    [Fact]
    public void Readable_filters_are_all_applied_and_named()
    {
        var question = FilterReading.Read(new AuditAddress(
            "2026-03-28", "2026-03-29", "demo/mia-chen", "users/u1", "role.*, key.created", "Denied", "s1", "jane@example.test wrote", "Europe/Berlin"));

        Assert.Empty(question.Faults);
        Assert.Null(question.Wanted);
        // The clocks of Berlin were put forward on the second of these days.
        Assert.Equal(new DateTimeOffset(2026, 3, 27, 23, 0, 0, TimeSpan.Zero), question.Query.From);
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 22, 0, 0, TimeSpan.Zero), question.Query.To);
        Assert.Equal(new StaffId("demo/mia-chen"), question.Query.Actor);
        Assert.Equal(new AuditSubjectKey("users", "u1"), question.Query.Subject);
        Assert.Equal(
            [AuditEventTypes.RoleGranted, AuditEventTypes.RoleRevoked, AuditEventTypes.RoleExpired, AuditEventTypes.RoleChangeDenied, AuditEventTypes.KeyCreated],
            question.Query.Types);
        Assert.Equal(AuditOutcome.Denied, question.Query.Outcome);
        Assert.Equal("s1", question.Query.SessionId);
        Assert.Equal(
            "from 2026-03-28, to 2026-03-29, staff demo/mia-chen, user users/u1, event role.*, key.created, outcome denied, session s1, a text, days of Europe/Berlin",
            question.Describe());
    }

    [Theory]
    [InlineData("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z")] // Midnight is skipped: the day begins at one o'clock.
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")] // Midnight comes twice: the first one counts.
    [InlineData("Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z")]
    [InlineData("UTC", "2026-01-01", "2026-01-01T00:00:00Z")]
    public void A_day_begins_at_its_first_instant(string zone, string day, string instant) =>
        Assert.Equal(
            DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture),
            FilterReading.Read(new AuditAddress(From: day, Zone: zone)).Query.From);

    [Theory]
    [InlineData("ada@example.test")]
    [InlineData("Ada Lovelace")]
    [InlineData("u8k2m1c0a3l9x7q")]
    [InlineData("https://app.example.test/u/1")]
    [InlineData("/u1")]
    [InlineData("users/")]
    public void A_user_without_a_collection_has_yet_to_be_found(string text)
    {
        var question = FilterReading.Read(new AuditAddress(User: text));

        Assert.Equal(text, question.Wanted?.Text);
        Assert.Null(question.Query.Subject);
        Assert.DoesNotContain(text, question.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Today_is_the_readers_own_day()
    {
        var today = PresetView.All.Single(view => view.Name == "Today");
        var lateInUtc = new DateTimeOffset(2026, 11, 27, 23, 30, 0, TimeSpan.Zero);

        Assert.Equal("audit?from=2026-11-27&zone=UTC", today.FilterAt(lateInUtc, TimeZoneInfo.Utc).ToAddress());
        Assert.Equal("audit?from=2026-11-28&zone=Asia%2FTokyo", today.FilterAt(lateInUtc, TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo")).ToAddress());
    }

    [Fact]
    public void Role_changes_are_every_change_of_a_role_and_nothing_else()
    {
        var changes = FilterReading.Read(PresetView.All.Single(view => view.Name == "Role changes").FilterAt(default, TimeZoneInfo.Utc)).Query.Types;

        Assert.Equal(["role.change_denied", "role.expired", "role.granted", "role.revoked"], changes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_view_can_be_read() => Assert.All(
        PresetView.All, view => Assert.Empty(FilterReading.Read(view.FilterAt(DateTimeOffset.UnixEpoch.AddYears(60), TimeZoneInfo.Utc)).Faults));
}
