using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace SupportConsole.Features.SignIn;

/// <summary>Whether the provider answers, asked before a browser is sent there: a dead end in the browser explains nothing.</summary>
internal sealed partial class EntraProvider(IOptionsMonitor<OpenIdConnectOptions> options, ILogger<EntraProvider> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        var provider = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await provider.Backchannel.GetAsync(
                new Uri(provider.MetadataAddress!), HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(failure);
            return false;
        }
    }

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "The sign-in provider doesn't answer")]
    private partial void LogUnreachable(Exception failure);
}
