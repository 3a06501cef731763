using SupportConsole.Access;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Features.Audit.Folding;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Features.Audit.Shipping;

namespace SupportConsole.Features.Audit;

/// <summary>The audit trail: what everything else writes to before it acts.</summary>
internal static class AuditFeature
{
    /// <summary>Registers the trail and its reader. Needs the storage.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<AuditDesk>();
        services.AddSingleton<TrailHistogram>();
        services.AddSingleton<TrailFolding>();
        services.AddSingleton<AuditedRead>();
        services.AddProving();
        services.AddExporting();
        services.AddSingleton<RefusalRecord>();
        services.AddSingleton<IRefusalRecord>(provider => provider.GetRequiredService<RefusalRecord>());
        // After the storage's writer, so that it is stopped before it.
        services.AddHostedService(provider => provider.GetRequiredService<RefusalRecord>());
        services.AddSingleton<Erasure>();
        services.AddHostedService(provider => provider.GetRequiredService<Erasure>());
        services.AddShipping();
        // After the sinks, which say first what they have yet to take.
        services.AddHostedService<Retention>();
        return services;
    }
}
