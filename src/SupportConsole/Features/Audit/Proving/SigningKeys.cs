using System.Text;
using Microsoft.Extensions.Options;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// The keys that checkpoints are signed with: a file of its own, a key a line, that only the console's account may open. Each of them
/// signs; while one takes another's place there are two.
/// </summary>
internal sealed class SigningKeys(IOptions<AuditOptions> options, IHostEnvironment environment, ConsoleDb db)
{
    /// <summary>Where the keys are kept.</summary>
    public string File { get; } = options.Value.KeyFileUnder(environment.ContentRootPath, db.File);

    /// <summary>The keys as they are at this moment; none where there is no file. The caller disposes of them.</summary>
    /// <exception cref="SigningKeyException">The file can't be read, or isn't one of keys.</exception>
    public IReadOnlyList<NoteSigner> Open()
    {
        try
        {
            return new FileInfo(File) is { Exists: true, Length: > 0 } // A pipe has no length, and whoever reads it waits.
                ? [.. System.IO.File.ReadAllLines(File).Where(line => line.Length > 0).Select(line => NoteSigner.Read(line) ?? throw SigningKeyException.Unreadable(File))]
                : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw SigningKeyException.Closed(File, fault);
        }
    }

    /// <summary>Makes the log's first key, unless there is one.</summary>
    /// <exception cref="SigningKeyException">The file can't be written.</exception>
    public void MakeFirst(string origin) => Write(() =>
    {
        PrivateFile.MakeFolder(Path.GetDirectoryName(File)!);
        PrivateFile.MakeWith(File, Encoding.UTF8.GetBytes($"{NoteSigner.Make(origin)}\n"));
    });

    /// <summary>Puts another key in the place of all that there are: they are lost, or nobody may sign with them any more.</summary>
    /// <exception cref="SigningKeyException">The file can't be written.</exception>
    public void MakeAnew(string origin) => Write(() => PrivateFile.Replace(File, Encoding.UTF8.GetBytes($"{NoteSigner.Make(origin)}\n")));

    /// <summary>Puts another key beside the ones there are.</summary>
    /// <exception cref="SigningKeyException">The file can't be read or written.</exception>
    public void Add(string origin) => Write(() => PrivateFile.Replace(File, Encoding.UTF8.GetBytes(
        string.Concat((System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File) : []).Where(line => line.Length > 0).Append(NoteSigner.Make(origin)).Select(line => $"{line}\n")))));

    /// <summary>Takes all keys away but the newest.</summary>
    /// <exception cref="SigningKeyException">The file can't be read or written.</exception>
    public void KeepNewest() => Write(() => PrivateFile.Replace(
        File, Encoding.UTF8.GetBytes($"{System.IO.File.ReadAllLines(File).Last(line => line.Length > 0)}\n")));

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw SigningKeyException.Closed(File, fault);
        }
    }
}
