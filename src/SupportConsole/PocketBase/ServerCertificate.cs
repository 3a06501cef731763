using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SupportConsole.PocketBase;

/// <summary>Judges the server's certificate as .NET does, and keeps what is wrong with it in words.</summary>
internal static class ServerCertificate
{
    /// <summary>True for a certificate that the machine trusts for this host.</summary>
    /// <exception cref="CertificateRefusedException">It doesn't; says why.</exception>
    public static bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? true : throw new CertificateRefusedException(FaultOf(certificate as X509Certificate2, chain, errors));

    /// <summary>What was wrong with the certificate; null when a request failed for another reason.</summary>
    public static string? FaultIn(Exception? failure) => failure switch
    {
        null => null,
        CertificateRefusedException refused => refused.Message,
        _ => FaultIn(failure.InnerException),
    };

    private static string FaultOf(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "the server shows none.";
        }

        var states = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.NoError;
        if (states.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return $"it is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}, and not now; it has to be renewed, or the console's clock set right.";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return "it is for another host name than the one in PocketBase:Url; one of the two has to be corrected.";
        }

        if (states.HasFlag(X509ChainStatusFlags.Revoked))
        {
            return "its issuer has revoked it; it has to be replaced.";
        }

        return states.HasFlag(X509ChainStatusFlags.UntrustedRoot) || states.HasFlag(X509ChainStatusFlags.PartialChain)
            ? "this machine doesn't know the authority that issued it, such as one of your own; its certificate has to be added to those that the machine trusts."
            : $"it isn't valid ({states}); it has to be replaced.";
    }
}
