using System.Globalization;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>What is said of a comparison, on the page as in the file.</summary>
internal static class ComparisonWords
{
    /// <summary>The sum of it in a sentence.</summary>
    public static string SumOf(LogComparison compared) => compared switch
    {
        { Unavailable: { } why } => why,
        { Expected: 0 } => "The session read nothing that PocketBase would have a line for.",
        { Missing: 0 } => $"Each of the {Number(compared.Expected)} reads that PocketBase answered is in its log.",
        _ => $"{Number(compared.Expected - compared.Missing)} of {Number(compared.Expected)} reads that PocketBase answered are in its log; {Number(compared.Missing)} {(compared.Missing == 1 ? "is" : "are")} missing there. "
            + "Its lines come about three seconds late, later where it is asked without a pause, and are kept for some days, 5 by default: a session that is very young or older than that may lack them.",
    };

    /// <summary>What is said of requests that nothing explains.</summary>
    public static string UnexpectedOf(LogComparison compared) =>
        $"{(compared.UnexpectedCount == 1 ? "1 request in PocketBase's log bears" : $"{Number(compared.UnexpectedCount)} requests in PocketBase's log bear")} this session's mark and {(compared.UnexpectedCount == 1 ? "isn't" : "aren't")} in the audit trail."
        + (compared.UnexpectedCount > compared.Unexpected.Count ? $" The first {Number(compared.Unexpected.Count)} of them:" : "");

    /// <summary>What the log has of a line; empty for what has no line there.</summary>
    public static string CellOf(SessionLine line, LogComparison compared) => compared.Matches.GetValueOrDefault(line.Entry.Sequence) switch
    {
        _ when !line.HasRequest || compared.Unavailable is not null => "",
        { Difference: { } difference } => difference,
        { } match => $"found · {match.At.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC · {match.Status}{(match.Requests > 1 ? $" · {match.Requests} requests" : "")}",
        null when line.State is LineState.Done or LineState.Refused => "missing",
        null => "none, and none is needed: the read wasn't completed",
    };
}
