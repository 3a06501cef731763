using System.Text.RegularExpressions;

namespace SupportConsole.Storage;

/// <summary>Why a file or folder can't be used, for pages: where it lies on the server is for the log alone.</summary>
internal static partial class FileFault
{
    /// <summary>The system's own words without the path, as the end of a sentence.</summary>
    public static string WithoutPath(Exception fault) => Quoted().Replace(fault.Message.Split(" : ")[0].TrimEnd('.'), "…");

    // From the first quote to the last: a path may have some too.
    [GeneratedRegex("'.*'", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
