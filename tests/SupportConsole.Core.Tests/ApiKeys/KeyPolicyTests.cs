using CsCheck;
using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Core.Tests.ApiKeys;

public sealed class KeyPolicyTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 8, 30, 0, TimeSpan.Zero);
    private static readonly KeyPolicy Policy = new(365, SuperuserKeys: true);
    private static readonly KeyWish Wish = new("nightly importer", "Imports the catalogue every night", "demo/ines-duarte", KeyKind.ScheduledJob, new KeyLife(30));

    [Theory]
    [InlineData(KeyKind.Service)]
    [InlineData(KeyKind.ScheduledJob)]
    [InlineData(KeyKind.Pipeline)]
    [InlineData(KeyKind.Partner)]
    [InlineData(KeyKind.Superuser)]
    public void A_key_in_order_has_nothing_against_it(KeyKind kind) => Assert.Empty(Policy.Check(Wish with { Kind = kind }, Now));

    [Fact]
    public void Everything_against_a_key_is_said_at_once_in_sentences()
    {
        var found = Policy.Check(new KeyWish("", "", "", KeyKind.Service, new KeyLife(-1)), Now);

        Assert.Equal(3, found.Count);
        Assert.All(found, sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(79, true)]
    [InlineData(80, true)]
    [InlineData(81, false)]
    [InlineData(0, false)]
    [InlineData(10_000_000, false)]
    public void A_name_has_an_end(int length, bool allowed) => Assert.Equal(allowed, IsNamed(new string('n', length)));

    [Fact]
    public void Space_around_a_name_does_not_count() => Assert.True(IsNamed($"   {new string('n', 80)} \n"));

    [Theory]
    [InlineData("   ")]
    [InlineData("\t\r\n")]
    [InlineData("two\nlines")]
    [InlineData("two\rlines")]
    [InlineData("tab\tbed")]
    [InlineData("nothing\0here")]
    [InlineData("escape\u001b[31m")]
    [InlineData("delete\u007f")]
    [InlineData("next\u0085line")]
    [InlineData("line\u2028separator")]
    [InlineData("paragraph\u2029separator")]
    [InlineData("importer \u202egnp.exe")]
    [InlineData("embedded \u202a")]
    [InlineData("popped \u202c.")]
    [InlineData("isolated \u2066x")]
    [InlineData("isolated \u2069x")]
    [InlineData("mark \u200ex")]
    [InlineData("mark \u200fx")]
    [InlineData("mark \u061cx")]
    public void A_name_is_one_line_that_looks_like_what_it_is(string name) => Assert.False(IsNamed(name));

    [Theory]
    [InlineData("импортёр 🐟")]
    [InlineData("O'Brien's \"nightly\" \\ importer")]
    [InlineData("מייבא לילי")]
    [InlineData("=HYPERLINK(\"http://x\")")]
    [InlineData("<script>alert(1)</script>")]
    public void A_name_may_be_in_any_language(string name) => Assert.True(IsNamed(name));

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    [InlineData(10_000_000, false)]
    public void A_reason_may_be_a_sentence_and_not_a_document(int length, bool allowed)
    {
        var reason = new string('r', length);

        Assert.Equal(allowed, KeyPolicy.CheckReason(reason) is null);
        Assert.Equal(allowed, Policy.Check(Wish with { Purpose = reason }, Now).Count == 0);
    }

    [Theory]
    [InlineData("          ", false)]
    [InlineData("  123456789  ", false)]
    [InlineData("  1234567890  ", true)]
    [InlineData("one line\r\nand\tanother", true)]
    [InlineData("1234567890\0", false)]
    [InlineData("1234567890\u001b[2J", false)]
    [InlineData("1234567890\u202etxet", false)]
    [InlineData("1234567890\u2067", false)]
    public void A_reason_has_lines_but_nothing_invisible(string reason, bool allowed) => Assert.Equal(allowed, KeyPolicy.CheckReason(reason) is null);

    [Fact]
    public void An_unknown_kind_is_refused_without_asking_for_its_life() =>
        Assert.Equal(["The kind is unknown."], Policy.Check(Wish with { Kind = (KeyKind)99, Life = new KeyLife(int.MinValue) }, Now));

    [Fact]
    public void Superuser_keys_are_off_unless_they_are_switched_on()
    {
        var off = Policy with { SuperuserKeys = false };

        Assert.Contains("ApiKeys:SuperuserAccount", Assert.Single(off.Check(Wish with { Kind = KeyKind.Superuser }, Now)), StringComparison.Ordinal);
        Assert.Empty(off.Check(Wish, Now));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(365, null)]
    [InlineData(366, "beyond what policy allows")]
    [InlineData(0, "in the past")]
    [InlineData(-1, "in the past")]
    [InlineData(-366_000, "too far away")]
    [InlineData(-800_000, "too far away")]
    [InlineData(-999_999, "too far away")]
    [InlineData(366_000, "too far away")]
    [InlineData(999_999, "too far away")]
    [InlineData(1_000_000, "too far away")]
    [InlineData(int.MaxValue, "too far away")]
    [InlineData(int.MinValue, "too far away")]
    public void A_number_of_days_is_within_policy(int days, string? against) => AssertLife(against, KeyKind.Service, new KeyLife(days), Now);

    [Theory]
    [InlineData(2027, 2, 28, "in the past")]
    [InlineData(2027, 3, 1, null)]
    [InlineData(2028, 2, 28, null)]
    [InlineData(2028, 2, 29, "beyond what policy allows: 365 days, until 29 Feb 2028")]
    [InlineData(1, 1, 1, "in the past")]
    [InlineData(9999, 12, 30, "beyond what policy allows")]
    [InlineData(9999, 12, 31, "too far away")]
    public void A_day_is_within_policy(int year, int month, int day, string? against) =>
        AssertLife(against, KeyKind.Service, new KeyLife(0, new DateOnly(year, month, day)), Now);

    [Theory]
    [InlineData("2027-03-01T23:00:00", null)]
    [InlineData("2027-03-01T23:00:01", "less than an hour")]
    [InlineData("2027-03-01T23:59:59", "less than an hour")]
    [InlineData("2027-03-02T00:00:00", "in the past")]
    [InlineData("2027-03-02T00:00:01", "in the past")]
    [InlineData("2026-03-02T00:00:00", null)]
    [InlineData("2026-03-01T23:59:59", "beyond what policy allows")]
    public void A_day_counts_to_its_last_second_and_policy_to_the_second(string now, string? against) =>
        AssertLife(against, KeyKind.Service, new KeyLife(0, new DateOnly(2027, 3, 1)), Utc(now));

    [Theory]
    [InlineData("2027-12-01T08:00:00", "2028-03-01T00:00:00")]
    [InlineData("2028-02-29T12:00:00", "2028-03-01T00:00:00")]
    public void A_key_until_a_leap_day_ends_with_it(string now, string end)
    {
        var life = new KeyLife(0, new DateOnly(2028, 2, 29));

        Assert.Equal(Utc(end), life.EndFrom(Utc(now)));
        AssertLife(null, KeyKind.Service, life, Utc(now));
    }

    [Fact]
    public void A_year_over_a_leap_day_has_365_days_of_24_hours() =>
        Assert.Equal(Utc("2028-02-29T08:30:00"), new KeyLife(365).EndFrom(Now));

    [Fact]
    public void A_day_ends_in_utc_wherever_the_question_comes_from()
    {
        var elsewhere = new DateTimeOffset(2027, 3, 1, 23, 30, 0, TimeSpan.FromHours(-10));

        Assert.Equal(Utc("2027-03-03T00:00:00"), new KeyLife(0, new DateOnly(2027, 3, 2)).EndFrom(elsewhere));
        AssertLife("in the past", KeyKind.Service, new KeyLife(0, new DateOnly(2027, 3, 1)), elsewhere);
    }

    [Fact]
    public void A_superuser_key_lives_for_30_days_at_most()
    {
        AssertLife(null, KeyKind.Superuser, new KeyLife(30), Now);
        AssertLife("for a superuser key: 30 days", KeyKind.Superuser, new KeyLife(31), Now);
        Assert.Equal((30, 365), (Policy.MostDaysFor(KeyKind.Superuser), Policy.MostDaysFor(KeyKind.Partner)));
        Assert.Equal(7, (Policy with { MaxDays = 7 }).MostDaysFor(KeyKind.Superuser));
    }

    [Theory]
    [InlineData(365, new[] { 30, 90, 180, 365 })]
    [InlineData(90, new[] { 30, 90 })]
    [InlineData(1000, new[] { 30, 90, 180, 365, 1000 })]
    [InlineData(30, new[] { 30 })]
    [InlineData(10, new[] { 10 })]
    [InlineData(1, new[] { 1 })]
    public void Usual_lives_are_on_offer_as_far_as_allowed_and_the_longest(int most, int[] offered) =>
        Assert.Equal(offered, new KeyPolicy(most, SuperuserKeys: true).DaysFor(KeyKind.Service));

    [Theory]
    [InlineData(365, new[] { 30 })]
    [InlineData(10, new[] { 10 })]
    public void Superuser_keys_have_lives_of_their_own(int most, int[] offered) =>
        Assert.Equal(offered, new KeyPolicy(most, SuperuserKeys: true).DaysFor(KeyKind.Superuser));

    [Fact]
    public void Whatever_is_on_offer_is_allowed() =>
        Gen.Select(Gen.Int[1, 3650], Gen.Enum<KeyKind>()).Sample((most, kind) =>
            Assert.All(new KeyPolicy(most, SuperuserKeys: true).DaysFor(kind), days =>
                Assert.Null(new KeyPolicy(most, SuperuserKeys: true).CheckLife(kind, new KeyLife(days), Now))));

    [Fact]
    public void Any_life_has_an_answer_and_an_allowed_one_an_end_within_policy()
    {
        var lives = Gen.Select(Gen.Int, Gen.DateOnly.Nullable(), (days, until) => new KeyLife(days, until));

        Gen.Select(lives, Gen.Int[1, 3650], Gen.Enum<KeyKind>()).Sample((life, most, kind) =>
        {
            var policy = new KeyPolicy(most, SuperuserKeys: true);
            if (policy.CheckLife(kind, life, Now) is null)
            {
                Assert.InRange(life.EndFrom(Now)!.Value - Now, KeyPolicy.ShortestLife, TimeSpan.FromDays(policy.MostDaysFor(kind)));
            }
        });
    }

    private static bool IsNamed(string name) => Policy.Check(Wish with { Name = name }, Now).Count == 0;

    private static void AssertLife(string? expected, KeyKind kind, KeyLife life, DateTimeOffset now)
    {
        var against = Policy.CheckLife(kind, life, now);

        Assert.Equal(expected is null, against is null);
        Assert.Contains(expected ?? "", against ?? "", StringComparison.Ordinal);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
