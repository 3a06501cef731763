using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace SupportConsole.PocketBase;

/// <summary>The companion hook as it is shipped with the console: one file for PocketBase's pb_hooks, and the words both agree on.</summary>
internal static partial class CompanionScript
{
    /// <summary>The session that a token of the console's own superuser is marked for, where no session is opened.</summary>
    public const string SelfTest = "self-test";

    /// <summary>The first version that marks such a token.</summary>
    public const string SelfTestSince = "1.2";

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

    /// <summary>How the id of the record begins that a self-test asks PocketBase to delete.</summary>
    public const string Nobody = "support-console-self-test-";

    /// <summary>The file's text.</summary>
    public static string Text { get; } = ReadText();

    /// <summary>The version that the file says of itself.</summary>
    public static string Version { get; } = VersionLine().Match(Text).Groups["version"].Value;

    /// <summary>
    /// The address of a record that a self-test asks PocketBase to delete: none can have this id, because no pattern of ids that an app may
    /// have leads to a text that was made up just now.
    /// </summary>
    public static string AddressOfNobody(string collection) =>
        $"/api/collections/{collection}/records/{Nobody}{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    /// <summary>Whether the companion refused a request because it would write.</summary>
    public static bool RefusesWrite(PocketBaseAnswer answer) => answer.Status == HttpStatusCode.Forbidden && answer.Text("message") == ReadOnly;

    private static string ReadText()
    {
        using var stream = typeof(CompanionScript).Assembly.GetManifestResourceStream(FileName)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""const version = "(?<version>[0-9]+\.[0-9]+)";""")]
    private static partial Regex VersionLine();
}
