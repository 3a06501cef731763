using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace SupportConsole.PocketBase;

/// <summary>
/// A request as PocketBase's own log has it. Of the address only what gives nothing away is taken over: PocketBase keeps the file tokens
/// and filters of its addresses, and neither is to be seen a second time.
/// </summary>
/// <param name="At">When, on PocketBase's clock.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Path">Its path, decoded.</param>
/// <param name="Status">The answer's status; 0 where a hook failed.</param>
/// <param name="Auth">The collection of whose token it was; empty for a guest, which is what a dead token makes of anybody.</param>
/// <param name="UserAgent">Who asked, as they said.</param>
public sealed partial record RequestLogLine(DateTimeOffset At, string Method, string Path, int Status, string Auth, string UserAgent)
{
    private const int LongestPath = 300;

    // What the console itself asks with and what tells nothing of anybody.
    private static readonly string[] s_harmless = ["page", "perPage", "skipTotal", "sort", "fields", "expand", "thumb", "download"];

    /// <summary>The parameters, without the value of any that could hold a token, a search or somebody's data.</summary>
    public IReadOnlyDictionary<string, string?> Parameters { get; init; } = new Dictionary<string, string?>();

    /// <summary>The address as it may be shown.</summary>
    public string Shown => Parameters.Count == 0
        ? Path
        : $"{Path}?{string.Join('&', Parameters.Select(parameter => $"{parameter.Key}={parameter.Value ?? "(left out)"}"))}";

    /// <summary>Reads an address, and leaves out of it what isn't to be seen.</summary>
    public static (string Path, IReadOnlyDictionary<string, string?> Parameters) Read(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(query < 0 ? url : url[..query]);
        path = TokenLike().Replace(path.Length > LongestPath ? $"{path[..LongestPath]}…" : path, "(left out)");
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, values) in query < 0 ? [] : QueryHelpers.ParseQuery(url[query..]))
        {
            if (name == PocketBaseTransport.OnceParameter)
            {
                continue; // Chance, which makes each address the only one of its kind.
            }

            var shown = s_harmless.Contains(name, StringComparer.Ordinal) && values is [{ } value] && value.Length <= LongestPath ? TokenLike().Replace(value, "(left out)") : null;
            parameters[Name().IsMatch(name) ? name : "…"] = shown;
        }

        return (path, parameters);
    }

    [GeneratedRegex("eyJ[A-Za-z0-9_.-]*")]
    private static partial Regex TokenLike();

    [GeneratedRegex("^[A-Za-z]{1,30}$")]
    private static partial Regex Name();
}
