using Microsoft.Extensions.Options;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>What makes the trail a log that proves itself: its tree, signed checkpoints, witnesses and verification.</summary>
internal static class ProvingFeature
{
    /// <summary>Registers it. What makes checkpoints by itself starts where the composition says, because it stops last.</summary>
    public static IServiceCollection AddProving(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsRules>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<CheckpointFolder>();
        services.AddSingleton<CheckpointDesk>();
        services.AddSingleton<TrailVerifier>();
        services.AddSingleton<Verification>();
        services.AddSingleton<LogExport>();
        services.AddSingleton<WitnessClient>();
        services.AddSingleton<Witnesses>();
        services.AddSingleton<AuditCommand>();
        return services;
    }
}
