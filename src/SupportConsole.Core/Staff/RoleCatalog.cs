using System.Collections.Immutable;

namespace SupportConsole.Core.Staff;

/// <summary>Which duties each role carries. The only place that says so.</summary>
public static class RoleCatalog
{
    private static readonly ImmutableDictionary<Role, ImmutableHashSet<Duty>> DutiesByRole =
        new Dictionary<Role, ImmutableHashSet<Duty>>
        {
            [Role.Agent] = [Duty.FindUsers, Duty.ViewAsUsers, Duty.ExplainAccess, Duty.SeeSessions],
            [Role.Admin] = [Duty.FindUsers, Duty.ReadAudit, Duty.SeeSessions, Duty.SeeAllSessions, Duty.ManageKeys, Duty.CheckSetUp, Duty.ErasePersonalData],
            [Role.Manager] = [Duty.ManageRoles, Duty.SeeSessions, Duty.SeeAllSessions],
        }.ToImmutableDictionary();

    /// <summary>Whether any of the roles carries the duty.</summary>
    public static bool Covers(IEnumerable<Role> roles, Duty duty)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return roles.Any(role => DutiesByRole[role].Contains(duty));
    }

    /// <summary>The role as people say it: "Support agent".</summary>
    public static string NameOf(Role role) => role switch
    {
        Role.Agent => "Support agent",
        Role.Admin => "Admin",
        Role.Manager => "Manager",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };
}
