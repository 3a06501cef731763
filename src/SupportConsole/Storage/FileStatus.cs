using System.Runtime.InteropServices;

namespace SupportConsole.Storage;

/// <summary>Which file a path leads to: another file under the same name has another identity.</summary>
/// <param name="Device">The device's number.</param>
/// <param name="Inode">The file's number on it.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode);

/// <summary>What Linux tells of a file and .NET doesn't.</summary>
/// <param name="Identity">Which file it is.</param>
/// <param name="Group">Its group's number.</param>
/// <param name="Names">How many names it has: more than one where there are hard links.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When its content was written last: seconds since 1970, and nanoseconds in the second.</param>
internal readonly partial record struct FileStatus(FileIdentity Identity, uint Group, uint Names, long Length, (long Seconds, uint Nanoseconds) Written)
{
    // statx(2): unlike stat's, its structure is the same on every processor. Offsets and constants are those of linux/stat.h.
    private const int FromWorkingFolder = -100;
    private const uint Asked = 0x4 | 0x10 | 0x40 | 0x100 | 0x200; // Links, group, time of writing, inode, size.
    private const int StructureLength = 256;
    private const int NamesAt = 16;
    private const int GroupAt = 24;
    private const int InodeAt = 32;
    private const int LengthAt = 40;
    private const int WrittenAt = 112;
    private const int DeviceAt = 136;

    /// <summary>The status of the file at a path; null where there is none, and where the system has no such call.</summary>
    public static FileStatus? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> answer = stackalloc byte[StructureLength];
        try
        {
            return Ask(FromWorkingFolder, path, 0, Asked, ref MemoryMarshal.GetReference(answer)) == 0
                ? new FileStatus(
                    new FileIdentity(MemoryMarshal.Read<ulong>(answer[DeviceAt..]), MemoryMarshal.Read<ulong>(answer[InodeAt..])),
                    MemoryMarshal.Read<uint>(answer[GroupAt..]),
                    MemoryMarshal.Read<uint>(answer[NamesAt..]),
                    MemoryMarshal.Read<long>(answer[LengthAt..]),
                    (MemoryMarshal.Read<long>(answer[WrittenAt..]), MemoryMarshal.Read<uint>(answer[(WrittenAt + sizeof(long))..])))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library from before 2018.
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint mask, ref byte answer);
}
