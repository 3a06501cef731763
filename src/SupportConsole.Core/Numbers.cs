using System.Globalization;

namespace SupportConsole.Core;

/// <summary>Counts as pages, files and the trail write them.</summary>
public static class Numbers
{
    /// <summary>With its thousands set apart: <c>12,345</c>.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
