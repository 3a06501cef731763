using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace SupportConsole.Hosting;

/// <summary>
/// Outside Development the console answers to names it was given: the addresses of a sign-in are built from the request's host, which
/// is whatever the client says.
/// </summary>
internal sealed class HostNameRules(IHostEnvironment environment) : IValidateOptions<HostFilteringOptions>
{
    // What the framework reads as "any", and wildcards for part of a name.
    public ValidateOptionsResult Validate(string? name, HostFilteringOptions options) =>
        !environment.IsDevelopment() && options.AllowedHosts.Any(host => host.Contains('*', StringComparison.Ordinal) || host is "0.0.0.0" or "[::]")
            ? ValidateOptionsResult.Fail(
                "AllowedHosts is empty or holds a wildcard, so anybody could make the console send sign-ins elsewhere: name the host that people type, such as console.corp.example.")
            : ValidateOptionsResult.Success;
}
