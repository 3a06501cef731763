using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SupportConsole.Benchmarks.Stage;

/// <summary>
/// The cheapest durable note there is: four kilobytes written to a file, and <c>fdatasync</c>. On a file that grows, as a log
/// does, the disk notes the new length too; on one written over in place it needn't.
/// </summary>
internal sealed partial class DurableFile : IDisposable
{
    private const int Room = 64 << 20;

    private readonly byte[] _note = new byte[4096];
    private readonly FileStream _file;
    private readonly bool _grows;
    private long _at;

    /// <param name="folder">On the disk that the trail is on.</param>
    /// <param name="grows">Whether each note lengthens the file.</param>
    public DurableFile(string folder, bool grows = true)
    {
        _grows = grows;
        _file = new FileStream(
            Path.Combine(folder, grows ? "floor-growing" : "floor-in-place"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (!grows)
        {
            _file.Write(new byte[Room]);
            _file.Flush(flushToDisk: true);
        }
    }

    public void Append()
    {
        RandomAccess.Write(_file.SafeFileHandle, _note, _at);
        _at = _grows ? _at + _note.Length : (_at + _note.Length) % Room;
        if (FlushData((int)_file.SafeFileHandle.DangerousGetHandle()) != 0)
        {
            throw new Win32Exception();
        }
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushData(int file);
}
