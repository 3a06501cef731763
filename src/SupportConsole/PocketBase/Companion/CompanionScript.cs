using System.Text.RegularExpressions;

namespace SupportConsole.PocketBase;

/// <summary>The companion hook as it is shipped with the console: one file for PocketBase's pb_hooks, and the words both agree on.</summary>
internal static partial class CompanionScript
{
    /// <summary>How the id of the record begins that a session's self-test asks PocketBase to delete.</summary>
    public const string SelfTest = "support-console-self-test-";

    /// <summary>The name that the file must have in pb_hooks.</summary>
    public const string FileName = "support_console.pb.js";

    /// <summary>Where PocketBase tells superusers that the companion is there, and which version.</summary>
    public const string Path = "/api/support-console";

    /// <summary>The header that names the acting person, as a keyed hash, where a token is made for a session.</summary>
    public const string ActorHeader = "X-Support-Console-Actor";

    /// <summary>The header that names the session a token is made for.</summary>
    public const string SessionHeader = "X-Support-Console-Session";

    /// <summary>The header that carries a value made up for one request, and comes back with its answer.</summary>
    public const string ReadHeader = "X-Support-Console-Read";

    /// <summary>The header of an answer that says as whom the request was seen: collection id and record id, or <see cref="Guest"/>.</summary>
    public const string SeenAsHeader = "X-Support-Console-Seen-As";

    /// <summary>As whom a request without a living token is seen.</summary>
    public const string Guest = "guest";

    /// <summary>What the companion says to whatever would write with a session's token.</summary>
    public const string ReadOnly = "Support Console's access is read-only.";

    /// <summary>The file's text.</summary>
    public static string Text { get; } = ReadText();

    /// <summary>The version that the file says of itself.</summary>
    public static string Version { get; } = VersionLine().Match(Text).Groups["version"].Value;

    private static string ReadText()
    {
        using var stream = typeof(CompanionScript).Assembly.GetManifestResourceStream(FileName)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""const version = "(?<version>[0-9]+\.[0-9]+)";""")]
    private static partial Regex VersionLine();
}
