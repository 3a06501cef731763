namespace SupportConsole.Core.Users;

/// <summary>
/// How a PocketBase server reads a quoted text in a filter. The two are incompatible: text encoded for one can break out of
/// its quotes on the other, so the server is asked which one it speaks before anything typed by a person is sent.
/// </summary>
public enum FilterGrammar
{
    /// <summary>Servers up to 0.39.8: only the quote can be escaped, a backslash is otherwise itself.</summary>
    Legacy,

    /// <summary>Servers from 0.39.9: backslashes are escaped too.</summary>
    Modern,
}
