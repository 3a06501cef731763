namespace SupportConsole.Core.ApiKeys;

/// <summary>What uses a key. It tells whom to ask about it; only the last one changes what the key can do.</summary>
public enum KeyKind
{
    /// <summary>A server of the app's own.</summary>
    Service,

    /// <summary>A job that runs at set times.</summary>
    ScheduledJob,

    /// <summary>A pipeline that builds or deploys.</summary>
    Pipeline,

    /// <summary>A system of somebody else's.</summary>
    Partner,

    /// <summary>
    /// A token of the one superuser that is set aside for it: it may do everything. Off by default, needs a second admin's approval,
    /// and lives for <see cref="KeyPolicy.SuperuserMaxDays"/> days at most.
    /// </summary>
    Superuser,
}

/// <summary>The kinds as people say them.</summary>
public static class KeyKinds
{
    /// <summary>The kind as people say it: "Scheduled job".</summary>
    public static string NameOf(KeyKind kind) => kind switch
    {
        KeyKind.Service => "Service",
        KeyKind.ScheduledJob => "Scheduled job",
        KeyKind.Pipeline => "Pipeline",
        KeyKind.Partner => "Partner's system",
        KeyKind.Superuser => "Superuser",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
