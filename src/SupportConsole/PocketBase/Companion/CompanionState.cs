using System.Globalization;

namespace SupportConsole.PocketBase;

/// <summary>What is known of the companion hook in PocketBase.</summary>
/// <param name="Fit">Whether it is there, and of use.</param>
/// <param name="Version">Its version, as it says itself; empty where there is none.</param>
/// <param name="IsStamped">Whether its answer carried the stamp of this very request, as every answer to the console does.</param>
internal sealed record CompanionState(CompanionFit Fit, string Version = "", bool IsStamped = false)
{
    /// <summary>What a version is good for: within a major version each does what the console relies on.</summary>
    public static CompanionFit FitOf(string version) => (MajorOf(version), MajorOf(CompanionScript.Version)) switch
    {
        (null, _) => CompanionFit.Undecided,
        var (found, own) when found < own => CompanionFit.Older,
        var (found, own) when found > own => CompanionFit.Newer,
        _ => CompanionFit.Fits,
    };

    /// <summary>Whether it marks a token of the console's own, which is what it can be tested with while no session opens.</summary>
    public bool CanBeTested => Fit == CompanionFit.Fits && System.Version.TryParse(Version, out var found) && found >= System.Version.Parse(CompanionScript.SelfTestSince);

    private static int? MajorOf(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
}
