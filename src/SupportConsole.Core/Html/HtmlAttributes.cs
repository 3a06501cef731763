namespace SupportConsole.Core.Html;

/// <summary>The attributes of a start tag, looked up where they stand (HTML standard, 13.2.5.32 to 13.2.5.40).</summary>
/// <param name="rest">What follows the tag's name.</param>
internal readonly ref struct HtmlAttributes(ReadOnlySpan<char> rest)
{
    // More than any honest tag has; looking further would only cost time.
    private const int MostLookedAt = 100;

    // Where the text ends before the tag does.
    private const int CutOff = int.MaxValue;

    private readonly ReadOnlySpan<char> _rest = rest;

    /// <summary>Whether the tag ends in <c>/&gt;</c>.</summary>
    public bool SelfClosing { get; init; }

    /// <summary>The value as written, empty for an attribute without one. The first of several of a name counts.</summary>
    public bool TryGet(string name, out ReadOnlySpan<char> value)
    {
        var at = 0;
        for (var seen = 0; seen < MostLookedAt && Next(ref at, out var found, out value, out _); seen++)
        {
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The value as written; empty when there is none.</summary>
    public ReadOnlySpan<char> Get(string name) => TryGet(name, out var value) ? value : default;

    /// <summary>Finds the end of the tag.</summary>
    /// <param name="length">How far the tag goes.</param>
    /// <param name="selfClosing">Whether it ends in <c>/&gt;</c>.</param>
    /// <returns>Whether it has an end at all.</returns>
    public bool TryFindEnd(out int length, out bool selfClosing)
    {
        length = 0;
        while (Next(ref length, out _, out _, out selfClosing))
        {
        }

        return length != CutOff;
    }

    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\f' or '\r';

    private bool Next(scoped ref int at, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value, out bool selfClosing)
    {
        name = value = default;
        selfClosing = false;
        while (at < _rest.Length && (IsSpace(_rest[at]) || _rest[at] == '/'))
        {
            selfClosing = _rest[at] == '/';
            at++;
        }

        if (at >= _rest.Length || _rest[at] == '>')
        {
            at = at >= _rest.Length ? CutOff : at + 1;
            return false;
        }

        // An equals sign may begin a name, but not stand within.
        var start = at++;
        while (at < _rest.Length && !IsSpace(_rest[at]) && _rest[at] is not ('/' or '>' or '='))
        {
            at++;
        }

        name = _rest[start..at];
        var after = at;
        while (after < _rest.Length && IsSpace(_rest[after]))
        {
            after++;
        }

        if (after < _rest.Length && _rest[after] == '=')
        {
            at = after + 1;
            value = Value(ref at);
        }

        return true;
    }

    private ReadOnlySpan<char> Value(scoped ref int at)
    {
        while (at < _rest.Length && IsSpace(_rest[at]))
        {
            at++;
        }

        if (at < _rest.Length && _rest[at] is '"' or '\'')
        {
            var quoted = _rest[(at + 1)..];
            var length = quoted.IndexOf(_rest[at]);
            at = length < 0 ? _rest.Length : at + length + 2;
            return length < 0 ? quoted : quoted[..length];
        }

        var start = at;
        while (at < _rest.Length && !IsSpace(_rest[at]) && _rest[at] != '>')
        {
            at++;
        }

        return _rest[start..at];
    }
}
