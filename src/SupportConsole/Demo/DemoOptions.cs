using Microsoft.Extensions.Options;

namespace SupportConsole.Demo;

/// <summary>The demo's PocketBase (section <c>Demo</c>).</summary>
internal sealed class DemoOptions
{
    public const string SectionName = "Demo";

    /// <summary>Null leaves it to the environment: a demo in Development while <c>PocketBase:Url</c> is empty.</summary>
    public bool? Enabled { get; set; }

    /// <summary>The PocketBase to start; empty means the one that the build fetches.</summary>
    public string PocketBaseExecutable { get; set; } = "";

    /// <summary>Where the demo keeps its data.</summary>
    public string DataFolder { get; set; } = "data/demo";
}

/// <summary>The demo is for Development alone: whoever opens its pages is whom they like.</summary>
internal sealed class DemoRules(IHostEnvironment environment) : IValidateOptions<DemoOptions>
{
    public ValidateOptionsResult Validate(string? name, DemoOptions options) =>
        options.Enabled == true && !environment.IsDevelopment()
            ? ValidateOptionsResult.Fail("Demo:Enabled is true, which is refused outside Development: set Demo:Enabled=false and point PocketBase:Url at your server.")
            : ValidateOptionsResult.Success;
}
