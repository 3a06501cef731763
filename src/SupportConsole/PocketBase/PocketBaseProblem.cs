using System.Globalization;
using SupportConsole.Core;

namespace SupportConsole.PocketBase;

/// <summary>
/// A broken edge: PocketBase could not be asked, or its answer can't be used. The message is written for the person at the
/// screen: what happened, what it means, what to do. It never holds a token, a password or text from an answer.
/// </summary>
internal sealed class PocketBaseProblem : ExplainedException
{
    private PocketBaseProblem(PocketBaseProblemKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    public PocketBaseProblemKind Kind { get; }

    /// <summary>Whether a failure (5xx) is one that PocketBase itself reports, in its own form, and not a proxy before it.</summary>
    public bool OfServer { get; private init; }

    public static PocketBaseProblem Unreachable(Exception cause) => new(
        PocketBaseProblemKind.Unreachable,
        "PocketBase can't be reached. Nothing was read. Try again in a moment; if it stays so, tell the people who run it.",
        cause);

    public static PocketBaseProblem TimedOut(TimeSpan limit) => new(
        PocketBaseProblemKind.TimedOut,
        $"PocketBase did not answer within {limit.TotalSeconds:0} seconds. It may be busy. Try again, with a narrower search if this was one.");

    public static PocketBaseProblem Refused() => new(
        PocketBaseProblemKind.Refused,
        "PocketBase refused the request as not valid. A filter or field name does not fit the app's collections; an administrator should compare the console's settings with them.");

    public static PocketBaseProblem ReadRefused() => new(
        PocketBaseProblemKind.Refused,
        "PocketBase refused to read this. Either the collection was changed since the session opened, then a new session mends it, or a hook of the app stands against the read. Nothing is shown.");

    public static PocketBaseProblem FilterTooLong() => new(
        PocketBaseProblemKind.Refused,
        "The search is too long for PocketBase. Nothing was read. Search for a shorter text.");

    public static PocketBaseProblem Gone(string what) => new(
        PocketBaseProblemKind.Gone,
        $"{what} does not exist in PocketBase, or no longer. Go back to the search and look again.");

    public static PocketBaseProblem RateLimited() => new(
        PocketBaseProblemKind.RateLimited,
        "PocketBase is limiting requests from the console. Nothing was read. Wait ten seconds and try again; if it happens often, exclude the console's address from PocketBase's rate limits.");

    public static PocketBaseProblem LoginHeldBack() => new(
        PocketBaseProblemKind.RateLimited,
        "The console has just signed in to PocketBase more than once and waits a few seconds before the next attempt. Try again in a moment.");

    public static PocketBaseProblem NotPocketBase(Exception? cause = null) => new(
        PocketBaseProblemKind.NotPocketBase,
        "The answer did not come from PocketBase's API: a wrong address, a proxy's page, or a connection cut short. Nothing of it is shown. An administrator should check PocketBase:Url.",
        cause);

    public static PocketBaseProblem TooOld() => new(
        PocketBaseProblemKind.TooOld,
        "This PocketBase has no superusers collection, so it is older than 0.23. The console can't work with it; an administrator should upgrade PocketBase or check PocketBase:Url.");

    public static PocketBaseProblem TooLarge(Exception? cause) => new(
        PocketBaseProblemKind.TooLarge,
        "PocketBase's answer is larger than the console reads at once. Nothing of it is shown. Ask for fewer records.",
        cause);

    public static PocketBaseProblem FileTooLarge(long bytes) => new(
        PocketBaseProblemKind.TooLarge,
        string.Create(CultureInfo.InvariantCulture, $"This file has {bytes:N0} bytes, which is more than the console passes on. Nothing of it was sent."));

    public static PocketBaseProblem SuperuserRejected() => new(
        PocketBaseProblemKind.SuperuserRejected,
        "PocketBase does not accept the console's superuser. No user can be searched or viewed until that is mended: an administrator should check PocketBase:SuperuserEmail and PocketBase:SuperuserPassword, and PocketBase's list of superuser addresses.");

    public static PocketBaseProblem StaticTokenRejected() => new(
        PocketBaseProblemKind.SuperuserRejected,
        "PocketBase does not accept the console's superuser token: it has expired or was revoked (changing that superuser in any way can do that). An administrator should issue a new one for PocketBase:SuperuserToken.");

    public static PocketBaseProblem SecondFactorRequired() => new(
        PocketBaseProblemKind.SecondFactorRequired,
        "PocketBase asks the console's superuser for a second factor, which a server can't give. An administrator should set PocketBase:SuperuserToken to a static token of that account instead of a password.");

    public static PocketBaseProblem NotAllowed(string collection) => new(
        PocketBaseProblemKind.NotAllowed,
        $"Users of the collection '{collection}' may not be searched or viewed here. If they should be, an administrator can add it to PocketBase:UserCollections.");

    public static PocketBaseProblem NotServiceAccounts(string collection) => new(
        PocketBaseProblemKind.NotAllowed,
        $"The collection '{collection}' holds people's accounts or superusers, so no API key is made or changed there. An administrator should check ApiKeys:Collection.");

    public static PocketBaseProblem RecordRefused(IReadOnlyCollection<string> fields) => new(
        PocketBaseProblemKind.Refused,
        fields.Count == 0
            ? "PocketBase refused the new account without naming a field: a hook of the app may stand against it. Nothing was made; ask the people who run PocketBase."
            : $"PocketBase refused the new account because of the field{(fields.Count == 1 ? "" : "s")} {string.Join(", ", fields)}. Nothing was made; an administrator should compare the collection with what the console fills in.");

    public static PocketBaseProblem TokensStillLive() => new(
        PocketBaseProblemKind.Failed,
        "PocketBase confirmed the change, but goes on accepting a token that must be dead by it: something between the console and PocketBase doesn't do what it says. Tell the people who run it at once.");

    public static PocketBaseProblem TokenRejected() => new(
        PocketBaseProblemKind.TokenRejected,
        "PocketBase no longer accepts this session's access: the user's password, e-mail or sessions were changed, or the user was removed. What was read last is not shown. Start a new session if you still need one.");

    public static PocketBaseProblem TokenForgotten() => new(
        PocketBaseProblemKind.TokenRejected,
        "This session is over and its access has been dropped. Start a new session if you still need one.");

    public static PocketBaseProblem TokenNotAsAsked() => new(
        PocketBaseProblemKind.TokenRejected,
        "PocketBase returned access for another user or another time than asked for, so it was thrown away, and nothing was opened or tried with it. An administrator should check what stands between the console and PocketBase.");

    public static PocketBaseProblem TimeNotAsAsked(TimeSpan off) => new(
        PocketBaseProblemKind.TokenRejected,
        $"PocketBase returned access that ends {off.Duration().TotalSeconds:0} seconds {(off > TimeSpan.Zero ? "later" : "sooner")} than asked for, so it was thrown away, and nothing was opened or tried with it. Most likely the clocks of PocketBase and the console are that far apart; an administrator should set both by one time server.");

    public static PocketBaseProblem SignInRefusedByApp(int status) => new(
        PocketBaseProblemKind.RefusedByApp,
        $"The app itself refuses to sign this account in (a hook of the app answered {status}). Nobody was viewed. If this account should be able to sign in, ask the people who run the app; other users can be viewed as before.");

    public static PocketBaseProblem RefusedByApp() => new(
        PocketBaseProblemKind.RefusedByApp,
        "The app itself refused this request: a hook of its own stands against it, though PocketBase accepts the console. Nothing was read. Ask the people who run the app.");

    public static PocketBaseProblem Misfit(IEnumerable<string> sentences) => new(
        PocketBaseProblemKind.Misfit,
        $"The console's settings don't fit this app. {string.Join(' ', sentences)}");

    public static PocketBaseProblem SharedAnswer(string mark) => new(
        PocketBaseProblemKind.SharedAnswer,
        $"A cache between the console and PocketBase answered ({mark}), and what it keeps may be another user's. Nothing of it is shown. Whoever runs the proxy must pass the console's requests through to PocketBase, for example with proxy_cache off.");

    public static PocketBaseProblem Certificate(string fault, Exception cause) => new(
        PocketBaseProblemKind.Certificate,
        $"The console doesn't trust the certificate of PocketBase's address: {fault} Nothing was read. Whoever runs the console should mend that; the README says how a certificate authority of your own is trusted.",
        cause);

    public static PocketBaseProblem Failed(bool ofServer = false) => new(
        PocketBaseProblemKind.Failed,
        "PocketBase, or a proxy before it, reports a failure of its own. Nothing was read. Try again in a moment; if it stays so, tell the people who run it.")
    {
        OfServer = ofServer,
    };
}
