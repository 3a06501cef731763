namespace SupportConsole.Core.Audit;

/// <summary>How the recorded act ended.</summary>
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Success,

    /// <summary>A rule refused it.</summary>
    Denied,

    /// <summary>It was allowed and didn't work.</summary>
    Failed,
}
