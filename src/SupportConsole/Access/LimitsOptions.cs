using Microsoft.Extensions.Options;

namespace SupportConsole.Access;

/// <summary>The section <c>Limits</c>: how much one person, or one stranger's address, may ask of the console.</summary>
public sealed class LimitsOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Limits";

    /// <summary>Searches for users, a person and minute.</summary>
    public int SearchesPerMinute { get; set; } = 60;

    /// <summary>View-as sessions asked for, a person and hour.</summary>
    public int SessionsPerHour { get; set; } = 30;

    /// <summary>Pages read that leave an entry in the trail, a person and minute.</summary>
    public int ReadsPerMinute { get; set; } = 240;

    /// <summary>Windows a person may have open at once.</summary>
    public int WindowsPerPerson { get; set; } = 20;

    /// <summary>Windows a person may open or connect again, a minute.</summary>
    public int HandshakesPerMinute { get; set; } = 120;

    /// <summary>Requests about signing in and out, a client address and minute.</summary>
    public int AnonymousPerMinute { get; set; } = 60;
}

/// <summary>Each limit is 1 to a million: none switches its limit off.</summary>
internal sealed class LimitsOptionsRules : IValidateOptions<LimitsOptions>
{
    // More than a limiter can count out over a minute is no limit.
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        (string Key, int Value)[] limits =
        [
            (nameof(options.SearchesPerMinute), options.SearchesPerMinute),
            (nameof(options.SessionsPerHour), options.SessionsPerHour),
            (nameof(options.ReadsPerMinute), options.ReadsPerMinute),
            (nameof(options.WindowsPerPerson), options.WindowsPerPerson),
            (nameof(options.HandshakesPerMinute), options.HandshakesPerMinute),
            (nameof(options.AnonymousPerMinute), options.AnonymousPerMinute),
        ];
        var failures = limits.Where(limit => limit.Value is < 1 or > Most)
            .Select(limit => $"{LimitsOptions.SectionName}:{limit.Key} is {limit.Value}; give 1 to {Most}.").ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
