using Microsoft.Extensions.Options;

namespace SupportConsole.Features.ViewAs;

internal static class ViewAsFeature
{
    public static IServiceCollection AddViewAs(this IServiceCollection services)
    {
        services.AddOptions<ViewAsOptions>().BindConfiguration(ViewAsOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ViewAsOptions>, ViewAsOptionsRules>();
        services.AddSingleton<OpenSessions>();
        services.AddSingleton<ProtectedUsers>();
        services.AddSingleton<ViewAsDesk>();
        services.AddSingleton<ViewAsReader>();
        services.AddSingleton<SessionHistory>();
        services.AddHostedService<SessionWatch>();
        return services;
    }
}
