using System.Globalization;

namespace SupportConsole.Storage;

/// <summary>Whether a file's group is one that the console's process is in: the container platform's way to hand a volume over (fsGroup).</summary>
internal static class OwnGroups
{
    // What a group is shown as that the process' user namespace doesn't know; several different ones look alike then.
    private const uint Unmapped = 65534;

    /// <summary>Told on Linux alone; elsewhere, and where it can't be told, no group is one's own.</summary>
    public static bool Hold(string path) =>
        FileStatus.Of(path) is { Group: not Unmapped and var group } && OfProcess().Contains(group);

    /// <summary>The effective group (the second of four) and the supplementary ones.</summary>
    private static HashSet<uint> OfProcess()
    {
        var status = File.ReadLines("/proc/self/status").Select(line => line.Split((char[])[':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).ToList();
        return
        [
            .. status.Where(line => line is ["Gid", _, _, ..]).Select(line => Number(line[2])),
            .. status.Where(line => line is ["Groups", ..]).SelectMany(line => line.Skip(1).Select(Number)),
        ];
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
