namespace SupportConsole.Ui;

/// <summary>A column of a <see cref="DataTable"/>.</summary>
/// <param name="Name">What stands above it; null for the column of each row's buttons.</param>
/// <param name="Href">Where its name leads, to sort by it.</param>
/// <param name="Sorted">How the rows are sorted by it: "ascending", "descending" or null.</param>
public sealed record TableColumn(string? Name, string? Href = null, string? Sorted = null)
{
    /// <summary>The column of each row's buttons.</summary>
    public static TableColumn Actions { get; } = new(Name: null);

    /// <summary>Columns that only have names.</summary>
    public static TableColumn[] Of(params IEnumerable<string> names) => [.. names.Select(name => new TableColumn(name))];
}
