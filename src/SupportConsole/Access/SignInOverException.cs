using SupportConsole.Core;

namespace SupportConsole.Access;

/// <summary>The window outlived its sign-in.</summary>
public sealed class SignInOverException() : ExplainedException("Your sign-in has ended. Nothing was done. Sign in again to go on.");
