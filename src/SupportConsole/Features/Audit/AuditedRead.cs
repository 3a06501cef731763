using System.Security.Cryptography;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>
/// Log first, then read: what is asked is durable before PocketBase is asked, what was answered is durable before anything is
/// shown. Both entries carry one correlation id.
/// </summary>
internal sealed class AuditedRead(AuditTrail trail, TimeProvider clock)
{
    // One entry an outage, however many reads it fails.
    private int _unreachable;

    /// <summary>Asks PocketBase between the two entries.</summary>
    /// <param name="answered">The entry of the answer, with everything known before it is.</param>
    /// <param name="ask">Asks PocketBase.</param>
    /// <param name="complete">Adds what only the answer tells.</param>
    /// <exception cref="NotWrittenException">The trail can't be written: PocketBase wasn't asked, or its answer is discarded.</exception>
    public async Task<T> RunAsync<T>(AuditEvent answered, Func<Task<T>> ask, Func<AuditEvent, T, AuditEvent> complete)
    {
        answered = answered with { CorrelationId = answered.CorrelationId ?? NewCorrelationId() };
        await trail.AppendAsync(answered with { Type = AuditEventTypes.ReadRequested, At = clock.GetUtcNow(), Detail = answered.Type });
        T answer;
        try
        {
            answer = await ask();
            Volatile.Write(ref _unreachable, 0);
        }
        catch (PocketBaseProblem problem)
        {
            await RecordFailureAsync(answered, problem);
            throw;
        }
        catch (ExplainedException refusal) when (refusal is not NotWrittenException)
        {
            // Something stood against showing it, whatever PocketBase answered.
            await trail.AppendAsync(answered with { At = clock.GetUtcNow(), Outcome = AuditOutcome.Denied, Detail = "discarded, nothing shown" });
            throw;
        }
        catch (OperationCanceledException)
        {
            await trail.AppendAsync(answered with { At = clock.GetUtcNow(), Outcome = AuditOutcome.Failed, Detail = "abandoned, nothing shown" });
            throw;
        }

        await trail.AppendAsync(complete(answered, answer) with { At = clock.GetUtcNow() });
        return answer;
    }

    /// <summary>Ties the entries of one read together.</summary>
    public static string NewCorrelationId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private async Task RecordFailureAsync(AuditEvent answered, PocketBaseProblem problem)
    {
        var failed = answered with { At = clock.GetUtcNow(), Outcome = AuditOutcome.Failed, Detail = problem.Kind.ToString() };
        if (problem.Kind == PocketBaseProblemKind.Unreachable && Interlocked.Exchange(ref _unreachable, 1) == 0)
        {
            await trail.AppendAsync(
                [failed, new AuditEvent(AuditEventTypes.PocketBaseUnreachable, failed.At, AuditActor.System) { Outcome = AuditOutcome.Failed }]);
        }
        else
        {
            await trail.AppendAsync(failed);
        }
    }
}
