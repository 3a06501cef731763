using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Features.Audit;
using SupportConsole.Features.ViewAs;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.Users;

/// <summary>Finds users of the app. Every search and every opened user is recorded, the search term only as a keyed hash.</summary>
internal sealed class UserDirectory(
    Pace pace,
    SuperuserClient superuser,
    UserCollections collections,
    UserSearch search,
    AuditedRead audited,
    AuditReader trail,
    KeyedHash hash,
    ProtectedUsers protectedUsers,
    TimeProvider clock) : IUserFinder
{
    /// <summary>How many users a page of results holds.</summary>
    public const int PageLength = 20;

    /// <summary>The auth collections that may be searched, and what of the settings doesn't fit the app.</summary>
    /// <exception cref="ExplainedException">PocketBase could not be asked, no collection fits, or the person may not search.</exception>
    public async Task<SearchableCollections> CollectionsAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.FindUsers, cancellationToken);
        var learnt = await collections.LearnAsync(hash.CallerFor(staff.Member.Id), cancellationToken);
        return learnt.Fitting.Count > 0
            ? new SearchableCollections([.. learnt.Fitting.Select(collection => collection.Name)], learnt.Misfits)
            : throw PocketBaseProblem.Misfit(learnt.Misfits);
    }

    /// <summary>One page of users that fit the query, exact hits first.</summary>
    /// <exception cref="ExplainedException">PocketBase or the trail failed, or the person may not search, or not as often.</exception>
    public async Task<UserPage> SearchAsync(
        CurrentStaff who, string collection, UserQuery query, string term, int page, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.FindUsers, cancellationToken);
        await pace.KeepAsync(staff, Limit.Searches);
        var caller = hash.CallerFor(staff.Member.Id);
        var entry = staff.Begin(AuditEventTypes.UsersSearched, clock.GetUtcNow()) with
        {
            Target = new AuditTarget(collection) { QueryHash = hash.Of("search", term) },
        };
        var (hits, protection, lastViews) = await audited.RunAsync(
            entry,
            async () =>
            {
                var found = await search.FindAsync(caller, collection, query, page, PageLength, cancellationToken);
                string[] shown = [.. found.Page.Items.Select(record => record.Id).Where(AppUserId.IsRecordId)];
                return (
                    Hits: found,
                    Protection: await protectedUsers.OfAllAsync(caller, found.Users.Name, shown, cancellationToken),
                    // Looked up while the answer is written down.
                    LastViews: trail.LastViewsAsync([.. shown.Select(id => new AuditSubjectKey(found.Users.Name, id))], cancellationToken));
            },
            (asked, answer) => asked with { Target = asked.Target! with { Count = answer.Hits.Page.Items.Count } });

        List<UserSummary> users = [];
        List<UnusableUser> unusable = [];
        foreach (var record in hits.Page.Items)
        {
            if (AppUserId.TryCreate(hits.Users.Name, record.Id, out var id))
            {
                users.Add(hits.Users.ToSummary(id, record, protection(record.Id)));
            }
            else
            {
                unusable.Add(new UnusableUser(record.Id, hits.Users.Naming.NameOf(record.Text), record.Text("email")));
            }
        }

        var views = await lastViews;
        return new UserPage(
            [.. users
                .OrderByDescending(user => IsExact(user, query))
                .Select(user => new FoundUser(user, views.GetValueOrDefault(KeyOf(user.Id)) is { } view
                    ? new LastView(view.Event.At, view.Event.Actor.Id == staff.Member.Id ? "you" : view.Event.Actor.Name)
                    : null))],
            hits.MayHaveMore,
            hits.Searched,
            unusable);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<UserSummary>> FindByTextAsync(CurrentStaff who, string text, CancellationToken cancellationToken)
    {
        List<UserSummary> found = [];
        foreach (var collection in (await CollectionsAsync(who, cancellationToken)).Names)
        {
            var page = await SearchAsync(who, collection, UserQuery.Parse(text), text, 1, cancellationToken);
            found.AddRange(page.Users.Select(hit => hit.User));
        }

        return found;
    }

    /// <inheritdoc />
    public async Task<UserSummary?> FindLinkedAsync(CurrentStaff who, string link, CancellationToken cancellationToken)
    {
        var known = await CollectionsAsync(who, cancellationToken);
        var (collection, record) = link.Split('/', 2) is [var first, var second] ? (known.Find(first), second) : (known.Names[0], link);
        return AppUserId.TryCreate(collection, record, out var id) ? (await FindAsync(who, id, cancellationToken))?.Summary : null;
    }

    /// <summary>What is known about one user; null when there is none of this id.</summary>
    /// <exception cref="ExplainedException">PocketBase or the trail failed, or the person may not look.</exception>
    public async Task<UserFacts?> FindAsync(CurrentStaff who, AppUserId user, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.FindUsers, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        var caller = hash.CallerFor(staff.Member.Id);
        var entry = staff.Begin(AuditEventTypes.UserViewed, clock.GetUtcNow()) with
        {
            Subject = new AuditSubject(user.Collection, user.Record, user.Record),
        };
        var facts = await audited.RunAsync(
            entry,
            () => ReadAsync(caller, user, cancellationToken),
            (asked, answer) => answer is null
                ? asked with { Outcome = AuditOutcome.Failed, Detail = "no such user" }
                : asked with { Subject = new AuditSubject(answer.Summary.Id.Collection, user.Record, answer.Summary.Name) });
        if (facts is null)
        {
            return null;
        }

        var sessions = await trail.SessionsOfSubjectAsync(KeyOf(facts.Summary.Id), 10, cancellationToken);
        return facts with { Sessions = sessions };
    }

    private async Task<UserFacts?> ReadAsync(Caller caller, AppUserId user, CancellationToken cancellationToken)
    {
        var users = await collections.RequireAsync(caller, user.Collection, cancellationToken);
        AppUserId.TryCreate(users.Name, user.Record, out user);
        if (await superuser.FindUserAsync(SuperuserUse.ReadUser, caller, user, cancellationToken) is not { } record)
        {
            return null;
        }

        bool? canSignIn = users.Schema.AuthRule switch
        {
            null => false,
            "" => true,
            // In a filter, @request is the console's own superuser and not this user: no answer is better than a wrong one.
            var rule when rule.Contains("@request.", StringComparison.OrdinalIgnoreCase) => null,
            var rule => await superuser.MatchesAsync(SuperuserUse.CheckSignIn, caller, user, rule, cancellationToken),
        };
        var protection = await protectedUsers.OfAsync(caller, user, cancellationToken);
        return new UserFacts(
            users.ToSummary(user, record, protection),
            [.. users.Searched.Where(field => field.Name != "email").Select(field => new UserFact(field.Name, record.Text(field.Name))).Where(fact => !VisibleText.IsBlank(fact.Value))],
            record.Moment("updated"), canSignIn, users.Schema.AuthRule, []);
    }

    private static AuditSubjectKey KeyOf(AppUserId user) => new(user.Collection, user.Record);

    private static bool IsExact(UserSummary user, UserQuery query) =>
        query.Parts.Contains(user.Id.Record) || query.Emails.Contains(user.Email, StringComparer.OrdinalIgnoreCase)
        || string.Equals(user.Name, query.Text, StringComparison.OrdinalIgnoreCase);
}
