using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// Tests the companion hook while no session opens, and with nobody's account: the token is one of the console's own superuser, for a
/// minute, which the companion marks as it marks those of sessions, and what is tried with it is what a session's opening tries.
/// </summary>
internal sealed class CompanionTrial(SuperuserRequests requests, CompanionHook companion, PocketBaseTransport transport, IOptions<PocketBaseOptions> options)
{
    private const int Seconds = SuperuserClient.MinSeconds;

    /// <summary>Tests it now.</summary>
    /// <returns>What the companion says of itself, and what came of the test.</returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked to the end.</exception>
    public async Task<(CompanionState Found, CompanionVerdict Verdict)> RunAsync(Caller caller, CancellationToken cancellation)
    {
        var found = await companion.FindAsync(caller, cancellation);
        return (found, found switch
        {
            { Fit: not CompanionFit.Fits } => CompanionVerdict.NothingToTest,
            { CanBeTested: false } => CompanionVerdict.NeedsSession,
            _ => await TestAsync(caller with { SessionId = CompanionScript.SelfTest }, cancellation),
        });
    }

    private async Task<CompanionVerdict> TestAsync(Caller caller, CancellationToken cancellation)
    {
        MintedToken token;
        try
        {
            token = await requests.MintAsync(
                SuperuserUse.TestCompanion, caller, PocketBaseName.Superusers, await OwnIdAsync(caller, cancellation), Seconds,
                caller.AsUserAgent(SuperuserUse.TestCompanion), "The console's superuser", cancellation, caller.ToCompanion());
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.RefusedByApp)
        {
            return CompanionVerdict.NoToken;
        }

        // An unmarked one is as strong as the console itself: nothing is tried with it.
        using (token)
        {
            return token.Mark is { Session: CompanionScript.SelfTest } mark && mark.Actor == caller.ActorHash
                ? await TestAsync(caller, token, mark, cancellation)
                : CompanionVerdict.Unmarked;
        }
    }

    private async Task<CompanionVerdict> TestAsync(Caller caller, MintedToken token, CompanionMark mark, CancellationToken cancellation)
    {
        CompanionVerdict verdict;
        bool isEnded;
        try
        {
            var answer = await transport.SendAsync(
                HttpMethod.Delete, CompanionScript.AddressOfNobody(options.Value.UserCollections[0]), token.Live(), caller.AsUserAgent(SuperuserUse.TestCompanion), null, cancellation);
            verdict = !CompanionScript.RefusesWrite(answer) ? CompanionVerdict.WriteNotRefused
                : answer.SeenAs != token.SeenAs ? CompanionVerdict.Unstamped
                : CompanionVerdict.Guards;
        }
        finally
        {
            isEnded = await companion.TryEndAsync(caller, mark);
        }

        return verdict != CompanionVerdict.Guards ? verdict
            : !isEnded ? CompanionVerdict.EndNotConfirmed
            : await token.IsRefusedAsync(cancellation) ? CompanionVerdict.Guards : CompanionVerdict.EndNotKept;
    }

    // What proves that the console is a superuser names it too.
    private async Task<string> OwnIdAsync(Caller caller, CancellationToken cancellation)
    {
        var proof = SuperuserRequests.Expect(
            await requests.SendAsync(SuperuserUse.TestCompanion, caller, HttpMethod.Post, SuperuserSession.Proof, null, cancellation), "The sign-in");
        return TokenClaims.TryRead(proof.Text("token"), out var own) ? own.Id : throw PocketBaseProblem.NotPocketBase();
    }
}
