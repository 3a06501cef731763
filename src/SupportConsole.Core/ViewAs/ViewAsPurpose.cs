using SupportConsole.Core.Audit;

namespace SupportConsole.Core.ViewAs;

/// <summary>
/// Why a session is opened, as the agent typed it: each part without the blanks around it, and cut where it is too long, since what
/// is refused is written down too.
/// </summary>
public sealed record ViewAsPurpose
{
    private const int CategoryMaxLength = 40;

    /// <summary>Reads what was typed, whatever it is.</summary>
    /// <param name="reason">In the agent's words.</param>
    /// <param name="category">One of <see cref="ViewAsPolicy.Categories"/>.</param>
    /// <param name="ticket">The support ticket; empty when there is none.</param>
    public ViewAsPurpose(ReasonText reason, string category, string ticket) => (Reason, Category, Ticket) = (reason, category, ticket);

    /// <summary>In the agent's words.</summary>
    public ReasonText Reason { get; init; }

    /// <summary>One of <see cref="ViewAsPolicy.Categories"/>, or what stands in its place.</summary>
    public string Category
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = Cut(value, CategoryMaxLength);
        }
    }

    /// <summary>The support ticket; empty when there is none.</summary>
    public string Ticket
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            var typed = value.Trim();
            field = Cut(typed, ViewAsPolicy.TicketMaxLength);
            HasWholeTicket = field.Length == typed.Length;
        }
    }

    /// <summary>Whether the ticket is what was typed, and not only its beginning.</summary>
    internal bool HasWholeTicket { get; private init; }

    /// <summary>The event as one that happens for this purpose.</summary>
    public AuditEvent Mark(AuditEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened with { Reason = Reason.Text, Category = Category, Ticket = Ticket.Length == 0 ? null : Ticket };
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
