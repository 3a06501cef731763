using System.Security.Cryptography;

namespace SupportConsole.Storage;

/// <summary>The console's own random key, <c>console.key</c> beside the database; made once, readable by its account only.</summary>
public sealed class SecretKey(ConsoleDb db)
{
    private const int Length = 32;

    private readonly Lazy<byte[]> _bytes = new(() => ReadOrMake(FileBeside(db.File)));

    /// <summary>The key.</summary>
    /// <exception cref="StorageException">The file isn't a key.</exception>
    internal ReadOnlySpan<byte> Bytes => _bytes.Value;

    /// <summary>Where the key of a database lies.</summary>
    internal static string FileBeside(string database) => Path.Combine(Path.GetDirectoryName(database)!, "console.key");

    private static byte[] ReadOrMake(string file)
    {
        if (!File.Exists(file))
        {
            PrivateFile.MakeFolder(Path.GetDirectoryName(file)!);
            PrivateFile.MakeWith(file, RandomNumberGenerator.GetBytes(Length));
        }

        var bytes = File.ReadAllBytes(file);
        return bytes.Length == Length
            ? bytes
            : throw new StorageException(
                $"The key file {file} has {bytes.Length} bytes instead of {Length}. Restore it from the backup; without one, remove it, and older fingerprints can't be compared any more.");
    }
}
