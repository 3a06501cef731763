using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Core.Tests.ViewAs;

/// <summary>What was typed is read once; the rules judge and the trail writes what was read.</summary>
public sealed class ViewAsPurposeTests
{
    private static readonly AuditEvent Happened = new(AuditEventTypes.SessionRequested, default, AuditActor.System);

    [Theory]
    [InlineData("SUP-12", "SUP-12")]
    [InlineData("  SUP-12\n", "SUP-12")]
    [InlineData("", null)]
    [InlineData("\t \u00a0", null)]
    public void Blanks_around_what_was_typed_are_no_part_of_it(string ticket, string? written)
    {
        var marked = new ViewAsPurpose("  Draft is missing\r\n", "Troubleshooting", ticket).Mark(Happened);

        Assert.Equal(("Draft is missing", "Troubleshooting", written), (marked.Reason, marked.Category, marked.Ticket));
    }

    [Fact]
    public void What_is_too_long_is_written_down_as_far_as_there_is_room()
    {
        var marked = new ViewAsPurpose(new string('r', 10_000), new string('c', 10_000), new string('t', 10_000)).Mark(Happened);

        Assert.Equal((ReasonText.MaxLength, 40, ViewAsPolicy.TicketMaxLength), (marked.Reason?.Length, marked.Category?.Length, marked.Ticket?.Length));
    }

    [Theory]
    [InlineData(ViewAsPolicy.TicketMaxLength, true)]
    [InlineData(ViewAsPolicy.TicketMaxLength + 1, false)]
    public void The_beginning_of_a_ticket_is_not_taken_for_the_ticket(int length, bool met)
    {
        var policy = new ViewAsPolicy([15], 15, TimeSpan.FromMinutes(10), 10, new("^[0-9]+$"));
        var purpose = new ViewAsPurpose("Draft is missing", "Troubleshooting", "") with { Ticket = $" {new string('1', length)} " };

        var rules = ViewAsRules.Check(policy, purpose, 15, new ViewAsFacts(MayViewAs: true, default, LiveSessionOf: null));

        Assert.Equal(met, rules.Single(rule => rule.Rule == "ticket").Met);
    }
}
