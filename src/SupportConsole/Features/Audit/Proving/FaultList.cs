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

    /// <summary>Takes all of another list.</summary>
    public void Take(FaultList other)
    {
        Count += other.Count;
        _kept.AddRange(other._kept.Take(Kept - _kept.Count));
    }

    /// <summary>Whether something of this kind was found about an event, as far as it is kept.</summary>
    public bool Has(TrailFaultKind kind, long sequence) => Count > 0 && _kept.Exists(fault => fault.Kind == kind && fault.Sequence == sequence);
}
