using System.Text;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>What makes the trail a log that proves itself: its tree, signed checkpoints, witnesses and verification.</summary>
internal static class ProvingFeature
{
    /// <summary>How the name of an event's proof ends.</summary>
    public const string Extension = ".tlog-proof";

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
        services.AddSingleton<ProofDesk>();
        services.AddSingleton<AuditCommand>();
        return services;
    }

    /// <summary>Maps what leaves the house as a file.</summary>
    public static void MapProving(this WebApplication app) => app.MapGet("/audit/{sequence:long}/proof", ProveAsync);

    /// <summary>The proof of one event. Whoever asks for it is asked for their duty here, and that they took it away is in the trail before it is made.</summary>
    private static async Task<IResult> ProveAsync(long sequence, HttpContext http, CurrentStaff who, ProofDesk proofs)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return await proofs.ProveAsync(who, sequence, http.RequestAborted) is { } proof
                ? Results.File(Encoding.UTF8.GetBytes(proof.ToString()), "text/plain; charset=utf-8", $"event-{sequence}{Extension}")
                : Results.NotFound();
        }
        catch (ExplainedException refusal)
        {
            return RefusedAnswer.Of(refusal);
        }
    }
}
