using System.Globalization;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// What was signed outside the database: the checkpoints in the folder, each held against its keys and against what the database says
/// was published.
/// </summary>
internal sealed class SignedRoots
{
    private readonly IReadOnlyList<(string File, long Size, SignedNote? Note)> _found;
    private readonly FaultList _faults;
    private readonly bool _newestOnly;

    private SignedRoots(IReadOnlyList<(string File, long Size, SignedNote? Note)> found, FaultList faults, bool newestOnly) =>
        (_found, _faults, _newestOnly) = (found, faults, newestOnly);

    /// <summary>Reads the folder, or only its newest checkpoint.</summary>
    public static async Task<SignedRoots> ReadAsync(CheckpointFolder folder, FaultList faults, bool newestOnly)
    {
        try
        {
            return new SignedRoots(await folder.ReadAsync(newestOnly), faults, newestOnly);
        }
        catch (CheckpointFolderException fault)
        {
            faults.Add(TrailFaultKind.Unreadable, null, fault.Message);
            return new SignedRoots([], faults, newestOnly);
        }
    }

    /// <summary>Holds them against their keys and each other, and says what is wrong with them.</summary>
    /// <param name="trusted">The keys that count.</param>
    /// <param name="areGiven">Whether these were named by who verifies; the database's own word counts for nothing then.</param>
    /// <param name="origin">What the log is called; null where the database doesn't say.</param>
    /// <param name="stored">What the database said was signed before the folder was read.</param>
    /// <returns>The roots with good signatures, by size.</returns>
    public IReadOnlyDictionary<long, SignedRoot> Judge(
        IReadOnlyCollection<NoteKey> trusted, bool areGiven, string? origin, IReadOnlyList<StoredCheckpoint> stored)
    {
        Dictionary<long, SignedRoot> roots = [];
        foreach (var (file, size, note) in _found)
        {
            var where = $"The checkpoint {Path.GetFileName(file)}";
            if (note is null || !Checkpoint.TryRead(note.Text, out var checkpoint) || size != checkpoint.Size)
            {
                _faults.Add(TrailFaultKind.CheckpointAltered, null, $"{where} isn't what was published: the file holds no checkpoint of this size.");
            }
            else if (!NoteSigner.IsSigned(note, trusted) || (origin is not null && checkpoint.Origin != origin))
            {
                var isKnown = note.Signatures.Any(signature => trusted.Any(key => key.Name == signature.Name && key.KeyId == signature.KeyId));
                _faults.Add(
                    isKnown ? TrailFaultKind.CheckpointAltered : TrailFaultKind.WrongKey, checkpoint.Size,
                    isKnown ? $"{where} isn't what was published: its signature doesn't hold." : $"{where} is signed with none of the log's keys{(areGiven ? " that were named" : "")}.");
            }
            else if (!roots.TryAdd(size, new SignedRoot(checkpoint.Root, where)) && roots[size].Root != checkpoint.Root)
            {
                _faults.Add(TrailFaultKind.Rebuilt, size, $"Two checkpoints over {size} events contradict each other, each with a good signature: the log was taken up twice from the same place.");
            }
        }

        var lying = _found.Select(each => each.Size).ToHashSet();
        foreach (var gone in _newestOnly ? [] : stored.Where(checkpoint => checkpoint.IsPublished && !lying.Contains(checkpoint.Size)))
        {
            _faults.Add(TrailFaultKind.CheckpointRemoved, gone.Size, string.Create(
                CultureInfo.InvariantCulture, $"The checkpoint over {gone.Size} events, published on {gone.MadeAt:yyyy-MM-dd}, isn't in its folder any more."));
        }

        return roots;
    }
}
