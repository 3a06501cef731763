namespace SupportConsole.PocketBase;

/// <summary>
/// What superuser rights are being used for. The list is closed and each entry gives its reason, so that nobody can use them
/// in passing: a new use is a new line here, seen in review.
/// </summary>
internal sealed record SuperuserUse
{
    private SuperuserUse(string name, string reason)
    {
        Name = name;
        Reason = reason;
    }

    public static SuperuserUse FindUsers { get; } = new("find-users", "An agent searches for a user.");

    public static SuperuserUse ReadUser { get; } = new("read-user", "A staff member opens a user's page.");

    public static SuperuserUse Impersonate { get; } = new("impersonate", "An agent opens a view-as session.");

    public static SuperuserUse ReadSchema { get; } = new("read-schema", "The console needs a collection's fields and rules.");

    public static SuperuserUse CheckProtection { get; } = new("check-protection", "Policy asks whether a user is protected.");

    public static SuperuserUse CheckSignIn { get; } = new("check-sign-in", "The user page shows whether the account could sign in.");

    public static SuperuserUse ListKeys { get; } = new("list-keys", "An admin looks at the API keys.");

    public static SuperuserUse CreateKey { get; } = new("create-key", "An admin makes an API key, or the console clears up one that was not finished.");

    public static SuperuserUse CheckReach { get; } = new("check-reach", "An admin must see what an API key reaches.");

    public static SuperuserUse RevokeKey { get; } = new("revoke-key", "An API key is revoked, and that proved.");

    public static SuperuserUse WatchRevoked { get; } = new("watch-revoked", "The console looks whether a revoked API key's account came back.");

    public static SuperuserUse SuspendKey { get; } = new("suspend-key", "An admin suspends or resumes an API key.");

    public static SuperuserUse ReadKeyUse { get; } = new("read-key-use", "An admin looks at when an API key was last used.");

    public static SuperuserUse Explain { get; } = new("explain", "An agent asks why a user can or can't see something.");

    public static SuperuserUse CompareLog { get; } = new("compare-log", "Somebody lays PocketBase's log of a session beside the audit trail.");

    public static SuperuserUse ProbeGrammar { get; } = new("probe-grammar", "The console must know how the server reads filters.");

    public static SuperuserUse EndToken { get; } = new("end-token", "A view-as session, or a test of the companion, is over, and PocketBase is to refuse its token.");

    public static SuperuserUse CheckSetUp { get; } = new("check-set-up", "An admin looks at how PocketBase is set up.");

    public static SuperuserUse TestCompanion { get; } = new("test-companion", "An admin tests who blocks writes.");

    public static SuperuserUse CheckReadiness { get; } = new("check-readiness", "The readiness check proves the console's access.");

    public static SuperuserUse SignIn { get; } = new("sign-in", "The console signs in, or renews its sign-in.");

    /// <summary>Short name, as it stands in PocketBase's log.</summary>
    public string Name { get; }

    /// <summary>Why superuser rights are needed for it.</summary>
    public string Reason { get; }
}
