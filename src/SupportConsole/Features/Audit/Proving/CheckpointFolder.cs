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
internal sealed class CheckpointFolder(IOptions<AuditOptions> options, IHostEnvironment environment, ConsoleDb db, TimeProvider clock) : IDisposable
{
    private const string Extension = ".checkpoint";

    // The months, and nothing that is linked from elsewhere.
    private static readonly EnumerationOptions s_months = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    // A folder of years on a slow share is long in reading and yet answers: each so many files have the limit to themselves.
    private const int ReadAtOnce = 50;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The full path.</summary>
    public string Path { get; } = options.Value.FolderUnder(environment.ContentRootPath, db.File);

    /// <summary>The accesses, of which one may never come back.</summary>
    internal FilesThatMayHang Files { get; } = new(clock);

    private string Latest => System.IO.Path.Combine(Path, $"latest{Extension}");

    private string Keys => System.IO.Path.Combine(Path, "keys.txt");

    /// <summary>Publishes a checkpoint; one that lies there already, word for word, is left alone.</summary>
    /// <exception cref="CheckpointFolderException">It can't be written.</exception>
    /// <exception cref="CheckpointTakenException">Another one of this size lies there.</exception>
    public Task PublishAsync(Checkpoint checkpoint, SignedNote note, DateTimeOffset madeAt, IEnumerable<NoteKey> keys) => DoAsync(() =>
    {
        var file = System.IO.Path.Combine(Path, madeAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture), NameOf(checkpoint.Size));
        PrivateFile.MakeFolder(System.IO.Path.GetDirectoryName(file)!);
        var content = Encoding.UTF8.GetBytes(note.SignedBy(checkpoint.Origin).ToString()); // What witnesses signed may have come before or come later.
        if (!PrivateFile.MakeWith(file, content) && !(IsPlain(file, content.Length) && File.ReadAllBytes(file).AsSpan().SequenceEqual(content)))
        {
            throw new CheckpointTakenException(
                $"Another checkpoint over {checkpoint.Size} events lies in {System.IO.Path.GetRelativePath(Path, file)} of their folder already: the database is older than its checkpoints, or two consoles share the folder. Nothing was overwritten.");
        }

        PrivateFile.Replace(Keys, Encoding.UTF8.GetBytes(string.Concat(keys.Select(key => $"{key}\n"))));
        PrivateFile.Replace(Latest, Encoding.UTF8.GetBytes(note.ToString()));
    });

    /// <summary>Puts what witnesses signed beside the newest checkpoint.</summary>
    /// <exception cref="CheckpointFolderException">It can't be written.</exception>
    public Task PublishCosignedAsync(SignedNote note) => DoAsync(() => PrivateFile.Replace(Latest, Encoding.UTF8.GetBytes(note.ToString())));

    /// <summary>The checkpoints that lie here, by size and file; one that can't be read comes without a note.</summary>
    /// <param name="newestOnly">Whether only the largest is wanted.</param>
    /// <exception cref="CheckpointFolderException">The folder can't be read.</exception>
    public async Task<IReadOnlyList<(string File, long Size, SignedNote? Note)>> ReadAsync(bool newestOnly)
    {
        (string File, long Size)[] files = [];
        await DoAsync(() => files =
        [
            .. from file in Directory.Exists(Path) ? Directory.EnumerateFiles(Path, $"*{Extension}", s_months) : []
               let size = SizeIn(file)
               where size is not null
               orderby size, file
               select (file, size.Value),
        ]);
        List<(string, long, SignedNote?)> found = [];
        foreach (var some in (newestOnly ? files[^Math.Min(1, files.Length)..] : files).Chunk(ReadAtOnce))
        {
            await DoAsync(() => found.AddRange(some.Select(each => (each.File, each.Size, NoteIn(each.File)))));
        }

        return found;
    }

    /// <summary>The verifier keys that lie beside the checkpoints; null where none ever did.</summary>
    /// <exception cref="CheckpointFolderException">The folder can't be read.</exception>
    public async Task<IReadOnlyList<NoteKey>?> ReadKeysAsync()
    {
        IReadOnlyList<NoteKey>? keys = null;
        await DoAsync(() => keys = IsPlain(Keys, SignedNote.MaxBytes) ? [.. File.ReadAllLines(Keys).Select(line => NoteKey.TryParse(line, out var key) ? key : null).OfType<NoteKey>()] : null);
        return keys;
    }

    /// <summary>The size that a file's name says; null where it says none.</summary>
    public static long? SizeIn(string file) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    private static string NameOf(long size) => string.Create(CultureInfo.InvariantCulture, $"{size:d16}{Extension}");

    // A pipe has no length, and whoever reads it waits.
    private static bool IsPlain(string file, int most) => new FileInfo(file) is { Exists: true, LinkTarget: null, Length: > 0 and var length } && length <= most;

    private static SignedNote? NoteIn(string file) =>
        IsPlain(file, SignedNote.MaxBytes) && SignedNote.TryRead(File.ReadAllText(file), out var note) ? note : null;

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    // In turn, and each no longer than the limit: whoever signs and verifies goes on without a folder that doesn't answer.
    private async Task DoAsync(Action work)
    {
        await _one.WaitAsync();
        try
        {
            await Files.DoAsync(work, CancellationToken.None);
        }
        catch (TimeoutException hang)
        {
            throw Unusable($"an access {FilesThatMayHang.Words}", hang);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable(FileFault.WithoutPath(fault), fault);
        }
        finally
        {
            _one.Release();
        }
    }

    private CheckpointFolderException Unusable(string why, Exception fault) => new(
        $"The folder of the audit log's checkpoints ({AuditOptions.SectionName}:{nameof(AuditOptions.CheckpointFolder)}) can't be used: {why}. Events go on being recorded and checkpoints signed, but nobody outside has them until it can be used again.",
        Path, fault);
}
