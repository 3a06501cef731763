using System.Collections.Immutable;
using System.Globalization;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.ViewAs;

/// <summary>The rules for opening a session. Pure: everything they need is handed in.</summary>
public static class ViewAsRules
{
    /// <summary>
    /// Every rule with its state, in the order in which the dialog shows them. The session may open when all are met.
    /// </summary>
    public static ImmutableArray<RuleState> Check(
        ViewAsPolicy policy, ViewAsPurpose purpose, int minutes, ViewAsFacts facts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(purpose);
        ArgumentNullException.ThrowIfNull(facts);
        return
        [
            Duty(facts),
            Reason(policy, purpose.Reason),
            Ticket(policy, purpose),
            Category(purpose.Category),
            TimeBox(policy, minutes),
            Protected(facts),
            OneSession(facts),
        ];
    }

    private static RuleState Duty(ViewAsFacts facts) => facts.MayViewAs
        ? new("role", true, "Your role lets you view as users.")
        : new("role", false, "Your role doesn't let you view as users. A manager can grant the support agent role.");

    private static RuleState Reason(ViewAsPolicy policy, ReasonText reason) =>
        reason.Against("say what you are looking for", policy.ReasonMinLength) is { } against
            ? new("reason", false, against)
            : new("reason", true, "The reason will be on every record of this session.");

    private static RuleState Ticket(ViewAsPolicy policy, ViewAsPurpose purpose)
    {
        if (purpose.Ticket.Length == 0)
        {
            return new("ticket", true, "No ticket: that's allowed.");
        }

        return purpose.HasWholeTicket && policy.TicketPattern?.IsMatch(purpose.Ticket) != false
            ? new("ticket", true, "The ticket has the right form.")
            : new("ticket", false, "The ticket doesn't have the form your organisation uses. Correct it or leave it empty.");
    }

    private static RuleState Category(string category) => ViewAsPolicy.Categories.Contains(category)
        ? new("category", true, $"Category: {category}.")
        : new("category", false, "Choose one of the categories.");

    private static RuleState TimeBox(ViewAsPolicy policy, int minutes) => policy.Minutes.Contains(minutes)
        ? new("time box", true, $"{minutes} minutes, which can't be extended.")
        : new("time box", false, "Choose one of the time boxes on offer: "
            + string.Join(", ", policy.Minutes.Select(m => m.ToString(CultureInfo.InvariantCulture))) + " minutes.");

    private static RuleState Protected(ViewAsFacts facts) => facts.Protection switch
    {
        Protection.None => new("protected user", true, "This user isn't protected."),
        Protection.Undecided => new("protected user", false,
            "Every user of this collection counts as protected: PocketBase refuses the filter that tells who is. Whoever runs the console should correct ViewAs:ProtectedUsers."),
        _ => new("protected user", false, "This user is protected: a manager has to approve a view. Ask one before you go on."),
    };

    private static RuleState OneSession(ViewAsFacts facts) => facts.LiveSessionOf is { } name
        ? new("one session", false, $"You are viewing as {name}. There is one live session an agent: end that one first.")
        : new("one session", true, "You have no other live session.");
}
