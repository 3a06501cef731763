using System.Collections.Immutable;
using System.Reflection;

namespace SupportConsole.Hosting;

/// <summary>
/// Which patches of the framework a console shouldn't be reached through: the one list, to be added to with each advisory about a part
/// that this console is made of. Nothing looks it up elsewhere: a start has to work without the Internet.
/// </summary>
internal static class KnownVulnerabilities
{
    /// <summary>The patch of .NET 10 that the console was tested with last.</summary>
    public const string TestedWith = "10.0.12";

    /// <summary>Where a patch newer than <see cref="TestedWith"/> is told of: it mends more, in parts that the advisories don't tell.</summary>
    public static readonly (string FixedIn, string Source) Newest = ("10.0.13", "https://www.cve.org/CVERecord?id=CVE-2026-96224");

    /// <summary>Advisories about parts that strangers reach here: the web server, the circuits' protocol, the cookies' seal, and what reads their input.</summary>
    public static ImmutableArray<Vulnerability> All { get; } =
    [
        new("CVE-2025-55315", Framework.AspNetCore, "10.0.0", "requests can be smuggled past a proxy", "https://github.com/dotnet/announcements/issues/371"),
        new("CVE-2026-26127", Framework.Runtime, "10.0.4", "a crafted text stops the process", "https://github.com/dotnet/announcements/issues/384"),
        new("CVE-2026-26130", Framework.AspNetCore, "10.0.4", "a crafted message to a window's connection exhausts the memory", "https://github.com/dotnet/announcements/issues/385"),
        new("CVE-2026-40372", Framework.AspNetCore, "10.0.7", "sign-in cookies can be forged", "https://github.com/dotnet/announcements/issues/395"),
        new("CVE-2026-42899", Framework.AspNetCore, "10.0.8", "a crafted request occupies a processor for good", "https://github.com/dotnet/announcements/issues/397"),
        new("CVE-2026-45591", Framework.AspNetCore, "10.0.9", "a crafted message to a window's connection stops the process", "https://github.com/dotnet/announcements/issues/405"),
    ];

    /// <summary>A version this process runs on, as its package is called: <c>10.0.12</c> or <c>10.0.0-rc.1.25451.107</c>.</summary>
    public static string VersionOf(Framework framework) =>
        VersionIn((framework == Framework.Runtime ? typeof(object) : typeof(WebApplication)).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");

    /// <summary>Whether a start on these versions is to be refused, and what the log should say of them.</summary>
    public static Verdict Judge(string runtime, string aspNetCore)
    {
        var hit = All.Where(known => Parse(known.Framework == Framework.Runtime ? runtime : aspNetCore) < Parse(known.FixedIn)).ToList();
        if (hit.Count > 0)
        {
            var worst = hit.Select(known => known.FixedIn).MaxBy(Parse)!;
            return new Verdict(
                $"The runtime (.NET {runtime}, ASP.NET Core {aspNetCore}) has known vulnerabilities: "
                + string.Join("; ", hit.Select(known => $"{known.Id}, {known.What} ({known.Source})"))
                + $". Install .NET {worst} or newer; a console that was published with its runtime has to be published again.",
                Warning: null);
        }

        var older = Parse(runtime) < Parse(aspNetCore) ? runtime : aspNetCore;
        return Parse(older) switch
        {
            var patch when patch < Parse(TestedWith) =>
                new Verdict(null, $"The runtime's patch {older} is older than {TestedWith}, which this console was tested with: install the newest patch of .NET 10."),
            var patch when patch < Parse(Newest.FixedIn) =>
                new Verdict(null, $"The runtime's patch {older} lacks what {Newest.FixedIn} mends ({Newest.Source}): install the newest patch of .NET 10."),
            _ => new Verdict(null, null),
        };
    }

    // Of an assembly's version, what stands before the commit. A release is told as "servicing" or "rtm" by some who build it themselves.
    private static string VersionIn(string informational) => informational.Split(["+", "-servicing", "-rtm"], StringSplitOptions.None)[0];

    // A version before a release is older than the release, 10.0.0-rc.1 than 10.0.0; what can't be read is older than all.
    private static Version Parse(string version)
    {
        var isEarly = version.Contains('-', StringComparison.Ordinal);
        return Version.TryParse(version.Split('-')[0], out var plain)
            ? new Version(plain.Major, plain.Minor, Math.Max(plain.Build, 0), isEarly ? 0 : 1)
            : new Version(0, 0);
    }

    internal enum Framework
    {
        Runtime,
        AspNetCore,
    }

    /// <param name="Id">The CVE's number.</param>
    /// <param name="Framework">Whose version tells.</param>
    /// <param name="FixedIn">The first version without it.</param>
    /// <param name="What">What it lets strangers do, in words for an operator.</param>
    /// <param name="Source">The advisory.</param>
    internal sealed record Vulnerability(string Id, Framework Framework, string FixedIn, string What, string Source);

    /// <param name="Refusal">Why outside Development the start is refused; null when it isn't.</param>
    /// <param name="Warning">What the log should say; null for nothing.</param>
    internal sealed record Verdict(string? Refusal, string? Warning);
}
