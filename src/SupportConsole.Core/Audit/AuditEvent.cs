using System.Collections.Immutable;
using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Audit;

/// <summary>
/// Something that happened, before the trail has given it a sequence number. Both people are on it: who acted and, where there
/// is one, as or about whom.
/// </summary>
/// <param name="Type">One of <see cref="AuditEventTypes"/>.</param>
/// <param name="At">When, in UTC; kept to the microsecond.</param>
/// <param name="Actor">Who acted.</param>
public sealed record AuditEvent(string Type, DateTimeOffset At, AuditActor Actor)
{
    /// <summary>How it ended.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>The app user or staff member it was about.</summary>
    public AuditSubject? Subject { get; init; }

    /// <summary>The view-as session it belongs to.</summary>
    public string? SessionId { get; init; }

    /// <summary>The reason as typed.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason's category.</summary>
    public string? Category { get; init; }

    /// <summary>The ticket as typed.</summary>
    public string? Ticket { get; init; }

    /// <summary>What was read or asked for.</summary>
    public AuditTarget? Target { get; init; }

    /// <summary>What else a reader needs: why a session ended, which rule refused, which role was granted.</summary>
    public string? Detail { get; init; }

    /// <summary>The network address of the browser, as the server saw it when the page was opened.</summary>
    public string? ClientAddress { get; init; }

    /// <summary>Ties together the entries of one act: what was asked and what was answered.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>
    /// Which run of which console wrote it; set by the trail, another at each start. Null in entries from before it was kept.
    /// </summary>
    public string? Instance { get; init; }
}

/// <summary>Who acted, with the roles held at that moment.</summary>
/// <param name="Id">The staff id's value.</param>
/// <param name="Name">The name as it was.</param>
/// <param name="Roles">The roles as they were.</param>
public sealed record AuditActor(StaffId Id, string Name, ImmutableArray<Role> Roles)
{
    /// <summary>Stands for whoever acted in an entry that can't be read.</summary>
    public static AuditActor Unreadable { get; } = new(new StaffId("unreadable"), "Can't be read", []);

    /// <summary>The console itself.</summary>
    public static AuditActor System { get; } = new(StaffId.System, "System", []);
}

/// <summary>Whom an event is about, named as they were then.</summary>
/// <param name="Collection">The auth collection, or <c>staff</c> for a staff member.</param>
/// <param name="Id">The record id, or the staff id's value.</param>
/// <param name="Name">The name as it was.</param>
public sealed record AuditSubject(string Collection, string Id, string Name)
{
    /// <summary>The collection name that marks a staff member.</summary>
    public const string Staff = "staff";
}

/// <summary>What was read.</summary>
/// <param name="Collection">The PocketBase collection.</param>
public sealed record AuditTarget(string Collection)
{
    /// <summary>The records, where they are known; empty when only the number is.</summary>
    public ImmutableArray<string> RecordIds { get; init; } = [];

    /// <summary>How many records; null when the question came before the answer.</summary>
    public int? Count { get; init; }

    /// <summary>A keyed hash of the query, so that equal queries can be recognised and no query can be read.</summary>
    public string? QueryHash { get; init; }
}
