using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SupportConsole.Storage;

/// <summary>Whether a file's group is one that the console's process is in: the container platform's way to hand a volume over (fsGroup).</summary>
internal static class OwnGroups
{
    // What a group is shown as that the process' user namespace doesn't know; several different ones look alike then.
    private const uint Unmapped = 65534;

    private const int RelativeToHere = -100; // AT_FDCWD
    private const uint AskGroup = 0x10; // STATX_GID
    private const int GroupAt = 24;

    /// <summary>Told on Linux alone; elsewhere, and where it can't be told, no group is one's own.</summary>
    public static bool Hold(string path) =>
        OperatingSystem.IsLinux() && GroupOf(path) is { } group && group != Unmapped && OfProcess().Contains(group);

    private static uint? GroupOf(string path)
    {
        // The kernel's own structure, which is the same on every processor.
        var found = new byte[256];
        try
        {
            return StatX(RelativeToHere, Encoding.UTF8.GetBytes($"{path}\0"), 0, AskGroup, found) == 0 ? BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(GroupAt)) : null;
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

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

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] found);
}
