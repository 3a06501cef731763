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

/// <summary>Opens a page or endpoint to whoever carries its duty: by what a window was told last, and otherwise by the store.</summary>
internal sealed partial class DutyHandler(StandingStaff standing, ILogger<DutyHandler> logger) : AuthorizationHandler<DutyRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, DutyRequirement requirement)
    {
        try
        {
            var member = WindowIdentity.Of(context.User)?.Member ?? (await standing.FindAsync(context.User, CancellationToken.None))?.Member;
            if (member?.May(requirement.Duty) == true)
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
