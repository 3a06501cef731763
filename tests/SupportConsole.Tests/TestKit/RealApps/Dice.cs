namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>Throws that are the same on every machine and in every run: SplitMix64 from a seed.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from nought to <paramref name="sides"/> less one.</summary>
    public int Throw(int sides)
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)sides);
    }

    /// <summary>True once in <paramref name="times"/>, on average.</summary>
    public bool OnceIn(int times) => Throw(times) == 0;

    public T Pick<T>(IReadOnlyList<T> among) => among[Throw(among.Count)];

    /// <summary>Some of them, none twice.</summary>
    public IReadOnlyList<T> Some<T>(IReadOnlyList<T> among, int count)
    {
        var left = among.ToList();
        List<T> picked = [];
        while (picked.Count < count && left.Count > 0)
        {
            var index = Throw(left.Count);
            picked.Add(left[index]);
            left.RemoveAt(index);
        }

        return picked;
    }
}
