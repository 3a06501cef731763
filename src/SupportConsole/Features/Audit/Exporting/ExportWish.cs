using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>What somebody asks to be taken out.</summary>
/// <param name="Format">As what.</param>
/// <param name="Filter">Which events, as the audit page's address says it.</param>
public sealed record ExportWish(ExportFormat Format, AuditAddress Filter)
{
    private const string FormatName = "format", AfterName = "after", UntilName = "until";

    /// <summary>The sequence that what is wanted follows; 0 for the beginning.</summary>
    public long After { get; init; }

    /// <summary>The last sequence that is wanted; null for as many as there are when it begins.</summary>
    public long? Until { get; init; }

    /// <summary>Reads an address, or the part of one that stands behind its question mark.</summary>
    /// <exception cref="ExportRefusedException">It can't be read.</exception>
    public static ExportWish Read(string? query)
    {
        var given = QueryHelpers.ParseQuery(query);
        string? One(string name) => given.TryGetValue(name, out var values) ? values[0] : null;
        var format = ExportFormat.Named(One(FormatName))
            ?? throw new ExportRefusedException($"Nothing is exported: say as what, with format={string.Join(" or ", ExportFormat.All.Select(each => each.Name))}.");
        if (new[] { FormatName, AfterName, UntilName }.FirstOrDefault(name => given.TryGetValue(name, out var values) && values.Count > 1) is { } twice)
        {
            throw new ExportRefusedException($"Nothing is exported: {twice} is given twice.");
        }

        var filters = given.Where(pair => pair.Key is not (FormatName or AfterName or UntilName)).ToList();
        var filter = new AuditAddress(One("from"), One("to"), One("staff"), One("user"), One("event"), One("outcome"), One("session"), One("text"), One("zone"), One("q"))
        {
            Unread = AuditAddress.UnreadIn($"http://console/audit{QueryString.Create(filters)}"),
        };
        return new ExportWish(format, filter) { After = Sequence(AfterName, One(AfterName)) ?? 0, Until = Sequence(UntilName, One(UntilName)) };
    }

    /// <summary>The address, below the console's own, that gives it.</summary>
    public string ToAddress()
    {
        var page = Filter.Filters.ToAddress();
        (string Name, string? Value)[] parts = [(FormatName, Format.Name), (AfterName, After > 0 ? Text(After) : null), (UntilName, Until is { } until ? Text(until) : null)];
        return parts.Where(part => part.Value is not null)
            .Aggregate($"audit/export{page[page.TakeWhile(letter => letter != '?').Count()..]}", (address, part) => QueryHelpers.AddQueryString(address, part.Name, part.Value!));
    }

    private static string Text(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private static long? Sequence(string name, string? text) => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence
        : throw new ExportRefusedException($"Nothing is exported: {name} is the number of an event, and that isn't one.");
}
