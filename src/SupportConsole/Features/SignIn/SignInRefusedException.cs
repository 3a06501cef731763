using SupportConsole.Core;

namespace SupportConsole.Features.SignIn;

/// <summary>Carries the reason through the framework's handlers.</summary>
internal sealed class SignInRefusedException(SignInFailure failure, ProvenPerson? person = null)
    : ExplainedException(SignInFailures.SentenceOf(failure))
{
    public SignInFailure Failure { get; } = failure;

    /// <summary>Who it was, where that is proved.</summary>
    public ProvenPerson? Person { get; } = person;
}
