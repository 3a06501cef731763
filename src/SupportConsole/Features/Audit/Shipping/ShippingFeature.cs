using Microsoft.Extensions.Options;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>What takes the trail out of the house as it grows, where the settings name such a place.</summary>
internal static class ShippingFeature
{
    /// <summary>Registers it. Needs the storage and its writer, and stops before that.</summary>
    public static IServiceCollection AddShipping(this IServiceCollection services)
    {
        services.AddOptions<MirrorOptions>().BindConfiguration(MirrorOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MirrorOptions>, MirrorOptionsRules>();
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsRules>();
        services.AddOptions<OtlpOptions>().BindConfiguration(OtlpOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OtlpOptions>, OtlpOptionsRules>();
        services.AddSingleton<IEventSink, MirrorSink>();
        services.AddSingleton<IEventSink, WebhookSink>();
        services.AddSingleton<IEventSink, OtlpSink>();
        services.AddSingleton<SinkDesk>();
        services.AddHostedService<TrailShipping>();
        return services;
    }
}
