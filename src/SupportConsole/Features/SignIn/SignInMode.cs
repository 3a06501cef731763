namespace SupportConsole.Features.SignIn;

/// <summary>How staff prove who they are.</summary>
internal enum SignInMode
{
    /// <summary>Pick a demo person. For trying the console out; refused outside Development.</summary>
    Demo,

    /// <summary>Microsoft Entra ID, configured by the section <c>AzureAd</c>.</summary>
    Entra,
}
