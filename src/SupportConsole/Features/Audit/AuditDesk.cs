using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Asking;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Features.Audit.Folding;

namespace SupportConsole.Features.Audit;

/// <summary>Lets people read the trail. Looking at it is an event of its own, recorded before the first entry is read.</summary>
internal sealed class AuditDesk(
    Pace pace, AuditTrail trail, AuditReader reader, TrailFolding folding, IUserFinder users, IStaffRights rights, TimeProvider clock)
{
    /// <summary>How many new events are told apart.</summary>
    public const int MostNews = 100;

    private const int TermsLoosened = 8;

    // Proposals are worth a moment: some terms can only be held against every event.
    private static readonly TimeSpan LoosenLimit = TimeSpan.FromSeconds(2);

    /// <summary>Records that somebody looks, and with which filters, and finds whom they mean.</summary>
    public async Task<AuditLook> BeginAsync(CurrentStaff who, AuditAddress filter, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        var question = FilterReading.Read(filter);
        var entry = await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditViewed, clock.GetUtcNow()) with { Detail = question.Describe() });
        var seen = await reader.StaffSeenAsync(cancellationToken);
        return new AuditLook(
            entry.Sequence,
            question,
            seen,
            question is { Faults.Count: 0, Wanted: { } wanted } ? await PeopleAsync(who, wanted, seen, cancellationToken) : null);
    }

    /// <summary>The next entries of a look that has begun.</summary>
    public async Task<AuditPage> ReadAsync(CurrentStaff who, AuditQuery query, AuditCursor? before, int take, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return await reader.ReadAsync(query, before, take, cancellationToken);
    }

    /// <summary>The next rows of a look that has begun.</summary>
    /// <param name="who">Whoever looks.</param>
    /// <param name="query">The filters.</param>
    /// <param name="begin">Where the list begins; null for where this page does.</param>
    /// <param name="before">Where the page before ended; null for the newest.</param>
    /// <param name="take">How many entries are made rows of.</param>
    /// <param name="bySession">Whether all of a session is one row.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    public async Task<TrailPage> RowsAsync(
        CurrentStaff who, AuditQuery query, AuditCursor? begin, AuditCursor? before, int take, bool bySession, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(who, query, before, take, cancellationToken);
        return new TrailPage(
            (begin ?? page.Begin) is { } from ? await folding.RowsAsync(query, from, page.Entries, bySession, cancellationToken) : [],
            page.Next,
            page.Begin);
    }

    /// <summary>
    /// Of filters that find nothing, those terms without which something is found. Part of the look that found nothing, and so no look of its own.
    /// </summary>
    public async Task<IReadOnlyList<LoosenedFilter>> LoosenAsync(CurrentStaff who, AuditAddress filter, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        var text = AskedFilter.TextOf(filter);
        List<LoosenedFilter> found = [];
        using var limit = new CancellationTokenSource(LoosenLimit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            foreach (var term in AskedText.Parse(text).Terms.Take(TermsLoosened))
            {
                var without = AskedFilter.AddressOf(text.Remove(term.At, term.Length), filter, TimeZoneInfo.Utc) with { Zone = filter.Zone };
                if (FilterReading.Read(without) is { Faults.Count: 0, Wanted: null, Query: var query } && (await reader.ReadAsync(query, null, 1, either.Token)).Entries.Count > 0)
                {
                    found.Add(new LoosenedFilter(term.ToString(), without.HasDays ? without : without with { Zone = null }));
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // What was found by then is proposed.
        }

        return found;
    }

    /// <summary>How many events of a look that has begun have come since one, up to <see cref="MostNews"/>, and which is the newest of all by then.</summary>
    public async Task<(int Events, long Head)> NewsAsync(CurrentStaff who, AuditQuery query, long since, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        var (came, head) = await reader.ReadSinceAsync(query, since, MostNews, cancellationToken);
        return (came.Count, head);
    }

    /// <summary>The newest event's place; it tells nothing of the event.</summary>
    internal Task<long> HeadAsync(CancellationToken cancellationToken) => reader.HeadAsync(cancellationToken);

    /// <summary>One entry by its place, as a verification names it, whatever the filters are; null where there is none. A look of its own, and recorded as one.</summary>
    public async Task<AuditEntry?> FindAsync(CurrentStaff who, long sequence, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditViewed, clock.GetUtcNow()) with { Detail = $"event {sequence}" });
        return await reader.FindAsync(sequence, cancellationToken);
    }

    /// <summary>Those whom a filter may mean.</summary>
    internal async Task<AuditPeople> PeopleAsync(CurrentStaff who, WantedPerson wanted, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        return await PeopleAsync(who, wanted, await reader.StaffSeenAsync(cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Users first as the trail itself names them, which knows also who is gone; an e-mail address or a new name only the app knows.
    /// </summary>
    private async Task<AuditPeople> PeopleAsync(CurrentStaff who, WantedPerson wanted, IReadOnlyList<SeenStaff> seen, CancellationToken cancellationToken)
    {
        if (wanted.IsStaff)
        {
            return await ColleaguesAsync(wanted.Text, seen, cancellationToken);
        }

        var people = await reader.PeopleAsync(wanted.Text, cancellationToken);
        return people.Found.Count > 0
            ? people
            : people with
            {
                Found = [.. (await users.FindByTextAsync(who, wanted.Text, cancellationToken))
                    .Select(user => new AuditSubject(user.Id.Collection, user.Id.Record, user.Name))],
            };
    }

    /// <summary>Colleagues whom a text names, by an e-mail address that is theirs now or by words of a name: of whoever acted, and of whoever could have.</summary>
    private async Task<AuditPeople> ColleaguesAsync(string text, IReadOnlyList<SeenStaff> seen, CancellationToken cancellationToken)
    {
        string[] words = [.. IndexWords.WordsIn(text)];
        var known = await rights.AllAsync(cancellationToken);
        var people = seen.Select(staff => (staff.Id, staff.Name)).Concat(known.Select(member => (member.Id, member.Name))).ToList();
        var meant = known.Where(member => string.Equals(member.Email, text, StringComparison.OrdinalIgnoreCase)).Select(member => member.Id).ToHashSet();
        if (meant.Count == 0 && words.Length > 0)
        {
            meant = [.. people.Where(staff => words.All(word => IndexWords.WordsIn(staff.Name).Any(have => have.StartsWith(word, StringComparison.Ordinal)))).Select(staff => staff.Id)];
        }

        return new AuditPeople([.. people.Where(staff => meant.Contains(staff.Id)).DistinctBy(staff => staff.Id).Select(staff => new AuditSubject(AuditSubject.Staff, staff.Id.Value, staff.Name))], false);
    }
}
