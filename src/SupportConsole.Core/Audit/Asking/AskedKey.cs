namespace SupportConsole.Core.Audit.Asking;

/// <summary>What a term of a typed query narrows.</summary>
public enum AskedKey
{
    /// <summary>Words anywhere in an event; has no key before it.</summary>
    Text,

    /// <summary>Who acted.</summary>
    Actor,

    /// <summary>Whom it was about.</summary>
    Subject,

    /// <summary>What happened.</summary>
    Event,

    /// <summary>How it ended.</summary>
    Outcome,

    /// <summary>The ticket, the whole of it.</summary>
    Ticket,

    /// <summary>The view-as session.</summary>
    Session,

    /// <summary>Not before the beginning of this day or minute.</summary>
    After,

    /// <summary>Before the beginning of this day or minute.</summary>
    Before,
}
