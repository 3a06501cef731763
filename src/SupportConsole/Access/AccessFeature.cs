using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace SupportConsole.Access;

/// <summary>Who is acting, what they may do at this moment, and how often.</summary>
internal static class AccessFeature
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<StaffChangeFeed>();
        services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitsOptions>, LimitsOptionsRules>();
        services.AddSingleton<Pace>();
        services.AddOptions<HostingOptions>().BindConfiguration(HostingOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HostingOptions>, HostingRules>();
        services.AddSingleton<StandingStaff>();
        // One a window, request or command: all answer for whoever is behind it.
        services.AddScoped<StaffPrincipal>();
        services.AddScoped(provider => new CurrentStaff(
            provider.GetRequiredService<StaffPrincipal>(), provider.GetRequiredService<StandingStaff>(), provider.GetRequiredService<IRefusalRecord>()));
        services.AddScoped<StepUp>();
        services.AddSingleton<IAuthorizationHandler, DutyHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedRequests>();
        // Whatever isn't opened on purpose is closed, endpoints included.
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddDuties();
        return services;
    }
}
