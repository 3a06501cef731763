using Microsoft.Extensions.Options;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>A collector that takes events as OpenTelemetry logs (section <c>Audit:Otlp</c>).</summary>
internal sealed class OtlpOptions
{
    public const string SectionName = "Audit:Otlp";

    /// <summary>The full address that it takes logs at over HTTP, such as <c>http://localhost:4318/v1/logs</c>; empty for none.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Where it begins when it is new: <c>now</c>, or <c>start</c> for the whole trail.</summary>
    public string From { get; set; } = SinkStart.Now;
}

/// <summary>Refuses at start what could only fail later. No sentence repeats the address.</summary>
internal sealed class OtlpOptionsRules : IValidateOptions<OtlpOptions>
{
    private const string Section = OtlpOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, OtlpOptions options)
    {
        string?[] faults =
        [
            options.Endpoint.Length > 0 ? SinkAddress.RefusalOf($"{Section}:{nameof(options.Endpoint)}", options.Endpoint) : null,
            SinkStart.RefusalOf($"{Section}:{nameof(options.From)}", options.From),
        ];
        return faults.OfType<string>().ToList() is [_, ..] found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}
