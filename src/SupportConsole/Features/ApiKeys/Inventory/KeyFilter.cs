using Microsoft.AspNetCore.WebUtilities;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Features.ApiKeys.Inventory;

/// <summary>What of the inventory is shown, and in which order, as it stands in the page's address. Where the state can't be read, nothing is; an order that can't be is none.</summary>
/// <param name="Text">Found anywhere in name, purpose, owner, maker, fingerprint or id; case doesn't matter.</param>
/// <param name="State">A <see cref="KeyState"/>, or <c>orphaned</c>.</param>
/// <param name="Sort"><c>name</c>, <c>owner</c>, <c>created</c>, <c>expires</c> or <c>state</c>; with <c>-</c> before it the other way round.</param>
internal sealed record KeyFilter(string? Text = null, string? State = null, string? Sort = null)
{
    /// <summary>The value of <see cref="State"/> for keys whose owner holds no role.</summary>
    public const string Orphaned = "orphaned";

    // By its name alone: Enum.TryParse also takes numbers, and a list of names for yet another one.
    private KeyState? Wanted => Enum.GetValues<KeyState>().Cast<KeyState?>().FirstOrDefault(state => Is(state.ToString()!));

    private string? Narrowing => Is(Orphaned) ? Orphaned : Wanted?.ToString().ToLowerInvariant();

    /// <summary>What is wrong with <see cref="State" />, as a sentence; null where it can be read.</summary>
    public string? Fault => Blank(State) is { } asked && Narrowing is null
        ? $"“{VisibleText.Isolate(VisibleText.Shortened(asked, 60))}” is no state of a key. Choose from the list."
        : null;

    public string ToAddress() => QueryHelpers.AddQueryString("keys", new Dictionary<string, string?>
    {
        ["text"] = Blank(Text),
        ["state"] = Blank(State),
        ["sort"] = Blank(Sort),
    }.Where(pair => pair.Value is not null));

    /// <summary>The lines that fit, in their order.</summary>
    public IReadOnlyList<KeyLine> Apply(IEnumerable<KeyLine> lines, DateTimeOffset now)
    {
        if (Fault is not null)
        {
            return [];
        }

        var text = Blank(Text);
        var wanted = Wanted;
        var fitting = lines
            .Where(line => text is null || TextsOf(line).Any(part => part.Contains(text, StringComparison.OrdinalIgnoreCase)))
            .Where(line => wanted is null || line.StateAt(now) == wanted)
            .Where(line => !Is(Orphaned) || line.IsOrphaned(now));
        return Sort?.TrimStart('-') switch
        {
            "name" => Ordered(fitting, line => line.Key.Name, StringComparer.OrdinalIgnoreCase),
            "owner" => Ordered(fitting, line => line.Owner.Name, StringComparer.OrdinalIgnoreCase),
            "created" => Ordered(fitting, line => line.Key.CreatedAt, Comparer<DateTimeOffset>.Default),
            "expires" => Ordered(fitting, line => line.Key.ExpiresAt ?? DateTimeOffset.MaxValue, Comparer<DateTimeOffset>.Default),
            "state" => Ordered(fitting, line => line.StateAt(now), Comparer<KeyState>.Default),
            _ => [.. fitting],
        };
    }

    /// <summary>The same filter with the next order of a column: up, down, and none again.</summary>
    public KeyFilter SortedBy(string order) => this with { Sort = Sort == order ? $"-{order}" : Sort == $"-{order}" ? null : order };

    /// <summary>What narrows, for the entry of an export. The text itself isn't named.</summary>
    public string Describe() => (Narrowing, Blank(Text)) switch
    {
        _ when Fault is not null => "nothing: the state can't be read",
        (null, null) => "everything",
        ({ } state, null) => $"state {state}",
        (null, _) => "a text",
        ({ } state, _) => $"state {state}, a text",
    };

    private List<KeyLine> Ordered<T>(IEnumerable<KeyLine> lines, Func<KeyLine, T> by, IComparer<T> comparer) =>
        [.. Sort!.StartsWith('-') ? lines.OrderByDescending(by, comparer) : lines.OrderBy(by, comparer)];

    private static IEnumerable<string> TextsOf(KeyLine line) =>
        [line.Key.Name, line.Key.Purpose, line.Owner.Name, line.Key.CreatedByName, line.Key.Fingerprint ?? "", line.Key.Id];

    private bool Is(string state) => string.Equals(Blank(State), state, StringComparison.OrdinalIgnoreCase);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
