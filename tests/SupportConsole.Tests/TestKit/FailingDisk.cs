using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// A folder on a disk that fails when a test says so: SQLite's own access to files, but that a write of a database there finds no room, or
/// what was written isn't brought to the disk. No real disk fails at a chosen moment.
/// </summary>
internal sealed class FailingDisk : IDisposable
{
    // https://www.sqlite.org/c3ref/vfs.html and io_methods.html, on 64 bits.
    private const int VfsLength = 168, VfsName = 24, VfsOpen = 40, MethodsLength = 152, MethodsWrite = 24, MethodsSync = 40;

    // https://www.sqlite.org/rescode.html
    private const int Full = 13, FsyncFailed = 10 | (4 << 8);

    private static readonly ConcurrentDictionary<string, FailingDisk> s_disks = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<nint, FailingDisk> s_files = [];
    private static readonly Lock s_gate = new();
    private static readonly OpenFile s_open = Open;
    private static readonly WriteFile s_write = Write;
    private static readonly SyncFile s_sync = Sync;

    // SQLite has several tables, of files with locks and without; their writes and syncs are the same.
    private static readonly Dictionary<nint, nint> s_methods = [];
    private static OpenFile? s_realOpen;
    private static WriteFile s_realWrite = null!;
    private static SyncFile s_realSync = null!;

    private int _untilFault = -1;
    private volatile bool _staysFull;

    /// <summary>Has files in a folder be on this disk that are opened from now on.</summary>
    public FailingDisk(string folder)
    {
        Folder = folder;
        Install();
        s_disks[folder] = this;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int OpenFile(nint vfs, nint name, nint file, int flags, nint outFlags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int WriteFile(nint file, nint bytes, int length, long offset);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SyncFile(nint file, int flags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint FindVfs(nint name);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int RegisterVfs(nint vfs, int isDefault);

    public string Folder { get; }

    /// <summary>How many writes and syncs failed.</summary>
    public int Faults { get; private set; }

    /// <summary>Lets so many writes and syncs through, and the next one fail; the disk stays full from there where that is said.</summary>
    public void FailAfter(int count, bool stays)
    {
        _staysFull = stays;
        Volatile.Write(ref _untilFault, count);
    }

    /// <summary>Fails no more.</summary>
    public void Heal()
    {
        _staysFull = false;
        Volatile.Write(ref _untilFault, -1);
    }

    public void Dispose() => s_disks.TryRemove(Folder, out _);

    private bool IsDue()
    {
        lock (s_gate)
        {
            if (_untilFault > 0)
            {
                _untilFault--;
                return false;
            }

            if (_untilFault < 0)
            {
                return false;
            }

            _untilFault = _staysFull ? 0 : -1;
            Faults++;
            return true;
        }
    }

    private static int Open(nint vfs, nint name, nint file, int flags, nint outFlags)
    {
        var code = s_realOpen!(vfs, name, file, flags, outFlags);
        var methods = code == 0 ? Marshal.ReadIntPtr(file) : 0;
        if (methods != 0 && Marshal.PtrToStringUTF8(name) is { } path && s_disks.Values.FirstOrDefault(disk => path.StartsWith(disk.Folder, StringComparison.Ordinal)) is { } disk)
        {
            s_files[file] = disk;
            Marshal.WriteIntPtr(file, FailingOf(methods));
        }

        return code;
    }

    private static nint FailingOf(nint methods)
    {
        lock (s_gate)
        {
            if (!s_methods.TryGetValue(methods, out var failing))
            {
                s_realWrite = Marshal.GetDelegateForFunctionPointer<WriteFile>(Marshal.ReadIntPtr(methods, MethodsWrite));
                s_realSync = Marshal.GetDelegateForFunctionPointer<SyncFile>(Marshal.ReadIntPtr(methods, MethodsSync));
                s_methods[methods] = failing = Copy(methods, MethodsLength);
                Marshal.WriteIntPtr(failing, MethodsWrite, Marshal.GetFunctionPointerForDelegate(s_write));
                Marshal.WriteIntPtr(failing, MethodsSync, Marshal.GetFunctionPointerForDelegate(s_sync));
            }

            return failing;
        }
    }

    private static int Write(nint file, nint bytes, int length, long offset) => s_files[file].IsDue() ? Full : s_realWrite(file, bytes, length, offset);

    private static int Sync(nint file, int flags) => s_files[file].IsDue() ? FsyncFailed : s_realSync(file, flags);

    /// <summary>Comes between SQLite and its way to files, once for the process; files elsewhere are only opened through it.</summary>
    private static void Install()
    {
        lock (s_gate)
        {
            if (s_realOpen is not null)
            {
                return;
            }

            using (var first = new SqliteConnection("Data Source=:memory:"))
            {
                first.Open(); // Loads the library.
            }

            var library = NativeLibrary.Load("e_sqlite3", Assembly.GetExecutingAssembly(), null);
            var real = Marshal.GetDelegateForFunctionPointer<FindVfs>(NativeLibrary.GetExport(library, "sqlite3_vfs_find"))(0);
            var own = Copy(real, VfsLength);
            s_realOpen = Marshal.GetDelegateForFunctionPointer<OpenFile>(Marshal.ReadIntPtr(real, VfsOpen));
            Marshal.WriteIntPtr(own, VfsName, Marshal.StringToCoTaskMemUTF8("failing"));
            Marshal.WriteIntPtr(own, VfsOpen, Marshal.GetFunctionPointerForDelegate(s_open));
            Marshal.GetDelegateForFunctionPointer<RegisterVfs>(NativeLibrary.GetExport(library, "sqlite3_vfs_register"))(own, 1);
        }
    }

    private static nint Copy(nint from, int length)
    {
        var bytes = new byte[length];
        Marshal.Copy(from, bytes, 0, length);
        var copy = Marshal.AllocHGlobal(length);
        Marshal.Copy(bytes, 0, copy, length);
        return copy;
    }
}
