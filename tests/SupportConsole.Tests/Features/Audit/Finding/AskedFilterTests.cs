using System.Globalization;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Asking;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Finding;

namespace SupportConsole.Tests.Features.Audit.Finding;

/// <summary>The bar and the fields say the same, and the address holds both.</summary>
public sealed class AskedFilterTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public static TheoryData<string, AuditAddress, string> Both => new()
    {
        { "actor:demo/mia-chen event:role.* event:key.created", new(Actor: "demo/mia-chen", Event: "role.*,key.created"), "actor:demo/mia-chen event:role.*,key.created" },
        { "Ada subject:\"Ada Lovelace\" Love", new(User: "Ada Lovelace", Text: "Ada Love"), "subject:\"Ada Lovelace\" Ada Love" },
        { "after:2026-11-01 before:2026-11-08", new(From: "2026-11-01", To: "2026-11-07", Zone: "Europe/Berlin"), "after:2026-11-01 before:2026-11-08" },
        { "before:2026-03-01T10:30", new(Zone: "Europe/Berlin", Query: "before:2026-03-01T10:30"), "before:2026-03-01T10:30" },
        { "-event:audit.viewed outcome:denied", new(Outcome: "denied", Query: "-event:audit.viewed"), "outcome:denied -event:audit.viewed" },
        { "ticket:SUP-1 \"two words\" session:s1", new(Session: "s1", Query: "ticket:SUP-1 \"two words\""), "session:s1 ticket:SUP-1 \"two words\"" },
        { "", new(), "" },
        { "evnet:x Ada", new(Query: "evnet:x Ada"), "evnet:x Ada" },
        { "after:yesterday", new(Zone: "Europe/Berlin", Query: "after:yesterday"), "after:yesterday" },
    };

    [Theory]
    [MemberData(nameof(Both))]
    public void What_is_typed_and_what_the_fields_say_are_one(string typed, AuditAddress address, string shown)
    {
        Assert.Equal(address, AskedFilter.AddressOf(typed, new AuditAddress(), Berlin));
        Assert.Equal(shown, AskedFilter.TextOf(address));
        Assert.Equal(address, AskedFilter.AddressOf(shown, address, Berlin));
    }

    [Theory]
    [InlineData("actor:mia", AskedKey.Actor, "demo/ines-duarte", "actor:demo/ines-duarte")]
    [InlineData("-refund session:s1  \"two words\" -session:s3", AskedKey.Session, "s2", "session:s2 -refund  \"two words\" -session:s3")]
    [InlineData("ACTOR:\"Mia Chen\" subject:ada ticket:SUP-1", AskedKey.Subject, "users/u1", "subject:users/u1 ACTOR:\"Mia Chen\" ticket:SUP-1")]
    [InlineData("after:2026-12-01T10:07", AskedKey.After, "2026-12-02", "after:2026-12-02")]
    [InlineData("before:2026-12-01T10:07 outcome:denied", AskedKey.Before, "2026-12-02", "before:2026-12-03 outcome:denied")]
    [InlineData("outcome:denied outcome:failed", AskedKey.Outcome, "success", "outcome:success")]
    [InlineData("evnet:x actor:mia \"", AskedKey.Actor, "demo/ines-duarte", "actor:demo/ines-duarte evnet:x \"")]
    [InlineData("actor:mia", AskedKey.Actor, null, "actor:mia")]
    public void What_is_chosen_takes_the_place_of_what_the_query_says_of_it(string query, AskedKey key, string? value, string shown) =>
        Assert.Equal(shown, AskedFilter.TextOf(AskedFilter.Set(new AuditAddress(Query: query), key, value)));

    [Fact]
    public void Days_that_stay_keep_the_zone_of_whoever_chose_them()
    {
        var passedOn = new AuditAddress(From: "2026-11-01", Zone: "Asia/Tokyo");

        Assert.Equal("Asia/Tokyo", AskedFilter.AddressOf("after:2026-11-01 Ada", passedOn, Berlin).Zone);
        Assert.Equal("Europe/Berlin", AskedFilter.AddressOf("after:2026-11-02 Ada", passedOn, Berlin).Zone);
        Assert.Null(AskedFilter.AddressOf("Ada", passedOn, Berlin).Zone);
    }

    [Theory]
    [InlineData("a:b", "a b")]
    [InlineData("-refund \"x", "refund x")]
    [InlineData("résumé ...", "résumé ...")]
    [InlineData("nothing\u202ehere", "nothing here")]
    public void Of_a_text_in_an_older_address_its_words_are_shown(string text, string shown)
    {
        Assert.Equal(shown, AskedFilter.TextOf(new AuditAddress(Text: text)));
        Assert.Empty(FilterReading.Read(new AuditAddress(Text: text)).Faults);
    }

    [Theory]
    [InlineData("evnet:x", 0, 6, "did you mean “event:”?")]
    [InlineData("outcome:denied -event:nothing", 15, 14, "is no event")]
    [InlineData("Ada -outcome:refused", 4, 16, "is no outcome")]
    [InlineData("Ada after:01.12.2026", 4, 16, "is no time")]
    [InlineData("after:2026-13-01", 0, 16, "is no time")]
    [InlineData("before:0001-01-01", 0, 17, "is no time")]
    [InlineData("Ada -...", 4, 4, "no letter or digit")]
    [InlineData("Ada ticket:---", 4, 10, "no letter or digit")]
    [InlineData("after:2026-11-02T10:00 before:2026-11-02T10:00", 0, 46, "before its beginning")]
    public void What_cannot_be_read_is_marked_in_the_bar(string typed, int at, int length, string sentence)
    {
        var question = FilterReading.Read(AskedFilter.AddressOf(typed, new AuditAddress(), TimeZoneInfo.Utc));

        var mark = Assert.Single(question.Marks);
        Assert.Equal((at, length), (mark.At, mark.Length));
        Assert.Contains(sentence, mark.Sentence, StringComparison.Ordinal);
        Assert.Equal(mark.Sentence, Assert.Single(question.Faults).Value);
        Assert.Equal("nothing: the filter query can't be read", question.Describe());
    }

    [Fact]
    public void What_a_field_cannot_read_is_marked_in_the_bar_too()
    {
        var question = FilterReading.Read(new AuditAddress(Outcome: "refused", Event: "x"));

        Assert.Equal("event:x outcome:refused", question.Asked.Text);
        Assert.Equal([(0, 7), (8, 15)], question.Marks.Select(mark => (mark.At, mark.Length)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00:00Z")] // Skipped: the next that clocks say.
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z")] // Comes twice: the first one.
    [InlineData("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z")] // Midnight is skipped.
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")] // Midnight comes twice.
    public void Days_are_the_readers_own(string zone, string day, string instant)
    {
        var expected = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        var own = TimeZoneInfo.FindSystemTimeZoneById(zone);

        Assert.Equal(expected, FilterReading.Read(AskedFilter.AddressOf($"after:{day}", new AuditAddress(), own)).Query.From);
        Assert.Equal(expected, FilterReading.Read(AskedFilter.AddressOf($"before:{day}", new AuditAddress(), own)).Query.To);
    }

    [Fact]
    public void What_is_left_out_is_named_in_the_entry_of_the_look()
    {
        var question = FilterReading.Read(AskedFilter.AddressOf(
            "-actor:demo/mia-chen -subject:users/u1 -event:role.* -outcome:denied -session:s1 -ticket:SUP-1 -secret \"ada@example.test wrote\" ticket:SUP-2", new AuditAddress(), Berlin));

        Assert.Empty(question.Faults);
        Assert.Equal(
            "not staff demo/mia-chen, not user users/u1, not event role.*, not outcome denied, not session s1, not ticket SUP-1, not a text, a text, ticket SUP-2",
            question.Describe());
    }

    [Theory]
    [InlineData("actor:\"Mia Chen\"", true, "Mia Chen", "audit?staff=demo%2Fmia-chen")]
    [InlineData("-actor:mia@example.test Ada", true, "mia@example.test", "audit?text=Ada&q=-actor:demo%2Fmia-chen")]
    [InlineData("Ada -subject:\"Ada Lovelace\" -event:role.*", false, "Ada Lovelace", "audit?text=Ada&q=-subject:users%2Fu1%20-event:role.%2A")]
    [InlineData("subject:ada@example.test", false, "ada@example.test", "audit?user=users%2Fu1")]
    public void Somebody_without_an_id_has_yet_to_be_found_and_takes_the_place_of_the_text(string typed, bool isStaff, string text, string address)
    {
        var wanted = FilterReading.Read(AskedFilter.AddressOf(typed, new AuditAddress(), Berlin)).Wanted!;

        Assert.Equal((isStaff, text), (wanted.IsStaff, wanted.Text));
        var meant = wanted.AddressOf(isStaff ? new AuditSubject(AuditSubject.Staff, "demo/mia-chen", "Mia Chen") : new AuditSubject("users", "u1", "Ada")).ToAddress();
        Assert.Equal(Uri.UnescapeDataString(address), Uri.UnescapeDataString(meant));
    }
}
