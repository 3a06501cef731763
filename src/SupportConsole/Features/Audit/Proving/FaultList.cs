namespace SupportConsole.Features.Audit.Proving;

/// <summary>What a verification has found so far: the first hundred as they are, all of them counted.</summary>
internal sealed class FaultList
{
    /// <summary>How many are kept as they are.</summary>
    public const int Kept = 100;

    private readonly List<TrailFault> _kept = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<TrailFault> First => _kept;

    /// <summary>Takes one.</summary>
    public void Add(TrailFaultKind kind, long? sequence, string text)
    {
        Count++;
        if (_kept.Count < Kept)
        {
            _kept.Add(new TrailFault(kind, sequence, text));
        }
    }
}
