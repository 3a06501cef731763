using SupportConsole.PocketBase;

namespace SupportConsole.Features.SetUp;

/// <summary>What came of the test that the set-up page offers.</summary>
/// <param name="State">How it is.</param>
/// <param name="Headline">Who blocks writes, as a session's bar says it; or that it can't be told.</param>
/// <param name="Finding">What was tried and found, and what to do.</param>
/// <param name="At">When it was tried.</param>
internal sealed record SelfTest(SetUpState State, string Headline, string Finding, DateTimeOffset At)
{
    private const string ByBoth = "Writes blocked by the console and by PocketBase";
    private const string ByConsole = "Writes blocked by the console";
    private const string Undecided = "Not provable at the moment";

    private const string Replace = $"Download the companion, put it in place unchanged as {CompanionScript.FileName}, and test again";

    /// <summary>The words for what was found.</summary>
    public static SelfTest Of(CompanionState found, CompanionVerdict verdict, DateTimeOffset at)
    {
        var (state, headline, finding) = verdict switch
        {
            CompanionVerdict.Guards => (SetUpState.Good, ByBoth,
                "The companion marked a token made for this test, refused to delete a record that can't exist, said in its answer as whom it saw the request, and refused the token altogether once it was ended. It was a token of the console's own superuser, for one minute: nobody was viewed. That a user's token is marked and refused as well, each session proves with its own when it opens."),
            CompanionVerdict.EndNotConfirmed => (SetUpState.Advice, $"{ByBoth}, but the end of a token wasn't confirmed",
                "The companion refused to delete a record that can't exist with a token made for this test, but PocketBase didn't confirm within a moment that it refuses the token from then on; the console's log says what came instead. An ended session's token is told of again until PocketBase confirms it. Test again; where it stays so, see to whatever keeps back or delays /api/support-console/end."),
            CompanionVerdict.EndNotKept => (SetUpState.Advice, $"{ByBoth}, but an ended token isn't refused",
                "The companion refused to delete a record that can't exist with a token made for this test, but PocketBase didn't refuse the token after its end. An ended session's token then lives there until its time is over, though the console has dropped it. Let PocketBase write to pb_data/support_console_ended, and test again."),
            CompanionVerdict.WriteNotRefused => (SetUpState.Advice, ByConsole,
                $"The companion marked a token made for this test, but didn't refuse to delete a record that can't exist: another hook, or something between the console and PocketBase, gets in its way. {Replace}."),
            CompanionVerdict.Unstamped => (SetUpState.Advice, ByConsole,
                "The companion refused to delete a record that can't exist, but its answer doesn't say as whom it saw the request, so sessions don't rely on it. Something between the console and PocketBase takes away headers that begin with X-Support-Console: let them pass, both ways, and test again."),
            CompanionVerdict.Unmarked => (SetUpState.Advice, ByConsole,
                $"The companion answers, but a token made for this test came without its mark, so nothing was tried with it. Something between the console and PocketBase takes away headers that begin with X-Support-Console, or another hook exchanges the token: let the headers pass, both ways. {Replace}."),
            CompanionVerdict.NoToken => (SetUpState.Unknown, Undecided,
                "The app refuses the console's own superuser a token for this test: a hook of its own stands against it. Whether it refuses those of sessions too shows when one opens, and then the session's bar says who blocks writes."),
            CompanionVerdict.NeedsSession => (SetUpState.Unknown, Undecided,
                $"Version {found.Version} of the companion is there, which only a session can test; {CompanionScript.SelfTestSince} and later can be tested here. Each session does it when it opens, and its bar says who blocks writes. {Replace}."),
            _ when found.Fit == CompanionFit.Undecided => (SetUpState.Unknown, Undecided, SetUpChecks.Companion(found).Finding),
            _ => (SetUpState.Advice, ByConsole, SetUpChecks.Companion(found).Finding),
        };
        return new SelfTest(state, headline, finding, at);
    }
}
