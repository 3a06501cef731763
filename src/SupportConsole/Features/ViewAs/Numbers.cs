using System.Globalization;

namespace SupportConsole.Features.ViewAs;

/// <summary>Counts as pages, files and the trail write them.</summary>
internal static class Numbers
{
    /// <summary>With its thousands set apart: <c>12,345</c>.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
