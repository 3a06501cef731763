using System.Globalization;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// What was signed outside the database: the checkpoints in the folder, each held against its keys and against what the database says
/// was published.
/// </summary>
internal sealed class SignedRoots(CheckpointFolder folder, FaultList faults)
{
    /// <summary>Reads them, and says what is wrong with them.</summary>
    /// <param name="trusted">The keys that count.</param>
    /// <param name="areGiven">Whether these were named by who verifies; the database's own word counts for nothing then.</param>
    /// <param name="origin">What the log is called; null where the database doesn't say.</param>
    /// <param name="stored">What the database says was signed.</param>
    /// <param name="newestOnly">Whether only the newest is asked for.</param>
    /// <returns>The roots with good signatures, by size.</returns>
    public IReadOnlyDictionary<long, SignedRoot> Read(
        IReadOnlyCollection<NoteKey> trusted, bool areGiven, string? origin, IReadOnlyList<StoredCheckpoint> stored, bool newestOnly)
    {
        Dictionary<long, SignedRoot> roots = [];
        IReadOnlyList<(string File, SignedNote? Note)> found;
        try
        {
            found = folder.Read();
        }
        catch (CheckpointFolderException fault)
        {
            faults.Add(TrailFaultKind.Unreadable, null, fault.Message);
            return roots;
        }

        foreach (var (file, note) in newestOnly ? found.TakeLast(1) : found)
        {
            var where = $"The checkpoint {Path.GetFileName(file)}";
            if (note is null || !Checkpoint.TryRead(note.Text, out var checkpoint) || CheckpointFolder.SizeIn(file) != checkpoint.Size)
            {
                faults.Add(TrailFaultKind.CheckpointAltered, null, $"{where} isn't what was published: the file holds no checkpoint of this size.");
            }
            else if (!NoteSigner.IsSigned(note, trusted) || (origin is not null && checkpoint.Origin != origin))
            {
                var isKnown = note.Signatures.Any(signature => trusted.Any(key => key.Name == signature.Name && key.KeyId == signature.KeyId));
                faults.Add(
                    isKnown ? TrailFaultKind.CheckpointAltered : TrailFaultKind.WrongKey, checkpoint.Size,
                    isKnown ? $"{where} isn't what was published: its signature doesn't hold." : $"{where} is signed with none of the log's keys{(areGiven ? " that were named" : "")}.");
            }
            else
            {
                roots[checkpoint.Size] = new SignedRoot(checkpoint.Root, where);
            }
        }

        if (!newestOnly)
        {
            var lying = found.Select(each => CheckpointFolder.SizeIn(each.File)).ToHashSet();
            foreach (var gone in stored.Where(checkpoint => checkpoint.IsPublished && !lying.Contains(checkpoint.Size)))
            {
                faults.Add(TrailFaultKind.CheckpointRemoved, gone.Size, string.Create(
                    CultureInfo.InvariantCulture, $"The checkpoint over {gone.Size} events, published on {gone.MadeAt:yyyy-MM-dd}, isn't in its folder any more."));
            }
        }

        return roots;
    }
}
