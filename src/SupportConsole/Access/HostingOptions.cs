using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace SupportConsole.Access;

/// <summary>Under which address the console stands on its host (section <c>Hosting</c>).</summary>
internal sealed class HostingOptions
{
    public const string SectionName = "Hosting";

    /// <summary>The path below which everything lies, such as <c>/support</c>; empty for a host of the console's own.</summary>
    public string PathBase { get; set; } = "";

    /// <summary>The same without an end, as requests and cookies take it; none for the root.</summary>
    public PathString Prefix => new(PathBase.TrimEnd('/') is { Length: > 0 } prefix ? prefix : null);
}

/// <summary>Takes a plain path only: it stands in pages, redirects and cookies as it is.</summary>
internal sealed partial class HostingRules : IValidateOptions<HostingOptions>
{
    public ValidateOptionsResult Validate(string? name, HostingOptions options) =>
        options.PathBase is "" or "/" || PlainPath().IsMatch(options.PathBase)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Hosting:PathBase is '{options.PathBase}': write the path as browsers see it, such as /support, with letters, digits, '-', '_' and '.'; empty for the root.");

    [GeneratedRegex(@"\A(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?\z")]
    private static partial Regex PlainPath();
}
