using Microsoft.AspNetCore.Authorization;
using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>One authorization policy a duty.</summary>
public static class DutyPolicies
{
    /// <summary>The policy's name.</summary>
    public static string For(Duty duty) => $"duty:{duty}";

    internal static void AddDuties(this AuthorizationBuilder builder)
    {
        foreach (var duty in Enum.GetValues<Duty>())
        {
            builder.AddPolicy(For(duty), policy => policy.RequireAuthenticatedUser().AddRequirements(new DutyRequirement(duty)));
        }
    }
}

/// <summary>What a policy asks for: that the roles held now carry the duty.</summary>
internal sealed record DutyRequirement(Duty Duty) : IAuthorizationRequirement;

/// <summary>
/// Answers with the rights that stand in the database now. Claims say who somebody is, never what they may do: a cookie and a
/// circuit both outlive a role.
/// </summary>
internal sealed partial class DutyHandler(ISignIns signIns, IStaffRights rights, ILogger<DutyHandler> logger) : AuthorizationHandler<DutyRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, DutyRequirement requirement)
    {
        try
        {
            if (StaffClaims.IdOf(context.User) is { } id
                && StaffClaims.SignInOf(context.User) is { } signIn
                && signIns.Find(id, signIn, CancellationToken.None) is not null
                && await rights.FindAsync(id, CancellationToken.None) is { } staff
                && staff.May(requirement.Duty))
            {
                context.Succeed(requirement);
            }
        }
        catch (ExplainedException failure)
        {
            // Rights that can't be read are rights nobody has.
            LogUndecided(failure, requirement.Duty.ToString());
        }
    }

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "{Duty} couldn't be decided and was refused")]
    private partial void LogUndecided(Exception failure, string duty);
}
