using System.Security.Authentication;

namespace SupportConsole.PocketBase;

/// <summary>A certificate isn't accepted; the message says why and holds nothing of the certificate that a stranger chose.</summary>
internal sealed class CertificateRefusedException(string fault) : AuthenticationException(fault);
