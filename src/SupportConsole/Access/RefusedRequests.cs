using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using SupportConsole.Core;

namespace SupportConsole.Access;

/// <summary>Records a page or endpoint that was refused for want of a role, then answers as the framework does.</summary>
internal sealed partial class RefusedRequests(IRefusalRecord refusals, ILogger<RefusedRequests> logger)
    : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _framework = new();

    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult is { Forbidden: true, AuthorizationFailure: { } failure }
            && failure.FailedRequirements.OfType<DutyRequirement>().FirstOrDefault() is { } missing)
        {
            try
            {
                if (await context.RequestServices.GetRequiredService<CurrentStaff>().FindAsync(context.RequestAborted) is { } staff)
                {
                    await refusals.RefusedAsync(staff, missing.Duty.ToString());
                }
            }
            catch (ExplainedException unrecorded)
            {
                // It is refused all the same; what can't be recorded is only the attempt.
                LogNotRecorded(unrecorded, missing.Duty.ToString());
            }
        }

        await _framework.HandleAsync(next, context, policy, authorizeResult);
    }

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "A refused request for {Duty} couldn't be recorded")]
    private partial void LogNotRecorded(Exception failure, string duty);
}
