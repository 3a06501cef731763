using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs;

/// <summary>Opens and ends view-as sessions. Each step is in the trail before the next one is taken.</summary>
internal sealed class ViewAsDesk(
    LiveSessions sessions,
    SessionEnds ends,
    EndedTokens tokens,
    Pace pace,
    SuperuserClient superuser,
    AppPosts appPosts,
    UserCollections collections,
    AuditTrail trail,
    ProtectedUsers protectedUsers,
    KeyedHash hash,
    IOptions<ViewAsOptions> options,
    TimeProvider clock)
{
    /// <summary>What policy allows.</summary>
    public ViewAsPolicy Policy { get; } = options.Value.ToPolicy();

    /// <summary>The checklist of the dialog, without asking anybody: it decides nothing.</summary>
    /// <param name="agent">Whoever would open the session; null when nobody is signed in any more.</param>
    /// <param name="user">The user as they were found.</param>
    /// <param name="purpose">What is typed so far.</param>
    /// <param name="minutes">The time box chosen.</param>
    public ImmutableArray<RuleState> Check(ActingStaff? agent, UserSummary user, ViewAsPurpose purpose, int minutes) =>
        ViewAsRules.Check(Policy, purpose, minutes, new ViewAsFacts(
            agent?.Member.May(Duty.ViewAsUsers) == true,
            user.Protection,
            agent is null ? null : sessions.Of(agent.Member.Id)?.Session.UserName));

    /// <summary>Opens a session, or says which rules stand against it.</summary>
    /// <exception cref="ProofTooOldException">The agent has to confirm who they are first.</exception>
    /// <exception cref="ExplainedException">It is allowed and didn't work; recorded as far as the trail can be written.</exception>
    public async Task<ViewAsOutcome> OpenAsync(
        CurrentStaff who, AppUserId user, ViewAsPurpose purpose, int minutes, CancellationToken cancellationToken)
    {
        var agent = await who.DemandProvenAsync(Duty.ViewAsUsers, cancellationToken);
        await pace.KeepAsync(agent, Limit.Sessions);
        var sessionId = RandomNumberGenerator.GetHexString(20, lowercase: true);
        var intent = purpose.Mark(agent.Begin(AuditEventTypes.SessionRequested, clock.GetUtcNow())) with
        {
            SessionId = sessionId,
            Subject = new AuditSubject(user.Collection, user.Record, user.Record),
            Detail = $"{minutes} min",
            CorrelationId = sessionId,
        };
        await trail.AppendAsync(intent);
        ViewAsOutcome outcome;
        try
        {
            outcome = await OpenRequestedAsync(agent, user, purpose, minutes, intent, cancellationToken);
        }
        catch (Exception failure) when (failure is not NotWrittenException)
        {
            await trail.AppendAsync(intent with
            {
                Type = AuditEventTypes.SessionOpenFailed,
                At = clock.GetUtcNow(),
                Outcome = AuditOutcome.Failed,
                Detail = failure is PocketBaseProblem problem ? problem.Kind.ToString() : failure.GetType().Name,
            });
            throw;
        }

        if (outcome is ViewAsOutcome.Opened opened)
        {
            if (await ReasonToCloseAgainAsync(who) is { } reason)
            {
                await ends.EndAsync(opened.Session.Id, reason);
                throw new DutyRefusedException(Duty.ViewAsUsers);
            }

            await sessions.Changes.PublishAsync(opened.Session.Id);
        }

        return outcome;
    }

    /// <summary>Ends the agent's own session to make room for another one. Does nothing when it is over already.</summary>
    public async Task EndForAnotherAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ViewAsUsers, cancellationToken);
        if (sessions.Of(staff.Member.Id) is { } live)
        {
            await ends.EndAsync(live.Session.Id, EndReason.Replaced, staff);
        }
    }

    /// <summary>Ends a session at the wish of its agent, or of somebody who may end any. Does nothing when it is over already.</summary>
    public async Task EndAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.SeeSessions, cancellationToken);
        if (sessions.Find(sessionId)?.Session is not { } session)
        {
            return;
        }

        if (session.Staff == staff.Member.Id)
        {
            await ends.EndAsync(sessionId, EndReason.EndedByAgent, staff);
            return;
        }

        await who.DemandAsync(Duty.SeeAllSessions, cancellationToken);
        await ends.EndAsync(sessionId, EndReason.EndedByColleague, staff);
    }

    /// <summary>
    /// Ends a session whose time box is over, for whoever sees it running out. Does nothing while it isn't. No duty is asked for: it ends
    /// by itself, whoever looks on, and a role that goes in that very second was no reason to refuse anything.
    /// </summary>
    public Task EndOverdueAsync(string sessionId) =>
        sessions.Find(sessionId)?.Session.IsOpen(clock) == false ? ends.EndAsync(sessionId, EndReason.Expired) : Task.CompletedTask;

    private async Task<ViewAsOutcome> OpenRequestedAsync(
        ActingStaff agent, AppUserId user, ViewAsPurpose purpose, int minutes, AuditEvent intent, CancellationToken cancellationToken)
    {
        var caller = hash.CallerFor(agent.Member.Id, intent.SessionId);
        var users = await collections.RequireAsync(caller, user.Collection, cancellationToken);
        AppUserId.TryCreate(users.Name, user.Record, out user);
        var record = await superuser.FindUserAsync(SuperuserUse.Impersonate, caller, user, cancellationToken)
            ?? throw PocketBaseProblem.Gone("The user");
        var summary = users.ToSummary(user, record, await protectedUsers.OfAsync(caller, user, cancellationToken));
        intent = intent with { Subject = new AuditSubject(user.Collection, user.Record, summary.Name) };

        using var place = sessions.TryTakePlace(agent.Member.Id);
        ImpersonatedClient? client = null;
        try
        {
            var rules = ViewAsRules.Check(Policy, purpose, minutes, new ViewAsFacts(
                MayViewAs: true, summary.Protection, place is not null ? null : sessions.Of(agent.Member.Id)?.Session.UserName ?? "somebody"));
            if (!rules.All(rule => rule.Met))
            {
                await trail.AppendAsync(intent with
                {
                    Type = AuditEventTypes.SessionDenied,
                    At = clock.GetUtcNow(),
                    Outcome = AuditOutcome.Denied,
                    Detail = string.Join(", ", rules.Where(rule => !rule.Met).Select(rule => rule.Rule)),
                });
                return new ViewAsOutcome.Refused(rules);
            }

            // Before the token is made: the box is never longer than the token lives.
            var began = clock.GetTimestamp();
            client = await superuser.ImpersonateAsync(SuperuserUse.Impersonate, caller, user, minutes * 60, cancellationToken);
            await tokens.KeepAsync(client);
            await client.ProveAliveAsync(cancellationToken);
            await client.ProveGuardedAsync(cancellationToken);
            var app = new AppCollections(await superuser.ReadCollectionsAsync(SuperuserUse.ReadSchema, caller, cancellationToken), await superuser.GrammarAsync(cancellationToken));
            var posts = await appPosts.LearnAsync(caller, cancellationToken);
            if (posts is not null)
            {
                await client.ProveUnsharedAsync(posts.Name, cancellationToken);
            }

            var limit = TimeSpan.FromMinutes(minutes);
            var live = new LiveSession(
                new ViewAsSession(
                    intent.SessionId!, agent.Actor, user, summary.Name, summary.Email,
                    purpose, client.ExpiresAt - limit, limit, began),
                agent.SignIn ?? throw new SignInOverException(),
                client,
                app,
                posts,
                clock);
            await trail.AppendAsync(intent with
            {
                Type = AuditEventTypes.SessionOpened,
                At = clock.GetUtcNow(),
                Detail = client.IsGuarded ? $"{intent.Detail}{EndReasons.Separator}PocketBase refuses writes too" : intent.Detail,
            });
            place!.Fill(live);
            return new ViewAsOutcome.Opened(live.Session);
        }
        catch
        {
            if (client is not null)
            {
                client.Forget();
                await tokens.SettleAsync(client, await tokens.RefuseAsync(client, caller));
            }

            throw;
        }
    }

    // Between the first check and the session's entry in the list, a revoke or a sign-out finds nothing to end. So ask once
    // more; an answer that can't be had counts as no.
    private static async Task<EndReason?> ReasonToCloseAgainAsync(CurrentStaff who) => await who.FindForDisplayAsync(CancellationToken.None) switch
    {
        null => EndReason.SignedOut,
        { } staff when !staff.Member.May(Duty.ViewAsUsers) => EndReason.RoleRevoked,
        _ => null,
    };
}
