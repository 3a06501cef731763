using System.Text.RegularExpressions;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Core.Tests.ViewAs;

public sealed partial class ViewAsRulesTests
{
    private static readonly ViewAsPolicy Policy = new([5, 15, 30], 15, TimeSpan.FromMinutes(10), 10, TicketForm());
    private static readonly ViewAsPurpose Purpose = new("Draft is missing", "Troubleshooting", "SUP-12");
    private static readonly ViewAsFacts Facts = new(MayViewAs: true, Protection: Protection.None, LiveSessionOf: null);

    [Fact]
    public void A_session_may_open_when_every_rule_is_met() =>
        Assert.All(ViewAsRules.Check(Policy, Purpose, 15, Facts), rule => Assert.True(rule.Met, rule.Rule));

    [Fact]
    public void Every_rule_has_a_name_of_its_own_and_a_sentence()
    {
        var rules = ViewAsRules.Check(Policy, Purpose, 15, Facts);

        Assert.Equal(rules.Length, rules.Select(rule => rule.Rule).Distinct().Count());
        Assert.All(rules, rule => Assert.EndsWith(".", rule.Sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("                    ", false)]
    [InlineData("\t\r\n\u00a0\u2003          ", false)]
    [InlineData("123456789", false)]
    [InlineData("  123456789  ", false)]
    [InlineData("1234567890", true)]
    [InlineData("  1234567890  ", true)]
    [InlineData("😀😀😀😀😀😀😀😀😀😀", false)]
    [InlineData("123456789\0\u0007", false)]
    public void A_reason_needs_ten_letters_or_digits(string reason, bool met) =>
        Assert.Equal(met, IsMet("reason", Purpose with { Reason = reason }));

    [Fact]
    public void A_reason_may_be_a_sentence_and_not_a_document()
    {
        Assert.True(IsMet("reason", Purpose with { Reason = new string('x', ReasonText.MaxLength) }));
        Assert.False(IsMet("reason", Purpose with { Reason = new string('x', ReasonText.MaxLength + 1) }));
        Assert.False(IsMet("reason", Purpose with { Reason = new string('x', 10 * 1024 * 1024) }));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(15, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    [InlineData(14, false)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(999_999, false)]
    [InlineData(int.MinValue, false)]
    [InlineData(int.MaxValue, false)]
    public void Only_the_time_boxes_on_offer_can_be_had(int minutes, bool met) =>
        Assert.Equal(met, ViewAsRules.Check(Policy, Purpose, minutes, Facts).Single(rule => rule.Rule == "time box").Met);

    [Theory]
    [InlineData("", true)]
    [InlineData("SUP-12", true)]
    [InlineData("sup-12", false)]
    [InlineData("SUP-12; DROP TABLE", false)]
    [InlineData("SUP-", false)]
    public void A_ticket_is_empty_or_has_the_form_of_policy(string ticket, bool met) =>
        Assert.Equal(met, IsMet("ticket", Purpose with { Ticket = ticket }));

    [Fact]
    public void A_ticket_has_an_end_even_without_a_form()
    {
        var any = Policy with { TicketPattern = null };
        bool Met(int length) => ViewAsRules.Check(any, Purpose with { Ticket = new string('x', length) }, 15, Facts)
            .Single(rule => rule.Rule == "ticket").Met;

        Assert.True(Met(ViewAsPolicy.TicketMaxLength));
        Assert.False(Met(ViewAsPolicy.TicketMaxLength + 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("troubleshooting")]
    [InlineData("Curiosity")]
    public void A_category_is_one_of_the_list(string category) =>
        Assert.False(IsMet("category", Purpose with { Category = category }));

    [Fact]
    public void A_protected_user_stays_closed() => Assert.Equal("protected user", Failed(Facts with { Protection = Protection.Protected }));

    [Fact]
    public void A_user_of_whom_nobody_can_tell_stays_closed() => Assert.Equal("protected user", Failed(Facts with { Protection = Protection.Undecided }));

    [Fact]
    public void One_live_session_is_the_limit()
    {
        var rule = ViewAsRules.Check(Policy, Purpose, 15, Facts with { LiveSessionOf = "Ada Lovelace" }).Single(r => !r.Met);

        Assert.Equal("one session", rule.Rule);
        Assert.Contains("Ada Lovelace", rule.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_duty_nothing_opens() => Assert.Equal("role", Failed(Facts with { MayViewAs = false }));

    private static string Failed(ViewAsFacts facts) => Assert.Single(ViewAsRules.Check(Policy, Purpose, 15, facts), rule => !rule.Met).Rule;

    private static bool IsMet(string name, ViewAsPurpose purpose) =>
        ViewAsRules.Check(Policy, purpose, 15, Facts).Single(rule => rule.Rule == name).Met;

    [GeneratedRegex("^SUP-[0-9]+$")]
    private static partial Regex TicketForm();
}
