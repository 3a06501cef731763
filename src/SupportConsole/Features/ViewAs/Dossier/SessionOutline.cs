using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>
/// What a session's entries come to, without the entries: how many lines there are, of what kind, and where each page begins. What is
/// written later isn't part of it, so that no page shifts while it is read.
/// </summary>
public sealed record SessionOutline
{
    /// <summary>Which session.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose it was; the unreadable actor where the entry of its beginning is damaged.</summary>
    public required AuditActor Agent { get; init; }

    /// <summary>The entry that asked for it; null where that can't be read.</summary>
    public AuditEntry? Requested { get; init; }

    /// <summary>The entry of its beginning; null where there is none.</summary>
    public AuditEntry? Opened { get; init; }

    /// <summary>The entry of its end; null while it is live.</summary>
    public AuditEntry? Ended { get; init; }

    /// <summary>How many lines there are.</summary>
    public long Lines { get; init; }

    /// <summary>How many reads PocketBase was asked for, however they came out.</summary>
    public long Reads { get; init; }

    /// <summary>How many reads were refused, or not shown.</summary>
    public long Refused { get; init; }

    /// <summary>How many reads failed.</summary>
    public long Failed { get; init; }

    /// <summary>How many reads have no answer in the trail.</summary>
    public long Unanswered { get; init; }

    /// <summary>How many entries are damaged.</summary>
    public long Damaged { get; init; }

    /// <summary>What else the agent was refused while the session lived, oldest first: these entries name no session.</summary>
    public IReadOnlyList<AuditEntry> Refusals { get; init; } = [];

    /// <summary>Whether there were more of those.</summary>
    public bool MoreRefusals { get; init; }

    /// <summary>How many pages the lines fill; one at least.</summary>
    public int Pages => Math.Max(1, Starts.Count);

    /// <summary>Whom and why, where any entry still tells it.</summary>
    public AuditEvent? Purpose => Opened is { IsDamaged: false } ? Opened.Event : Requested?.Event ?? (Ended is { IsDamaged: false } ? Ended.Event : null);

    /// <summary>How long it lasted; null while it is live.</summary>
    public TimeSpan? Lasted => Opened is { } opened && Ended is { } ended ? ended.Event.At - opened.Event.At : null;

    internal IReadOnlyList<PageStart> Starts { get; init; } = [];

    internal IReadOnlySet<long> NeverAnswered { get; init; } = new HashSet<long>();

    /// <summary>The last entry that is part of it.</summary>
    internal long Until { get; init; }

    internal StaffId Staff => Agent.Id;
}
