namespace SupportConsole.Features.SignIn;

/// <summary>Why somebody wasn't let in, or a proof of identity wasn't taken. The names stand in the sign-in page's address.</summary>
internal enum SignInFailure
{
    /// <summary>The answer from the provider isn't one this console asked for, or isn't valid: altered, replayed, expired, meant for others.</summary>
    Rejected,

    /// <summary>The person turned back at the provider.</summary>
    Cancelled,

    /// <summary>The provider can't be reached.</summary>
    ProviderDown,

    /// <summary>The app role that policy asks of everybody isn't in the token.</summary>
    MissingAppRole,

    /// <summary>Somebody else proved who they are than the person who was asked.</summary>
    OtherPerson,

    /// <summary>The provider let the person through on an old proof, or doesn't say how old it is.</summary>
    ProofTooOld,

    /// <summary>The sign-in that was to be confirmed is over.</summary>
    SignInOver,

    /// <summary>The browser, or the proxy before the console, came over plain HTTP, where no proof of identity may return to.</summary>
    PlainHttp,

    /// <summary>The audit trail can't be written.</summary>
    Unrecorded,
}

/// <summary>The failures in words: a sentence for the person, a few words for the trail.</summary>
internal static class SignInFailures
{
    /// <summary>What happened, what it means and what to do.</summary>
    public static string SentenceOf(SignInFailure failure) => failure switch
    {
        SignInFailure.Cancelled => "You turned back before you had signed in. Nothing was changed; start again whenever you like.",
        SignInFailure.ProviderDown => "Your organisation's sign-in service can't be reached at the moment, so nobody can prove who they are. Try again in a minute; if it stays so, tell whoever runs the console.",
        SignInFailure.MissingAppRole => "Your account isn't among those that may use this console. The attempt was recorded. Ask whoever runs it to assign you the application's role in Microsoft Entra ID.",
        SignInFailure.OtherPerson => "Somebody else signed in than the person whose window this is, so nothing was confirmed. Sign out first if you want to go on as that person.",
        SignInFailure.ProofTooOld => "Your organisation's sign-in service didn't ask you again, or doesn't tell when it did, so nothing was confirmed. Try once more; if it stays so, whoever runs the console must add the optional claim auth_time to the app registration.",
        SignInFailure.SignInOver => "Your sign-in ended while you confirmed who you are. Sign in again.",
        SignInFailure.PlainHttp => "Nobody can sign in here, because this page reached the console over plain HTTP and a sign-in must return over HTTPS: open the console's https address, or, if that is what you did, tell whoever runs it that the proxy before it must be listed in Proxy:Trusted and set X-Forwarded-Proto.",
        SignInFailure.Unrecorded => "You weren't signed in: the audit trail can't be written at the moment, and nobody enters unrecorded. Try again; if it stays so, tell whoever runs the console.",
        _ => "The answer from your organisation's sign-in service couldn't be accepted: it was altered, used before, too old, or meant for somebody else. Nothing was changed. Sign in again from here.",
    };

    /// <summary>The same as the trail writes it.</summary>
    public static string CodeOf(SignInFailure failure) => failure switch
    {
        SignInFailure.Cancelled => "cancelled",
        SignInFailure.ProviderDown => "provider unreachable",
        SignInFailure.MissingAppRole => "app role missing",
        SignInFailure.OtherPerson => "confirmed by another person",
        SignInFailure.ProofTooOld => "proof of identity too old",
        SignInFailure.SignInOver => "sign-in over",
        SignInFailure.PlainHttp => "plain HTTP",
        SignInFailure.Unrecorded => "unrecorded",
        _ => "answer rejected",
    };
}
