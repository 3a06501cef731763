using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SupportConsole.Core;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Features.ViewAs;

/// <summary>The section <c>ViewAs</c>: what a session may be.</summary>
internal sealed class ViewAsOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "ViewAs";

    /// <summary>The time boxes on offer, in whole minutes; empty means 5, 15, 30 and 60 as far as <see cref="MaxMinutes"/> allows.</summary>
    public int[] Durations { get; set; } = [];

    /// <summary>The time box chosen beforehand, in minutes.</summary>
    public int DefaultMinutes { get; set; } = 15;

    /// <summary>The longest time box, in minutes; at most 60.</summary>
    public int MaxMinutes { get; set; } = 60;

    /// <summary>After how many minutes without a read a session is closed.</summary>
    public int IdleMinutes { get; set; } = 10;

    /// <summary>The shortest reason, in characters.</summary>
    public int ReasonMinLength { get; set; } = 10;

    /// <summary>A regular expression for the whole ticket; empty allows any text.</summary>
    public string TicketPattern { get; set; } = "";

    /// <summary>
    /// A PocketBase filter naming the users whose view needs an approval; empty protects nobody. It holds for every collection that has
    /// none of its own in <see cref="ProtectedUsersByCollection"/>.
    /// </summary>
    public string ProtectedUsers { get; set; } = "";

    /// <summary>The filters of single collections: what stands below <c>ViewAs:ProtectedUsers</c>, each under its collection's name.</summary>
    public IDictionary<string, string> ProtectedUsersByCollection { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The filter for a collection's users; empty protects nobody.</summary>
    public string ProtectedUsersOf(string collection) =>
        ProtectedUsersByCollection.TryGetValue(collection, out var own) ? own : ProtectedUsers;

    /// <summary>The same as the rules take it.</summary>
    public ViewAsPolicy ToPolicy() => new(
        [.. (Durations is [] ? [5, 15, 30, 60] : Durations).Where(minutes => minutes <= MaxMinutes).Distinct().Order()],
        DefaultMinutes,
        TimeSpan.FromMinutes(IdleMinutes),
        ReasonMinLength,
        TicketPattern.Length == 0 ? null : TicketExpression(TicketPattern));

    // Linear in the input's length, whatever pattern and ticket look like. \z, because $ lets a line break follow.
    internal static Regex TicketExpression(string pattern) =>
        new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}

/// <summary>No session is longer than an hour, whatever is configured, and what the form begins with is on offer.</summary>
internal sealed class ViewAsOptionsRules : IValidateOptions<ViewAsOptions>
{
    public ValidateOptionsResult Validate(string? name, ViewAsOptions options)
    {
        List<string> failures = [];
        if (options.MaxMinutes is < 1 or > 60)
        {
            failures.Add($"ViewAs:MaxMinutes is {options.MaxMinutes}; give 1 to 60.");
        }

        if (options.Durations.Any(minutes => minutes is < 1 or > 60))
        {
            failures.Add($"ViewAs:Durations holds {string.Join(", ", options.Durations)}; each must be 1 to 60 minutes.");
        }

        if (options.IdleMinutes is < 1 or > 60)
        {
            failures.Add($"ViewAs:IdleMinutes is {options.IdleMinutes}; give 1 to 60.");
        }

        if (options.ReasonMinLength is < 1 or > ReasonText.MaxLength)
        {
            failures.Add($"ViewAs:ReasonMinLength is {options.ReasonMinLength}; give 1 to {ReasonText.MaxLength}.");
        }

        if (failures.Count == 0)
        {
            try
            {
                if (!options.ToPolicy().Minutes.Contains(options.DefaultMinutes))
                {
                    failures.Add($"ViewAs:DefaultMinutes is {options.DefaultMinutes}, which isn't among the time boxes that ViewAs:Durations and ViewAs:MaxMinutes leave.");
                }
            }
            catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
            {
                failures.Add($"ViewAs:TicketPattern is '{options.TicketPattern}', which isn't a regular expression without look-around and back-references: {failure.Message}");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
