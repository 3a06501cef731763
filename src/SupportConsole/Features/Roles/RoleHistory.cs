using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Roles;

/// <summary>Who could do what in the past, by the grants that stood then. Asking is a look at the trail, and recorded as one.</summary>
internal sealed class RoleHistory(Pace pace, AuditTrail trail, ConsoleDb database, TimeProvider clock)
{
    /// <summary>
    /// Who held a role with the duty at some time of a day, by name and then by time. Which roles carry a duty is what they carry today; of a day
    /// that isn't over, it is what stands by now.
    /// </summary>
    /// <param name="who">Who asks.</param>
    /// <param name="duty">What could be done.</param>
    /// <param name="day">The day.</param>
    /// <param name="zone">Where it is a day.</param>
    /// <param name="cancellationToken">Interrupts the search.</param>
    public async Task<IReadOnlyList<RoleTenure>> CouldAsync(CurrentStaff who, Duty duty, DateOnly day, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        await pace.KeepAsync(staff, Limit.Reads);
        await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditViewed, clock.GetUtcNow()) with { Detail = $"who could {DutyWords.Of(duty)} on {day:yyyy-MM-dd}, a day of {zone.Id}" });
        var (begin, end) = (FilterReading.BeginningOf(day, zone), FilterReading.BeginningOf(day.AddDays(1), zone));
        var roles = Enum.GetValues<Role>().Where(role => RoleCatalog.Covers([role], duty)).ToHashSet();
        return await database.ReadAsync<IReadOnlyList<RoleTenure>>(
            connection => [.. RoleTable.HeldBetween(connection, begin, end).Where(tenure => roles.Contains(tenure.Role))], cancellationToken);
    }
}
