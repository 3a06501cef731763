using Microsoft.Extensions.Options;
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
    AuditedRead audited,
    AuditReader trail,
    KeyedHash hash,
    ProtectedUsers protectedUsers,
    IOptions<PocketBaseOptions> options,
    TimeProvider clock)
{
    /// <summary>How many users a page of results holds.</summary>
    public const int PageLength = 20;

    private static readonly string[] SearchedFields = ["email", "name", "username"];

    /// <summary>The auth collections that may be searched.</summary>
    public IReadOnlyList<string> Collections { get; } = [.. options.Value.UserCollections];

    /// <summary>One page of users that fit the query, exact hits first.</summary>
    /// <exception cref="ExplainedException">PocketBase or the trail failed, or the person may not search, or not as often.</exception>
    public async Task<UserPage> SearchAsync(
        CurrentStaff who, string collection, UserQuery query, string term, int page, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.FindUsers, cancellationToken);
        await pace.KeepAsync(staff, Limit.Searches);
        var caller = new Caller(hash.Of("actor", staff.Member.Id.Value));
        var entry = staff.Begin(AuditEventTypes.UsersSearched, clock.GetUtcNow()) with
        {
            Target = new AuditTarget(collection) { QueryHash = hash.Of("search", term) },
        };
        var found = await audited.RunAsync(
            entry,
            async () =>
            {
                // Before anything is asked with superuser rights, be it only a schema.
                if (!Collections.Contains(collection))
                {
                    throw PocketBaseProblem.NotAllowed(AppUserId.IsSegment(collection) ? collection : "?");
                }

                var grammar = await superuser.GrammarAsync(cancellationToken);
                var schema = await superuser.ReadCollectionAsync(SuperuserUse.ReadSchema, caller, collection, cancellationToken);
                var hits = UserFilter.For(query, grammar, [.. SearchedFields.Where(schema.HasField)]) is { } filter
                    ? await superuser.FindUsersAsync(SuperuserUse.FindUsers, caller, collection, filter, page, PageLength, cancellationToken)
                    : new RecordPage([], page, PageLength);
                return (Hits: hits, Guarded: await protectedUsers.IdsAsync(caller, collection, cancellationToken));
            },
            (asked, answer) => asked with { Target = asked.Target! with { Count = answer.Hits.Items.Count } });

        var users = new List<UserSummary>();
        foreach (var record in found.Hits.Items)
        {
            if (AppUserId.TryCreate(collection, record.Id, out var id))
            {
                users.Add(UserRecords.ToSummary(id, record, found.Guarded.Contains(record.Id)));
            }
        }

        var views = await trail.LastViewsAsync([.. users.Select(user => KeyOf(user.Id))], cancellationToken);
        return new UserPage(
            [.. users
                .OrderByDescending(user => IsExact(user, term))
                .Select(user => new FoundUser(user, views.GetValueOrDefault(KeyOf(user.Id)) is { } view
                    ? new LastView(view.Event.At, view.Event.Actor.Id == staff.Member.Id ? "you" : view.Event.Actor.Name)
                    : null))],
            found.Hits.MayHaveMore);
    }

    /// <summary>What is known about one user; null when there is none of this id.</summary>
    /// <exception cref="ExplainedException">PocketBase or the trail failed, or the person may not look.</exception>
    public async Task<UserFacts?> FindAsync(CurrentStaff who, AppUserId user, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.FindUsers, cancellationToken);
        var caller = new Caller(hash.Of("actor", staff.Member.Id.Value));
        var entry = staff.Begin(AuditEventTypes.UserViewed, clock.GetUtcNow()) with
        {
            Subject = new AuditSubject(user.Collection, user.Record, user.Record),
        };
        var facts = await audited.RunAsync(
            entry,
            () => ReadAsync(caller, user, cancellationToken),
            (asked, answer) => answer is null
                ? asked with { Outcome = AuditOutcome.Failed, Detail = "no such user" }
                : asked with { Subject = new AuditSubject(user.Collection, user.Record, answer.Summary.Name) });
        if (facts is null)
        {
            return null;
        }

        var sessions = await trail.SessionsOfSubjectAsync(KeyOf(user), 10, cancellationToken);
        return facts with { Sessions = sessions };
    }

    private async Task<UserFacts?> ReadAsync(Caller caller, AppUserId user, CancellationToken cancellationToken)
    {
        if (await superuser.FindUserAsync(SuperuserUse.ReadUser, caller, user, cancellationToken) is not { } record)
        {
            return null;
        }

        var schema = await superuser.ReadCollectionAsync(SuperuserUse.ReadSchema, caller, user.Collection, cancellationToken);
        bool? canSignIn = schema.AuthRule switch
        {
            null => false,
            "" => true,
            // In a filter, @request is the console's own superuser and not this user: no answer is better than a wrong one.
            var rule when rule.Contains("@request.", StringComparison.OrdinalIgnoreCase) => null,
            var rule => await superuser.MatchesAsync(SuperuserUse.CheckSignIn, caller, user, rule, cancellationToken),
        };
        var isProtected = await protectedUsers.IsProtectedAsync(caller, user, cancellationToken);
        return new UserFacts(
            UserRecords.ToSummary(user, record, isProtected), record.Text("username"), record.Moment("updated"), canSignIn, schema.AuthRule, []);
    }

    private static AuditSubjectKey KeyOf(AppUserId user) => new(user.Collection, user.Record);

    private static bool IsExact(UserSummary user, string term) =>
        user.Id.Record == term || string.Equals(user.Email, term, StringComparison.OrdinalIgnoreCase)
        || string.Equals(user.Name, term, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One page of search results.</summary>
/// <param name="Users">The users.</param>
/// <param name="MayHaveMore">Whether another page may follow; users are never counted.</param>
public sealed record UserPage(IReadOnlyList<FoundUser> Users, bool MayHaveMore);

/// <summary>A search result.</summary>
/// <param name="User">Who.</param>
/// <param name="LastView">The newest support view of this user; null when there was none.</param>
public sealed record FoundUser(UserSummary User, LastView? LastView);

/// <summary>When and by whom somebody was last viewed.</summary>
public sealed record LastView(DateTimeOffset At, string By);

/// <summary>What the user page shows.</summary>
/// <param name="Summary">Who it is.</param>
/// <param name="UserName">The user name; empty where the app has none.</param>
/// <param name="Updated">The record's last change.</param>
/// <param name="CanSignIn">Whether PocketBase's auth rule lets this account sign in; null where that can't be determined.</param>
/// <param name="AuthRule">The rule; null when nobody may sign in to this collection.</param>
/// <param name="Sessions">The newest support sessions of this user.</param>
public sealed record UserFacts(
    UserSummary Summary, string UserName, DateTimeOffset? Updated, bool? CanSignIn, string? AuthRule, IReadOnlyList<AuditEntry> Sessions);
