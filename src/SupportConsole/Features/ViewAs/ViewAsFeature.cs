using Microsoft.Extensions.Options;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Changes;
using SupportConsole.Features.ViewAs.Explaining.Comparing;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.Features.ViewAs.Explaining.Trying;
using SupportConsole.Features.ViewAs.Files;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;

namespace SupportConsole.Features.ViewAs;

/// <summary>View-as sessions: opened for a reason and a time, read in, watched, and ended.</summary>
internal static class ViewAsFeature
{
    public static IServiceCollection AddViewAs(this IServiceCollection services)
    {
        services.AddOptions<ViewAsOptions>().BindConfiguration(ViewAsOptions.SectionName)
            .Configure<IConfiguration>((options, configuration) =>
            {
                // A setting that is one filter, or has one below it for each collection, or both; the binder reads the first alone.
                foreach (var own in configuration.GetSection($"{ViewAsOptions.SectionName}:{nameof(ViewAsOptions.ProtectedUsers)}").GetChildren())
                {
                    options.ProtectedUsersByCollection[own.Key] = own.Value ?? "";
                }
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ViewAsOptions>, ViewAsOptionsRules>();
        services.AddOptions<PostsOptions>().BindConfiguration(PostsOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PostsOptions>, PostsOptionsRules>();
        services.AddSingleton<AppPosts>();
        services.AddSingleton<SessionFeed>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<ProtectedUsers>();
        services.AddSingleton<EndedTokens>();
        services.AddSingleton<SessionEnds>();
        services.AddSingleton<ViewAsDesk>();
        services.AddSingleton<SessionReads>();
        services.AddSingleton<PostReader>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<FileReader>();
        services.AddSingleton<RuleJudge>();
        services.AddSingleton<Explainer>();
        services.AddSingleton<SmallestChange>();
        services.AddSingleton<AccessQuestions>();
        services.AddSingleton<RuleDecider>();
        services.AddSingleton<HiddenRecords>();
        services.AddSingleton<RuleTrial>();
        services.AddSingleton<AffectedUsers>();
        services.AddSingleton<UserComparison>();
        services.AddDossier();
        services.AddHostedService<SessionWatch>();
        services.AddHostedService<ViewedUserWatch>();
        services.AddHostedService<EndedTokenWatch>();
        return services;
    }

    public static void MapViewAs(this WebApplication app)
    {
        app.MapFiles();
        app.MapDossier();
    }
}
