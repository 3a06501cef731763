using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Core.Audit;

/// <summary>
/// An event as a sentence that somebody understands at once: who did what, and as or about whom, as they were called then. Nothing that
/// people wrote breaks it: names and texts are in one line, of a bounded length, and keep their direction to themselves.
/// </summary>
public sealed class EventSentence
{
    private const int LongestName = 60, LongestText = 160;

    private readonly AuditEntry _entry;
    private readonly AuditEvent _event;

    private EventSentence(AuditEntry entry, bool isUnanswered = false)
    {
        (_entry, _event) = (entry, entry.Event);
        Parts = Say($"{Whole()}{(isUnanswered ? "; no answer was recorded" : "")}").Parts;
        Beside = [.. BesideIn().Distinct(StringComparer.Ordinal)];
    }

    private EventSentence(AuditEntry about, SentenceBuilder whole, IEnumerable<string> beside) =>
        (_entry, _event, Parts, Beside) = (about, about.Event, whole.Parts, [.. beside]);

    /// <summary>The sentence, in pieces.</summary>
    public ImmutableArray<SentencePart> Parts { get; }

    /// <summary>What else somebody wrote: the detail where the sentence hasn't got it, the ticket and the reason. Each in one line.</summary>
    public ImmutableArray<string> Beside { get; }

    private SentencePart Who => PersonIn(_event.Actor);

    private SentencePart Whom => _event.Subject is { } subject
        ? new SentencePart(NameOf(subject.Name, $"{subject.Collection}/{subject.Id}", _entry.Erased?.About is not null), SentenceRole.Subject, $"{subject.Collection}/{subject.Id}")
        : new SentencePart("somebody");

    private SentenceBuilder AsWhom => _event.Subject is null ? Say($"") : Say($" as {Whom}");

    private string? Detail => _entry.Erased?.About is not null && _event.Detail == PersonalText.ErasedWord ? null : OneLine(_event.Detail, LongestText);

    private string Why => Detail is { } detail ? $": {detail}" : "";

    private string Collection => OneLine(_event.Target?.Collection, LongestName) ?? "records";

    private string Record => _event.Target is { RecordIds: { IsDefaultOrEmpty: false } ids } && OneLine(ids[0], LongestName) is { } id
        ? ids.Length == 1 ? $"the record {id} of {Collection}" : $"{Number(ids.Length)} records of {Collection}"
        : _event.Target is null ? "a record" : $"a record of {Collection}";

    private SentenceBuilder Key => _event.Subject is null ? Say($"API keys") : Say($"the API key {Whom}");

    /// <summary>The sentence of an entry. Of a read's question alone it says that it was asked, and nothing of an answer.</summary>
    public static EventSentence Of(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new EventSentence(entry);
    }

    /// <summary>The sentence of a read's question to which the trail has no answer.</summary>
    public static EventSentence Unanswered(AuditEntry question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return new EventSentence(question, isUnanswered: true);
    }

    /// <summary>A whole session as one sentence.</summary>
    /// <param name="opened">The entry of its beginning, which may be damaged; null where there is none.</param>
    /// <param name="ended">The entry of its end, which may be damaged; null where there is none yet.</param>
    /// <param name="newest">An entry of it, which stands for it where those can't be read.</param>
    /// <param name="counts">How many entries it has of each type.</param>
    public static EventSentence OfSession(AuditEntry? opened, AuditEntry? ended, AuditEntry newest, IReadOnlyDictionary<string, long> counts)
    {
        ArgumentNullException.ThrowIfNull(newest);
        ArgumentNullException.ThrowIfNull(counts);
        var own = new EventSentence(newest);
        if (opened is null)
        {
            var more = counts.Values.Sum();
            return new EventSentence(newest, $"{own.Whole()}{(more == 1 ? "" : $" ({Number(more)} events of a session that wasn't opened)")}", own.Beside);
        }

        // Whom and why every entry of a session says, its agent only some.
        var told = !opened.IsDamaged ? new EventSentence(opened) : ended is { IsDamaged: false } ? new EventSentence(ended) : own;
        var who = opened.IsDamaged ? Say($"Somebody (the entry of its opening is damaged)") : Say($"{told.Who}");
        var lasted = ended is null ? Say($" has been viewing{told.AsWhom}") : Say($" viewed{told.AsWhom} for {SpanOf(ended.Event.At - opened.Event.At)}");
        return new EventSentence(
            newest,
            $"{who}{lasted}: {ReadsIn(counts)}{(OneLine(told._event.Ticket, LongestName) is { } ticket ? $"; {ticket}" : "")}; {EndOf(ended)}",
            OneLine(told._event.Reason, LongestText) is { } reason ? [reason] : []);
    }

    /// <summary>A text in one line without what isn't seen of it at its ends, shortened, and isolated where it turns its direction; null where nothing is left.</summary>
    public static string? OneLine(string? text, int longest)
    {
        if (VisibleText.IsBlank(text))
        {
            return null;
        }

        // No further than could be shown: a text may have ten thousand spaces.
        var line = new StringBuilder();
        foreach (var rune in text!.EnumerateRunes())
        {
            var isGap = Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            if (!isGap)
            {
                line.Append(rune.ToString());
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }

            if (line.Length > longest + 1)
            {
                break;
            }
        }

        return VisibleText.Isolate(VisibleText.Shortened(line.ToString().TrimEnd(), longest));
    }

    /// <summary>The sentence.</summary>
    public override string ToString() => string.Concat(Parts.Select(part => part.Text));

    /// <summary>What stands in the code as a piece of a sentence, where the compiler would make a text of it.</summary>
    private static SentenceBuilder Say(SentenceBuilder piece) => piece;

    private SentencePart PersonIn(AuditActor actor) => actor.Id == StaffId.System
        ? new SentencePart("The console", SentenceRole.Actor, actor.Id.Value)
        : new SentencePart(NameOf(actor.Name, actor.Id.ToString(), _entry.Erased?.By is not null), SentenceRole.Actor, actor.Id.ToString());

    private static string NameOf(string? name, string id, bool mayBeErased) => mayBeErased && name == PersonalText.ErasedWord
        ? $"an erased person ({OneLine(id, LongestName) ?? "without an id"})"
        : OneLine(name, LongestName) ?? OneLine(id, LongestName) ?? "somebody without a name";

    private SentenceBuilder Whole() => _event.Type switch
    {
        _ when _entry.IsDamaged => $"A damaged entry ({OneLine(_event.Type, LongestName) ?? "of no type"}){(Detail is { } how ? $": {how.Replace("damaged: ", "", StringComparison.Ordinal)}" : "")}",

        // These say by their name how it ended.
        AuditEventTypes.SignInFailed => $"{Who} couldn't sign in{Why}",
        AuditEventTypes.SessionDenied => $"{Who} was refused a session{AsWhom}{Why}",
        AuditEventTypes.SessionOpenFailed => $"{Who} couldn't open a session{AsWhom}{Why}",
        AuditEventTypes.SessionTokenRejected => $"PocketBase stopped accepting the token of a session{AsWhom}, which {Who} read through",
        AuditEventTypes.RoleChangeDenied => $"{Who} was refused a change of the roles of {Whom}{Why}",
        AuditEventTypes.KeyChangeDenied => $"{Who} was refused a change of {Key}{Why}",
        AuditEventTypes.KeyCreateFailed => $"{Who} couldn't make {Key}{Why}",
        AuditEventTypes.KeyChangeFailed => $"{Who} couldn't change {Key}{Why}",
        AuditEventTypes.AuditIntegrityFailed => $"{Who} found that the audit trail doesn't verify{Why}",
        AuditEventTypes.PocketBaseUnreachable => $"{Who} couldn't reach PocketBase{Why}",
        AuditEventTypes.PolicyDenied => Refused(),

        AuditEventTypes.ReadRequested => $"{Who} asked for {ThingOf(_event.Detail)}",
        var type => _event.Outcome switch
        {
            AuditOutcome.Success => $"{Who} {Done()}",
            AuditOutcome.Denied => $"{Who} was refused {ThingOf(type)}{Why}",
            _ => $"{Who} asked for {ThingOf(type)}, and it failed{Why}",
        },
    };

    private SentenceBuilder Done() => _event.Type switch
    {
        AuditEventTypes.SignedIn => $"signed in",
        AuditEventTypes.SignedOut => $"signed out{Why}",
        AuditEventTypes.Reauthenticated => $"confirmed who they are",

        AuditEventTypes.UsersSearched => $"searched for users{(_event.Target?.Count is { } found ? $" and found {(found == 0 ? "nobody" : Number(found))}" : "")}",
        AuditEventTypes.UserViewed => $"opened the page of {Whom}",
        AuditEventTypes.RecordsListed => CountIn(_event.Target) switch
        {
            null => $"read {Collection}{AsWhom}",
            0 => $"looked for {Collection}{AsWhom} and found none",
            1 => $"read 1 record of {Collection}{AsWhom}",
            { } many => $"read {Number(many)} {Collection}{AsWhom}",
        },
        AuditEventTypes.RecordViewed => $"opened {Record}{AsWhom}",
        AuditEventTypes.FileViewed => $"opened a file of {Record}{AsWhom}",
        AuditEventTypes.ReachViewed => $"counted what {Whom} reaches",
        AuditEventTypes.RecordsFollowed => $"followed changes of {Collection}{AsWhom}",
        AuditEventTypes.AccessExplained => $"asked what {Whom} may do with {Record}",
        AuditEventTypes.AccessLocated => $"looked for a record that {Whom} misses",
        AuditEventTypes.AccessHiddenListed => $"asked which {Collection} are hidden from {Whom}",
        AuditEventTypes.AccessRuleTried => $"tried another rule of {Collection} for {Whom}",
        AuditEventTypes.AccessAffectedCounted => $"counted from whom else than {Whom} a rule keeps {Record}",
        AuditEventTypes.AccessCompared => $"compared {Whom} with another user before {Record}",
        AuditEventTypes.AccessChangesNamed => $"asked what would let {Whom} see {Record}",

        AuditEventTypes.SessionRequested => $"asked for a session{AsWhom}{For}",
        AuditEventTypes.SessionOpened => $"opened a session{AsWhom}{For}",
        AuditEventTypes.SessionEnded => $"ended a session{AsWhom}{(HasEndedIt ? "" : Why)}",
        AuditEventTypes.SessionTokenRefused => $"had PocketBase refuse the token of a session{AsWhom}{Why}",
        AuditEventTypes.SessionViewed => $"looked at the history of a session{AsWhom}{Why}",
        AuditEventTypes.SessionDownloaded => $"took away the history of a session{AsWhom} as a file{Why}",
        AuditEventTypes.SessionCompared => $"compared a session{AsWhom} with PocketBase's log{Why}",

        AuditEventTypes.RoleGranted => $"gave {Whom} {(Detail is { } role ? $"the role {role}" : "a role")}",
        AuditEventTypes.RoleRevoked => $"took {(Detail is { } role ? $"the role {role}" : "a role")} from {Whom}",
        AuditEventTypes.RoleExpired => $"ended a role of {Whom} when its time was over{Why}",

        AuditEventTypes.KeyRequested => $"asked for a change of {Key}{Why}",
        AuditEventTypes.KeyApproved => $"approved {Key}{Why}",
        AuditEventTypes.KeyCreated => $"made {Key}{Why}",
        AuditEventTypes.KeyRotated => $"rotated {Key}{Why}",
        AuditEventTypes.KeySuspended => $"suspended {Key}{Why}",
        AuditEventTypes.KeyResumed => $"resumed {Key}{Why}",
        AuditEventTypes.KeyRevoked => $"revoked {Key}{Why}",
        AuditEventTypes.KeyRevived => $"found {Key} accepted again after its revocation{Why}",
        AuditEventTypes.KeyExpiring => $"warned that {Key} will expire{Why}",
        AuditEventTypes.KeyExpired => $"noted that {Key} has expired{Why}",
        AuditEventTypes.KeysListed => $"read the list of API keys{Why}",
        AuditEventTypes.KeysExported => $"took {(_event.Target?.Count is { } keys ? $"{Number(keys)} rows of " : "")}the list of API keys away as a file{Why}",

        AuditEventTypes.SetUpViewed => $"looked at how PocketBase is set up",
        AuditEventTypes.SetUpTested => $"tested who blocks writes{Why}",
        AuditEventTypes.AuditViewed => $"read the audit trail{Why}",
        AuditEventTypes.AuditVerified => $"verified the audit trail{Why}",
        AuditEventTypes.AuditKeyChanged => $"changed a signing key of the audit trail{Why}",
        AuditEventTypes.AuditExported => $"took events of the audit trail away as a file{Why}",
        AuditEventTypes.AuditErased => $"erased the names and texts of {Whom} from the audit trail{Why}",
        AuditEventTypes.AuditPurged => $"purged old events from the audit trail{Why}",
        AuditEventTypes.SystemStarted => $"started",
        AuditEventTypes.SystemStopped => $"stopped",
        var other => $"did something of the kind {OneLine(other, LongestName) ?? "without a name"}{Why}",
    };

    /// <summary>What was asked for, for the sentences in which it wasn't got; of a read's question, by the type that it asks for.</summary>
    private SentenceBuilder ThingOf(string? type) => type switch
    {
        AuditEventTypes.SignedIn => $"a sign-in",
        AuditEventTypes.SignedOut => $"a sign-out",
        AuditEventTypes.Reauthenticated => $"a confirmation of who they are",

        AuditEventTypes.UsersSearched => $"the search for users",
        AuditEventTypes.UserViewed => $"the page of {Whom}",
        AuditEventTypes.RecordsListed => $"{Collection}{AsWhom}",
        AuditEventTypes.RecordViewed => $"{Record}{AsWhom}",
        AuditEventTypes.FileViewed => $"a file of {Record}{AsWhom}",
        AuditEventTypes.ReachViewed => $"a count of what {Whom} reaches",
        AuditEventTypes.RecordsFollowed => $"changes of {Collection}{AsWhom}",
        AuditEventTypes.AccessExplained => $"what {Whom} may do with {Record}",
        AuditEventTypes.AccessLocated => $"a search for a record that {Whom} misses",
        AuditEventTypes.AccessHiddenListed => $"what of {Collection} is hidden from {Whom}",
        AuditEventTypes.AccessRuleTried => $"a trial of another rule of {Collection} for {Whom}",
        AuditEventTypes.AccessAffectedCounted => $"a count of the users from whom a rule keeps {Record}, beside {Whom}",
        AuditEventTypes.AccessCompared => $"a comparison of {Whom} with another user before {Record}",
        AuditEventTypes.AccessChangesNamed => $"what would let {Whom} see {Record}",

        AuditEventTypes.SessionRequested or AuditEventTypes.SessionOpened => $"a session{AsWhom}",
        AuditEventTypes.SessionEnded => $"the end of a session{AsWhom}",
        AuditEventTypes.SessionTokenRefused => $"the refusal of a session's token by PocketBase{AsWhom}",
        AuditEventTypes.SessionViewed => $"the history of a session{AsWhom}",
        AuditEventTypes.SessionDownloaded => $"the history of a session{AsWhom} as a file",
        AuditEventTypes.SessionCompared => $"a comparison of a session{AsWhom} with PocketBase's log",

        AuditEventTypes.RoleGranted => $"a role for {Whom}",
        AuditEventTypes.RoleRevoked or AuditEventTypes.RoleExpired => $"the end of a role of {Whom}",

        AuditEventTypes.KeyRequested => $"a change of {Key}",
        AuditEventTypes.KeyApproved => $"an approval of {Key}",
        AuditEventTypes.KeyCreated => $"the making of {Key}",
        AuditEventTypes.KeyRotated => $"a rotation of {Key}",
        AuditEventTypes.KeySuspended => $"a suspension of {Key}",
        AuditEventTypes.KeyResumed => $"the resumption of {Key}",
        AuditEventTypes.KeyRevoked => $"the revocation of {Key}",
        AuditEventTypes.KeyRevived or AuditEventTypes.KeyExpiring or AuditEventTypes.KeyExpired => $"the state of {Key}",
        AuditEventTypes.KeysListed => $"the list of API keys",
        AuditEventTypes.KeysExported => $"the list of API keys as a file",

        AuditEventTypes.SetUpViewed => $"how PocketBase is set up",
        AuditEventTypes.SetUpTested => $"a test of who blocks writes",
        AuditEventTypes.AuditViewed => $"the audit trail",
        AuditEventTypes.AuditVerified => $"a verification of the audit trail",
        AuditEventTypes.AuditKeyChanged => $"another signing key of the audit trail",
        AuditEventTypes.AuditExported => $"events of the audit trail as a file",
        AuditEventTypes.AuditErased => $"the erasure of {Whom} from the audit trail",
        AuditEventTypes.AuditPurged => $"a purge of the audit trail",
        AuditEventTypes.SystemStarted => $"a start",
        AuditEventTypes.SystemStopped => $"a stop",
        _ => $"something{(OneLine(type, LongestName) is { } kind ? $" of the kind {kind}" : "")}",
    };

    private string For => Detail is { } box ? $" for {box}" : "";

    private bool HasEndedIt => _event.Type == AuditEventTypes.SessionEnded && EndReasons.Parse(_event.Detail) == EndReason.EndedByAgent;

    /// <summary>What a session's end by its own agent says beside it.</summary>
    private string? BesideEnd => _event.Detail!.Split(EndReasons.Separator, 2) is [_, var more] ? OneLine(more, LongestText) : null;

    /// <summary>A refusal names the duty that was missing, perhaps with more behind it, or is a sentence.</summary>
    private SentenceBuilder Refused()
    {
        var name = new string([.. (_event.Detail ?? "").TakeWhile(char.IsAsciiLetter)]);
        if (!Enum.TryParse<Duty>(name, out var duty))
        {
            return $"{Who} was refused{(Detail is null ? " something" : Why)}";
        }

        var rest = OneLine(_event.Detail![name.Length..].TrimStart(':', ' ', '·'), LongestText);
        return $"{Who} was refused {ThingOf(duty)}{(rest is null ? "" : $": {rest}")}";
    }

    private static string ThingOf(Duty duty) => duty switch
    {
        Duty.FindUsers => "the search for users",
        Duty.ViewAsUsers => "viewing as users",
        Duty.ExplainAccess => "an explanation of what a user sees",
        Duty.SeeSessions => "the sessions",
        Duty.SeeAllSessions => "the sessions of others",
        Duty.ReadAudit => "the audit trail",
        Duty.ManageKeys => "the API keys",
        Duty.CheckSetUp => "the set-up",
        Duty.ManageRoles => "the roles",
        Duty.ErasePersonalData => "the erasure of personal data",
        _ => duty.ToString(),
    };

    private IEnumerable<string> BesideIn()
    {
        var isTold = _entry.IsDamaged || _event.Type is AuditEventTypes.ReadRequested or AuditEventTypes.PolicyDenied;
        string?[] texts =
        [
            HasEndedIt ? BesideEnd : isTold || (Detail is { } detail && ToString().Contains(detail, StringComparison.Ordinal)) ? null : OneLine(_event.Detail, LongestText),
            OneLine(_event.Ticket, LongestName),
            OneLine(_event.Reason, LongestText),
        ];
        return texts.OfType<string>();
    }

    private static int? CountIn(AuditTarget? target) => target?.Count ?? (target is { RecordIds.IsDefaultOrEmpty: false } ? target.RecordIds.Length : null);

    private static string ReadsIn(IReadOnlyDictionary<string, long> counts)
    {
        string?[] reads =
        [
            Said("list", AuditEventTypes.RecordsListed),
            Said("record", AuditEventTypes.RecordViewed),
            Said("file", AuditEventTypes.FileViewed),
            Said("count", AuditEventTypes.ReachViewed),
            Said("explanation", [.. AuditEventTypes.All.Where(type => type.StartsWith("access.", StringComparison.Ordinal))]),
            Said("followed change", AuditEventTypes.RecordsFollowed),
        ];
        return string.Join(", ", reads.OfType<string>().DefaultIfEmpty("nothing was read"));

        string? Said(string what, params string[] types) => types.Sum(type => counts.GetValueOrDefault(type)) switch
        {
            0 => null,
            1 => $"1 {what}",
            var many => $"{Number(many)} {what}s",
        };
    }

    private static SentenceBuilder EndOf(AuditEntry? ended) => ended switch
    {
        null => $"not ended yet",
        { IsDamaged: true } => $"the entry of its end is damaged",
        _ => EndReasons.Parse(ended.Event.Detail) switch
        {
            EndReason.EndedByAgent or EndReason.EndedByColleague => $"ended by {new EventSentence(ended).Who}",
            { } reason => $"ended: {EndReasons.CodeOf(reason)}",
            null => $"ended",
        },
    };

    private static string SpanOf(TimeSpan lasted) => (long)Math.Round(Math.Max(0, lasted.TotalSeconds)) switch
    {
        1 => "1 second",
        < 60 and var seconds => $"{Number(seconds)} seconds",
        var seconds => (long)Math.Round(seconds / 60.0) is 1 ? "1 minute" : $"{Number((long)Math.Round(seconds / 60.0))} minutes",
    };
}
