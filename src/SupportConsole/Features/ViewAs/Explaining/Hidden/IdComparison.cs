namespace SupportConsole.Features.ViewAs.Explaining.Hidden;

/// <summary>
/// Walks two lists of ids side by side in the order of ids, a page of each at a time, so that lists of any length take no more room than a page.
/// </summary>
internal sealed class IdComparison
{
    /// <summary>How many ids a page holds: PocketBase's largest.</summary>
    public const int PageLength = 1000;

    private readonly Side _one = new(), _other = new();

    /// <summary>Whether both lists have been walked to their ends.</summary>
    public bool IsOver => _one.IsOver && _other.IsOver;

    /// <summary>Reads on: a page of each side that has nothing left to compare.</summary>
    /// <param name="one">Reads the first list's page after an id; null for the first page. An empty page is the list's end.</param>
    /// <param name="other">Reads the second list's.</param>
    /// <param name="take">Takes an id, and whether it stands in the first list and in the second.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    public async Task ReadOnAsync(
        Func<string?, CancellationToken, Task<IReadOnlyList<string>>> one, Func<string?, CancellationToken, Task<IReadOnlyList<string>>> other,
        Action<string, bool, bool> take, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_one.FillAsync(one, cancellationToken), _other.FillAsync(other, cancellationToken));
        while (!IsOver && _one.IsReady && _other.IsReady)
        {
            var order = _one.IsOver ? 1 : _other.IsOver ? -1 : Compare(_one.First, _other.First);
            take(order <= 0 ? _one.First : _other.First, order <= 0, order >= 0);
            if (order <= 0)
            {
                _one.Next();
            }

            if (order >= 0)
            {
                _other.Next();
            }
        }
    }

    /// <summary>The order in which PocketBase's database has ids: that of their bytes, in which what takes two characters here comes after all else.</summary>
    public static int Compare(string one, string other)
    {
        var shorter = Math.Min(one.Length, other.Length);
        for (var i = 0; i < shorter; i++)
        {
            if (one[i] != other[i])
            {
                return Weight(one[i]).CompareTo(Weight(other[i]));
            }
        }

        return one.Length.CompareTo(other.Length);

        static int Weight(char c) => char.IsSurrogate(c) ? c + char.MaxValue : c;
    }

    private sealed class Side
    {
        private IReadOnlyList<string> _page = [];
        private string? _last;
        private int _at;
        private bool _ended;

        public bool IsOver => _ended && _at == _page.Count;

        /// <summary>Whether what comes next is known.</summary>
        public bool IsReady => _ended || _at < _page.Count;

        public string First => _page[_at];

        public void Next() => _at++;

        public async Task FillAsync(Func<string?, CancellationToken, Task<IReadOnlyList<string>>> read, CancellationToken cancellationToken)
        {
            if (IsReady)
            {
                return;
            }

            // A page may be shorter than asked for where a hook of the app takes records out of it, so that only an empty one is the end.
            (_page, _at) = (await read(_last, cancellationToken), 0);
            _ended = _page.Count == 0;
            _last = _ended ? _last : _page[^1];
        }
    }
}
