using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.SetUp;

/// <summary>Looks at how PocketBase is set up, for whoever may know, and writes down that they looked.</summary>
internal sealed class SetUpDesk(
    SetUpReader reader, CompanionHook companion, CompanionTrial trial, Pace pace, AuditedRead audited, KeyedHash hash, IOptions<PocketBaseOptions> options, TimeProvider clock)
{
    /// <summary>Everything that is looked at, as it is at this moment.</summary>
    /// <exception cref="ExplainedException">PocketBase or the trail failed, or the person may not look.</exception>
    public async Task<ImmutableArray<SetUpCheck>> CheckAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        var admin = await who.DemandAsync(Duty.CheckSetUp, cancellationToken);
        await pace.KeepAsync(admin, Limit.Reads);
        return await audited.RunAsync(
            admin.Begin(AuditEventTypes.SetUpViewed, clock.GetUtcNow()) with { Target = new AuditTarget("_settings") },
            async () =>
            {
                var caller = hash.CallerFor(admin.Member.Id);
                var facts = await reader.ReadAsync(caller, cancellationToken);
                return (ImmutableArray<SetUpCheck>)[.. SetUpChecks.Of(facts, await companion.FindAsync(caller, cancellationToken), options.Value)];
            },
            (asked, checks) => asked with { Detail = $"{checks.Count(check => check.State == SetUpState.Advice)} to improve" });
    }

    /// <summary>Tests the companion hook now, as the opening of a session does, and with nobody's account.</summary>
    /// <exception cref="ExplainedException">PocketBase or the trail failed, or the person may not.</exception>
    public async Task<SelfTest> TestAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        var admin = await who.DemandAsync(Duty.CheckSetUp, cancellationToken);
        await pace.KeepAsync(admin, Limit.Reads);
        return await audited.RunAsync(
            admin.Begin(AuditEventTypes.SetUpTested, clock.GetUtcNow()),
            async () =>
            {
                var (found, verdict) = await trial.RunAsync(hash.CallerFor(admin.Member.Id), cancellationToken);
                return SelfTest.Of(found, verdict, clock.GetUtcNow());
            },
            (asked, test) => asked with
            {
                Outcome = test.State == SetUpState.Unknown ? AuditOutcome.Failed : AuditOutcome.Success,
                Detail = $"{char.ToLowerInvariant(test.Headline[0])}{test.Headline[1..]}",
            });
    }
}
