namespace SupportConsole.Access;

/// <summary>The names of security policies that an endpoint may ask for instead of the one that every page has.</summary>
internal static class HeaderPolicies
{
    /// <summary>For what strangers made and a browser is handed: it may load, run and reach nothing.</summary>
    public const string Files = "files";
}
