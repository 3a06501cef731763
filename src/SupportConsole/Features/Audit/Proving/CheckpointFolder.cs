using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Where checkpoints leave the house: a file for each, never changed, and the newest one once more with what witnesses signed since. The
/// database isn't believed about what lies here.
/// </summary>
internal sealed class CheckpointFolder(IOptions<AuditOptions> options, IHostEnvironment environment, ConsoleDb db)
{
    private const string Extension = ".checkpoint";

    /// <summary>The full path.</summary>
    public string Path { get; } = options.Value.FolderUnder(environment.ContentRootPath, db.File);

    private string Latest => System.IO.Path.Combine(Path, $"latest{Extension}");

    private string Keys => System.IO.Path.Combine(Path, "keys.txt");

    /// <summary>Publishes a checkpoint; one that lies there already, word for word, is left alone.</summary>
    /// <exception cref="CheckpointFolderException">It can't be written, or another one of this size lies there.</exception>
    public void Publish(Checkpoint checkpoint, SignedNote note, DateTimeOffset madeAt, IEnumerable<NoteKey> keys) => Do(() =>
    {
        var file = System.IO.Path.Combine(Path, madeAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture), NameOf(checkpoint.Size));
        PrivateFile.MakeFolder(System.IO.Path.GetDirectoryName(file)!);
        var content = Encoding.UTF8.GetBytes(note.SignedBy(checkpoint.Origin).ToString()); // What witnesses signed may have come before or come later.
        if (!PrivateFile.MakeWith(file, content) && !File.ReadAllBytes(file).AsSpan().SequenceEqual(content))
        {
            throw new CheckpointFolderException(
                $"Another checkpoint over {checkpoint.Size} events lies in {file} already: the database is older than its checkpoints, or two consoles share the folder. Nothing was overwritten.");
        }

        PrivateFile.Replace(Keys, Encoding.UTF8.GetBytes(string.Concat(keys.Select(key => $"{key}\n"))));
        PrivateFile.Replace(Latest, Encoding.UTF8.GetBytes(note.ToString()));
    });

    /// <summary>Puts what witnesses signed beside the newest checkpoint.</summary>
    /// <exception cref="CheckpointFolderException">It can't be written.</exception>
    public void PublishCosigned(SignedNote note) => Do(() => PrivateFile.Replace(Latest, Encoding.UTF8.GetBytes(note.ToString())));

    /// <summary>Every checkpoint that lies here, by its file; what isn't one comes without a note.</summary>
    /// <exception cref="CheckpointFolderException">The folder can't be read.</exception>
    public IReadOnlyList<(string File, SignedNote? Note)> Read()
    {
        List<(string, SignedNote?)> found = [];
        Do(() => found.AddRange(
            from file in Directory.Exists(Path) ? Directory.EnumerateFiles(Path, $"*{Extension}", SearchOption.AllDirectories) : []
            where file != Latest
            orderby System.IO.Path.GetFileName(file)
            select (file, NoteIn(file))));
        return found;
    }

    /// <summary>The verifier keys that lie beside the checkpoints; null where none ever did.</summary>
    /// <exception cref="CheckpointFolderException">The folder can't be read.</exception>
    public IReadOnlyList<NoteKey>? ReadKeys()
    {
        IReadOnlyList<NoteKey>? keys = null;
        Do(() => keys = File.Exists(Keys) ? [.. File.ReadAllLines(Keys).Select(line => NoteKey.TryParse(line, out var key) ? key : null).OfType<NoteKey>()] : null);
        return keys;
    }

    /// <summary>The size that a file's name says; null where it says none.</summary>
    public static long? SizeIn(string file) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    private static string NameOf(long size) => string.Create(CultureInfo.InvariantCulture, $"{size:d16}{Extension}");

    private static SignedNote? NoteIn(string file) =>
        new FileInfo(file).Length <= SignedNote.MaxBytes && SignedNote.TryRead(File.ReadAllText(file), out var note) ? note : null;

    private void Do(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointFolderException(
                $"The folder of the audit log's checkpoints, {Path}, can't be used: {fault.Message} Events go on being recorded and checkpoints signed, but nobody outside has them until it can be used again.", fault);
        }
    }
}
