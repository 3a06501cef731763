using System.Text;

namespace SupportConsole.Storage;

/// <summary>Files and folders that only the console's own account may open.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    private const UnixFileMode World = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // ERROR_SHARING_VIOLATION; EWOULDBLOCK of Linux, and of macOS and the BSDs.
    private static readonly int[] Held = [unchecked((int)0x80070020), 11, 35];

    /// <summary>Makes the folder and those above it that are missing.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Who beside the owner may open a file or folder. On Windows, where rights don't stand in a mode, nobody.</summary>
    public static Openness OpennessOf(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path))
        {
            return Openness.None;
        }

        return File.GetUnixFileMode(path) switch
        {
            var mode when (mode & World) != 0 => Openness.Others,
            var mode when (mode & Group) != 0 => OwnGroups.Hold(path) ? Openness.OwnGroup : Openness.Others,
            _ => Openness.None,
        };
    }

    /// <summary>Makes an empty file, or leaves the one that another process has just made.</summary>
    public static void Make(string file)
    {
        using var made = Open(file, FileMode.OpenOrCreate);
    }

    /// <summary>Makes a file with this content in one step: nobody ever sees a part of it.</summary>
    /// <returns>False when a file of this name was there already; it is left alone.</returns>
    public static bool MakeWith(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            Put(file, content, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            return false;
        }
    }

    /// <summary>Puts this content into a file in one step, whatever it held: nobody ever sees a part of it.</summary>
    public static void Replace(string file, ReadOnlySpan<byte> content) => Put(file, content, overwrite: true);

    /// <summary>Makes a file that isn't there yet, to be written to.</summary>
    /// <exception cref="IOException">There is one of this name, or it can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made there.</exception>
    public static FileStream CreateNew(string file) => Open(file, FileMode.CreateNew);

    /// <summary>
    /// Holds a file against every other process until the result is disposed of, or the process ends in whatever way. Null while
    /// somebody else holds it.
    /// </summary>
    /// <param name="file">The file; made where there is none.</param>
    /// <param name="note">What stands in it, for whoever finds it.</param>
    /// <exception cref="StorageException">The file can't be opened at all, or nothing holds it against others.</exception>
    public static IDisposable? TryHold(string file, string note)
    {
        try
        {
            var held = Open(file, FileMode.OpenOrCreate, FileShare.None);
            try
            {
                if (CanBeOpened(file))
                {
                    throw new StorageException(
                        $"Nothing keeps other processes from {file} while it is held, so two of them could change the same data unnoticed. Nothing was changed. Keep the database's folder on a file system that locks files, and don't set DOTNET_SYSTEM_IO_DISABLEFILELOCKING.");
                }

                held.Write(Encoding.UTF8.GetBytes(note));
                held.Flush();
                return held;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (IOException fault) when (Held.Contains(fault.HResult))
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The file {file} can't be opened: {fault.Message} Make it the console's own (chown, chmod 600), or remove it while nothing of the console runs.");
        }
    }

    /// <summary>Whether somebody else could hold a file that is held: .NET passes over file systems without locks in silence, and can be told to take none.</summary>
    private static bool CanBeOpened(string held)
    {
        try
        {
            using var other = Open(held, FileMode.OpenOrCreate, FileShare.None);
            return true;
        }
        catch (IOException fault) when (Held.Contains(fault.HResult))
        {
            return false;
        }
    }

    // Nothing is left of a draft that couldn't be written or didn't come to its place: it may be a key.
    private static void Put(string file, ReadOnlySpan<byte> content, bool overwrite)
    {
        var draft = $"{file}.{Guid.NewGuid():n}";
        try
        {
            using (var stream = Open(draft, FileMode.CreateNew))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, file, overwrite);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private static FileStream Open(string file, FileMode mode, FileShare share = FileShare.ReadWrite)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }
}
