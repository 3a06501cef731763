namespace SupportConsole.Features.SignIn;

/// <summary>How far the sign-out at the provider has come. The names stand in the signed-out page's address.</summary>
internal enum ProviderSignOut
{
    /// <summary>There is no provider: the demo.</summary>
    None,

    /// <summary>The browser goes there next.</summary>
    Pending,

    /// <summary>The browser came back from there.</summary>
    Done,

    /// <summary>The provider doesn't answer.</summary>
    Unreachable,
}
