using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SupportConsole.Storage;

/// <summary>Which file a path leads to: another file under the same name has another identity.</summary>
/// <param name="Device">The device's number.</param>
/// <param name="Inode">The file's number on it.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Inode)
{
    // statx(2): unlike stat's, its structure is the same on every processor. Offsets and constants are those of linux/stat.h.
    private const int FromWorkingFolder = -100;
    private const uint AskInode = 0x100;
    private const int Length = 256;
    private const int InodeAt = 32;
    private const int DeviceAt = 136;

    /// <summary>
    /// The identity of the file at a path; null where there is none, or where the system has no such call. Windows lets nobody
    /// replace an open file, and elsewhere the trail's own end tells.
    /// </summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> answer = stackalloc byte[Length];
        try
        {
            return Ask(FromWorkingFolder, path, 0, AskInode, ref MemoryMarshal.GetReference(answer)) == 0
                ? new FileIdentity(Native(answer[DeviceAt..]), Native(answer[InodeAt..]))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library from before 2018.
        }
    }

    private static ulong Native(ReadOnlySpan<byte> bytes) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint mask, ref byte answer);
}
