using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace SupportConsole.Hosting;

/// <summary>How the console stands in a network: by which names, behind whom, and with whose files.</summary>
internal static class Network
{
    /// <summary>Where a request keeps the address that it came from, before proxies were asked for whom.</summary>
    private static readonly object Connecting = new();

    public static void AddNetwork(this WebApplicationBuilder builder)
    {
        ListenAddresses.SetDefault(builder.Configuration);
        var services = builder.Services;
        // The first filter is the outermost; the framework has added the one that looks at host names already.
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, Entrance>());
        services.AddSingleton<UntrustedProxies>();
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyRules>();
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<ProxyOptions>>((headers, proxy) =>
        {
            // With empty lists the framework believes everybody; so without proxies nothing is read at all.
            var trusted = proxy.Value.Trusted;
            headers.ForwardedHeaders = trusted.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.ForwardLimit = null; // As many hops as there are; each must be listed.
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var entry in trusted)
            {
                headers.KnownIPNetworks.Add(ProxyOptions.NetworkOf(entry)!.Value);
            }
        });

        services.AddOptions<HostFilteringOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<HostFilteringOptions>, HostNameRules>();
        services.Configure<HostFilteringOptions>(options =>
        {
            options.AllowEmptyHosts = false;
            options.IncludeFailureMessage = false;
        });

        services.AddOptions<SettingsFiles>().Configure<IConfiguration>((files, configuration) => files.Find(configuration)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SettingsFiles>, SettingsFilesRules>();

        services.AddOptions<RuntimeVersions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RuntimeVersions>, RuntimeRules>();
        services.AddHostedService<RuntimeNotice>();

        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false); // Also where no policy of ours has run yet.
    }

    /// <summary>Before everything else, so that all that follows knows the client's address and scheme.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app)
    {
        var untrusted = app.ApplicationServices.GetRequiredService<UntrustedProxies>();
        app.Use((context, next) =>
        {
            untrusted.LookAt(context);
            context.Items[Connecting] = context.Connection.RemoteIpAddress;
            return next(context);
        });
        if (app.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.Trusted.Count > 0)
        {
            app.UseForwardedHeaders();
            app.Use((context, next) =>
            {
                untrusted.LookBehindTrusted(context, context.Items[Connecting] as IPAddress);
                return next(context);
            });
        }
    }
}
